"""Gives constraints and indexes the names that drizzle-kit would give them, where the source says none.

    new unique t_a_key on t (a)                       =>   new unique t_a_unique
    table t -> t2 with foreign key t_x_o_id_fk        =>   rename it to t2_x_o_id_fk
    foreign key fk_of_mine                            =>   as it is

So the snapshot of a migration is the one that drizzle-kit makes of a schema.ts which says the same.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, Literal

from attrs import evolve, frozen

from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import ForeignKey, Index, PrimaryKey, Unique
from pgkit.ir.names import MAX_BYTES, Ref, object_name, truncate
from pgkit.ir.relations import Column, Table
from pgkit.ir.walk import members_of
from pgkit.passes.align_names import is_implied
from pgkit.passes.slots import slots

Line = Literal["old", "next"]  # drizzle-kit 0.x and 1.0
Renames = tuple[tuple[Ref, Ref], ...]
_FIELDS: Final = ("primary_keys", "uniques", "foreign_keys", "indexes")


@frozen(kw_only=True)
class DrizzleNames:
    """The names of one line of drizzle-kit; `standing` are those that were its own before the change."""

    line: Line
    standing: frozenset[tuple[str, str]] = frozenset()  # the kind and the name

    def called(self, now: Catalog, after: Catalog) -> tuple[Catalog, Renames]:
        """`after` with these names, and the renames that lead to them from `now`.

        `now` is the catalog before, under the names of `after`; both are aligned.
        """
        old = {(t.schema, t.name): t for t in now.tables}
        taken = {slot for ref, obj in members_of(after) for slot in slots(ref, obj)}
        tables, renames = [], []
        for table in after.tables:
            changed = dict(self._names(old.get((table.schema, table.name)), table, taken))
            tables.append(_named(table, changed))
            there = old.get((table.schema, table.name))
            renames += [
                (table.ref.of(obj.kind, obj.name), table.ref.of(obj.kind, name))
                for obj, name in changed.items()
                if there is not None and obj.name in _names_in(there, obj.kind)
            ]
        return evolve(after, tables=tuple(tables)), tuple(renames)

    def _names(self, old: Table | None, table: Table, taken: set[Any]) -> Iterator[tuple[Any, str]]:
        """The objects of a table that get another name, and that name."""
        for field in _FIELDS:
            held = {o.name for o in getattr(old, field)} if old else set()
            for obj in getattr(table, field):
                wanted = drizzle_name(table, obj, self.line)
                ours = (obj.kind, obj.name) in self.standing if obj.name in held else is_implied(table, obj)
                if not wanted or wanted == obj.name or not ours or _is_key_of_column(obj, held):
                    continue
                own = set(slots(table.ref.of(obj.kind, obj.name), obj))
                new = set(slots(table.ref.of(obj.kind, wanted), evolve(obj, name=wanted)))
                if not (new - own) & taken:
                    yield obj, wanted


def _is_key_of_column(obj: Any, held: set[str]) -> bool:
    """Snapshots do not say what the key of one column is really called, so it cannot be renamed."""
    return isinstance(obj, PrimaryKey) and len(obj.columns) == 1 and obj.name in held


def _names_in(table: Table, kind: str) -> set[str]:
    return {o.name for field in _FIELDS for o in getattr(table, field) if o.kind == kind}


def _named(table: Table, changed: dict[Any, str]) -> Table:
    if not changed:
        return table
    fields = {
        field: tuple(
            evolve(o, name=changed[o], given=o.given or o.name) if o in changed else o
            for o in getattr(table, field)
        )
        for field in _FIELDS
    }
    return evolve(table, **fields)  # type: ignore[arg-type]


def names_of_drizzle(before: Catalog, line: Line) -> DrizzleNames:
    """The names of one line of drizzle-kit, for what comes after `before`."""
    standing = {
        (obj.kind, obj.name)
        for table in before.tables
        for field in _FIELDS
        for obj in getattr(table, field)
        if obj.name == drizzle_name(table, obj, line)
    }
    return DrizzleNames(line=line, standing=frozenset(standing))


def drizzle_name(table: Table, obj: PrimaryKey | Unique | ForeignKey | Index, line: Line) -> str:
    """The name that drizzle-kit gives to an unnamed object; empty where it demands one."""
    match obj:
        case PrimaryKey(columns=columns) if len(columns) > 1 and line == "old":
            return truncate(f"{table.name}_{_joined(columns)}_pk")
        case PrimaryKey():
            return object_name(table.name, "", "pkey")
        case Unique(columns=(_,)) if line == "next":
            return truncate(f"{table.name}_{_joined(obj.columns)}_key")
        case Unique(columns=columns):
            return truncate(f"{table.name}_{_joined(columns)}_unique")
        case ForeignKey(columns=columns, references=references):
            words = f"{table.name}_{_joined(columns)}_{references[0].name}_{_joined(references)}"
            return truncate(f"{words}_fk") if line == "old" else _next_key(table.name, f"{words}_fkey")
        case Index(keys=keys) if all(key.column for key in keys):
            return truncate(f"{table.name}_{_joined(tuple(k.column for k in keys if k.column))}_index")
        case _:
            return ""


def _next_key(table: str, name: str) -> str:
    """The name of a foreign key in 1.0: one that is too long becomes a hash of itself."""
    if len(name) <= MAX_BYTES:
        return name
    return f"{table}_{_hash(name)}_fkey" if len(table) < 45 else f"{_hash(name)}_fkey"


def _hash(text: str, length: int = 12) -> str:
    """A polynomial hash in 62 digits, as drizzle-kit computes it."""
    values = 62**length
    found = sum(ord(c) * pow(53, at, values) for at, c in enumerate(text)) % values
    digits = []
    for _ in range(length):
        found, digit = divmod(found, 62)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))


_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _joined(columns: tuple[Ref, ...]) -> str:
    return "_".join(c.member for c in columns)


def with_unsaid_names(before: Catalog, after: Catalog, origin: Callable[[Ref], Ref]) -> Catalog:
    """`after` as a snapshot has it: names that Drizzle does not say are those of the table's present name.

    The key of one column and the sequence of an identity keep their names when Postgres renames a table;
    Drizzle takes them to be called after it. `origin` gives the name before of a table or a column.
    """
    old = {t.ref: t for t in before.tables}

    def follows(table: Table) -> Table:
        was = old.get(origin(table.ref), table)
        keys = tuple(_key(k, was, table) for k in table.primary_keys)
        columns = tuple(_column(c, was, origin(table.ref.of("column", c.name)), table) for c in table.columns)
        return evolve(table, primary_keys=keys, columns=columns)

    return evolve(after, tables=tuple(map(follows, after.tables)))


def _key(key: PrimaryKey, was: Table, table: Table) -> PrimaryKey:
    implied = len(key.columns) == 1 and key.name == object_name(was.name, "", "pkey")
    return evolve(key, name=object_name(table.name, "", "pkey")) if implied else key


def _column(column: Column, was: Table, origin: Ref, table: Table) -> Column:
    sequence = column.identity.sequence if column.identity else None
    if column.identity is None or sequence is None:
        return column
    implied = (object_name(was.name, origin.member, "seq"), truncate(f"{was.name}_{origin.member}_seq"))
    if sequence.name not in implied:
        return column
    return evolve(column, identity=evolve(column.identity, sequence=None))
