"""The fields of a struct: how each is called, declared and read. Rows and composites have them alike."""

from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Final

from attrs import frozen

from pgkit.backends.collisions import duplicates, same_name
from pgkit.backends.rows import RowModel, field_ref
from pgkit.backends.rust.idents import field_ident, is_snake, plain
from pgkit.backends.rust.params import type_name, write_sql
from pgkit.backends.rust.text import Block, attribute, block, derive, doc, field, skipped_if_long, string
from pgkit.backends.rust.types import (
    comment_on_reading,
    element_type,
    is_nested,
    json_element_form,
    json_form,
    leaf,
    read_sql,
    rust_type,
)
from pgkit.backends.values import KNOWN, ArrayValue, CompositeModel, Field, Value
from pgkit.diag import Diagnostic
from pgkit.sql import Sql, quoted
from pgkit.sql.statements import Form

_ANY: Final = Sql("$0")


Cast = tuple[str, str]
"""The SQL before and behind a parameter of a column."""


@frozen(eq=False)
class Member:
    """A field with its identifier in Rust, shared by columns as the field is, and so what is made of it."""

    field: Field
    ident: str

    @property
    def value(self) -> Value:
        """What it is in the database, key or not."""
        return self.field.bare.value

    @cached_property
    def bare(self) -> "Member":
        """The same without a type of its own for a key, for what does not depend on that."""
        return member(self.field.bare)

    @cached_property
    def type(self) -> str:
        """Its type."""
        return f"Option<{self.required}>" if self.field.nullable else self.required

    @cached_property
    def required(self) -> str:
        """The type of a value that is there."""
        return rust_type(self.field.value)

    @cached_property
    def column(self) -> str:
        """Its name in SQL."""
        return quoted(self.field.name)

    @cached_property
    def selected(self) -> str:
        """What reads it in a select list, under the column's own name; the inside of a string literal."""
        if self.bare is not self:
            return self.bare.selected
        read = read_sql(self.column, self.value)
        return string(read if read == self.column else f"{read} AS {self.column}")[1:-1]

    @cached_property
    def cast(self) -> Cast:
        """What stands around a parameter of it."""
        if self.bare is not self:
            return self.bare.cast
        before, _, behind = write_sql("$0", self.value).partition("$0")
        return before, behind

    @cached_property
    def form(self) -> Form:
        """How it is bound; many values of it at once as an array, whose type is always said."""
        if self.bare is not self:
            return self.bare.form
        before, behind = self.cast
        many = write_sql("$0", ArrayValue(self.value))
        of_many = f"$0::{type_name(self.value)}[]" if many == "$0" else many
        return Form(
            write=lambda param: Sql(f"{before}{param.text}{behind}"),
            write_many=lambda param: Sql(of_many.replace("$0", param.text)),
        )

    @cached_property
    def in_statements(self) -> tuple[object, ...]:
        """All that a statement of its table depends on."""
        if self.bare is not self:
            return self.bare.in_statements
        form, field = self.form, self.field
        return field.name, field.type, form.write(_ANY).text, form.write_many(_ANY).text

    @cached_property
    def is_snake(self) -> bool:
        """Whether rustc has nothing to say about the case of its identifier."""
        return is_snake(plain(self.ident))

    @cached_property
    def declared(self) -> Block:
        """Its lines in the struct."""
        comment = "\n\n".join(t for t in (self.field.comment, comment_on_reading(self.value)) if t)
        return block(
            [
                *(doc(comment, "    ") if comment else ()),
                *attribute("serde", self._serde(), "    "),
                *field(self.ident, self.type),
            ]
        )

    @cached_property
    def read(self) -> Block:
        """Its line where a row is read."""
        arguments = f"row, {string(self.field.name)}"
        return block([self.initialized("super::rt::", arguments)], [arguments])

    def initialized(self, source: str, arguments: str = "") -> str:
        """Its line in a struct expression; `source` has `get` and `nested`."""
        return f"            {self.ident}: {source}{self._reader}({arguments})?,"

    @cached_property
    def _reader(self) -> str:
        value, nullable = self.value, self.field.nullable
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


@lru_cache(KNOWN)
def member(field: Field) -> Member:
    """A field with its identifier; one that has a JSON key of the project's is called by it."""
    return Member(field, field_ident(field.key if field.renamed else field.name))


def members(fields: tuple[Field, ...]) -> tuple[Member, ...]:
    """The fields with their identifiers."""
    return tuple(map(member, fields))


def struct(name: str, fields: tuple[Member, ...], derives: tuple[str, ...]) -> list[str]:
    """A struct with public fields."""
    return declared(name, fields, derive(*derives), [m.declared for m in fields])


def declared(
    name: str, fields: tuple[Member, ...], attributes: Sequence[str], blocks: Sequence[Block]
) -> list[str]:
    """A struct with these attributes, and a block for each of its fields."""
    allow = [] if all([m.is_snake for m in fields]) else ["#[allow(non_snake_case)]"]
    head = [*attributes, *allow]
    if not blocks:
        return skipped_if_long([*head, f"pub struct {name} {{}}"])
    return skipped_if_long([*head, f"pub struct {name} {{"], blocks, ["}"])


def collisions(owner: RowModel | CompositeModel, members: tuple[Member, ...]) -> Iterator[Diagnostic]:
    """Two columns whose members rustc would take for one."""
    for name, a, b in duplicates((m.ident, m.field) for m in members):
        found = same_name(name, field_ref(owner, a), field_ref(owner, b))
        yield Diagnostic(
            "rust-field-collision",
            found.message,
            where=found.where,
            help=f'set json_name in [overrides."{found.where}"]',
        )
