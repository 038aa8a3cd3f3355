"""A statement with what it wants bound and what it gives."""

from collections.abc import Iterable
from enum import Enum

from attrs import define, field, frozen

from pgkit.ir.relations import Column
from pgkit.sql.text import Sql


class Role(Enum):
    """What a parameter is to the caller."""

    TENANT = "tenant"
    KEY = "key"  # of the row that is meant
    AFTER = "after"  # of the last row of the page before
    LIMIT = "limit"  # a bigint
    KEYS = "keys"  # an array: one key column of many rows
    VALUE = "value"  # to be written
    GIVEN = "given"  # a boolean: whether the value that follows counts


@frozen
class Parameter:
    """What to bind to one `$n`; the limit is of no column."""

    role: Role
    column: Column | None = None


@frozen
class Statement:
    """SQL text, its parameters in the order of their numbers, and the columns of the rows that it gives."""

    text: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]


@define
class Binder:
    """Numbers parameters as they are mentioned."""

    parameters: list[Parameter] = field(factory=list)

    def bind(self, role: Role, column: Column | None = None) -> Sql:
        """The next `$n`."""
        self.parameters.append(Parameter(role, column))
        return Sql(f"${len(self.parameters)}")

    def statement(self, text: Sql, columns: Iterable[Column]) -> Statement:
        """The statement that mentions what was bound."""
        return Statement(text.text, tuple(self.parameters), tuple(columns))
