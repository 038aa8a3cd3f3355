"""Lowering of version 8, and of the base of version 9: a flat list of entities."""

from pathlib import Path
from typing import Any

import pytest

from pgkit.diag import Severity
from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import Action, ForeignKey, Index, IndexKey, Policy, PrimaryKey, Unique
from pgkit.ir.expr import opaque
from pgkit.ir.kinds import Role
from pgkit.ir.names import Ref
from pgkit.ir.names import column as column_ref
from pgkit.ir.relations import Identity, Sequence, SequenceOptions, sequence_options
from pgkit.ir.types import Array, Named, Scalar
from tests.drizzle.folders import (
    codes,
    columns,
    complete,
    journal,
    lowered,
    only_table,
    row,
    row_column,
    row_table,
    v1,
)

T = Ref("table", "public", "t")
IN_T = {"schema": "public", "table": "t"}


def lower_rows(folder: Path, *rows: dict[str, Any]) -> Any:
    return lowered(v1(folder, complete(*rows)))


def test_columns(tmp_path: Path) -> None:
    """Dimensions stand beside the type, defaults are text, and identities count their cache in numbers."""
    identity = {"type": "always", "name": "t_i_seq", "increment": "1", "startWith": "1", "minValue": "1"}
    identity |= {"maxValue": "2147483647", "cache": 7, "cycle": False}
    made = columns(
        only_table(
            lower_rows(
                tmp_path,
                row_column("t", "l", "lvl", typeSchema="app", dimensions=1, default="'{lo}'"),
                row_column("t", "i", "integer", identity=identity, notNull=True),
                row_table("t"),
            )
        )
    )
    assert made["l"].type == Array(Named(Ref("enum", "app", "lvl")))
    assert made["l"].default == opaque("'{lo}'")
    assert made["i"].identity == Identity(options=sequence_options("integer", cache=7))


def test_members(tmp_path: Path) -> None:
    """Keys have their names, actions are upper case, and an operator class that is the default is none."""
    keys = [
        {"value": "a", "isExpression": False, "asc": False, "nullsFirst": True, "opclass": None},
        {"value": "b", "isExpression": False, "asc": True, "nullsFirst": False},
        {"value": '"c" DESC', "isExpression": True, "asc": True, "nullsFirst": False, "opclass": None},
    ]
    keys[1]["opclass"] = {"name": "text_ops", "default": True}
    named = {**IN_T, "nameExplicit": False}
    there = {"schemaTo": "app", "tableTo": "o", "columnsTo": ["x"]}
    acts = {"onUpdate": "NO ACTION", "onDelete": "SET DEFAULT"}
    index = {"isUnique": True, "where": None, "with": "m=16,ef_construction=64", "method": "hnsw"}
    made = only_table(
        lower_rows(
            tmp_path,
            *(row_table("t"), row_column("t", "a"), row_column("t", "b")),
            row("pks", **named, name="t_pkey", columns=["a"]),
            row("uniques", **named, name="u", columns=["b"], nullsNotDistinct=True),
            row("fks", **named, name="f", columns=["a"], **there, **acts),
            row("indexes", **named, name="i", columns=keys, concurrently=True, **index),
        )
    )
    a, b, c = (column_ref(T, name) for name in "abc")
    assert made.primary_keys == (PrimaryKey(name="t_pkey", columns=(a,)),)
    assert made.uniques == (Unique(name="u", columns=(b,), nulls_not_distinct=True),)
    target = column_ref(Ref("table", "app", "o"), "x")
    assert made.foreign_keys == (
        ForeignKey(name="f", columns=(a,), references=(target,), on_delete=Action.SET_DEFAULT),
    )
    expected = (
        IndexKey(column=a, descending=True, nulls_first=True),
        IndexKey(column=b),
        IndexKey(column=c, descending=True, nulls_first=True),
    )
    storage = (("ef_construction", "64"), ("m", "16"))
    assert made.indexes == (Index(name="i", keys=expected, unique=True, method="hnsw", storage=storage),)
    assert not columns(made)["a"].nullable


def test_what_belongs_to_no_table(tmp_path: Path) -> None:
    """Sequences and roles under their new words; nulls are absent."""
    role = dict.fromkeys(("superuser", "createDb", "createRole", "replication", "bypassRls"), False)
    role |= {"inherit": True, "canLogin": True, "connLimit": 5, "password": "secret", "validUntil": None}
    numbers = {"incrementBy": "-2", "minValue": "-10", "maxValue": "5", "startWith": "4", "cacheSize": 3}
    view = {"schema": "public", "name": "v", "definition": "select 1", "materialized": False}
    options = {"checkOption": None, "securityBarrier": True}
    result = lower_rows(
        tmp_path,
        row("sequences", schema="app", name="q", **numbers, cycle=None),
        row("roles", name="rep", **role),
        row("views", **view, **{"with": options}, withNoData=None, using=None, tablespace=None),
    )
    made = SequenceOptions(increment=-2, min_value=-10, max_value=5, start=4, cache=3)
    sequence = Sequence(schema="app", name="q", type=Scalar("bigint"), options=made)
    assert result.catalog.sequences == (sequence,)
    assert result.catalog.roles == (Role(name="rep", login=True, connection_limit=5),)
    assert result.catalog.views[0].options == (("security_barrier", "true"),)
    assert "secret" not in repr(result)


def test_policies(tmp_path: Path) -> None:
    """A policy finds its table, also where an upgrade left a quoted name in it; else it is carried."""
    fields = {"as": "PERMISSIVE", "for": "INSERT", "roles": ["rep"], "using": None, "withCheck": "true"}
    result = lower_rows(
        tmp_path,
        *(row_table("t"), row_column("t", "a")),
        row("policies", **IN_T, name="p", **fields),
        row("policies", schema="public", table='"public"."t"', name="q", **fields),
        row("policies", schema="realtime", table="messages", name="r", **fields),
    )
    same: Any = {"command": "insert", "roles": (Ref("role", "", "rep"),), "check": opaque("true")}
    (made,) = result.catalog.tables
    assert made.policies == (Policy(name="p", **same), Policy(name="q", **same))
    assert made.row_security
    (carried,) = result.catalog.unmodelled
    assert (carried.schema, carried.name, carried.member) == ("realtime", "messages", "r")


def test_privileges_are_said(tmp_path: Path) -> None:
    """Privileges are not compared yet, which is one note however many they are."""
    granted = {"grantor": "a", "grantee": "b", **IN_T, "isGrantable": False}
    rows = [row("privileges", **granted, type=type) for type in ("SELECT", "INSERT")]
    result = lower_rows(tmp_path, row_table("t"), *rows)
    assert [(d.code, d.severity) for d in result.diagnostics] == [("privileges", Severity.NOTE)]


@pytest.mark.parametrize(
    ("bad", "code", "path"),
    [
        (row("triggers", schema="public", name="x"), "unknown-entity", "ddl[0].entityType"),
        (row_column("gone", "c"), "no-such-table", "ddl[0]"),
        (row("tables", schema="public", isRlsEnabled=False), "wrong-shape", "ddl[0]"),
        (row_table("t"), "declared-twice", "ddl[1]"),
    ],
)
def test_rows_that_cannot_be_lowered(tmp_path: Path, bad: dict[str, Any], code: str, path: str) -> None:
    """A row that makes no sense is an error with its place; the other rows are lowered all the same."""
    result = lower_rows(tmp_path, bad, row_table("t"))
    (found,) = result.diagnostics
    assert (found.code, found.severity) == (code, Severity.ERROR)
    assert found.message.startswith(f"{path}: ")
    assert [t.name for t in result.catalog.tables] == ["t"]


def test_old_layout(tmp_path: Path) -> None:
    """The first beta of 1.0 wrote version 8 into the old layout."""
    result = lowered(journal(tmp_path, complete(row_table("t")), version="8"))
    assert [t.name for t in result.catalog.tables] == ["t"]


def test_nothing(tmp_path: Path) -> None:
    """A snapshot without entities is an empty catalog."""
    result = lower_rows(tmp_path)
    assert (result.catalog, codes(result)) == (Catalog(), [])
