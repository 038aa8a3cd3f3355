"""Checks of keys, unique constraints and foreign keys."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from pgkit.diag import Diagnostic
from pgkit.ir.constraints import Action, Deferral, ForeignKey, Index
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, MaterializedView, Table
from pgkit.ir.scalars import Shape
from pgkit.ir.types import Array, Named, PgType, Scalar
from pgkit.passes.validate.facts import REFERRING
from pgkit.passes.validate.known import Known, index_owners, keys_of, nearest, noun, path, problem, warning
from pgkit.sql import quote, render

MAX_KEYS: Final = 32
_SETTING: Final = (Action.SET_NULL, Action.SET_DEFAULT)
_ROWS: Final = ("table", "view", "materialized_view")
Keyed = Table | MaterializedView


def keyed(known: Known) -> Iterator[tuple[Keyed, Ref, Any, tuple[Ref, ...]]]:
    """Everything that stands on columns of its relation, and those columns."""
    for table in known.catalog.tables:
        for obj in keys_of(table):
            yield table, table.ref.of(obj.kind, obj.name), obj, (*obj.columns, *obj.include)
        for key in table.foreign_keys:
            yield table, table.ref.of(key.kind, key.name), key, (*key.columns, *key.set_columns)
    for place, owner in index_owners(known):
        for index in owner.indexes:
            columns = tuple(k.column for k in index.keys if k.column is not None)
            yield owner, place.of("index", index.name), index, (*columns, *index.include)


def foreign_keys(known: Known) -> Iterator[tuple[Table, Ref, ForeignKey]]:
    """Every foreign key and its table."""
    for table in known.catalog.tables:
        for key in table.foreign_keys:
            yield table, table.ref.of("foreign_key", key.name), key


def key_columns(known: Known) -> Iterator[Diagnostic]:
    """A key, an index or a foreign key stands on columns of its own table."""
    for owner, ref, obj, columns in keyed(known):
        there = {c.name for c in owner.columns}
        if not there and owner.kind == "materialized_view":
            continue  # a source that has not asked Postgres does not know them
        place = Ref(owner.kind, owner.schema, owner.name)
        for column in dict.fromkeys(columns):
            if column.member not in there or (column.schema, column.name) != (owner.schema, owner.name):
                found = nearest(column.member, there)
                help = f"did you mean {found}?" if found else f"add the column to {path(place)}"
                message = f"{path(place)} has no column {quote(column.member)}"
                yield problem("unknown-column", message, ref, obj, help)


def repeated_columns(known: Known) -> Iterator[Diagnostic]:
    """No column twice in a key."""
    for table in known.catalog.tables:
        for obj in keys_of(table):
            if len(set(obj.columns)) < len(obj.columns):
                message = f"{article_of(obj)} has a column twice"
                ref = table.ref.of(obj.kind, obj.name)
                yield problem("repeated-column", message, ref, obj, "take one of them out")
    for _, ref, key in foreign_keys(known):
        if len(set(key.references)) < len(key.references):
            message = "a foreign key refers to a column twice"
            yield problem("repeated-column", message, ref, key, "take one of them out")


def article_of(obj: Any) -> str:
    """What a key is, in words."""
    return "a primary key" if obj.kind == "primary_key" else "a unique constraint"


def key_counts(known: Known) -> Iterator[Diagnostic]:
    """One to 32 columns."""
    for _, ref, obj, columns in keyed(known):
        count = len(obj.keys) + len(obj.include) if isinstance(obj, Index) else len(columns)
        if count == 0:
            message = f"{noun(obj.kind)} {quote(obj.name)} stands on no column"
            yield problem("no-columns", message, ref, obj, "name its columns")
        elif count > MAX_KEYS and not isinstance(obj, ForeignKey):
            message = f"{noun(obj.kind)} {quote(obj.name)} has {count} columns, and Postgres takes {MAX_KEYS}"
            yield problem("too-many-keys", message, ref, obj, "leave some out")


def foreign_key_targets(known: Known) -> Iterator[Diagnostic]:
    """A foreign key refers to as many columns of one table as it has, and they are unique together."""
    for table, ref, key in foreign_keys(known):
        if len(key.columns) != len(key.references):
            message = f"{_count(key.columns)} cannot refer to {_count(key.references)}"
            help = "name a referenced column for each column of the key"
            yield problem("foreign-key-count", message, ref, key, help)
        elif key.references:
            yield from _target(known, table, ref, key)


def _count(columns: Sequence[Ref]) -> str:
    return "1 column" if len(columns) == 1 else f"{len(columns)} columns"


def _target(known: Known, table: Table, ref: Ref, key: ForeignKey) -> Iterator[Diagnostic]:
    place = key.references[0].owner or key.references[0]
    target = known.objects.get(place)
    if not isinstance(target, Table):
        yield from _no_table(known, place, ref, key)
        return
    there = {c.name for c in target.columns}
    missing = [c for c in key.references if c.member not in there]
    for column in missing:
        found = nearest(column.member, there)
        help = f"did you mean {found}?" if found else f"add the column to {path(place)}"
        message = f"{path(place)} has no column {quote(column.member)}"
        yield problem("unknown-column", message, ref, key, help)
    if not missing:
        yield from _unique(known, target, ref, key)
    if target.unlogged and not table.unlogged:
        message = f"{path(table.ref)} refers to {path(place)}, which is unlogged"
        help = "make both unlogged, or none: after a crash the rows referred to would be gone"
        yield problem("foreign-key-unlogged", message, ref, key, help)


def _no_table(known: Known, place: Ref, ref: Ref, key: ForeignKey) -> Iterator[Diagnostic]:
    for kind in ("view", "materialized_view"):
        if Ref(kind, place.schema, place.name) in known.objects:
            message = f"{path(place)} is a {noun(kind)}, and a foreign key needs a table"
            yield problem("foreign-key-table", message, ref, key, "refer to the table behind it")
            return
    if known.is_outside(place.schema, place.name):
        message = f"{path(place)} is not in this catalog, and cannot be checked"
        yield warning("foreign-key-outside", message, ref, key, "make sure that it is there first")
        return
    found = nearest(path(place), known.names("table"))
    help = f"did you mean {found}?" if found else "declare the table, or take the foreign key out"
    yield problem("unknown-table", f"no table named {path(place)}", ref, key, help)


def _unique(known: Known, target: Table, ref: Ref, key: ForeignKey) -> Iterator[Diagnostic]:
    wanted = {c.member for c in key.references}
    place = path(target.ref)
    keys = [k for k in keys_of(target) if {c.member for c in k.columns} == wanted]
    if keys and any(k.deferral is Deferral.NO for k in keys):
        return
    if any(_is_unique_on(index, wanted) for index in target.indexes):
        return
    columns = ", ".join(quote(c.member) for c in key.references)
    if keys:
        message = f"a foreign key cannot refer to a key that is deferrable: {place} ({columns})"
        yield problem("foreign-key-deferrable", message, ref, key, "make that key not deferrable")
    else:
        message = f"{place} has no unique key on ({columns})"
        help = "make these columns a primary key or unique there, or refer to those that are"
        yield problem("foreign-key-target", message, ref, key, help)


def _is_unique_on(index: Index, wanted: set[str]) -> bool:
    if not index.unique or index.where is not None or any(k.column is None for k in index.keys):
        return False
    return {k.column.member for k in index.keys if k.column} == wanted and len(index.keys) == len(wanted)


def foreign_key_types(known: Known) -> Iterator[Diagnostic]:
    """Each column of a foreign key can be compared with the one that it refers to."""
    for table, ref, key in foreign_keys(known):
        for mine, theirs in zip(key.columns, key.references, strict=False):
            one = known.columns.get(table.ref, {}).get(mine.member)
            other = known.columns.get(theirs.owner or theirs, {}).get(theirs.member)
            if one and other and not _may_refer(known, one.type, other.type):
                types = f"{render(one.type)} cannot refer to {render(other.type)}"
                message = f"{quote(mine.member)}: {types}, the type of {path(theirs)}"
                yield problem("foreign-key-type", message, ref, key, f"make it {render(other.type)}")


def _may_refer(known: Known, mine: PgType, theirs: PgType) -> bool:
    mine, theirs = _plain(known.base(mine)), _plain(known.base(theirs))
    if mine == theirs:
        return True
    kinds = [t.ref.kind for t in (mine, theirs) if isinstance(t, Named)]
    if kinds and all(k in ("composite", *_ROWS) for k in kinds) and len(kinds) == 2:
        return True  # rows are compared one by one
    if isinstance(mine, Scalar) and isinstance(theirs, Scalar):
        if {mine.row.shape, theirs.row.shape} & {Shape.UNKNOWN} or mine.row.extension or theirs.row.extension:
            return True  # only their extension knows
        return mine.name in REFERRING.get(theirs.name, ())
    return False


def _plain(type: PgType) -> PgType:
    """A type without its modifiers."""
    match type:
        case Scalar(name, _, schema):
            return Scalar(name, (), schema)
        case Array(of):
            return Array(_plain(of))
        case _:
            return type


def foreign_key_actions(known: Known) -> Iterator[Diagnostic]:
    """What a foreign key writes can be written."""
    for table, ref, key in foreign_keys(known):
        columns = known.columns.get(table.ref, {})
        mine = [columns[c.member] for c in key.columns if c.member in columns]
        for when, action in (("delete", key.on_delete), ("update", key.on_update)):
            yield from _action(mine, when, action, ref, key)
        stray = [c for c in key.set_columns if c not in key.columns]
        if stray or (key.set_columns and key.on_delete not in _SETTING):
            what = quote(stray[0].member) if stray else "columns, and its action sets none"
            message = f"on delete, the foreign key sets {what}" + (", which is not in it" if stray else "")
            yield problem(
                "set-columns", message, ref, key, "name columns of the key, with set null or set default"
            )


def _action(
    columns: list[Column], when: str, action: Action, ref: Ref, key: ForeignKey
) -> Iterator[Diagnostic]:
    written = action in _SETTING or (when == "update" and action is Action.CASCADE)
    touched = [c for c in columns if not key.set_columns or c.name in {s.member for s in key.set_columns}]
    for column in columns if written else ():
        if column.generated is not None:
            message = f"on {when} {action} would write {quote(column.name)}, which is generated"
            yield problem(
                "foreign-key-action", message, ref, key, "use no action, restrict or cascade on delete"
            )
    for column in touched if action in _SETTING else ():
        if action is Action.SET_NULL and not column.nullable:
            message = f"on {when} set null would fail: {quote(column.name)} is not null"
            yield warning("set-null", message, ref, key, "let it be null, or use another action")
        if action is Action.SET_DEFAULT and column.default is None:
            message = f"on {when} set default sets {quote(column.name)} to null: it has no default"
            yield warning("set-default", message, ref, key, "give it a default, or use set null")
