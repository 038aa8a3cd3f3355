"""Rows, what an insert and an update take, enums and composites as TypeScript declarations."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple, assert_never

from pgkit.backends.rows import RowModel
from pgkit.backends.typescript import syntax
from pgkit.backends.typescript.docs import WIDTH, width
from pgkit.backends.typescript.own import own_type, type_import
from pgkit.backends.typescript.type_docs import union_parts
from pgkit.backends.typescript.types import NAMES, wire_type
from pgkit.backends.values import (
    KNOWN,
    ArrayValue,
    CompositeModel,
    CompositeValue,
    DomainModel,
    EnumModel,
    EnumValue,
    Field,
    IdModel,
    ScalarValue,
    TextValue,
    Value,
    domain_of,
    own_of,
)
from pgkit.ir.type_text import spell
from pgkit.ir.types import Array, PgType, Scalar

_PLAIN: Final = (
    "boolean",
    "text",
    "integer",
    "double precision",
    "json",
    "jsonb",
)  # the type says it already
RESERVED: Final = frozenset(
    (
        *(*NAMES, "Branded", "DateOrInfinity", "Object", "Promise"),
        *("Array", "BigInt", "Date", "Number", "RegExp", "Set", "Uint8Array"),
    )
)
"""Names of ours, and those of JavaScript's that generated code relies on."""


class Needed(NamedTuple):
    """A name from a file of ours, whose name without its extension is `from_`.

    Without a folder, `from_` is a module of the project's, named just as it is to be printed.
    """

    name: str
    from_: str
    folder: str = "."  # where the file is, seen from the one that needs it

    @property
    def sibling(self) -> bool:
        """Whether the file is one of the same backend's."""
        return self.folder == "."


def elsewhere(file: str, needed: Iterable[Needed]) -> list[Needed]:
    """What a file needs of others."""
    return [need for need in needed if not need.sibling or need.from_ != file]


def type_name(model: EnumModel | CompositeModel | DomainModel) -> str:
    """The name of the type of an enum, a composite or a domain."""
    return f"{model.stem}_" if model.stem in RESERVED else model.stem


def open_name(enum: EnumModel) -> str:
    """The name of the type of what is read of an enum that is open: its labels, or any other."""
    return f"{enum.stem}OrOther"


def id_name(id: IdModel) -> str:
    """The name of the type of a table's keys."""
    return f"{id.stem}Id"


def value_type(value: Value) -> str:
    """The TypeScript type of a value that is not null."""
    if name := _named_type(value):
        return name
    match value:
        case ArrayValue(raw=True):
            return "string"
        case ArrayValue(of, dims, nulls=nulls):
            element = value_type(of) + (" | null" if nulls else "")
            return (f"({element})" if len(union_parts(element)) > 1 else element) + "[]" * dims
        case ScalarValue(form=form) | TextValue(form=form):
            return wire_type(form)
        case EnumValue() | CompositeValue():
            raise AssertionError(value)
        case _:
            assert_never(value)


def _named_type(value: Value) -> str | None:
    """The name of a value's type where it has one: a domain's, the project's, a key's, a declared type's."""
    if domain := named_domain(value):
        return type_name(domain)
    if not isinstance(value, ArrayValue) and (own := own_type(value.own)):
        return own
    match value:
        case ScalarValue(id=IdModel() as id):
            return id_name(id)
        case EnumValue(enum):
            return open_name(enum) if value.open else type_name(enum)
        case CompositeValue(composite):
            return type_name(composite)
        case _:
            return None


def named_domain(value: Value) -> DomainModel | None:
    """The domain whose type a value has."""
    if value.domain is None or own_type(own_of(value)):
        return None
    if domain := domain_of(value):
        return domain
    same = value_type(value.domain.given) == value_type(value.domain.value)
    return domain_of(value, given=True) if same else None


def domain_file(domain: DomainModel) -> str:
    """The file of a domain: that of composite types if it is over one, since domains may be in these."""
    return "composites" if isinstance(innermost(domain.value), CompositeValue) else "domains"


def bottom(value: Value) -> Value:
    """What an array is made of, down to the first domain."""
    while isinstance(value, ArrayValue) and not value.raw and named_domain(value) is None:
        value = value.of
    return value


def innermost(value: Value) -> Value:
    """What an array is made of in the end; any other value, and an array that is text, itself."""
    while isinstance(value, ArrayValue) and not value.raw:
        value = value.of
    return value


def needed_types(read: Iterable[Field], written: Iterable[Field] = ()) -> frozenset[Needed]:
    """The types of other files that interfaces of what is read, and of what is written, mention."""
    needs = [*[_member(field).to_read for field in read], *[_member(field).to_write for field in written]]
    return frozenset[Needed]().union(*needs)


def zod_types(fields: Iterable[Field]) -> tuple[str, ...]:
    """The import of Zod's types, where types of fields are those of schemas."""
    return ('import type * as z from "zod";',) if any([_member(field).of_schema for field in fields]) else ()


def _needed_by(field: Field, value: Value) -> tuple[Needed, ...]:
    own = type_import(field)
    needs = (_needed_type(value), Needed(own.name, own.module, folder="") if own else None)
    return tuple(filter(None, needs))


def _needed_type(value: Value) -> Needed | None:
    match bottom(value):
        case value if own_type(own_of(value)):
            return None
        case value if domain := named_domain(value):
            return Needed(type_name(domain), domain_file(domain))
        case EnumValue(enum, open=is_open):
            return Needed(open_name(enum) if is_open else type_name(enum), "enums")
        case CompositeValue(composite):
            return Needed(type_name(composite), "composites")
        case ScalarValue(id=IdModel() as id):
            return Needed(id_name(id), "ids")
        case ScalarValue(form=form) if (name := wire_type(form)) in NAMES:
            return Needed(name, "_pg")
        case _:
            return None


def optional_on_insert(field: Field) -> bool:
    """Whether an insert may leave a column out."""
    return field.nullable or field.has_default


def row_interfaces(row: RowModel) -> Iterator[str]:
    """The interfaces of a table or a view: its row; for a table, what an insert and an update take."""
    name = f"`{syntax.visible(str(row.ref))}`"
    read = [_member(f).read for f in row.fields]
    yield _interface(f"{row.stem}Row", [f"A row of {name}.", row.comment], read)
    if row.writable:
        new = [_member(f).inserted for f in row.inserted]
        changed = [_member(f).updated for f in row.updated]
        yield _interface(f"{row.stem}Insert", [f"A new row of {name}."], new)
        yield _interface(f"{row.stem}Update", [f"A change of a row of {name}."], changed)


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
    others = ["", *_open_type(enum)] if enum.open else []
    return "\n".join([*doc, *opening, *body, f"{pad}}} as const;", "", union, *others])


def _open_type(enum: EnumModel) -> list[str]:
    """A union with any string, which leaves editors the labels to offer."""
    doc = syntax.comment([f"A label of `{type_name(enum)}`, or one that this was generated without."])
    return [*doc, syntax.named(open_name(enum), f"{type_name(enum)} | (string & {{}})")]


def composite_interface(composite: CompositeModel) -> str:
    """A composite type as an interface."""
    title = f"A value of the composite type `{syntax.visible(str(composite.ref))}`."
    read = [_member(f).read for f in composite.fields]
    return _interface(type_name(composite), [title, composite.comment], read)


def _interface(name: str, doc: list[str | None], members: list[str]) -> str:
    lines = members or ["  [column: string]: never;"]  # an empty interface would take anything
    return "\n".join([*syntax.comment(doc), f"export interface {name} {{", *lines, "}"])


class _Member(NamedTuple):
    """A column as it stands in interfaces; columns that are alike share one."""

    read: str
    inserted: str
    updated: str
    to_read: tuple[Needed, ...]  # what `read` needs of other files
    to_write: tuple[Needed, ...]
    of_schema: bool  # whether its type is that of a schema of the project's


@lru_cache(KNOWN)
def _member(field: Field) -> _Member:
    comment, key, own = _field_comment(field), syntax.key(field.key), own_of(field.value)
    null = ["null"] if field.nullable else []
    read = [*union_parts(value_type(field.value)), *null]
    given = read if field.given is field.value else [*union_parts(value_type(field.given)), *null]
    optional = "\n".join([*comment, syntax.typed(f"{key}?", [*given, "undefined"])])
    required = "\n".join([*comment, syntax.typed(key, given)])
    return _Member(
        required if given is read else "\n".join([*comment, syntax.typed(key, read)]),
        optional if optional_on_insert(field) else required,
        optional,
        needs := _needed_by(field, field.value),
        needs if field.given is field.value else _needed_by(field, field.given),
        bool(own.zod and not own.ts),
    )


def _field_comment(field: Field) -> list[str]:
    """The lines above a column."""
    written = _type_text(field.type)
    said = f"`{syntax.visible(written)}`" if written not in _PLAIN and _tells_more(field.value) else None
    notes = [n for n in (said, "computed by Postgres" if field.computed else None) if n]
    return syntax.comment([", ".join(notes), field.comment], indent=2)


def _tells_more(value: Value) -> bool:
    last = bottom(value)
    return not (isinstance(last, EnumValue | CompositeValue) or named_domain(last))


def _type_text(type: PgType) -> str:
    match type:
        case Scalar(schema=schema):
            name = spell(type.row.short or type.name, type.mods)
            return f"{schema}.{name}" if schema else name
        case Array(of, dims):
            return _type_text(of) + "[]" * dims
        case _:
            return str(type.ref)
