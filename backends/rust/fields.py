"""The fields of a struct: how each is called, declared and read. Rows and composites have them alike."""

from collections.abc import Iterator

from attrs import frozen

from pgkit.backends.collisions import name_collisions
from pgkit.backends.rust.idents import field_ident, is_snake, plain
from pgkit.backends.rust.text import attribute, doc, field, string
from pgkit.backends.rust.types import (
    comment_on_reading,
    element_type,
    is_nested,
    json_element_form,
    json_form,
    leaf,
    rust_type,
)
from pgkit.backends.values import ArrayValue, Field
from pgkit.diag import Diagnostic
from pgkit.ir.names import Ref


@frozen(eq=False)
class Member:
    """A field with its identifier in Rust; one of a column, so that it equals itself alone."""

    field: Field
    ident: str

    @property
    def type(self) -> str:
        """Its type."""
        return rust_type(self.field.value, self.field.nullable)

    def declared(self) -> list[str]:
        """Its lines in the struct."""
        comment = "\n\n".join(t for t in (self.field.comment, comment_on_reading(self.field.value)) if t)
        return [
            *(doc(comment, "    ") if comment else ()),
            *attribute("serde", self._serde(), "    "),
            *field(self.ident, self.type),
        ]

    def initialized(self, source: str, arguments: str = "") -> str:
        """Its line in a struct expression; `source` has `get` and `nested`."""
        return f"            {self.ident}: {source}{self._reader()}({arguments})?,"

    def _reader(self) -> str:
        value, nullable = self.field.value, self.field.nullable
        reader = leaf(value).reader
        if reader == "json" and isinstance(value, ArrayValue):
            form = json_form(value, nullable)
            return (
                f"typed_nested::<{json_element_form(value)}, {form}>"
                if is_nested(value)
                else f"typed::<{form}>"
            )
        if is_nested(value):
            return f"nested::<{element_type(value)}, _>"
        return "json_or_null" if reader == "json" and nullable else reader

    @property
    def rename(self) -> list[str]:
        """What serde is told of its key, if that is not its identifier."""
        return [] if self.field.key == plain(self.ident) else [f"rename = {string(self.field.key)}"]

    @property
    def wire(self) -> bool:
        """Whether rt::wire prints it."""
        return leaf(self.field.value).wire

    def _serde(self) -> list[str]:
        return [*self.rename, *(['with = "super::rt::wire"'] if self.wire else [])]


def members(fields: tuple[Field, ...], renamed: frozenset[Ref]) -> tuple[Member, ...]:
    """The fields with their identifiers; `renamed` have a JSON key of the user's, and are called by it."""
    return tuple(Member(f, field_ident(f.key if f.ref in renamed else f.name)) for f in fields)


def struct(name: str, fields: tuple[Member, ...], derives: list[str]) -> list[str]:
    """A struct with public fields."""
    allow = [] if all(is_snake(plain(m.ident)) for m in fields) else ["#[allow(non_snake_case)]"]
    head = [*attribute("derive", derives), *allow]
    if not fields:
        return [*head, f"pub struct {name} {{}}"]
    return [*head, f"pub struct {name} {{", *(line for m in fields for line in m.declared()), "}"]


def collisions(fields: tuple[Member, ...]) -> Iterator[Diagnostic]:
    """Two columns whose fields rustc would take for one."""
    for found in name_collisions((m.ident, m.field.ref) for m in fields):
        yield Diagnostic(
            "rust-field-collision",
            found.message,
            where=found.where,
            help=f'set json_name in [overrides."{found.where}"]',
        )
