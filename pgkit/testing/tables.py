"""Random tables and their members."""

from typing import Any

import attrs
from hypothesis import strategies as st

from pgkit.ir.constraints import (
    Check,
    Deferral,
    Index,
    IndexKey,
    Policy,
    PrimaryKey,
    Unique,
)
from pgkit.ir.expr import Expr, opaque
from pgkit.ir.names import Ref
from pgkit.ir.relations import (
    Column,
    Generated,
    Identity,
    Table,
    sequence_options,
)
from pgkit.ir.type_text import parse_type
from pgkit.ir.types import Array, Named, PgType, Scalar
from pgkit.sql import quote
from pgkit.testing.pools import DEFAULTS, TYPES, comments, names, some


def draw_table(
    draw: st.DrawFn, place: tuple[str, str], declared: list[Named], labels: dict[Ref, tuple[str, ...]]
) -> Table:
    ref = Ref("table", *place)
    columns = tuple(_column(draw, ref, n, declared, labels) for n in draw(some(names, 4, 1)))
    plain = [ref.of("column", c.name) for c in columns if _sortable(c.type)]
    parts: dict[str, Any] = {}
    if draw(st.booleans()) and plain:
        chosen: list[Ref] = draw(some(st.sampled_from(plain), 2, 1))
        key = tuple(chosen)
        parts["primary_keys"] = (PrimaryKey(name=f"pk {place[1]}", columns=key, comment=draw(comments)),)
        columns = tuple(
            attrs.evolve(c, nullable=False) if ref.of("column", c.name) in key else c for c in columns
        )
    if draw(st.booleans()) and plain:
        parts["uniques"] = (_unique(draw, plain, f"un {place[1]}"),)
    if draw(st.booleans()):
        parts["checks"] = (_check(draw, columns[0]),)
    if draw(st.booleans()) and plain:
        parts["indexes"] = (_index(draw, plain, f"ix {place[1]}"),)
    if draw(st.booleans()):
        parts["policies"] = (_policy(draw),)
    return Table(
        schema=place[0],
        name=place[1],
        columns=columns,
        comment=draw(comments),
        unlogged=draw(st.booleans()),
        row_security=draw(st.booleans()),
        force_row_security=draw(st.booleans()),
        storage=draw(st.sampled_from([(), (("autovacuum_enabled", "false"), ("fillfactor", "70"))])),
        **parts,
    )


def _column(
    draw: st.DrawFn, table: Ref, name: str, declared: list[Named], labels: dict[Ref, tuple[str, ...]]
) -> Column:
    text = draw(st.sampled_from(TYPES))
    column = Column(name=name, type=parse_type(text), nullable=draw(st.booleans()), comment=draw(comments))
    match draw(st.sampled_from(("plain", "default", "identity", "generated", "array", "declared", "enum"))):
        case "default":
            given = draw(st.sampled_from(DEFAULTS[text])) if text in DEFAULTS else None
            return attrs.evolve(column, default=opaque(given) if given else None)
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
        name=name,
        columns=tuple(chosen),
        include=tuple(rest[:1]) if draw(st.booleans()) else (),
        nulls_not_distinct=draw(st.booleans()),
        deferral=draw(st.sampled_from(Deferral)),
        comment=draw(comments),
    )


def _check(draw: st.DrawFn, column: Column) -> Check:
    validated = draw(st.booleans())
    expr = opaque(f"({quote(column.name)} IS NOT NULL)")
    return Check(
        name="ch it's", expr=expr, no_inherit=draw(st.booleans()), validated=validated, comment=draw(comments)
    )


def _index(draw: st.DrawFn, columns: list[Ref], name: str) -> Index:
    chosen = draw(some(st.sampled_from(columns), 2, 1))
    keys = [
        IndexKey(column=c, descending=draw(st.booleans()), nulls_first=draw(st.booleans())) for c in chosen
    ]
    if draw(st.booleans()):
        keys.append(IndexKey(expr=opaque(f"({quote(chosen[0].member)} IS NULL)")))
    where = opaque(f"({quote(chosen[0].member)} IS NOT NULL)") if draw(st.booleans()) else None
    return Index(
        name=name,
        keys=tuple(keys),
        unique=draw(st.booleans()),
        where=where,
        comment=draw(comments),
        storage=draw(st.sampled_from([(), (("fillfactor", "50"),)])),
    )


def _policy(draw: st.DrawFn) -> Policy:
    command = draw(st.sampled_from(("all", "select", "insert", "update", "delete")))
    using = None if command == "insert" else opaque("(1 = 1)")
    check = opaque("(2 = 2)") if command in ("all", "insert", "update") else None
    return Policy(
        name=draw(names),
        command=command,
        permissive=draw(st.booleans()),
        using=using,
        check=check,
        comment=draw(comments),
    )
