"""Rows, what an insert and an update take, enums and composites as TypeScript declarations."""

from collections.abc import Iterable, Iterator
from typing import Final, assert_never

from attrs import frozen

from pgkit.backends.model import RowModel
from pgkit.backends.typescript import syntax
from pgkit.backends.typescript.docs import WIDTH, width
from pgkit.backends.values import (
    ArrayValue,
    CompositeModel,
    CompositeValue,
    EnumModel,
    EnumValue,
    Field,
    ScalarValue,
    TextValue,
    Value,
)
from pgkit.ir.relations import Table
from pgkit.ir.type_text import spell
from pgkit.ir.types import Array, PgType, Scalar
from pgkit.ir.wire import Wire

_PLAIN: Final = (
    "boolean",
    "text",
    "integer",
    "double precision",
    "json",
    "jsonb",
)  # the type says it already
_RESERVED: Final = frozenset(
    ("Json", "JsonObject", "Object", "Promise")
)  # ours, and what emitted JavaScript relies on


@frozen
class Needed:
    """A name from a sibling file: `from_` is the file's name without its extension."""

    name: str
    from_: str


def type_name(model: EnumModel | CompositeModel) -> str:
    """The name of an enum's or a composite's type."""
    return f"{model.stem}_" if model.stem in _RESERVED else model.stem


def wire_type(form: Wire) -> str:
    """The TypeScript type of a scalar by its wire form."""
    match form:
        case Wire.BOOLEAN:
            return "boolean"
        case Wire.INTEGER | Wire.NUMBER:
            return "number"
        case Wire.NUMBERS:
            return "number[]"
        case Wire.JSON:
            return "Json"
        case Wire.INT64 | Wire.DECIMAL | Wire.STRING | Wire.GUID | Wire.BASE64 | Wire.BITS:
            return "string"
        case Wire.DATE | Wire.TIME | Wire.LOCAL_DATETIME | Wire.DATETIME | Wire.INTERVAL:
            return "string"
        case _:
            assert_never(form)


def value_type(value: Value) -> str:
    """The TypeScript type of a value that is not null."""
    match value:
        case ScalarValue(form=form) | TextValue(form=form):
            return wire_type(form)
        case EnumValue(enum):
            return type_name(enum)
        case ArrayValue(of, dims):
            return value_type(of) + "[]" * dims
        case CompositeValue(composite):
            return type_name(composite)
        case _:
            assert_never(value)


def innermost(value: Value) -> Value:
    """What an array is made of in the end; any other value itself."""
    while isinstance(value, ArrayValue):
        value = value.of
    return value


def needed_types(fields: Iterable[Field]) -> Iterator[Needed]:
    """The types of other files that the types of `fields` mention."""
    for field in fields:
        match innermost(field.value):
            case EnumValue(enum):
                yield Needed(type_name(enum), "enums")
            case CompositeValue(composite):
                yield Needed(type_name(composite), "composites")
            case ScalarValue(form=Wire.JSON):
                yield Needed("Json", "_pg")
            case _:
                pass


def insertable(row: RowModel) -> tuple[Field, ...]:
    """What an insert may hold: all but what Postgres computes."""
    return tuple(f for f in row.fields if not f.computed)


def updatable(row: RowModel) -> tuple[Field, ...]:
    """What an update may hold: as an insert, but the primary key stays."""
    table = row.relation
    key = table.primary_key if isinstance(table, Table) else None
    fixed = {ref.member for ref in key.columns} if key else set()
    return tuple(f for f in insertable(row) if f.name not in fixed)


def optional_on_insert(field: Field) -> bool:
    """Whether an insert may leave a column out."""
    return field.nullable or field.has_default


def row_interfaces(row: RowModel) -> Iterator[str]:
    """The interfaces of a table or a view: its row; for a table, what an insert and an update take."""
    title = f"A row of `{syntax.visible(str(row.ref))}`."
    yield _interface(f"{row.stem}Row", [title, row.comment], [_member(f) for f in row.fields])
    if row.writable:
        inserted = [_member(f, optional=optional_on_insert(f)) for f in insertable(row)]
        updated = [_member(f, optional=True) for f in updatable(row)]
        name = f"`{syntax.visible(str(row.ref))}`"
        yield _interface(f"{row.stem}Insert", [f"A new row of {name}."], inserted, closed=True)
        yield _interface(f"{row.stem}Update", [f"A change of a row of {name}."], updated, closed=True)


def enum_declaration(enum: EnumModel) -> str:
    """An enum as a constant object, its labels in database order, and the union of its values."""
    name = type_name(enum)
    head = f"export const {name} = {{"
    pad = "" if width(head) <= WIDTH else "  "  # prettier moves the whole object to the next line
    pairs = zip(enum.members, enum.labels, strict=True)
    doc = syntax.comment([f"The enum `{syntax.visible(str(enum.ref))}`.", enum.comment])
    body = [syntax.labelled(m, label, len(pad) + 2) for m, label in pairs]
    opening = [head] if not pad else [head.removesuffix(" {"), "  {"]
    union = syntax.assigned(f"export type {name} =", f"(typeof {name})[keyof typeof {name}]", ";")
    return "\n".join([*doc, *opening, *body, f"{pad}}} as const;", "", union])


def composite_interface(composite: CompositeModel) -> str:
    """A composite type as an interface."""
    title = f"A value of the composite type `{syntax.visible(str(composite.ref))}`."
    return _interface(
        type_name(composite), [title, composite.comment], [_member(f) for f in composite.fields]
    )


def _interface(name: str, doc: list[str | None], members: list[list[str]], *, closed: bool = False) -> str:
    head = f"export interface {name} {{"
    lines = [line for member in members for line in member]
    if not lines and closed:
        lines = ["  [column: string]: never;"]  # an empty interface would take anything
    body = [head, *lines, "}"] if lines else [f"{head}}}"]
    return "\n".join([*syntax.comment(doc), *body])


def _member(field: Field, *, optional: bool = False) -> list[str]:
    mark = "?" if optional else ""
    types = [value_type(field.value)]
    types += ["null"] if field.nullable else []
    types += ["undefined"] if optional else []
    return [*_field_comment(field), syntax.typed(syntax.key(field.key) + mark, types)]


def _field_comment(field: Field) -> list[str]:
    written = _type_text(field.type)
    said = f"`{syntax.visible(written)}`" if written not in _PLAIN and _tells_more(field) else None
    notes = [n for n in (said, "computed by Postgres" if field.computed else None) if n]
    return syntax.comment([", ".join(notes), field.comment], indent=2)


def _tells_more(field: Field) -> bool:
    return not isinstance(innermost(field.value), EnumValue | CompositeValue)


def _type_text(type: PgType) -> str:
    match type:
        case Scalar(schema=schema):
            name = spell(type.row.short or type.name, type.mods)
            return f"{schema}.{name}" if schema else name
        case Array(of, dims):
            return _type_text(of) + "[]" * dims
        case _:
            return str(type.ref)
