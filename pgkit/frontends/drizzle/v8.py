"""Reads the rows of versions 8 and 9: one flat list of entities, each with its kind and its table's name."""

from collections.abc import Callable, Sequence
from functools import partial

from pgkit.frontends.drizzle import members, objects
from pgkit.frontends.drizzle.drafts import Drafts, TableDraft
from pgkit.frontends.drizzle.node import Node
from pgkit.frontends.drizzle.policies import split_name
from pgkit.ir.relations import Table

Read = Callable[[Node, Drafts], None]


def read_v8(rows: Sequence[Node], drafts: Drafts) -> None:
    """Everything that these rows declare, whatever their order."""
    kinds: dict[str, list[Node]] = {}
    for row in rows:
        with drafts.collecting():
            kinds.setdefault(_kind(row), []).append(row)
    for kind, read in READERS.items():
        for row in kinds.get(kind, ()):
            with drafts.collecting():
                read(row, drafts)
    if privileges := kinds.get("privileges"):
        message = f"{len(privileges)} privileges are not part of the catalog"
        drafts.finding(privileges[0], "privileges", message, "pgkit compares no privileges yet")


def _kind(row: Node) -> str:
    kind = row.filled("entityType")
    if kind not in READERS and kind != "privileges":
        raise row.at("entityType").wrong(f"no kind of entity named {kind}", "update pgkit", "unknown-entity")
    return kind


def _schema(row: Node, drafts: Drafts) -> None:
    row.keys("name", "entityType")
    drafts.add_schema(row, row.name("name"))


def _table(row: Node, drafts: Drafts) -> None:
    row.keys("schema", "name", "isRlsEnabled", "entityType")
    rls = row.flag("isRlsEnabled", False)
    drafts.add_table(row, Table(schema=objects.schema_of(row), name=row.name("name"), row_security=rls))


def _column(row: Node, drafts: Drafts) -> None:
    members.add_column(row, drafts.table_of(row), drafts.enums)


def _primary_key(row: Node, drafts: Drafts) -> None:
    draft = drafts.table_of(row)
    if draft.has_primary_key:
        drafts.two_keys(row, draft)
    else:
        members.add_primary_key(row, draft)


def _policy(row: Node, drafts: Drafts) -> None:
    if row.filled("table").startswith('"'):  # an upgrade from version 7 leaves a quoted, qualified name there
        drafts.add_policy(row, *split_name(row.text("table")))
    else:
        drafts.add_policy(row, objects.schema_of(row), row.name("table"))


def _part(add: Callable[[Node, TableDraft], None], row: Node, drafts: Drafts) -> None:
    add(row, drafts.table_of(row))


READERS: dict[str, Read] = {
    "schemas": _schema,
    "enums": lambda row, drafts: drafts.add_enum(row, objects.enum(row)),
    "sequences": lambda row, drafts: drafts.add(row, objects.sequence(row)),
    "roles": lambda row, drafts: drafts.add(row, objects.role(row)),
    "views": lambda row, drafts: drafts.add_view(row),
    "tables": _table,
    "columns": _column,
    "pks": _primary_key,
    "uniques": partial(_part, members.add_unique),
    "fks": partial(_part, members.add_foreign_key),
    "checks": partial(_part, members.add_check),
    "indexes": partial(_part, members.add_index),
    "policies": _policy,
}
