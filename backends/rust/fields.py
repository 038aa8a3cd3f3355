"""The fields of a struct: how each is called, declared and read. Rows and composites have them alike."""

from collections.abc import Iterator
from functools import cached_property, lru_cache

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
from pgkit.backends.values import KNOWN, ArrayValue, Field, Look
from pgkit.diag import Diagnostic
from pgkit.ir.names import Ref
from pgkit.sql import quoted


@frozen(eq=False)
class Member:
    """A look with its identifier in Rust; columns of different tables share it, and so what is made of it.

    In one table there is one of a column, so that it equals itself alone.
    """

    field: Look
    ident: str

    @cached_property
    def type(self) -> str:
        """Its type."""
        return rust_type(self.field.value, self.field.nullable)

    @cached_property
    def required(self) -> str:
        """The type of a value that is there."""
        return rust_type(self.field.value, nullable=False)

    @cached_property
    def column(self) -> str:
        """Its name in SQL."""
        return quoted(self.field.name)

    @cached_property
    def is_snake(self) -> bool:
        """Whether rustc has nothing to say about the case of its identifier."""
        return is_snake(plain(self.ident))

    @cached_property
    def declared(self) -> tuple[str, ...]:
        """Its lines in the struct."""
        comment = "\n\n".join(t for t in (self.field.comment, comment_on_reading(self.field.value)) if t)
        return (
            *(doc(comment, "    ") if comment else ()),
            *attribute("serde", self._serde(), "    "),
            *field(self.ident, self.type),
        )

    def initialized(self, source: str, arguments: str = "") -> str:
        """Its line in a struct expression; `source` has `get` and `nested`."""
        return f"            {self.ident}: {source}{self._reader}({arguments})?,"

    @cached_property
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

    @cached_property
    def rename(self) -> tuple[str, ...]:
        """What serde is told of its key, if that is not its identifier."""
        return () if self.field.key == plain(self.ident) else (f"rename = {string(self.field.key)}",)

    @cached_property
    def wire(self) -> bool:
        """Whether rt::wire prints it."""
        return leaf(self.field.value).wire

    def _serde(self) -> list[str]:
        return [*self.rename, *(['with = "super::rt::wire"'] if self.wire else [])]


def members(fields: tuple[Field, ...], renamed: frozenset[Ref]) -> tuple[Member, ...]:
    """The fields with their identifiers; `renamed` have a JSON key of the user's, and are called by it."""
    return tuple(_member(f.look, bool(renamed) and f.ref in renamed) for f in fields)


@lru_cache(KNOWN)
def _member(look: Look, renamed: bool) -> Member:
    return Member(look, field_ident(look.key if renamed else look.name))


def struct(name: str, fields: tuple[Member, ...], derives: list[str]) -> list[str]:
    """A struct with public fields."""
    allow = [] if all(m.is_snake for m in fields) else ["#[allow(non_snake_case)]"]
    head = [*attribute("derive", derives), *allow]
    if not fields:
        return [*head, f"pub struct {name} {{}}"]
    return [*head, f"pub struct {name} {{", *(line for m in fields for line in m.declared), "}"]


def collisions(fields: tuple[Field, ...], members: tuple[Member, ...]) -> Iterator[Diagnostic]:
    """Two columns whose members rustc would take for one."""
    if len({m.ident for m in members}) == len(members):
        return
    pairs = zip(fields, members, strict=True)
    for found in name_collisions((m.ident, f.ref) for f, m in pairs):
        yield Diagnostic(
            "rust-field-collision",
            found.message,
            where=found.where,
            help=f'set json_name in [overrides."{found.where}"]',
        )
