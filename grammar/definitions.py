"""Definitions of objects that the IR does not model: their statements, and what can be done with them."""

import re
from collections.abc import Mapping
from typing import Final

from pgkit.grammar.split import split_statements
from pgkit.ir.change import Alter, Change, Create, Drop
from pgkit.ir.kinds import Unmodelled
from pgkit.sql.objects import object_name

# What a definition says of a value that it replaces: SET STORAGE PLAIN /* else EXTENDED */
_ELSE: Final = re.compile(r" /\* else (?P<value>.*) \*/\Z", re.DOTALL)
_SECRET: Final = "'***'"  # what reading puts for an option that may be one
WITH_OPTIONS: Final = ("foreign_data_wrapper", "foreign_table", "server", "user_mapping")
_OPTION: Final = re.compile(r"""("(?:[^"]|"")+"|\w+) ( ?E'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*')""", re.DOTALL)
_OPTIONS: Final = re.compile(rf" OPTIONS \((?P<all>(?:{_OPTION.pattern}(?:, )?)+)\)\Z", re.DOTALL)
# Statements after the first that can be taken back: comments, states of triggers, targets, mappings.
_TAKEN_BACK_ALONE: Final = ("COMMENT ON ", "ALTER TABLE ", "ALTER EVENT ", "ALTER STATISTICS ", "ALTER TEXT ")
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
# How a table is partitioned cannot be taken back; dropping a subscription talks to another server.
_HOLDERS: Final = ("attribute", "column", "composite", "domain", "range")
_STAYS: Final = frozenset(("partition_key", "subscription"))


def statements(definition: str | None) -> tuple[str, ...]:
    """The statements of a definition; none where nothing but comments stands in it."""
    text = definition or ""
    spans = split_statements(text)
    return (text,) if spans is None else tuple(text[start:end] for start, end in spans)


def doable(change: Change) -> bool:
    """Whether there are statements for a change of such an object; what has none must be named."""
    match change:
        case Create(_, Unmodelled() as new):
            return creatable(new)
        case Drop(_, Unmodelled() as old):
            return droppable(old)
        case Alter(_, Unmodelled() as old, Unmodelled() as new):
            return alterable(old, new) or remakable(old, new)
        case _:
            return True


def remakable(old: Unmodelled, new: Unmodelled) -> bool:
    """Whether it can be dropped and created; what columns are made of cannot, while they are."""
    held = old.kind == "collation" and any(ref.kind in _HOLDERS for ref in old.needed_by)
    return droppable(old) and creatable(new) and not held


def creatable(obj: Unmodelled) -> bool:
    """Whether its definition makes it: there is one, of statements, with no secret left out."""
    if obj.definition is None or obj.kind == "subscription" or _is_base_type(obj):
        return False
    if obj.kind == "partition_key" or (obj.kind == "inherits" and not obj.definition):
        return True  # CREATE TABLE says it
    if obj.kind in WITH_OPTIONS and _SECRET in obj.definition:
        return False
    return bool(statements(obj.definition))


def _is_base_type(obj: Unmodelled) -> bool:
    """Such a type and its functions need each other; only a shell stands alone."""
    return obj.kind == "base_type" and "(" in (obj.definition or "(")


def droppable(obj: Unmodelled) -> bool:
    """Whether a statement unmakes it."""
    if obj.kind in _STAYS or _is_base_type(obj):
        return False
    if obj.kind in _TAKEN_BACK:
        return obj.kind in ("invalid_index", "replica_identity") or obj.definition is not None
    return object_name(obj.kind, obj.schema, obj.name, obj.member) is not None


def alterable(old: Unmodelled, new: Unmodelled) -> bool:
    """Whether the one becomes the other in place; what cannot is dropped and created."""
    if new.kind == "sql":
        return new.definition is not None  # a changed block is run again
    if new.kind == "partition_key" or old.definition is None or new.definition is None:
        return False
    before, after = statements(old.definition), statements(new.definition)
    if not before or not after or not _alike(before[1:], after[1:]):
        return False
    if before[0] == after[0] or old.kind in SETTINGS:
        return True
    if new.kind in WITH_OPTIONS:
        return _options_alter(before[0], after[0])
    if new.kind == "publication":
        return _lists_tables(before[0]) and _lists_tables(after[0])
    return replaceable(old, new)


def _alike(before: tuple[str, ...], after: tuple[str, ...]) -> bool:
    """Whether all statements after the first that differ can be taken back and given one by one."""
    changed = {s for s in before if s not in after} | {s for s in after if s not in before}
    return all(s.startswith(_TAKEN_BACK_ALONE) for s in changed)


def options_of(statement: str) -> tuple[str, Mapping[str, str]]:
    """A statement without the OPTIONS at its end, and these, names and values as SQL."""
    found = _OPTIONS.search(statement)
    if found is None:
        return statement, {}
    pairs = {name: value for name, value in _OPTION.findall(found["all"])}
    return statement[: found.start()], pairs


def _options_alter(before: str, after: str) -> bool:
    (head, old), (other, new) = options_of(before), options_of(after)
    return head == other and not any(v == _SECRET and old.get(k) != v for k, v in new.items())


def published(statement: str) -> tuple[str, str]:
    """What CREATE PUBLICATION publishes, `TABLE a, b`, and its parameters."""
    what, _, parameters = statement.rpartition(" WITH (")
    return what.partition(" FOR ")[2], parameters.removesuffix(")")


def _lists_tables(statement: str) -> bool:
    return published(statement)[0] not in ("", "ALL TABLES")


def replaceable(old: Unmodelled, new: Unmodelled) -> bool:
    """Whether CREATE OR REPLACE makes the one of the other."""
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
