"""A small catalog that has each thing a backend treats in its own way."""

from typing import Final

from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import PrimaryKey
from pgkit.ir.expr import Lit, opaque
from pgkit.ir.kinds import Attribute, Composite, Domain, Enum
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Generated, Identity, Table, View, sequence_options
from pgkit.ir.type_text import parse_type
from pgkit.ir.types import Array, Named, PgType, Scalar

LINE_ITEM: Final = Ref("table", "app", "line_item")


def column(name: str, type: PgType | str, *, nullable: bool = False, **more: object) -> Column:
    """A column, not null unless said otherwise; the type may be given as text."""
    written = parse_type(type) if isinstance(type, str) else type
    return Column(name=name, type=written, nullable=nullable, **more)  # type: ignore[arg-type]


def identity(*, always: bool) -> Identity:
    """An identity with the options that Postgres gives it."""
    return Identity(always=always, options=sequence_options())


MOOD: Final = Named(Ref("enum", "app", "mood"))
PLACE: Final = Named(Ref("composite", "app", "place"))
REQUIRED: Final = Named(Ref("domain", "app", "required"))
ITEMS: Final = Table(
    schema="app",
    name="line_item",
    comment="One line of an order.",
    columns=(
        column("id", "bigint", identity=identity(always=False)),
        column("position", "integer", identity=identity(always=True)),
        column("price", "numeric(12,2)"),
        column("created_at", "timestamptz", default=opaque("now()")),
        column("note", "text", nullable=True, comment="Free text."),
        column("total", "numeric", nullable=True, generated=Generated(expr=opaque("price * 2"))),
        column("mood", MOOD, default=Lit("string", "sad")),
        column("moods", Array(MOOD), nullable=True),
        column("place", PLACE, nullable=True),
        column("data", "jsonb", nullable=True),
        column("code", REQUIRED, nullable=True),
        column("secret_token", "text"),
    ),
    primary_keys=(PrimaryKey(name="line_item_pkey", columns=(LINE_ITEM.of("column", "id"),)),),
)
CATALOG: Final = Catalog(
    enums=(Enum(schema="app", name="mood", labels=("sad", "in-review", "2nd pass", "")),),
    domains=(
        Domain(schema="app", name="required", type=Scalar("character varying", ("9",)), nullable=False),
    ),
    composites=(
        Composite(
            schema="app",
            name="place",
            attributes=(Attribute(name="zip_code", type=Scalar("text")), Attribute(name="mood", type=MOOD)),
        ),
    ),
    tables=(ITEMS,),
    views=(
        View(schema="app", name="cheap", query=opaque("SELECT 1"), columns=(column("price", "numeric"),)),
    ),
)
"""A table with every rule about inserts, a view, an enum, a domain that forbids nulls, a composite type."""
