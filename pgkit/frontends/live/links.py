"""What depends on what, as Postgres recorded it, for objects that the IR does not model."""

from collections import defaultdict
from collections.abc import Container, Mapping
from typing import Final, NamedTuple

from pgkit.frontends.live.rows import Query, Raw, rows, select
from pgkit.ir.names import Ref

Place = tuple[str, int, int]
"""A system catalog, an oid in it and, of a relation, the number of a column or zero."""


_LINES: Final = {
    "pg_amop": ("pg_opclass", "pg_opfamily"),
    "pg_amproc": ("pg_opclass", "pg_opfamily"),
    "pg_publication_rel": ("pg_publication",),
}


class LinkRow(NamedTuple):
    """An object needs another."""

    catalog: str
    oid: int
    number: int
    needs_catalog: str
    needs: int
    needs_number: int
    extension: str | None  # that the other belongs to


def query(version: int) -> Query[LinkRow]:
    """What the objects without a kind in the IR need, and what needs them.

    A default and a query stand for their column and their view, an array type for the type of its elements,
    a line of an operator class or a publication for that. Left out is most of what tables and views need of
    tables.
    """
    return select(
        "link",
        LinkRow,
        """pg_catalog.pg_depend d
        LEFT JOIN pg_catalog.pg_attrdef a
            ON d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND a.oid = d.objid
        LEFT JOIN pg_catalog.pg_rewrite r
            ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND r.oid = d.objid
            AND r.rulename = '_RETURN'
        LEFT JOIN pg_catalog.pg_type element
            ON d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND element.typarray = d.refobjid
        LEFT JOIN ext ON ext.classid = d.refclassid AND ext.objid = d.refobjid
        LEFT JOIN pg_catalog.pg_extension e ON e.oid = ext.refobjid
        WHERE d.refobjid >= 16384 AND d.objid >= 16384
        AND (d.deptype IN ('n', 'a') OR d.deptype = 'i' AND d.classid IN (
            'pg_catalog.pg_amop'::pg_catalog.regclass, 'pg_catalog.pg_amproc'::pg_catalog.regclass))
        AND d.refclassid <> 'pg_catalog.pg_namespace'::pg_catalog.regclass
        AND NOT (d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND (
            d.deptype = 'a' AND d.classid IN (
                'pg_catalog.pg_class'::pg_catalog.regclass, 'pg_catalog.pg_attrdef'::pg_catalog.regclass,
                'pg_catalog.pg_policy'::pg_catalog.regclass)
            OR d.refobjid NOT IN (SELECT f.ftrelid FROM pg_catalog.pg_foreign_table f) AND (
                r.oid IS NOT NULL OR d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass
                AND d.objid IN (SELECT c.oid FROM pg_catalog.pg_constraint c WHERE c.contype = 'c'))
        ))""",
        catalog="""CASE WHEN a.oid IS NOT NULL OR r.oid IS NOT NULL THEN 'pg_class'
            ELSE d.classid::pg_catalog.regclass::pg_catalog.text END""",
        oid="COALESCE(a.adrelid, r.ev_class, d.objid)",
        number="COALESCE(a.adnum, CASE WHEN r.oid IS NULL THEN d.objsubid ELSE 0 END)",
        needs_catalog="d.refclassid::pg_catalog.regclass",
        needs="COALESCE(element.oid, d.refobjid)",
        needs_number="d.refobjsubid",
        extension="e.extname",
    )


class Links:
    """The dependencies of one read, as Refs; `objects` are all that a Ref can stand for.

    Of what needs an object, those at the places `modelled` count.
    """

    def __init__(self, raw: Raw, objects: Mapping[Place, Ref], modelled: Container[Place]) -> None:
        self._needs: dict[Place, set[Ref]] = defaultdict(set)
        self._needed_by: dict[Place, set[Ref]] = defaultdict(set)
        found = rows(raw, query)
        owners = {(r.catalog, r.oid): (r.needs_catalog, r.needs, 0) for r in found if _is_line(r)}
        for row in found:
            place = owners.get((row.catalog, row.oid)) or _place(row, objects)
            target = row.needs_catalog, row.needs, 0
            if row.extension is not None:
                self._needs[place].add(Ref("extension", "", row.extension))
                continue
            needed = objects.get((*target[:2], row.needs_number)) or objects.get(target)
            if needed is not None and needed != objects.get(place):
                self._needs[place].add(needed)
            if place in modelled:
                self._needed_by[target].add(objects[place])

    def needs(self, place: Place) -> set[Ref]:
        """What the object at a place needs."""
        return self._needs.get(place, set()) if place[1] else set()

    def needed_by(self, place: Place) -> set[Ref]:
        """The objects that need the one at a place."""
        return self._needed_by.get(place, set()) if place[1] else set()


def _is_line(row: LinkRow) -> bool:
    """Whether it says where a line belongs: an operator in a class or family, a table in a publication."""
    return row.needs_catalog in _LINES.get(row.catalog, ())


def _place(row: LinkRow, objects: Mapping[Place, Ref]) -> Place:
    """Where the row's first object is; a foreign table is one thing with its columns."""
    whole = objects.get((row.catalog, row.oid, 0))
    number = 0 if whole is not None and whole.kind == "foreign_table" else row.number
    return row.catalog, row.oid, number
