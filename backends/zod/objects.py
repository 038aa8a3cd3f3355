"""Object schemas: of a row, of what an insert and an update take, of a composite type."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from pgkit.backends.constraints import Constraint
from pgkit.backends.model import RowModel
from pgkit.backends.typescript import syntax
from pgkit.backends.typescript.docs import WIDTH, Doc, lay_out, width
from pgkit.backends.typescript.files import lower_first
from pgkit.backends.typescript.interfaces import optional_on_insert, type_name
from pgkit.backends.values import KNOWN, CompositeModel, EnumModel, Field, Look, Value
from pgkit.backends.written import inserted, updated
from pgkit.backends.zod.checks import checked, hidden_checks
from pgkit.backends.zod.expressions import Chain, called, member, z
from pgkit.backends.zod.schemas import is_looser, schema_name, select_name, value_schema
from pgkit.backends.zod.styles import Style, Type, constant, typed_member

Member = tuple[Field, Chain]
_INHERITED: Final = frozenset(
    (
        *("constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString"),
        *("toString", "valueOf"),
        *("__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__"),
    )
)
"""What `{}[key]` gives although nobody put it there; Zod would take it for the value."""


def row_names(row: RowModel) -> Iterator[tuple[str, str]]:
    """The schemas of a table or view, each with the type that it must give."""
    for kind, type in (("Select", "Row"), ("Insert", "Insert"), ("Update", "Update")):
        if row.writable or kind == "Select":
            yield f"{lower_first(row.stem)}{kind}Schema", f"{row.stem}{type}"


def row_members(row: RowModel) -> list[list[Member]]:
    """The members of the schemas that `row_names` names."""
    selected = [(f, _selected(f.look)) for f in row.fields]
    if not row.writable:
        return [selected]
    return [
        selected,
        [(f, _written(f.look, optional_on_insert(f))) for f in inserted(row)],
        [(f, _written(f.look, True)) for f in updated(row)],
    ]


def row_schemas(row: RowModel, members: Sequence[Sequence[Member]], style: Style) -> Iterator[str]:
    """The schemas of a table or view of these members. Only a select drops keys that it does not know."""
    for (name, type), fields in zip(row_names(row), members, strict=True):
        yield _object(style, name, type, fields, strict=row.client != "drizzle" and not type.endswith("Row"))


def composite_members(composite: CompositeModel) -> list[list[Member]]:
    """The attributes of a composite type: in new values, and in those that are there if they differ."""
    inserts = (True, False) if is_looser(composite) else (True,)
    return [
        [(f, field_schema(f.value, nullable=f.nullable, insert=insert)) for f in composite.fields]
        for insert in inserts
    ]


def composite_schemas(composite: CompositeModel, style: Style) -> Iterator[str]:
    """The schemas of a composite type."""
    names = (schema_name(composite), select_name(composite))
    for name, members in zip(names, composite_members(composite), strict=False):
        yield _object(style, name, type_name(composite), members, strict=False)


def enum_schema(enum: EnumModel, style: Style) -> str:
    """The schema of an enum."""
    return constant(style, f"export const {schema_name(enum)}", z("enum", Chain(type_name(enum))))


@lru_cache(1 << 14)
def field_schema(
    value: Value,
    checks: tuple[Constraint, ...] = (),
    *,
    nullable: bool,
    insert: bool = False,
    optional: bool = False,
    own: bool = False,
) -> Chain:
    """The schema of a column; most columns have that of another."""
    schema = value_schema(value, insert=insert)
    schema = checked(schema, value, (*hidden_checks(value), *checks)) if insert else schema
    schema = schema.then("nullable") if nullable else schema
    schema = schema.then("optional") if optional else schema
    return called("own", schema) if own else schema


@lru_cache(KNOWN)
def _selected(look: Look) -> Chain:
    return field_schema(look.value, nullable=look.nullable)


@lru_cache(KNOWN)
def _written(look: Look, optional: bool) -> Chain:
    own = optional and look.key in _INHERITED
    return field_schema(
        look.given, look.checks, nullable=look.nullable, insert=True, optional=optional, own=own
    )


def _object(style: Style, name: str, type: str, members: Sequence[Member], *, strict: bool) -> str:
    call, end = f"z.{'strictObject' if strict else 'object'}", f" satisfies {style.zod('Type')}<{type}>"
    body = [(syntax.key(f.key), style.written(chain)) for f, chain in members]
    empty: Doc = (call, syntax.bracketed("(", ["{}"], ")"), end)
    left = f"export const {name} ="
    if style.explicit:
        typed = [(syntax.key(f.key), style.type(chain)) for f, chain in members]
        lines = _annotation(style, name, typed, "strict" if strict else "strip")
        rest = _rows(f"> = {call}", body, end) if body else [lay_out(("> = ", empty, ";"))]
        return "\n".join([*lines, *rest])
    if not members:
        return syntax.assigned(left, empty, ";")
    return "\n".join(_laid_out(f"{left} {call}({{", left, call, body, end))


def _annotation(style: Style, name: str, members: list[tuple[str, Type]], config: str) -> list[str]:
    """A constant with the type of its object, up to the bracket that closes it."""
    shape = [typed_member(key, type, 4) for key, type in members] or ["    [key: string]: never;"]
    head = f"export const {name}: {style.zod('Object')}<"
    return [head, "  {", *shape, "  },", f"  z.core.${config}"]


def _rows(head: str, body: list[tuple[str, Chain]], end: str) -> list[str]:
    return [f"{head}({{", *(member(key, chain, 2) for key, chain in body), f"}}){end};"]


def _laid_out(head: str, left: str, call: str, body: list[tuple[str, Chain]], end: str) -> list[str]:
    """A constant's object, where prettier puts it: beside the name, in the call's own lines, or below."""
    over = width(head) - WIDTH
    if over <= 0:
        return _rows(f"{left} {call}", body, end)
    inner = [member(key, chain, 4) for key, chain in body]
    if over == 1:  # all but the brace fits
        return [head[:-1], "  {", *inner, "  },", f"){end};"]
    return [left, f"  {call}({{", *inner, f"  }}){end};"]
