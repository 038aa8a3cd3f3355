"""What the IR does not model: every kind is a query that gives the same row, a definition included."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from pgkit.frontends.live.names import Names
from pgkit.frontends.live.rows import Ints, Query, Raw, rows, select
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref


class UnmodelledRow(NamedTuple):
    """An object: where the catalogs have it, what it is called, and the SQL that makes it.

    A fact about a relation (its partition key, a column's storage) has no row of its own: `oid` is zero.
    """

    catalog: str
    oid: int
    relations: Ints  # what it is about
    kind: str
    schema: str
    name: str
    member: str
    definition: str | None


class DependencyRow(NamedTuple):
    """An object needs another."""

    catalog: str
    oid: int
    needs_catalog: str
    needs: int
    number: int


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
) -> Query[UnmodelledRow]:
    """A query for objects of system catalog `catalog`; `kind` is SQL where they are of several kinds."""
    return select(
        tag,
        UnmodelledRow,
        source,
        catalog=f"'{catalog}'",
        oid=oid,
        relations=relations,
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


def dependencies(version: int) -> Query[DependencyRow]:
    """What functions, triggers, rules, statistics and operators need, as Postgres recorded it."""
    return select(
        "dependency",
        DependencyRow,
        """pg_catalog.pg_depend d
        WHERE d.refobjid >= 16384 AND d.deptype IN ('n', 'a') AND d.classid IN (
            'pg_catalog.pg_proc'::pg_catalog.regclass, 'pg_catalog.pg_trigger'::pg_catalog.regclass,
            'pg_catalog.pg_statistic_ext'::pg_catalog.regclass, 'pg_catalog.pg_cast'::pg_catalog.regclass,
            'pg_catalog.pg_event_trigger'::pg_catalog.regclass, 'pg_catalog.pg_operator'::pg_catalog.regclass
        )""",
        catalog="d.classid::pg_catalog.regclass",
        oid="d.objid",
        needs_catalog="d.refclassid::pg_catalog.regclass",
        needs="d.refobjid",
        number="d.refobjsubid",
    )


def unmodelled(
    raw: Raw, queries: Sequence[UnmodelledQuery], names: Names, types: Mapping[int, Ref]
) -> Iterator[Unmodelled]:
    """Everything that has no kind of its own in the IR, with what it depends on."""
    found = [row for query in queries for row in rows(raw, query)]
    known = {("pg_type", oid): ref for oid, ref in types.items()}
    known |= {("pg_class", oid): ref for oid, ref in names.relations.items()}
    known |= {
        ("pg_proc", row.oid): Ref(row.kind, row.schema, row.name) for row in found if row.catalog == "pg_proc"
    }
    needs: dict[tuple[str, int], set[Ref]] = defaultdict(set)
    for dependency in rows(raw, dependencies):
        if (ref := _target(dependency, known, names)) is not None:
            needs[dependency.catalog, dependency.oid].add(ref)
    for row in found:
        about = {names.relations[oid] for oid in row.relations if oid in names.relations}
        yield _unmodelled(row, about | needs.get((row.catalog, row.oid), set()), names)


def _target(row: DependencyRow, known: Mapping[tuple[str, int], Ref], names: Names) -> Ref | None:
    column = names.attributes.get((row.needs, row.number)) if row.needs_catalog == "pg_class" else None
    if column is not None:
        return names.relations[row.needs].of("column", column.name)
    return known.get((row.needs_catalog, row.needs))


def _unmodelled(row: UnmodelledRow, needs: set[Ref], names: Names) -> Unmodelled:
    definition = row.definition or ""
    if comment := names.comment(row.catalog, row.oid):
        definition += "".join(f"\n-- {line}" for line in comment.splitlines())
    return Unmodelled(
        kind=row.kind,
        schema=row.schema,
        name=row.name,
        member=row.member,
        hash=sha256(definition.encode()).hexdigest(),
        refs=tuple(sorted(needs)),
        definition=definition,
    )
