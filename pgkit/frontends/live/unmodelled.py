"""What the IR does not model: every kind is a query that gives the same row, a definition included."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from pgkit.frontends.live.links import Links, Place
from pgkit.frontends.live.names import Names
from pgkit.frontends.live.rows import Ints, Query, Raw, rows, select
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.sql import literal
from pgkit.sql.objects import object_name


class UnmodelledRow(NamedTuple):
    """An object: where the catalogs have it, what it is called, and the SQL that makes it.

    A fact about a relation (its partition key, a column's storage) has no row of its own: `oid` is zero.
    """

    catalog: str
    oid: int
    relations: Ints  # what it is about, relations and indexes
    number: int  # the column of the first of them that it is about
    kind: str
    schema: str
    name: str
    member: str
    definition: str | None


UnmodelledQuery = Callable[[int], Query[UnmodelledRow]]


def unmodelled_query(
    tag: str,
    source: str,
    *,
    name: str,
    definition: str,
    kind: str = "",
    schema: str = "''",
    member: str = "''",
    catalog: str = "",
    oid: str = "0",
    relations: str = "NULL",
    number: str = "0",
) -> Query[UnmodelledRow]:
    """A query for objects of system catalog `catalog`; `kind` is SQL where they are of several kinds."""
    return select(
        tag,
        UnmodelledRow,
        source,
        catalog=f"'{catalog}'",
        oid=oid,
        relations=relations,
        number=number,
        kind=kind or f"'{tag}'",
        schema=schema,
        name=name,
        member=member,
        definition=definition,
    )


def fact(tag: str, source: str, definition: str, *, member: str = "''", **rest: str) -> Query[UnmodelledRow]:
    """A query for something about relations, of which `source` has the common table `rel`."""
    return unmodelled_query(
        tag,
        source,
        schema="rel.nspname",
        name="rel.relname",
        member=member,
        definition=definition,
        **{"relations": "rel.oid", **rest},
    )


def unmodelled(
    raw: Raw, queries: Sequence[UnmodelledQuery], names: Names, modelled: Mapping[Place, Ref]
) -> Iterator[Unmodelled]:
    """Everything that has no kind of its own in the IR, with what it depends on and what depends on it.

    `modelled` are the objects that have one, by where the catalogs have them.
    """
    found = [row for query in queries for row in rows(raw, query)]
    objects = {**modelled, **dict(_places(found))}
    links = Links(raw, objects, modelled.keys())
    for row in found:
        place = row.catalog, row.oid, row.number if row.catalog == "pg_class" else 0
        needs = {ref for ref in _about(row, objects) if ref != _ref(row)} | links.needs(place)
        yield _unmodelled(row, needs, links.needed_by(place), names)


def _places(found: Iterable[UnmodelledRow]) -> Iterator[tuple[Place, Ref]]:
    """Where the objects are, and the indexes inside constraints."""
    for row in found:
        if row.catalog not in ("", "pg_class"):
            yield (row.catalog, row.oid, 0), _ref(row)
        if row.catalog == "pg_constraint":
            yield from ((("pg_class", oid, 0), _ref(row)) for oid in row.relations[1:])


def _ref(row: UnmodelledRow) -> Ref:
    return Ref(row.kind, row.schema, row.name, row.member)


def _about(row: UnmodelledRow, objects: Mapping[Place, Ref]) -> Iterator[Ref]:
    for i, oid in enumerate(row.relations):
        if (ref := objects.get(("pg_class", oid, 0))) is not None:
            yield ref
        if i == 0 and (column := objects.get(("pg_class", oid, row.number))) is not None:
            yield column


def _unmodelled(row: UnmodelledRow, needs: set[Ref], needed_by: set[Ref], names: Names) -> Unmodelled:
    definition = (row.definition or "").rstrip("\n")
    comment = names.comment(row.catalog, row.oid)
    what = object_name(row.kind, row.schema, row.name, row.member)
    if comment is not None and what is not None:
        definition += f";\nCOMMENT ON {what} IS {literal(comment)}"
    return Unmodelled(
        kind=row.kind,
        schema=row.schema,
        name=row.name,
        member=row.member,
        hash=sha256(definition.encode()).hexdigest(),
        refs=tuple(sorted(needs)),
        needed_by=tuple(sorted(needed_by)),
        definition=definition,
    )
