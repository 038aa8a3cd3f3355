"""Random well-formed catalogs over all kinds. Values come from small pools, so that two of them overlap.

Expressions are drawn as Postgres writes them, so that what is read back from a server is equal.
"""

from typing import Any

import attrs
from hypothesis import strategies as st

from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import (
    Action,
    Check,
    Deferral,
    ForeignKey,
    Index,
    IndexKey,
    Policy,
    PrimaryKey,
    Unique,
)
from pgkit.ir.expr import Expr, opaque
from pgkit.ir.kinds import Attribute, Composite, Domain, Enum, Multirange, Range, Schema
from pgkit.ir.names import Ref
from pgkit.ir.relations import (
    Column,
    Generated,
    Identity,
    MaterializedView,
    Sequence,
    Table,
    View,
    sequence_options,
)
from pgkit.ir.type_text import parse_type
from pgkit.ir.types import Array, Named, PgType, Scalar

ODD = ("plain", "Mixed", "order", 'quo"ted', "back\\slash", "spa ce", "ünï", "a.b", "it's", "$1", "%s{0}")
SCHEMAS = ("public", "app", "Odd schema")
TYPES = (
    "integer", "bigint", "text", "uuid", "boolean", "jsonb", "numeric(12,2)", "character varying(20)",
    "timestamp with time zone", "date", "real", "bytea", "inet", "character(3)", "bit(4)", "tstzrange",
)  # fmt: skip
DEFAULTS = {
    "integer": ("1", "'-5'::integer"),
    "bigint": ("9007199254740993",),  # past 2^53
    "text": ("'it''s'::text", "'back\\slash'::text", "CURRENT_USER", "'null'::text"),
    "uuid": ("gen_random_uuid()",),
    "boolean": ("true", "false"),
    "jsonb": ("'{}'::jsonb", "'{\"a\": [1]}'::jsonb"),
    "numeric(12,2)": ("0", "1.50"),
    "character varying(20)": ("'x'::character varying",),
    "timestamp with time zone": ("now()", "CURRENT_TIMESTAMP"),
    "date": ("CURRENT_DATE",),
}
comments = st.sampled_from([None, None, "said", 'it\'s "quoted" \\ and\nlong'])
names = st.sampled_from(ODD)


def some(of: st.SearchStrategy[Any], most: int, least: int = 0) -> st.SearchStrategy[list[Any]]:
    """Up to `most` distinct values."""
    return st.lists(of, min_size=least, max_size=most, unique=True)


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

    enums, domains, composites, ranges = (
        tuple(make(draw, place()) for _ in range(draw(st.integers(0, most))))
        for make, most in ((_enum, 2), (_domain, 2), (_composite, 1), (_range, 1))
    )
    declared = [
        *(Named(Ref("enum", e.schema, e.name)) for e in enums),
        *(Named(Ref("domain", d.schema, d.name)) for d in domains),
        *(Named(Ref("composite", c.schema, c.name)) for c in composites),
        *(Named(Ref("range", r.schema, r.name)) for r in ranges),
        *(Named(Ref("range", r.schema, r.name).of("multirange", r.multiranges[0].name)) for r in ranges),
    ]
    labels = {Ref("enum", e.schema, e.name): e.labels for e in enums}
    tables = [_table(draw, place(), declared, labels) for _ in range(draw(st.integers(0, 3)))]
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
            _materialized_view(draw, place(), t, relations) for t in draw(some(st.sampled_from(tables), 1))
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
        schema=place[0], name=place[1], type=Scalar("text"), checks=checks, default=default,
        nullable=draw(st.booleans()), comment=draw(comments),
    )  # fmt: skip


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
    options = draw(st.sampled_from([{}, {"increment": -2}, {"start": 7, "cache": 5, "cycle": True}]))
    own = [t.ref.of("column", c.name) for t in tables for c in t.columns if t.schema == place[0]]
    return Sequence(
        schema=place[0], name=place[1], type=Scalar(type), options=sequence_options(type, **options),
        owned_by=draw(st.sampled_from([None, *own])), comment=draw(comments),
    )  # fmt: skip


def _table(
    draw: st.DrawFn, place: tuple[str, str], declared: list[Named], labels: dict[Ref, tuple[str, ...]]
) -> Table:
    ref = Ref("table", *place)
    columns = tuple(_column(draw, ref, n, declared, labels) for n in draw(some(names, 4, 1)))
    plain = [ref.of("column", c.name) for c in columns if _sortable(c.type)]
    parts: dict[str, Any] = {}
    if plain and draw(st.booleans()):
        key = tuple(draw(some(st.sampled_from(plain), 2, 1)))
        parts["primary_keys"] = (PrimaryKey(name=f"pk {place[1]}", columns=key, comment=draw(comments)),)
        columns = tuple(
            attrs.evolve(c, nullable=False) if ref.of("column", c.name) in key else c for c in columns
        )
    if plain and draw(st.booleans()):
        parts["uniques"] = (_unique(draw, plain, f"un {place[1]}"),)
    if draw(st.booleans()):
        parts["checks"] = (_check(draw, columns[0]),)
    if plain and draw(st.booleans()):
        parts["indexes"] = (_index(draw, plain, f"ix {place[1]}"),)
    if draw(st.booleans()):
        parts["policies"] = (_policy(draw),)
    return Table(
        schema=place[0], name=place[1], columns=columns, comment=draw(comments), unlogged=draw(st.booleans()),
        row_security=draw(st.booleans()), force_row_security=draw(st.booleans()),
        storage=draw(st.sampled_from([(), (("autovacuum_enabled", "false"), ("fillfactor", "70"))])), **parts,
    )  # fmt: skip


def _column(
    draw: st.DrawFn, table: Ref, name: str, declared: list[Named], labels: dict[Ref, tuple[str, ...]]
) -> Column:
    text = draw(st.sampled_from(TYPES))
    column = Column(name=name, type=parse_type(text), nullable=draw(st.booleans()), comment=draw(comments))
    match draw(st.sampled_from(("plain", "default", "identity", "generated", "array", "declared", "enum"))):
        case "default":
            default = (
                draw(st.sampled_from(DEFAULTS.get(text, ("NULL::text",))[:])) if text in DEFAULTS else None
            )
            return attrs.evolve(column, default=opaque(default) if default else None)
        case "identity":
            number = draw(st.sampled_from(("integer", "bigint")))
            identity = Identity(
                always=draw(st.booleans()), options=sequence_options(number, start=draw(st.integers(1, 9)))
            )
            return attrs.evolve(column, type=Scalar(number), nullable=False, identity=identity)
        case "generated":
            return attrs.evolve(column, type=Scalar("integer"), generated=Generated(expr=opaque("(1 + 1)")))
        case "array":
            return attrs.evolve(column, type=Array(column.type))
        case "declared" if declared:
            return attrs.evolve(column, type=draw(st.sampled_from(declared)))
        case "enum" if labels:
            ref = draw(st.sampled_from(sorted(labels)))
            default: Expr = opaque(f"'{labels[ref][0].replace(chr(39), chr(39) * 2)}'")
            return attrs.evolve(column, type=Named(ref), default=default)
        case _:
            return column


def _sortable(type: PgType) -> bool:
    """Whether a btree can hold it: has an operator class by default."""
    return isinstance(type, Scalar) and type.name not in ("json", "xml", "point")


def _unique(draw: st.DrawFn, columns: list[Ref], name: str) -> Unique:
    chosen = draw(some(st.sampled_from(columns), 2, 1))
    rest = [c for c in columns if c not in chosen]
    return Unique(
        name=name, columns=tuple(chosen), include=tuple(rest[:1]) if draw(st.booleans()) else (),
        nulls_not_distinct=draw(st.booleans()), deferral=draw(st.sampled_from(Deferral)), comment=draw(comments),
    )  # fmt: skip


def _check(draw: st.DrawFn, column: Column) -> Check:
    from pgkit.sql import quote

    validated = draw(st.booleans())
    expr = opaque(f"({quote(column.name)} IS NOT NULL)")
    return Check(
        name="ch it's", expr=expr, no_inherit=draw(st.booleans()), validated=validated, comment=draw(comments)
    )


def _index(draw: st.DrawFn, columns: list[Ref], name: str) -> Index:
    from pgkit.sql import quote

    chosen = draw(some(st.sampled_from(columns), 2, 1))
    keys = [
        IndexKey(column=c, descending=draw(st.booleans()), nulls_first=draw(st.booleans())) for c in chosen
    ]
    if draw(st.booleans()):
        keys.append(IndexKey(expr=opaque(f"({quote(chosen[0].member)} IS NULL)")))
    where = opaque(f"({quote(chosen[0].member)} IS NOT NULL)") if draw(st.booleans()) else None
    return Index(
        name=name, keys=tuple(keys), unique=draw(st.booleans()), where=where, comment=draw(comments),
        storage=draw(st.sampled_from([(), (("fillfactor", "50"),)])),
    )  # fmt: skip


def _policy(draw: st.DrawFn) -> Policy:
    command = draw(st.sampled_from(("all", "select", "insert", "update", "delete")))
    using = None if command == "insert" else opaque("(1 = 1)")
    check = opaque("(2 = 2)") if command in ("all", "insert", "update") else None
    return Policy(
        name=draw(names), command=command, permissive=draw(st.booleans()), using=using, check=check,
        comment=draw(comments),
    )  # fmt: skip


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
        name="fk to", columns=(mine,), references=(theirs,), on_delete=action,
        deferral=draw(st.sampled_from(Deferral)), validated=draw(st.booleans()), match_full=draw(st.booleans()),
        comment=draw(comments),
    )  # fmt: skip
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


def _materialized_view(
    draw: st.DrawFn, place: tuple[str, str], table: Table, taken: set[tuple[str, str]]
) -> MaterializedView:
    return MaterializedView(schema=place[0], name=place[1], query=_select(table), comment=draw(comments))


def _select(table: Table) -> Expr:
    from pgkit.sql import quote

    columns = ",\n    ".join(quote(c.name) for c in table.columns)
    return opaque(f"SELECT {columns}\n   FROM {quote(table.schema)}.{quote(table.name)}")
