"""Object schemas: of a row, of what an insert and an update take, of a composite type."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Final, NamedTuple

from pgkit.backends.constraints import Constraint
from pgkit.backends.rows import RowModel
from pgkit.backends.typescript import syntax
from pgkit.backends.typescript.docs import WIDTH, Doc, lay_out, width
from pgkit.backends.typescript.files import lower_first
from pgkit.backends.typescript.interfaces import optional_on_insert, type_name
from pgkit.backends.values import KNOWN, CompositeModel, EnumModel, Field, ScalarValue, Value
from pgkit.backends.zod.checks import checked, hidden_checks
from pgkit.backends.zod.expressions import Chain, array, called, member, z
from pgkit.backends.zod.schemas import is_looser, schema_name, select_name, value_schema
from pgkit.backends.zod.styles import Style, constant, typed_member

_INHERITED: Final = frozenset(
    (
        *("constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString"),
        *("toString", "valueOf"),
        *("__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__"),
    )
)
"""What `{}[key]` gives although nobody put it there; Zod would take it for the value."""


class Member(NamedTuple):
    """A property of an object schema; columns that are alike share one."""

    key: str  # as it is printed
    schema: Chain
    text: str  # at the depth of most


def row_names(row: RowModel) -> list[tuple[str, str]]:
    """The schemas of a table or view, each with the type that it must give."""
    stem, name = row.stem, lower_first(row.stem)
    selected = (f"{name}SelectSchema", f"{stem}Row")
    if not row.writable:
        return [selected]
    return [selected, *[(f"{name}{kind}Schema", f"{stem}{kind}") for kind in ("Insert", "Update")]]


def row_members(row: RowModel, style: Style) -> list[list[Member]]:
    """The members of the schemas that `row_names` names."""
    selected = [*map(_selected, row.fields, repeat(style))]
    if not row.writable:
        return [selected]
    new, changed = map(_inserted, row.inserted, repeat(style)), map(_updated, row.updated, repeat(style))
    return [selected, [*new], [*changed]]


def row_schemas(
    row: RowModel, names: Sequence[tuple[str, str]], members: Sequence[Sequence[Member]], style: Style
) -> Iterator[str]:
    """The schemas of a table or view of these members. Only a select drops keys that it does not know."""
    for (name, type), of_schema in zip(names, members, strict=True):
        strict = row.client != "drizzle" and not type.endswith("Row")
        yield _object(style, name, type, of_schema, strict=strict)


def composite_members(composite: CompositeModel, style: Style) -> list[list[Member]]:
    """The attributes of a composite type: in new values, and in those that are there if they differ."""
    new = [_member(f, _schema(f.given, f.nullable, True), style) for f in composite.fields]
    if not is_looser(composite):
        return [new]
    return [new, [_member(f, _schema(f.value, f.nullable), style) for f in composite.fields]]


def composite_schemas(composite: CompositeModel, style: Style) -> Iterator[str]:
    """The schemas of a composite type."""
    names = (schema_name(composite), select_name(composite))
    for name, members in zip(names, composite_members(composite, style), strict=False):
        yield _object(style, name, type_name(composite), members, strict=False)


def enum_schemas(enum: EnumModel, style: Style) -> Iterator[str]:
    """The schema of an enum; of one that is open, that of what is read as well."""
    name = schema_name(enum)
    yield constant(style, f"export const {name}", z("enum", Chain(type_name(enum))))
    if enum.open:
        either = z("union", array(Chain(name), z("string")))
        yield constant(style, f"export const {select_name(enum)}", either)


@lru_cache(KNOWN)
def _selected(field: Field, style: Style) -> Member:
    return _member(field, _schema(field.value, field.nullable), style)


@lru_cache(KNOWN)
def _inserted(field: Field, style: Style) -> Member:
    if optional_on_insert(field):
        return _updated(field, style)
    return _member(field, _schema(field.given, field.nullable, True, field.checks), style)


@lru_cache(KNOWN)
def _updated(field: Field, style: Style) -> Member:
    schema = _schema(field.given, field.nullable, True, field.checks, True)
    return _member(field, called("own", schema) if field.key in _INHERITED else schema, style)


def _member(field: Field, schema: Chain, style: Style) -> Member:
    key = syntax.key(field.key)
    return Member(key, schema, member(key, style.written(schema), 2))


def _schema(
    value: Value,
    nullable: bool,
    insert: bool = False,
    checks: tuple[Constraint, ...] = (),
    optional: bool = False,
) -> Chain:
    """The schema of a column; if it is no key, most have that of another."""
    is_key = isinstance(value, ScalarValue) and value.id is not None
    return (_made if is_key else _shared)(value, nullable, insert, checks, optional)


def _made(
    value: Value, nullable: bool, insert: bool, checks: tuple[Constraint, ...], optional: bool
) -> Chain:
    schema = value_schema(value, insert=insert)
    schema = checked(schema, value, (*hidden_checks(value), *checks)) if insert else schema
    schema = schema.then("nullable") if nullable else schema
    return schema.then("optional") if optional else schema


_shared: Final = lru_cache(KNOWN)(_made)


def _object(style: Style, name: str, type: str, members: Sequence[Member], *, strict: bool) -> str:
    call, end = f"z.{'strictObject' if strict else 'object'}", f" satisfies {style.zod('Type')}<{type}>"
    left = f"export const {name} ="
    if style.explicit:
        lines = _annotation(style, name, members, "strict" if strict else "strip")
        rest = _rows(f"> = {call}", members, end) if members else [lay_out(("> = ", _empty(call, end), ";"))]
        return "\n".join([*lines, *rest])
    if not members:
        return syntax.assigned(left, _empty(call, end), ";")
    return "\n".join(_laid_out(style, left, call, members, end))


def _empty(call: str, end: str) -> Doc:
    return (call, syntax.bracketed("(", ["{}"], ")"), end)


def _annotation(style: Style, name: str, members: Sequence[Member], config: str) -> list[str]:
    """A constant with the type of its object, up to the bracket that closes it."""
    shape = [typed_member(m.key, style.type(m.schema), 4) for m in members] or ["    [key: string]: never;"]
    head = f"export const {name}: {style.zod('Object')}<"
    return [head, "  {", *shape, "  },", f"  z.core.${config}"]


def _rows(head: str, members: Sequence[Member], end: str) -> list[str]:
    return [f"{head}({{", *[m.text for m in members], f"}}){end};"]


def _laid_out(style: Style, left: str, call: str, members: Sequence[Member], end: str) -> list[str]:
    """A constant's object, where prettier puts it: beside the name, in the call's own lines, or below."""
    head = f"{left} {call}({{"
    over = width(head) - WIDTH
    if over <= 0:
        return _rows(f"{left} {call}", members, end)
    inner = [member(m.key, style.written(m.schema), 4) for m in members]
    if over == 1:  # all but the brace fits
        return [head[:-1], "  {", *inner, "  },", f"){end};"]
    return [left, f"  {call}({{", *inner, f"  }}){end};"]
