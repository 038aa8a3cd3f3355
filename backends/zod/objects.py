"""Object schemas: of a row, of what an insert and an update take, of a composite type."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pgkit.backends.model import RowModel
from pgkit.backends.typescript import syntax
from pgkit.backends.typescript.docs import WIDTH, width
from pgkit.backends.typescript.files import lower_first
from pgkit.backends.typescript.interfaces import (
    innermost,
    insertable,
    optional_on_insert,
    type_name,
    updatable,
)
from pgkit.backends.values import CompositeModel, CompositeValue, EnumModel, Field
from pgkit.backends.zod.expressions import Call, Chain, doc, member, z
from pgkit.backends.zod.schemas import schema_name, value_schema

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
    selected = [(f, _nullable(value_schema(f.value), f)) for f in row.fields]
    if not row.writable:
        return [selected]
    inserted = [(f, _nullable(value_schema(f.value, insert=True), f)) for f in insertable(row)]
    changed = {f.ref for f in updatable(row)}
    return [
        selected,
        [(f, _optional(chain, f) if optional_on_insert(f) else chain) for f, chain in inserted],
        [(f, _optional(chain, f)) for f, chain in inserted if f.ref in changed],
    ]


def row_schemas(row: RowModel) -> Iterator[str]:
    """The schemas of a table or view. Only a select drops keys that it does not know."""
    for (name, type), members in zip(row_names(row), row_members(row), strict=True):
        yield _object(name, type, members, strict=not type.endswith("Row"))


def composite_members(composite: CompositeModel) -> list[Member]:
    """The attributes of a composite type."""
    return [(f, _nullable(value_schema(f.value), f)) for f in composite.fields]


def composite_schema(composite: CompositeModel) -> str:
    """The schema of a composite type."""
    return _object(schema_name(composite), type_name(composite), composite_members(composite), strict=False)


def enum_schema(enum: EnumModel) -> str:
    """The schema of an enum."""
    return syntax.assigned(f"export const {schema_name(enum)} =", doc(z("enum", Chain(type_name(enum)))), ";")


def in_order(composites: Sequence[CompositeModel]) -> Iterable[CompositeModel]:
    """Composite types, each after those that it is made of: a constant must be there when it is used."""
    found: dict[str, CompositeModel] = {}

    def visit(composite: CompositeModel) -> None:
        for field in composite.fields:
            if isinstance(inner := innermost(field.value), CompositeValue):
                visit(inner.composite)
        found.setdefault(str(composite.ref), composite)

    for composite in composites:
        visit(composite)
    return found.values()


def _nullable(chain: Chain, field: Field) -> Chain:
    return chain.then("nullable") if field.nullable else chain


def _optional(chain: Chain, field: Field) -> Chain:
    optional = chain.then("optional")
    return Chain("own", (Call("", optional),)) if field.key in _INHERITED else optional


def _object(name: str, type: str, members: Sequence[Member], *, strict: bool) -> str:
    call, end = f"z.{'strictObject' if strict else 'object'}", f" satisfies z.ZodType<{type}>;"
    left = f"export const {name} ="
    if not members:
        return syntax.assigned(left, (call, syntax.arguments("{}"), end.removesuffix(";")), ";")
    body = [(syntax.key(f.key), chain) for f, chain in members]
    return "\n".join(_laid_out(f"{left} {call}({{", left, call, body, end))


def _laid_out(head: str, left: str, call: str, body: list[tuple[str, Chain]], end: str) -> list[str]:
    """A constant's object, where prettier puts it: beside the name, in the call's own lines, or below."""
    over = width(head) - WIDTH
    if over <= 0:
        return [head, *(member(key, chain, 2) for key, chain in body), f"}}){end}"]
    inner = [member(key, chain, 4) for key, chain in body]
    if over == 1:  # all but the brace fits
        return [head[:-1], "  {", *inner, "  },", f"){end}"]
    return [left, f"  {call}({{", *inner, f"  }}){end}"]
