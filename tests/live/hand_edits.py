"""What people do to a database by hand: a catalogue of edits, each on something drawn at random.

An edit is chosen from the inventory of a database, so pgkit has no part in it. It says what it must lead to;
the inventory afterwards says all that it has led to.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from attrs import frozen

from tests.live.inventory import Inventory, Key


@frozen
class Edit:
    """SQL, and a difference that it must make: class, kind and field. Without one, there is none at all."""

    what: str
    sql: str
    makes: tuple[str, str, str | None] | None


@frozen
class Database:
    """What there is to be edited."""

    found: Inventory
    rng: random.Random

    def some(self, kind: str, fits: Callable[[dict[str, object]], object] = lambda _: True) -> Key:
        """One of a kind. Raises LookupError if there is none."""
        keys = sorted(key for key, properties in self.found.items() if key[0] == kind and fits(properties))
        if not keys:
            raise LookupError(kind)
        return self.rng.choice(keys)

    def column(self, *types: str, **has: object) -> Key:
        """A column of a table, of one of these types, with these properties."""

        def fits(p: dict[str, object]) -> bool:
            base = str(p["type"]).partition("(")[0]
            return (not types or base in types) and all(p[k] == v for k, v in has.items())

        return self.some("column", fits)

    def column_of(self, table: Key, *, other_than: str = "") -> str:
        """The name of some plain column of the same table."""
        names = [
            k[3] for k, p in self.found.items() if k[:3] == ("column", *table[1:3]) and not p["generated"]
        ]
        return self.rng.choice(sorted(set(names) - {other_than}))

    def is_implied(self, key: Key) -> bool:
        """Whether Postgres or Drizzle may have given this name, or anything that looks like it."""
        return key[3].startswith(f"{key[2]}_"[:30])

    def given(self, kind: str) -> Key:
        """One whose name was surely given by somebody."""
        keys = sorted(k for k in self.found if k[0] == kind and not self.is_implied(k))
        if not keys:
            raise LookupError(kind)
        return self.rng.choice(keys)


def quoted(*names: str) -> str:
    """Names as SQL."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def own(key: Key) -> str:
    """What belongs to a schema."""
    return quoted(key[1], key[2])


def alter(key: Key, change: str) -> str:
    """ALTER TABLE of the table that something belongs to."""
    return f"ALTER TABLE {own(key)} {change}"


def on_column(key: Key, change: str) -> str:
    """ALTER TABLE ... ALTER COLUMN."""
    return alter(key, f"ALTER COLUMN {quoted(key[3])} {change}")


def remade(key: Key, pattern: str, by: str) -> str:
    """An index dropped and made again, its definition changed by a regular expression."""
    index = quoted(key[1], key[3])
    return f"""DO $x$ DECLARE d text := pg_get_indexdef('{index.replace("'", "''")}'::regclass); BEGIN
        d := regexp_replace(d, {literal(pattern)}, {literal(by)}); DROP INDEX {index}; EXECUTE d; END $x$"""


def remade_constraint(key: Key, pattern: str, by: str) -> str:
    """A constraint dropped and added again, its definition changed."""
    return f"""DO $x$ DECLARE d text; BEGIN
        SELECT pg_get_constraintdef(oid) INTO d FROM pg_constraint
        WHERE conrelid = {literal(own(key))}::regclass AND conname = {literal(key[3])};
        d := regexp_replace(d, {literal(pattern)}, {literal(by)});
        ALTER TABLE {own(key)} DROP CONSTRAINT {quoted(key[3])};
        EXECUTE {literal(f"ALTER TABLE {own(key)} ADD CONSTRAINT {quoted(key[3])} ")} || d; END $x$"""


def literal(text: str) -> str:
    """A string as SQL."""
    return "E'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


Draw = Callable[[Database], Edit]


def edits(database: Database, catalogue: tuple[Draw, ...]) -> Iterator[Edit]:
    """Edits without end: each of the catalogue once, in some order, then again on something else.

    One that finds nothing in this database to be made on is passed over.
    """
    while True:
        found = 0
        for draw in database.rng.sample(catalogue, len(catalogue)):
            try:
                edit = draw(database)
            except LookupError:
                continue
            found += 1
            yield edit
        assert found
