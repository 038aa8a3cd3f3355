"""What the checks know by heart is what Postgres says when it is asked."""

from collections.abc import Iterator

import pytest

from pgkit.grammar.figured import figured_name
from pgkit.ir.expr import opaque
from pgkit.ir.scalars import SCALARS
from pgkit.passes.validate.facts import (
    AGGREGATES,
    CHANGING,
    COLLATABLE,
    INCLUDING,
    INDEXABLE,
    INDEXABLE_KINDS,
    METHODS,
    MULTICOLUMN,
    PSEUDO,
    REFERRING,
    SET_RETURNING,
    STORAGE,
)
from tests.passes.asking import Postgres

TYPES = [row.name for row in SCALARS if not row.extension and row.name != "regdatabase"]  # 19+
DECLARED = {
    "enum": "create type x as enum ('a')",
    "composite": "create type x as (a int)",
    "range": "create type x as range (subtype = real)",
    "multirange": "create type y as range (subtype = real, multirange_type_name = x)",
    "table": "create table x (a int)",
    "view": "create view x as select 1 as a",
    "materialized_view": "create materialized view x as select 1 as a",
}


@pytest.mark.parametrize("method", METHODS)
def test_the_types_that_a_method_holds(any_postgres: Postgres, method: str) -> None:
    """A type has an operator class by default for just the methods that the table says."""
    index = f"create index on t using {method} (a)"
    held = {t for t in TYPES if any_postgres.refusal(f"create table t (a {t}); {index}") is None}
    assert held == INDEXABLE[method]
    kinds = {
        k
        for k, made in DECLARED.items()
        if not any_postgres.refusal(f"{made}; create table t (a x); {index}")
    }
    if any_postgres.refusal(f"create table t (a int[]); {index}") is None:
        kinds.add("array")
    assert kinds == INDEXABLE_KINDS[method]


@pytest.mark.parametrize("method", METHODS)
def test_what_a_method_can_do(any_postgres: Postgres, method: str) -> None:
    """Included columns and a second column, where the table says."""
    type = {"gin": "tsvector", "gist": "point", "spgist": "point"}.get(method, "int")
    made = f"create table t (a {type}, b {type}); create index on t using {method}"
    assert (any_postgres.refusal(f"{made} (a) include (b)") is None) == (method in INCLUDING)
    assert (any_postgres.refusal(f"{made} (a, b)") is None) == (method in MULTICOLUMN)
    assert (any_postgres.refusal(f"{made} (a desc)") is None) == (method == "btree")


@pytest.mark.parametrize("theirs", sorted(t for t in TYPES if t in INDEXABLE["btree"]))
def test_which_types_may_refer_to_which(any_postgres: Postgres, theirs: str) -> None:
    """A foreign key joins just the types that the table says, and each type with itself."""
    parent = f"create table p (a {theirs} unique)"
    may = {
        mine for mine in TYPES
        if any_postgres.refusal(f"{parent}; create table t (a {mine} references p (a))") is None
    }  # fmt: skip
    old = {'"char"'} if any_postgres.version == 15 and theirs in ("text", "character varying") else set()
    assert may - old == {theirs, *REFERRING.get(theirs, ())}


def test_which_types_have_a_collation(any_postgres: Postgres) -> None:
    """COLLATE is for the types that the table says."""
    found = {t for t in TYPES if any_postgres.refusal(f'create table t (a {t} collate "C")') is None}
    assert found == set(COLLATABLE) - {"citext"}


def test_functions_of_a_kind(any_postgres: Postgres) -> None:
    """Aggregates are aggregates, and no form of the others returns one value or is immutable."""
    rows, *_ = any_postgres.after(
        "SELECT 1",
        "SELECT proname::text, array_agg(DISTINCT prokind::text), bool_and(proretset), bool_or(provolatile = 'i')"
        " FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace GROUP BY 1",
    )
    facts = {name: (set(kinds), sets, immutable) for name, kinds, sets, immutable in rows}
    newer = {"any_value", "json_agg_strict", "jsonb_agg_strict"} if any_postgres.version == 15 else set()
    assert all(facts[name][0] <= {"a", "w"} for name in AGGREGATES - newer)
    assert all(facts[name][1] for name in SET_RETURNING)
    assert not [name for name in CHANGING if facts[name][2]]
    pseudo, *_ = any_postgres.after(
        "SELECT 1", "SELECT typname::text FROM pg_type WHERE typtype = 'p' AND typname !~ '^_'"
    )
    assert {name for (name,) in pseudo} >= PSEUDO


def _parameters() -> Iterator[tuple[str, str]]:
    for place, names in STORAGE.items():
        yield from ((place, name) for name in sorted(names))


@pytest.mark.parametrize(("place", "name"), tuple(_parameters()))
def test_storage_parameters(postgres: Postgres, place: str, name: str) -> None:
    """Postgres recognizes each storage parameter where the table has it."""
    type = {"gin": "tsvector", "gist": "point", "spgist": "point"}.get(place, "text")
    made = {
        "table": f"create table t (a text) with ({name} = '!')",
        "materialized_view": f"create materialized view t with ({name} = '!') as select 'x'::text as a",
        "view": f"create view t with ({name} = '!') as select 1 as a",
    }.get(place, f"create table t (a {type}); create index on t using {place} (a) with ({name} = '!')")
    refused = postgres.refusal(made) or ""
    assert refused
    assert "unrecognized" not in refused


EXPRESSIONS = (
    "a", "t.a", "(t).a", "(t.*) is null", "a + 1", "lower(b)", "pg_catalog.lower(b)", "b::varchar(3)", "lower(b)::name",
    "(a + 1)::bigint", "coalesce(a, 1)", "nullif(a, 1)", "greatest(a, 1)", "least(a, 1)", "case when a > 1 then a end",
    "case when a > 1 then 1 else a end", "case when a > 1 then 1 else a + 1 end", "array[a]", "row(a, b) is null", "a in (select 1)", "(select lower(b))",
    "current_date", "current_timestamp", "current_timestamp(2)", "localtime", "localtime(1)", "current_user", "user",
    "session_user", "current_role", "current_catalog", "current_schema", "extract(year from current_date)",
    "b collate \"C\"", "now() at time zone 'utc'", "position('a' in b)", "substring(b from 1)", "overlay(b placing 'x' from 1)",
    "trim(b)", "b like 'x'", "a between 1 and 2", "a is null", "not true", "-a", "1", "'x'", "null", "(array[a])[1]",
    "(array[a])[1:2]", "exists (select 1)", "(select 1)", "(select a as x)", "array(select 1)", "interval '1 day'",
    "date '2020-01-01'", "true", "b is normalized", "count(*)", "count(*) over ()", "1::int4", "a::int8", "b::bpchar",
    "xmlelement(name x)", "xmlconcat('<a/>'::xml)", "xmlforest(a)", "xmlpi(name x)", "xmlserialize(content '<a/>'::xml as text)",
    "json_array(1)", "json_object('a': 1)", "json_scalar(1)", "json_serialize('1')", "json('1')",
    "json_value('{}'::jsonb, '$.a')", "json_query('{}'::jsonb, '$.a')", "json_exists('{}'::jsonb, '$.a')",
    "json_arrayagg(a)", "json_objectagg(b: a)", "b is json", "'a' || b", "cast(a as text)", "a = any (array[1])",
    "merge_action_like(a)", "unnest(array[a])", "grouping(a)",
)  # fmt: skip


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_expressions_are_named_as_by_postgres(postgres: Postgres, text: str) -> None:
    """The name of an index over an expression holds what Postgres would call a column of it."""
    create = "create table t (a int, b text); create function merge_action_like(int) returns int language sql as 'select 1'"
    tail = " group by a, b" if text.startswith("grouping") else ""
    named = f"{create}; create temp view v as select {text} from t{tail}"
    refused = postgres.refusal(named) or ""
    if "XML" in refused:
        pytest.skip("this build has no XML")
    rows, *_ = postgres.after(named, "SELECT attname::text FROM pg_attribute WHERE attrelid = 'v'::regclass")
    assert (figured_name(opaque(text)) or "?column?") == rows[0][0]
