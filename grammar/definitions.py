"""Definitions of objects that the IR does not model: their statements, and what can be done with them."""

import re
from typing import Final

from pgkit.grammar.split import split_statements
from pgkit.ir.kinds import Unmodelled
from pgkit.sql.objects import object_name

# What a definition says of a value that it replaces: SET STORAGE PLAIN /* else EXTENDED */
_ELSE: Final = re.compile(r" /\* else (?P<value>.*) \*/\Z", re.DOTALL)
_SECRET: Final = "'***'"  # what reading puts for an option that may be one
_WITH_OPTIONS: Final = ("foreign_data_wrapper", "foreign_table", "server", "user_mapping")
_ROUTINES: Final = ("function", "procedure")
# A new definition stands for the old one, but for parameters that it no longer names.
SETTINGS: Final = frozenset(
    (
        "cluster",
        "column_compression",
        "column_parameters",
        "column_statistics",
        "column_storage",
        "constraint_storage",
        "index_statistics",
        "replica_identity",
        "table_access_method",
        "tablespace",
        "trigger_state",
        "view_column_default",
    )
)
_REPLACED: Final = {"trigger": "CREATE TRIGGER ", "rule": "CREATE RULE "}
# Facts with a statement that takes them back.
_TAKEN_BACK: Final = SETTINGS | {"inherits", "invalid_index", "of_type", "partition_of"}
# How a table is partitioned cannot be taken back; a base type and its functions need each other; dropping a
# subscription talks to another server.
_STAYS: Final = frozenset(("base_type", "partition_key", "subscription"))


def statements(definition: str | None) -> tuple[str, ...]:
    """The statements of a definition; none where nothing but comments stands in it."""
    text = definition or ""
    spans = split_statements(text)
    return (text,) if spans is None else tuple(text[start:end] for start, end in spans)


def creatable(obj: Unmodelled) -> bool:
    """Whether its definition makes it: there is one, of statements, with no secret left out."""
    if obj.definition is None or obj.kind in ("subscription", "base_type"):
        return False
    if obj.kind == "partition_key":
        return True  # CREATE TABLE says it
    if obj.kind in _WITH_OPTIONS and _SECRET in obj.definition:
        return False
    return bool(statements(obj.definition))


def droppable(obj: Unmodelled) -> bool:
    """Whether a statement unmakes it."""
    if obj.kind in _STAYS:
        return False
    if obj.kind in _TAKEN_BACK:
        return obj.kind in ("invalid_index", "replica_identity") or obj.definition is not None
    return object_name(obj.kind, obj.schema, obj.name, obj.member) is not None


def alterable(old: Unmodelled, new: Unmodelled) -> bool:
    """Whether the one becomes the other in place; what cannot is dropped and created."""
    if not creatable(new) or old.definition is None:
        return False
    before, after = statements(old.definition), statements(new.definition)
    if old.kind in SETTINGS or before[:1] == after[:1]:
        return True
    return replaceable(old, new)


def replaceable(old: Unmodelled, new: Unmodelled) -> bool:
    """Whether CREATE OR REPLACE makes the one of the other."""
    if new.kind == "sql":
        return True  # a changed block is run again
    before, after = statements(old.definition)[:1], statements(new.definition)[:1]
    if not before or not after:
        return False
    if new.kind in _ROUTINES:
        from pgkit.grammar.routines import can_take_place

        return can_take_place(after[0], before[0])
    start = _REPLACED.get(new.kind)
    return start is not None and before[0].startswith(start) and after[0].startswith(start)


def instead(statement: str) -> str | None:
    """What would hold without the statement, if it says so."""
    found = _ELSE.search(statement)
    return found["value"] if found else None
