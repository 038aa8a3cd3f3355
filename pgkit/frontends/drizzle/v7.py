"""Reads snapshots of versions 5, 6 and 7: one object a kind, tables with all that is theirs inside.

Versions 5 and 6 need no rewriting first: their index columns are bare names, version 5 keeps enum values in
an object, and what they lack is empty, which is what drizzle-kit's own `up` makes of them.
"""

from collections.abc import Callable

from pgkit.frontends.drizzle import members, objects
from pgkit.frontends.drizzle.drafts import Drafts, TableDraft
from pgkit.frontends.drizzle.node import Node
from pgkit.frontends.drizzle.policies import split_name
from pgkit.ir.constraints import PrimaryKey, Unique
from pgkit.ir.names import column, object_name, truncate
from pgkit.ir.relations import Table

_TOP = ("id", "prevId", "version", "dialect", "tables", "enums", "schemas", "_meta", "internal")
_ALWAYS = ("columns", "indexes", "foreignKeys", "compositePrimaryKeys")  # in a table
_LATER = ("views", "sequences", "roles", "policies")


def read_v7(root: Node, drafts: Drafts) -> None:
    """Everything a snapshot of version 5, 6 or 7 declares."""
    root.keys(*_TOP, *_LATER)
    for key in ("tables", "enums", "schemas"):
        root.at(key)
    for name, read in _READERS:
        _each(root, name, drafts, read)


def _each(node: Node, key: str, drafts: Drafts, read: Callable[[Node, Drafts], None]) -> None:
    """Reads every member of the object under `key`; what is wrong with one does not stop the others."""
    with drafts.collecting():
        found = node.find(key)
        for name, inner in found.members() if found else ():
            with drafts.collecting():
                read(inner, drafts)
                _same_name(name, inner)


def _same_name(key: str, node: Node) -> None:
    """Notes a key that is not the name in the object; drizzle-kit reads now one, now the other."""
    name = node.value["name"] if isinstance(node.value, dict) else node.value
    if key != name and not key.endswith(f".{name}"):
        node.notes.misnamed.append(node.place)


def _view(node: Node, drafts: Drafts) -> None:
    if not node.flag("isExisting", False):  # an existing view belongs to somebody else
        drafts.add_view(node)


def _table(node: Node, drafts: Drafts) -> None:
    node.keys(
        "name", "schema", "isRLSEnabled", "columns", "compositePrimaryKeys", *(key for key, _ in _PARTS)
    )
    for key in ("columns", "indexes", "foreignKeys", "compositePrimaryKeys"):
        node.at(key)
    rls = node.flag("isRLSEnabled", False)
    table = Table(schema=objects.schema_of(node), name=node.name("name"), row_security=rls)
    draft = drafts.add_table(node, table)
    _each(node, "columns", drafts, lambda inner, drafts: _column(inner, draft, drafts))
    with drafts.collecting():
        _primary_key(node, draft, drafts)
    for key, add in _PARTS:
        _each(node, key, drafts, lambda inner, _, add=add: add(inner, draft))  # type: ignore[misc]


def _column(node: Node, draft: TableDraft, drafts: Drafts) -> None:
    members.add_column(node, draft, drafts.enums)
    if node.flag("isUnique", False):  # legacy: later kits write a constraint of the table
        name = node.name("name")
        unique = Unique(
            name=node.name("uniqueName", "") or truncate(f"{draft.table.name}_{name}_unique"),
            columns=(column(draft.ref, name),),
            nulls_not_distinct=node.flag("nullsNotDistinct", False),
        )
        draft.add(node, unique)


def _primary_key(node: Node, draft: TableDraft, drafts: Drafts) -> None:
    """The first key with a name, which is the one that drizzle-kit writes, or else the marked columns."""
    named = [key for _, key in node.at("compositePrimaryKeys").members()]
    marked = [c for _, c in node.at("columns").members() if c.flag("primaryKey")]
    if len(named) + len(marked) > 1:
        drafts.two_keys(node, draft)
    if named:
        members.add_primary_key(named[0], draft)
    elif marked:
        refs = tuple(column(draft.ref, c.name("name")) for c in marked)
        draft.add(node, PrimaryKey(name=object_name(draft.table.name, "", "pkey"), columns=refs))


def _linked_policy(node: Node, drafts: Drafts) -> None:
    """A policy of a table that the snapshot need not hold."""
    drafts.add_policy(node, *split_name(node.filled("on")))


_READERS = (
    ("schemas", lambda node, drafts: drafts.add_schema(node, node.as_name())),
    ("enums", lambda node, drafts: drafts.add_enum(node, objects.enum(node))),
    ("sequences", lambda node, drafts: drafts.add(node, objects.sequence(node))),
    ("roles", lambda node, drafts: drafts.add(node, objects.role(node))),
    ("views", _view),
    ("tables", _table),
    ("policies", _linked_policy),
)
_PARTS = (
    ("uniqueConstraints", members.add_unique),
    ("foreignKeys", members.add_foreign_key),
    ("checkConstraints", members.add_check),
    ("indexes", members.add_index),
    ("policies", members.add_policy),
)
