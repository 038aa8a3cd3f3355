"""Gives unnamed objects the names that Postgres would give them.

    table t { unique (a)  check (a > 0) }   =>   unique t_a_key, check t_a_check

An object without a name has the name "" (a multirange: is left out; an identity's sequence: is None; a
sequence of a serial column: the column's default mentions the sequence ""). Names are given as if each
table were one CREATE TABLE, its indexes after it, in the order of the catalog: domains, then tables, then
materialized views; within a table the sequences of its columns, its checks, its primary key, its unique
constraints, its foreign keys. Postgres numbers a name that is taken by what came before; a name that a
later object is given in the source, where Postgres would refuse that object, is passed over too.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs
from attrs import define, field, frozen

from pgkit.ir.catalog import Catalog
from pgkit.ir.kinds import Multirange, Range, Unmodelled
from pgkit.ir.names import Ref, multirange_name
from pgkit.ir.relations import Column, Table
from pgkit.ir.walk import map_refs, refs_in
from pgkit.passes.naming import name_parts, sequence_parts

_OWNERS: Final = ("domains", "tables", "materialized_views")
_RELATIONS: Final = ("composites", "tables", "views", "materialized_views")
# The parts of a table in the order in which CREATE TABLE names them, and the indexes after it.
_PARTS: Final = ("checks", "primary_keys", "uniques", "foreign_keys", "indexes")
_OWNING: Final = ("primary_keys", "uniques", "indexes")  # their names are those of relations, too
_UNMODELLED_CONSTRAINTS: Final = ("exclude", "temporal_constraint")


@frozen(order=True)
class _Slot:
    """A place for a name: the field of the catalog and the position in it, then those of the member."""

    field: str
    at: int
    part: str = ""
    number: int = 0


_Names = Mapping[_Slot, str]


def implied_names(catalog: Catalog) -> Catalog:
    """The catalog with a name for everything that Postgres would name by itself."""
    names = _names(catalog)
    if all(names.values()):
        return catalog
    return _named(catalog, _Naming(catalog, names).all())


def without_implied_names(catalog: Catalog) -> Catalog:
    """The catalog without those names that `implied_names` gives back: its inverse.

    implied_names(without_implied_names(c)) == c for every catalog whose objects all have names. A name that
    Postgres would have given in another order stays.
    """
    names = _names(catalog)
    kept = {slot: names[slot] for slot in _cannot_go(catalog)}
    while True:
        bare = {slot: kept.get(slot, "") for slot in names}
        given = _Naming(catalog, bare).all()
        wrong = {slot: name for slot, name in names.items() if given[slot] != name}
        if not wrong:
            return _named(catalog, bare)
        kept |= wrong


@define
class _Naming:
    """The names so far, on the way through a catalog in the order in which it would be made."""

    catalog: Catalog
    names: _Names
    given: dict[_Slot, str] = field(factory=dict)
    relations: set[tuple[str, str]] = field(factory=set)  # all that the source names, and those given so far
    constraints: set[tuple[str, str]] = field(factory=set)  # those made so far, by their schema
    serials: dict[Ref, _Slot] = field(factory=dict)

    def all(self) -> dict[_Slot, str]:
        """The name of every slot."""
        self.given = dict(self.names)
        self.relations = set(_relations(self.catalog, self.names))
        self.serials = {r: s for s, r in _serials(self.catalog).items() if not self.names[s]}
        self._multiranges()
        for kind in _OWNERS:
            for at, owner in enumerate(getattr(self.catalog, kind)):
                self._owner(kind, at, owner)
        return self.given

    def _multiranges(self) -> None:
        for at, range_ in enumerate(self.catalog.ranges):
            slot = _Slot("ranges", at)
            self.given[slot] = self.names[slot] or multirange_name(range_.name)

    def _owner(self, kind: str, at: int, owner: Any) -> None:
        reserved = {self.names[s] for part in _PARTS[:-1] for s in _slots(kind, at, owner, part)}
        if kind == "tables":
            self._sequences(at, owner)
        for part in _PARTS:
            for slot in _slots(kind, at, owner, part):
                self._member(slot, owner, reserved)

    def _sequences(self, at: int, table: Table) -> None:
        for i, column in enumerate(table.columns):
            ref = table.ref.of("column", column.name)
            identity = _Slot("tables", at, "columns", i)
            slot = self.serials.get(ref) or (identity if identity in self.names else None)
            if slot is not None and not self.names[slot]:
                name = sequence_parts(ref).free(lambda n: (table.schema, n) in self.relations)
                self._take(slot, table.schema, name)

    def _member(self, slot: _Slot, owner: Any, reserved: set[str]) -> None:
        schema, name = owner.schema, self.names[slot]
        if not name:
            parts = name_parts(owner, getattr(owner, slot.part)[slot.number])
            name = parts.free(lambda n: self._is_taken(slot.part, schema, n, reserved))
        self._take(slot, schema, name)

    def _is_taken(self, part: str, schema: str, name: str, reserved: set[str]) -> bool:
        if part in _OWNING and (schema, name) in self.relations:
            return True
        return part != "indexes" and ((schema, name) in self.constraints or name in reserved)

    def _take(self, slot: _Slot, schema: str, name: str) -> None:
        self.given[slot] = name
        if slot.part in ("", "columns", *_OWNING):
            self.relations.add((schema, name))
        if slot.part not in ("", "columns", "indexes"):
            self.constraints.add((schema, name))


def _names(catalog: Catalog) -> dict[_Slot, str]:
    """The name in every slot, "" where there is none."""
    found = {slot: catalog.sequences[slot.at].name for slot in _serials(catalog)}
    for at, range_ in enumerate(catalog.ranges):
        found[_Slot("ranges", at)] = range_.multiranges[0].name if range_.multiranges else ""
    for at, table in enumerate(catalog.tables):
        found |= dict(_identities(at, table))
    for kind in _OWNERS:
        for at, owner in enumerate(getattr(catalog, kind)):
            for part in _PARTS:
                found |= {s: getattr(owner, part)[s.number].name for s in _slots(kind, at, owner, part)}
    return found


def _identities(at: int, table: Table) -> Iterator[tuple[_Slot, str]]:
    for i, column in enumerate(table.columns):
        if column.identity is not None:
            sequence = column.identity.sequence
            yield _Slot("tables", at, "columns", i), sequence.name if sequence else ""


def _slots(kind: str, at: int, owner: Any, part: str) -> Iterator[_Slot]:
    return (_Slot(kind, at, part, i) for i in range(len(getattr(owner, part, ()))))


def _serials(catalog: Catalog) -> dict[_Slot, Ref]:
    """The sequences that belong to a column, and that column."""
    return {
        _Slot("sequences", at): sequence.owned_by
        for at, sequence in enumerate(catalog.sequences)
        if sequence.owned_by is not None
    }


def _relations(catalog: Catalog, names: _Names) -> Iterator[tuple[str, str]]:
    """The name of every relation that the source names."""
    for kind in _RELATIONS:
        for obj in getattr(catalog, kind):
            yield obj.schema, obj.name
    for at, sequence in enumerate(catalog.sequences):
        yield sequence.schema, names.get(_Slot("sequences", at), sequence.name)
    for slot, name in names.items():
        if name and slot.part in ("columns", *_OWNING):
            yield getattr(catalog, slot.field)[slot.at].schema, name
    yield from (_occupied(u) for u in catalog.unmodelled)


def _occupied(obj: Unmodelled) -> tuple[str, str]:
    return obj.schema, obj.member if obj.kind in _UNMODELLED_CONSTRAINTS else obj.name


def _cannot_go(catalog: Catalog) -> Iterator[_Slot]:
    """The sequences that would not be found again without their name."""
    columns = {t.ref.of("column", c.name): c for t in catalog.tables for c in t.columns}
    for slot, ref in _serials(catalog).items():
        sequence, column = catalog.sequences[slot.at], columns.get(ref)
        own = Ref("sequence", sequence.schema, sequence.name)
        if column is None or sequence.schema != ref.schema or own not in refs_in(column.default):
            yield slot
    for at, table in enumerate(catalog.tables):
        for i, column in enumerate(table.columns):
            named = column.identity.sequence if column.identity else None
            if named is not None and named.schema != table.schema:
                yield _Slot("tables", at, "columns", i)


def _named(catalog: Catalog, names: _Names) -> Catalog:
    """The catalog with these names."""
    new: dict[Ref, dict[Ref, Ref]] = {}  # for the default of a column: what its sequence is called now
    for slot, ref in _serials(catalog).items():
        old = catalog.sequences[slot.at]
        mentions = new.setdefault(ref, {})
        mentions[Ref("sequence", old.schema, old.name)] = Ref("sequence", old.schema, names[slot])
    changed: dict[str, Any] = {
        kind: tuple(_owner_named(kind, at, o, names, new) for at, o in enumerate(getattr(catalog, kind)))
        for kind in _OWNERS
    }
    changed["sequences"] = tuple(
        attrs.evolve(s, name=names.get(_Slot("sequences", at), s.name))
        for at, s in enumerate(catalog.sequences)
    )
    changed["ranges"] = tuple(
        _range_named(r, names[_Slot("ranges", at)]) for at, r in enumerate(catalog.ranges)
    )
    return attrs.evolve(catalog, **changed)


def _range_named(range: Range, name: str) -> Range:
    return attrs.evolve(range, multiranges=(Multirange(name=name),) if name else ())


def _owner_named(kind: str, at: int, owner: Any, names: _Names, new: Mapping[Ref, Mapping[Ref, Ref]]) -> Any:
    changed: dict[str, Any] = {}
    for part in _PARTS:
        slots = tuple(_slots(kind, at, owner, part))
        members = getattr(owner, part, ())
        if any(m.name != names[s] for m, s in zip(members, slots, strict=True)):
            changed[part] = tuple(attrs.evolve(m, name=names[s]) for m, s in zip(members, slots, strict=True))
    if kind == "tables":
        changed["columns"] = tuple(
            _column_named(owner, c, names.get(_Slot(kind, at, "columns", i)), new)
            for i, c in enumerate(owner.columns)
        )
    return attrs.evolve(owner, **changed) if changed else owner


def _column_named(
    table: Table, column: Column, sequence: str | None, new: Mapping[Ref, Mapping[Ref, Ref]]
) -> Column:
    if (mentions := new.get(table.ref.of("column", column.name))) is not None:
        column = attrs.evolve(column, default=map_refs(column.default, lambda r: mentions.get(r, r)))
    if column.identity is None or sequence is None:
        return column
    schema = column.identity.sequence.schema if column.identity.sequence else table.schema
    ref = Ref("sequence", schema, sequence) if sequence else None
    return attrs.evolve(column, identity=attrs.evolve(column.identity, sequence=ref))
