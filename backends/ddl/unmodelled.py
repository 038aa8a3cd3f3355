"""Statements for objects that the IR does not model, from their definitions and their names.

A definition is SQL that makes its object. What cannot be made, taken back or altered so is not doable: ask
`pgkit.grammar.definitions` first. Here such a thing has no statement.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from pgkit.backends.ddl.emitter import Emitter
from pgkit.grammar.definitions import (
    SETTINGS,
    WITH_OPTIONS,
    alterable,
    creatable,
    doable,
    droppable,
    instead,
    options_of,
    published,
    statements,
)
from pgkit.ir.change import Alter
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.sql import Ident, Sql, join, sql
from pgkit.sql.objects import object_name

_CREATE: Final = re.compile(r"CREATE (?!OR REPLACE )")
_ON_COLUMN: Final = re.compile(r'COMMENT ON COLUMN (?:(?:"(?:[^"]|"")+"|\w+)\.?){3}')
_PARAMETERS: Final = re.compile(r"[(,]\s*([\w.]+)\s*=")


def create(ref: Ref, new: Unmodelled) -> Iterator[Sql]:
    """The statements of its definition."""
    if new.kind == "sql" and new.definition is not None:
        yield Sql(new.definition.strip().removesuffix(";"))
    elif creatable(new) and new.kind != "partition_key":
        yield from map(Sql, statements(new.definition))


def drop(ref: Ref, old: Unmodelled) -> Iterator[Sql]:
    """DROP, or what takes a fact back."""
    if not droppable(old):
        return
    if old.kind in _TAKES_BACK:
        yield from _TAKES_BACK[old.kind](old)
    elif old.kind == "not_null" and "NO INHERIT" in (old.definition or ""):
        # The column may stay NOT NULL; else it is told so itself
        yield sql("ALTER TABLE {t} ALTER CONSTRAINT {name} INHERIT", t=_relation(old), name=Ident(old.member))
    elif old.kind in _CONSTRAINTS:
        yield sql("ALTER TABLE {t} DROP CONSTRAINT {name}", t=_relation(old), name=Ident(old.member))
    elif (what := object_name(old.kind, old.schema, old.name, old.member)) is not None:
        yield sql("DROP {what}", what=what)


def alter(change: Alter) -> Iterator[Sql]:
    """The new definition over the old one, in place if Postgres can."""
    old, new = change.old, change.new
    assert isinstance(old, Unmodelled)
    assert isinstance(new, Unmodelled)
    if not doable(change):
        return
    if new.kind in SETTINGS:
        yield from _reset(old, new)
    elif new.kind != "sql" and alterable(old, new):
        yield from _replaced(old, new)
        return
    elif new.kind != "sql":
        yield from drop(change.ref, old)
    yield from create(change.ref, new)


def _replaced(old: Unmodelled, new: Unmodelled) -> Iterator[Sql]:
    (first, *before), (second, *after) = statements(old.definition), statements(new.definition)
    if first != second and new.kind in WITH_OPTIONS:
        yield _options(new, first, second)
    elif first != second and new.kind == "publication":
        yield from _published(new, first, second)
    elif first != second:
        yield Sql(_CREATE.sub("CREATE OR REPLACE ", second, count=1))
        # A trigger that is replaced fires again; a comment stays
        before = [s for s in before if s not in after or _subject(s) == "COMMENT ON"]
    yield from _rest(new, tuple(before), tuple(after))


def _options(obj: Unmodelled, before: str, after: str) -> Sql:
    """ALTER ... OPTIONS; a value that reading hid is the same on both sides, and stays."""
    old, new = options_of(before)[1], options_of(after)[1]
    changes = [Sql(f"DROP {name}") for name in old if name not in new]
    changes += [Sql(f"SET {name} {value}") for name, value in new.items() if old.get(name, value) != value]
    changes += [Sql(f"ADD {name} {value}") for name, value in new.items() if name not in old]
    return sql("ALTER {name} OPTIONS ({all})", name=_name(obj), all=join(", ", changes))


def _published(obj: Unmodelled, before: str, after: str) -> Iterator[Sql]:
    (old, parameters), (new, others) = published(before), published(after)
    if old != new:
        yield sql("ALTER {name} SET {what}", name=_name(obj), what=Sql(new))
    if parameters != others:
        yield sql("ALTER {name} SET ({all})", name=_name(obj), all=Sql(others))


def _rest(obj: Unmodelled, before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[Sql]:
    """From the statements after the first to others: comments, when a trigger fires, statistics targets."""
    for statement in before:
        if not any(_subject(statement) == _subject(other) for other in after):
            yield from _undone(obj, statement)
    yield from (Sql(_mapping(s, before)) for s in after if s not in before)


def _subject(statement: str) -> str:
    """What a statement more is about: two of them with the same do not both hold."""
    if statement.startswith("ALTER TEXT"):
        return statement.partition(" WITH ")[0]
    if found := _ON_COLUMN.match(statement):
        return found[0]
    return " ".join(statement.split(maxsplit=2)[:2])


def _mapping(statement: str, before: tuple[str, ...]) -> str:
    """A mapping of a text search configuration that is there is altered."""
    there = statement.startswith("ALTER TEXT") and any(_subject(s) == _subject(statement) for s in before)
    return statement.replace(" ADD MAPPING ", " ALTER MAPPING ", 1) if there else statement


def _undone(obj: Unmodelled, statement: str) -> Iterator[Sql]:
    name = _name(obj)
    match _subject(statement):
        case "COMMENT ON":
            yield sql("COMMENT ON {name} IS NULL", name=name)
        case "ALTER TABLE":
            noun = Sql(obj.kind.upper())
            yield sql("ALTER TABLE {t} ENABLE {noun} {n}", t=_relation(obj), noun=noun, n=Ident(obj.member))
        case "ALTER EVENT":
            yield sql("ALTER {name} ENABLE", name=name)
        case "ALTER STATISTICS":
            yield sql("ALTER {name} SET STATISTICS -1", name=name)
        case column if column.startswith("COMMENT ON COLUMN"):
            yield Sql(f"{column} IS NULL")
        case mapping:
            yield Sql(mapping.replace(" ADD MAPPING ", " DROP MAPPING ", 1))


def _name(obj: Unmodelled) -> Sql:
    return object_name(obj.kind, obj.schema, obj.name, obj.member) or Sql("")


def _relation(obj: Unmodelled) -> Ref:
    return Ref("table", obj.schema, obj.name)


def _other(obj: Unmodelled) -> Ref:
    """The relation that a fact is about beside its own: a parent."""
    own = (obj.schema, obj.name)
    return next(r for r in obj.refs if not r.member and r.schema and (r.schema, r.name) != own)


def _table(template: str) -> Callable[[Unmodelled], Iterator[Sql]]:
    def take_back(old: Unmodelled) -> Iterator[Sql]:
        yield Sql(f"ALTER TABLE {_text(_relation(old))} {template}")

    return take_back


def _column(change: str) -> Callable[[Unmodelled], Iterator[Sql]]:
    def take_back(old: Unmodelled) -> Iterator[Sql]:
        yield Sql(
            f"ALTER TABLE ONLY {_text(_relation(old))} ALTER COLUMN {_text(Ident(old.member))} {change}"
        )

    return take_back


def _text(part: Ref | Ident) -> str:
    return join("", [part]).text


def _detached(old: Unmodelled) -> Iterator[Sql]:
    yield sql("ALTER TABLE {parent} DETACH PARTITION {t}", parent=_other(old), t=_relation(old))


def _disinherited(old: Unmodelled) -> Iterator[Sql]:
    yield sql("ALTER TABLE {t} NO INHERIT {parent}", t=_relation(old), parent=_other(old))


def _as_before(old: Unmodelled) -> Iterator[Sql]:
    """What the definition says would hold without it."""
    value = Sql(instead(old.definition or "") or "")
    own, member = _relation(old), Ident(old.member)
    match old.kind:
        case "column_storage":
            yield sql("ALTER TABLE ONLY {t} ALTER COLUMN {c} SET STORAGE {v}", t=own, c=member, v=value)
        case "table_access_method":
            yield sql("ALTER TABLE {t} SET ACCESS METHOD {v}", t=own, v=value)
        case "trigger_state":
            yield sql("ALTER TABLE ONLY {t} {v} TRIGGER {n}", t=own, v=value, n=member)
        case "tablespace" if old.member:
            yield sql("ALTER INDEX {i} SET TABLESPACE {v}", i=_index(old, old.member), v=value)
        case "tablespace":
            yield sql("ALTER TABLE {t} SET TABLESPACE {v}", t=own, v=value)


def _index(old: Unmodelled, name: str) -> Ref:
    return Ref("index", old.schema, name)


def _parameters(old: Unmodelled) -> Iterator[Sql]:
    yield from _reset_parameters(old, _PARAMETERS.findall(old.definition or ""))


def _reset_parameters(old: Unmodelled, gone: list[str]) -> Iterator[Sql]:
    names = join(", ", [Ident(name) for name in gone])
    if old.kind == "constraint_storage":
        yield sql("ALTER INDEX {i} RESET ({names})", i=_index(old, old.member), names=names)
    else:
        own, column = _relation(old), Ident(old.member)
        yield sql("ALTER TABLE ONLY {t} ALTER COLUMN {c} RESET ({names})", t=own, c=column, names=names)


def _reset(old: Unmodelled, new: Unmodelled) -> Iterator[Sql]:
    """Takes back the parameters that a new definition no longer names."""
    if new.kind in ("column_parameters", "constraint_storage"):
        kept = _PARAMETERS.findall(new.definition or "")
        gone = [name for name in _PARAMETERS.findall(old.definition or "") if name not in kept]
        if gone:
            yield from _reset_parameters(old, gone)


def _statistics(old: Unmodelled) -> Iterator[Sql]:
    name, _, number = old.member.rpartition(" ")
    yield sql(
        "ALTER INDEX {i} ALTER COLUMN {n} SET STATISTICS -1", i=_index(old, name), n=Sql(str(int(number)))
    )


def _view_default(old: Unmodelled) -> Iterator[Sql]:
    yield sql("ALTER VIEW {v} ALTER COLUMN {c} DROP DEFAULT", v=_relation(old), c=Ident(old.member))


def _reindexed(old: Unmodelled) -> Iterator[Sql]:
    yield sql("REINDEX INDEX {i}", i=_index(old, old.member))


_CONSTRAINTS: Final = ("exclude", "not_null", "temporal_constraint")
_TAKES_BACK: Final[Mapping[str, Callable[[Unmodelled], Iterator[Sql]]]] = {
    "cluster": _table("SET WITHOUT CLUSTER"),
    "column_compression": _column("SET COMPRESSION default"),
    "column_parameters": _parameters,
    "column_statistics": _column("SET STATISTICS -1"),
    "column_storage": _as_before,
    "constraint_storage": _parameters,
    "index_statistics": _statistics,
    "inherits": _disinherited,
    "invalid_index": _reindexed,
    "of_type": _table("NOT OF"),
    "partition_of": _detached,
    "replica_identity": _table("REPLICA IDENTITY DEFAULT"),
    "table_access_method": _as_before,
    "tablespace": _as_before,
    "trigger_state": _as_before,
    "view_column_default": _view_default,
}

EMITTER: Final = Emitter(kind=Unmodelled, create=create, drop=drop, alter=alter, fields=frozenset({"hash"}))
