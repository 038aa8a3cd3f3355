"""Lowering of snapshots of versions 5, 6 and 7: what tables hold beside columns, and what stands alone."""

from pathlib import Path
from typing import Any

import pytest

from pgkit.diag import Severity
from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import Action, Check, ForeignKey, Index, IndexKey, Policy, Unique
from pgkit.ir.expr import opaque
from pgkit.ir.kinds import Enum, Role, Schema
from pgkit.ir.names import Ref
from pgkit.ir.names import column as column_ref
from pgkit.ir.relations import Sequence, SequenceOptions
from pgkit.ir.types import Named, Scalar
from tests.drizzle.folders import column, journal, lower_table, lowered, named, only_table, snapshot, table

T = Ref("table", "public", "t")
MOOD = {"name": "mood", "schema": "public", "values": ["sad", "ok"]}


def test_unique_constraints(tmp_path: Path) -> None:
    """Uniques of the table, and the mark that old kits put on a column."""
    made = lower_table(
        tmp_path,
        *(column("a"), column("b", isUnique=True), column("c", isUnique=True, uniqueName="u")),
        uniqueConstraints={"x": {"name": "x", "columns": ["a", "b"], "nullsNotDistinct": True}},
    )
    assert made.uniques == (
        Unique(name="t_b_unique", columns=(column_ref(T, "b"),)),
        Unique(name="u", columns=(column_ref(T, "c"),)),
        Unique(name="x", columns=(column_ref(T, "a"), column_ref(T, "b")), nulls_not_distinct=True),
    )


def test_foreign_keys(tmp_path: Path) -> None:
    """No schema means public; names are cut as Postgres cuts them."""
    key = {"tableFrom": "t", "tableTo": "o", "columnsFrom": ["a", "b"], "columnsTo": ["x", "y"]}
    acts = {"onDelete": "set null", "onUpdate": "no action", "schemaTo": "app"}
    made = lower_table(
        tmp_path,
        *(column("a"), column("b")),
        foreignKeys=named({"name": "é" * 40, **key}, {"name": "g", **key, **acts}),
    )
    own = (column_ref(T, "a"), column_ref(T, "b"))
    there = [Ref("table", schema, "o") for schema in ("public", "app")]
    to = [(column_ref(o, "x"), column_ref(o, "y")) for o in there]
    assert made.foreign_keys == (
        ForeignKey(name="é" * 31, columns=own, references=to[0]),
        ForeignKey(name="g", columns=own, references=to[1], on_delete=Action.SET_NULL),
    )


def index(name: str, *keys: Any, **more: Any) -> dict[str, Any]:
    fixed = {"isUnique": False, "concurrently": False, "method": "btree", "with": {}}
    return {"name": name, "columns": list(keys), **fixed, **more}


def key(text: str, asc: bool = True, nulls: str = "last", **more: Any) -> dict[str, Any]:
    return {"expression": text, "isExpression": False, "asc": asc, "nulls": nulls, **more}


def test_indexes(tmp_path: Path) -> None:
    """Keys keep their order, nulls and operator class; CONCURRENTLY is no part of an index."""
    options = {"fillfactor": 70, "buffering": "auto", "fastupdate": False}
    written = (
        index("i", key("a", asc=False), key("b", nulls="first"), isUnique=True, where="a is not null"),
        index("j", key("v", opclass="vector_l2_ops"), method="hnsw", concurrently=True, **{"with": options}),
        index("k", key('lower("a") DESC', isExpression=True)),
    )
    made = lower_table(tmp_path, column("a"), column("b"), column("v"), indexes=named(*written))
    a, b, v = (column_ref(T, name) for name in "abv")
    keys = (IndexKey(column=a, descending=True), IndexKey(column=b, nulls_first=True))
    storage = (("buffering", "auto"), ("fastupdate", "false"), ("fillfactor", "70"))
    lower_a = IndexKey(expr=opaque('lower("a")'), descending=True, nulls_first=True)
    assert made.indexes == (
        Index(name="i", keys=keys, unique=True, where=opaque("a is not null")),
        Index(name="j", keys=(IndexKey(column=v, opclass="vector_l2_ops"),), method="hnsw", storage=storage),
        Index(name="k", keys=(lower_a,)),
    )


def test_checks_and_row_security(tmp_path: Path) -> None:
    """A policy turns row security on; PUBLIC among its roles is all that counts."""
    policies = (
        {"name": "p", "as": "RESTRICTIVE", "for": "SELECT", "to": ["public", "rep"], "using": "a > 0"},
        {"name": "q", "as": "PERMISSIVE", "for": "ALL", "to": ["current_user", "rep"], "withCheck": "true"},
    )
    checks = named({"name": "k", "value": '"t"."a" > 0'})
    made = lower_table(tmp_path, column("a"), policies=named(*policies), checkConstraints=checks)
    roles = (Ref("role", "", "current_user"), Ref("role", "", "rep"))
    assert made.row_security
    assert made.checks == (Check(name="k", expr=opaque('"t"."a" > 0')),)
    assert made.policies == (
        Policy(name="p", permissive=False, command="select", using=opaque("a > 0")),
        Policy(name="q", roles=roles, check=opaque("true")),
    )


def test_linked_policies(tmp_path: Path) -> None:
    """A linked policy goes to its table if that is declared, and is carried by name if it is not."""
    policy = {"name": "p", "as": "PERMISSIVE", "for": "ALL", "to": ["rep"], "using": "true"}
    linked = {
        "p": policy | {"on": '"public"."t"'},
        "q": policy | {"name": "q", "on": '"realtime"."messages"', "schema": "realtime"},
    }
    catalog = lowered(journal(tmp_path, snapshot(table("t", column("a")), policies=linked))).catalog
    assert [p.name for p in catalog.tables[0].policies] == ["p"]
    assert catalog.tables[0].row_security
    (carried,) = catalog.unmodelled
    assert (carried.kind, carried.schema, carried.name, carried.member) == (
        "policy",
        "realtime",
        "messages",
        "q",
    )
    assert Ref("role", "", "rep") in carried.refs


def test_what_belongs_to_no_table(tmp_path: Path) -> None:
    """Schemas, enums, sequences and roles; `public` is not declared."""
    numbers = {"increment": "-2", "startWith": "100", "minValue": "-1000", "maxValue": "500", "cache": "5"}
    sequence = {"name": "q", "schema": "app", **numbers, "cycle": True}
    role = {"name": "rep", "createDb": True, "createRole": False, "inherit": False}
    written = snapshot(
        schemas={"app": "app", "public": "public"},
        enums=named(MOOD),
        sequences=named(sequence),
        roles=named(role),
    )
    options = SequenceOptions(increment=-2, start=100, min_value=-1000, max_value=500, cache=5, cycle=True)
    assert lowered(journal(tmp_path, written)).catalog == Catalog(
        schemas=(Schema(name="app"),),
        enums=(Enum(name="mood", labels=("sad", "ok")),),
        sequences=(Sequence(schema="app", name="q", type=Scalar("bigint"), options=options),),
        roles=(Role(name="rep", create_db=True, inherit=False),),
    )


def test_views(tmp_path: Path) -> None:
    """Options take Postgres's names, columns are derived and nullable, existing views are left alone."""
    shown = {"id": column("id", "serial", primaryKey=True, notNull=True)}
    view = {"name": "v", "schema": "public", "columns": shown, "isExisting": False, "materialized": False}
    query = {"definition": "select id from t"}
    written = (
        view | query | {"with": {"checkOption": "local", "securityInvoker": True}},
        view | query | {"name": "m", "materialized": True, "withNoData": True, "with": {"fillfactor": 70}},
        view | {"name": "other", "isExisting": True},
    )
    catalog = lowered(journal(tmp_path, snapshot(views=named(*written)))).catalog
    (made,), (kept,) = catalog.views, catalog.materialized_views
    assert made.options == (("check_option", "local"), ("security_invoker", "true"))
    assert made.query == opaque("select id from t")
    assert [(c.name, c.type, c.nullable) for c in made.columns] == [("id", Scalar("integer"), True)]
    assert (kept.storage, kept.populated, kept.method) == ((("fillfactor", "70"),), False, "heap")


@pytest.mark.parametrize(
    ("query", "known"),
    [
        ("select id, t.b as a from t", True),
        ('with t as (select * from u) select "t"."id", "a" from t where a > 1', True),
        ("select id, a, count(*) as items from t group by id, a", False),  # a column is left out
        ("select id, coalesce(a, '') as a from t", False),  # its declared type may be any
        ("select a, id from t", False),
        ("select id, a as b from t", False),
        ("select * from t", False),
        ("select t.* from t", False),
        ("select id, a from t union all select id, a from u", False),  # may be of another type than here
        ("values (1, 'a')", False),
        ("select id, a from", False),
    ],
)
def test_columns_of_views_are_all_or_none(tmp_path: Path, query: str, known: bool) -> None:
    """A snapshot may leave out columns of a view: they count where its query shows that they are all."""
    shown = {"id": column("id", "integer"), "a": column("a")}
    view = {"name": "v", "schema": "public", "columns": shown, "definition": query, "materialized": False}
    (made,) = lowered(journal(tmp_path, snapshot(views=named(view)))).catalog.views
    assert [c.name for c in made.columns] == (["id", "a"] if known else [])


def test_tablespace_is_said(tmp_path: Path) -> None:
    """A tablespace is no part of a catalog, which is said and not passed over."""
    view = {"name": "m", "schema": "public", "columns": {}, "materialized": True, "definition": "select 1"}
    result = lowered(journal(tmp_path, snapshot(views=named(view | {"tablespace": "fast"}))))
    assert [(d.code, d.severity) for d in result.diagnostics] == [("tablespace", Severity.NOTE)]


def test_early_version_7_lacks_keys(tmp_path: Path) -> None:
    """Views, roles, policies and checks came later, without a new version number."""
    early = table("t", column("a"))
    early.pop("uniqueConstraints")
    assert only_table(lowered(journal(tmp_path, snapshot(early)))).name == "t"


def test_versions_5_and_6_say_the_same(tmp_path: Path) -> None:
    """Bare table names, enum values in an object and index columns without options are read as 7 has them."""
    written = table("t", column("m", "mood"), indexes={"i": index("i", "m")})
    old = snapshot(
        written, version="5", enums={"mood": {"name": "mood", "values": {"sad": "sad", "ok": "ok"}}}
    )
    old["tables"] = {"t": written}
    middle = snapshot(written, version="6", enums=named(MOOD))
    new = snapshot(
        table("t", column("m", "mood", typeSchema="public"), indexes={"i": index("i", key("m"))}),
        enums=named(MOOD),
    )
    five = lowered(journal(tmp_path / "5", old, version="5", dialect="pg")).catalog
    six = lowered(journal(tmp_path / "6", middle, version="6")).catalog
    seven = lowered(journal(tmp_path / "7", new)).catalog
    assert five == six == seven
    assert seven.tables[0].columns[0].type == Named(Ref("enum", "public", "mood"))


def test_a_dot_in_a_table_name(tmp_path: Path) -> None:
    """A table called auth.users is one of public, not of auth."""
    made = only_table(lowered(journal(tmp_path, snapshot(table("auth.users", column("id"))))))
    assert (made.schema, made.name) == ("public", "auth.users")


def test_placeholders_are_a_finding(tmp_path: Path) -> None:
    """Kits leave `$1` in conditions, which Postgres refuses; a dollar inside a string is none."""
    checks = named({"name": "k", "value": "a = $1"}, {"name": "l", "value": "a = '$1'"})
    result = lowered(journal(tmp_path, snapshot(table("t", column("a"), checkConstraints=checks))))
    (found,) = result.diagnostics
    assert found.code == "placeholder"
    assert found.message.endswith('tables["public.t"].checkConstraints.k.value')


def test_names_that_disagree_are_a_finding(tmp_path: Path) -> None:
    """Objects stand under their names; where the two differ the name counts, and it is said."""
    key = {"name": "f", "tableFrom": "o", "tableTo": "t", "columnsFrom": ["a"], "columnsTo": ["a"]}
    written = table("t", column("a"), foreignKeys={"f": key})
    written["columns"]["b"] = written["columns"].pop("a")
    result = lowered(journal(tmp_path, snapshot(written)))
    (found,) = result.diagnostics
    assert found.code == "misnamed"
    where = 'tables["public.t"]'
    assert found.message.endswith(f"key: {where}.columns.b, {where}.foreignKeys.f.tableFrom")
    assert [c.name for c in result.catalog.tables[0].columns] == ["a"]


def test_unknown_keys_are_a_finding(tmp_path: Path) -> None:
    """A key that no version writes is not passed over in silence."""
    result = lowered(journal(tmp_path, snapshot(table("t", column("a", compression="lz4")))))
    (found,) = result.diagnostics
    assert (found.code, found.severity) == ("unknown-key", Severity.WARNING)
    assert "compression" in found.message
