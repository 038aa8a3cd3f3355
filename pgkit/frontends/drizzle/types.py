"""Drizzle's column types: `lvl[]` with its typeSchema, `timestamp (3) with time zone`, `bigserial`."""

import re
from collections.abc import Set
from typing import Final

from attrs import frozen

from pgkit.ir.names import Ref, truncate
from pgkit.ir.scalars import ROWS
from pgkit.ir.type_text import array_of, parse_type
from pgkit.ir.types import Named, PgType, Scalar

SERIALS: Final = {
    "serial": "integer",
    "serial4": "integer",
    "bigserial": "bigint",
    "serial8": "bigint",
    "smallserial": "smallint",
    "serial2": "smallint",
}
_DIMENSION: Final = re.compile(r"\[\s*+\d*+\s*+\]$")
Enums = Set[tuple[str, str]]  # schema, name


@frozen
class TypeText:
    """A type as a snapshot writes it. Only pgEnums carry a schema, and not even those reliably."""

    text: str
    schema: str = ""
    dims: int = 0

    @property
    def base(self) -> str:
        """The text without its dimensions."""
        return _split(self.text)[0]

    @property
    def serial(self) -> str:
        """The integer type behind a serial, or nothing."""
        return SERIALS.get(self.text.strip().lower(), "")


def column_type(written: TypeText, table_schema: str, enums: Enums) -> PgType:
    """The type that is meant.

    An enum is one that says so by its schema, else one that the snapshot declares under that name, unless
    Postgres has a type of that name, which then goes first.
    """
    base, dims = _split(written.text)
    dims = max(dims, written.dims)
    if written.schema:
        return array_of(Named(Ref("enum", written.schema, truncate(base))), dims)
    parsed = parse_type(SERIALS.get(base.lower(), base))
    if not (isinstance(parsed, Scalar) and parsed.name in ROWS and not parsed.schema):
        for schema in ("public", table_schema):
            if (schema, truncate(base)) in enums:
                return array_of(Named(Ref("enum", schema, truncate(base))), dims)
        if isinstance(parsed, Scalar) and (parsed.schema, parsed.name) in enums:
            parsed = Named(Ref("enum", parsed.schema, parsed.name))
    return array_of(parsed, dims)


def _split(text: str) -> tuple[str, int]:
    rest, dims = text.strip(), 0
    while match := _DIMENSION.search(rest):
        rest, dims = rest[: match.start()].rstrip(), dims + 1
    return rest, dims
