"""Random well-formed catalogs over all kinds.

Expressions are drawn as Postgres writes them, so that what is read back from a server is equal.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import attrs
from hypothesis import strategies as st

from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import (
    Action,
    Check,
    Deferral,
    ForeignKey,
)
from pgkit.ir.expr import Expr, opaque
from pgkit.ir.kinds import Attribute, Composite, Domain, Enum, Multirange, Range, Schema
from pgkit.ir.names import Ref
from pgkit.ir.relations import (
    MaterializedView,
    Sequence,
    Table,
    View,
    sequence_options,
)
from pgkit.ir.type_text import parse_type
from pgkit.ir.types import Named, PgType, Scalar
from pgkit.sql import quote
from pgkit.testing.pools import SCHEMAS, TYPES, comments, names, some
from pgkit.testing.tables import draw_table

T = TypeVar("T")


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    """A catalog whose every mention is of something in it."""
    schemas = tuple(
        Schema(name=n, comment=draw(comments)) for n in SCHEMAS[1:] if n == "app" or draw(st.booleans())
    )
    places = ["public", *(s.name for s in schemas)]
    used: set[tuple[str, str]] = set()

    def place(names_: st.SearchStrategy[str] = names) -> tuple[str, str]:
        found = draw(st.tuples(st.sampled_from(places), names_).filter(lambda p: p not in used))
        used.add(found)
        return found

    def several(make: Callable[[st.DrawFn, tuple[str, str]], T], most: int) -> tuple[T, ...]:
        return tuple(make(draw, place()) for _ in range(draw(st.integers(0, most))))

    enums, domains = several(_enum, 2), several(_domain, 2)
    composites, ranges = several(_composite, 1), several(_range, 1)
    declared = [
        *(Named(Ref("enum", e.schema, e.name)) for e in enums),
        *(Named(Ref("domain", d.schema, d.name)) for d in domains),
        *(Named(Ref("composite", c.schema, c.name)) for c in composites),
        *(Named(Ref("range", r.schema, r.name)) for r in ranges),
        *(Named(Ref("range", r.schema, r.name).of("multirange", r.multiranges[0].name)) for r in ranges),
    ]
    labels = {Ref("enum", e.schema, e.name): e.labels for e in enums}
    tables = [draw_table(draw, place(), declared, labels) for _ in range(draw(st.integers(0, 3)))]
    sequences = tuple(_sequence(draw, place(), tables) for _ in range(draw(st.integers(0, 2))))
    relations = _names_of(tables)
    return Catalog(
        schemas=schemas,
        enums=enums,
        domains=domains,
        composites=composites,
        ranges=ranges,
        sequences=sequences,
        tables=tuple(_with_foreign_keys(draw, t, tables, relations) for t in tables),
        views=tuple(_view(draw, place(), t) for t in draw(some(st.sampled_from(tables), 2)))
        if tables
        else (),
        materialized_views=tuple(
            _matview(draw, place(), t, relations) for t in draw(some(st.sampled_from(tables), 1))
        )
        if tables
        else (),
    )


def _enum(draw: st.DrawFn, place: tuple[str, str]) -> Enum:
    labels = draw(some(st.sampled_from(("a", "b", "C c", "it's", "")), 4, 1))
    return Enum(schema=place[0], name=place[1], labels=tuple(labels), comment=draw(comments))


def _domain(draw: st.DrawFn, place: tuple[str, str]) -> Domain:
    checks = (Check(name="given", expr=opaque("(VALUE <> ''::text)")),) if draw(st.booleans()) else ()
    default = draw(st.sampled_from([None, opaque("'d'::text")]))
    return Domain(
        schema=place[0],
        name=place[1],
        type=Scalar("text"),
        checks=checks,
        default=default,
        nullable=draw(st.booleans()),
        comment=draw(comments),
    )


def _composite(draw: st.DrawFn, place: tuple[str, str]) -> Composite:
    attributes = tuple(
        Attribute(name=n, type=draw(st.sampled_from(TYPES).map(parse_type)), comment=draw(comments))
        for n in draw(some(names, 3, 1))
    )
    return Composite(schema=place[0], name=place[1], attributes=attributes, comment=draw(comments))


def _range(draw: st.DrawFn, place: tuple[str, str]) -> Range:
    many = (Multirange(name=f"many {place[1]}"),)
    return Range(schema=place[0], name=place[1], subtype=Scalar("real"), multiranges=many)


def _sequence(draw: st.DrawFn, place: tuple[str, str], tables: list[Table]) -> Sequence:
    type = draw(st.sampled_from(("integer", "bigint", "smallint")))
    options: Any = draw(st.sampled_from([{}, {"increment": -2}, {"start": 7, "cache": 5, "cycle": True}]))
    own = [t.ref.of("column", c.name) for t in tables for c in t.columns if t.schema == place[0]]
    return Sequence(
        schema=place[0],
        name=place[1],
        type=Scalar(type),
        options=sequence_options(type, **options),
        owned_by=draw(st.sampled_from([None, *own])),
        comment=draw(comments),
    )


def _with_foreign_keys(
    draw: st.DrawFn, table: Table, tables: list[Table], taken: set[tuple[str, str]]
) -> Table:
    targets = [
        (mine, theirs.ref.of("column", c.member))
        for theirs in tables
        for key in theirs.primary_keys
        if len(key.columns) == 1
        for c in key.columns
        for mine in _of_type(table, _type_of(theirs, c))
        if not (theirs.unlogged and not table.unlogged)
    ]
    if not targets or draw(st.booleans()):
        return table
    mine, theirs = draw(st.sampled_from(targets))
    action = draw(st.sampled_from((Action.NO_ACTION, Action.CASCADE, Action.RESTRICT)))
    key = ForeignKey(
        name="fk to",
        columns=(mine,),
        references=(theirs,),
        on_delete=action,
        deferral=draw(st.sampled_from(Deferral)),
        validated=draw(st.booleans()),
        match_full=draw(st.booleans()),
        comment=draw(comments),
    )
    return attrs.evolve(table, foreign_keys=(key,))


def _type_of(table: Table, column: Ref) -> PgType:
    return next(c.type for c in table.columns if c.name == column.member)


def _of_type(table: Table, type: PgType) -> list[Ref]:
    return [table.ref.of("column", c.name) for c in table.columns if c.type == type and c.generated is None]


def _names_of(tables: list[Table]) -> set[tuple[str, str]]:
    return {(t.schema, t.name) for t in tables}


def _view(draw: st.DrawFn, place: tuple[str, str], table: Table) -> View:
    options = draw(st.sampled_from([(), (("security_barrier", "true"),)]))
    return View(schema=place[0], name=place[1], query=_select(table), options=options, comment=draw(comments))


def _matview(
    draw: st.DrawFn, place: tuple[str, str], table: Table, taken: set[tuple[str, str]]
) -> MaterializedView:
    return MaterializedView(schema=place[0], name=place[1], query=_select(table), comment=draw(comments))


def _select(table: Table) -> Expr:
    columns = ",\n    ".join(quote(c.name) for c in table.columns)
    return opaque(f"SELECT {columns}\n   FROM {quote(table.schema)}.{quote(table.name)}")
