"""Short ways to write objects, for catalogs that are read in one line."""

from typing import Any

from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import (
    Check,
    ForeignKey,
    Index,
    IndexKey,
    Policy,
    PrimaryKey,
    Unique,
)
from pgkit.ir.expr import opaque
from pgkit.ir.kinds import Composite, Domain, Enum, Extension, Range, Role, Schema
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
from pgkit.ir.types import Named, PgType

T = Ref("table", "public", "t")
P = Ref("table", "public", "p")
LONG = "x" * 63
ENUM = Enum(name="e", labels=("open", "shut"))
E_TYPE = Named(Ref("enum", "public", "e"))


def catalog(*objects: Any) -> Catalog:
    """A catalog of these objects."""
    fields = {
        Table: "tables", View: "views", MaterializedView: "materialized_views", Sequence: "sequences", Enum: "enums",
        Domain: "domains", Composite: "composites", Range: "ranges", Schema: "schemas", Role: "roles",
        Extension: "extensions",
    }  # fmt: skip
    made: dict[str, tuple[Any, ...]] = {}
    for obj in objects:
        made[fields[type(obj)]] = (*made.get(fields[type(obj)], ()), obj)
    return Catalog(**made)  # type: ignore[arg-type]


def column(name: str = "a", type: str | PgType = "integer", **rest: Any) -> Column:
    """A column, an integer if not told."""
    for field in ("default",):
        if isinstance(rest.get(field), str):
            rest[field] = opaque(rest[field])
    if isinstance(rest.get("generated"), str):
        rest["generated"] = Generated(expr=opaque(rest["generated"]))
    return Column(name=name, type=parse_type(type) if isinstance(type, str) else type, **rest)


def table(*columns: Column | str, name: str = "t", **rest: Any) -> Table:
    """A table; a column that is only named is an integer."""
    made = tuple(column(c) if isinstance(c, str) else c for c in columns)
    return Table(name=name, columns=made, **rest)


def at(*names: str, table: Ref = T) -> tuple[Ref, ...]:
    """Columns of a table, `t` if not told."""
    return tuple(table.of("column", n) for n in names)


def index(*columns: str, name: str = "i", table: Ref = T, **rest: Any) -> Index:
    """An index over columns."""
    return Index(name=name, keys=tuple(IndexKey(column=c) for c in at(*columns, table=table)), **rest)


def check(expr: str, name: str = "c") -> Check:
    """A check constraint."""
    return Check(name=name, expr=opaque(expr))


def key(*columns: str, name: str = "k", table: Ref = T, **rest: Any) -> PrimaryKey:
    """A primary key."""
    return PrimaryKey(name=name, columns=at(*columns, table=table), **rest)


def unique(*columns: str, name: str = "u", table: Ref = T, **rest: Any) -> Unique:
    """A unique constraint."""
    return Unique(name=name, columns=at(*columns, table=table), **rest)


def foreign(
    *columns: str, to: tuple[Ref, ...] = at("a", table=P), name: str = "f", **rest: Any
) -> ForeignKey:
    """A foreign key of `t`, to p (a) if not told."""
    return ForeignKey(name=name, columns=at(*columns), references=to, **rest)


def policy(using: str | None = None, check: str | None = None, **rest: Any) -> Policy:
    """A policy."""
    return Policy(
        name="p", using=opaque(using) if using else None, check=opaque(check) if check else None, **rest
    )


def identity(type: str = "integer", **options: Any) -> Identity:
    """An identity."""
    return Identity(options=sequence_options(type, **options))


def virtual(expr: str) -> Generated:
    """A generated column that is not stored."""
    return Generated(expr=opaque(expr), stored=False)


def sequence(name: str = "s", type: str = "bigint", schema: str = "public", owned_by: Ref | None = None, **o: Any) -> Sequence:  # fmt: skip
    """A sequence."""
    return Sequence(
        schema=schema,
        name=name,
        type=parse_type(type),
        options=sequence_options(type, **o),
        owned_by=owned_by,
    )


def view(query: str, name: str = "v", **rest: Any) -> View:
    """A view."""
    return View(name=name, query=opaque(query), **rest)


def materialized(query: str, name: str = "m", **rest: Any) -> MaterializedView:
    """A materialized view."""
    return MaterializedView(name=name, query=opaque(query), **rest)


PARENT = table(column("a", nullable=False), name="p", primary_keys=(key("a", table=P, name="pk"),))
SECURED = {"row_security": True}
