r"""What Postgres reads for a value of the wire: the text of a literal, written from the contract alone.

    pg_text(value, wire)        "AP8=" of bytea  =>  \\x00ff
    differences_sql(row)        the rows of a table in which a column is not what such texts say

Postgres itself compares: it reads the text as the column's type, so that it rounds, pads and orders the one
as it did the other, and prints both.
"""

import base64
import json
import re
import struct
from datetime import UTC, datetime
from typing import Any, assert_never

from pgkit.backends.rows import RowModel
from pgkit.backends.values import (
    ArrayValue,
    CompositeValue,
    EnumValue,
    Field,
    ScalarValue,
    TextValue,
    Value,
)
from pgkit.ir.wire import Wire
from pgkit.sql import quoted


def field_text(field: Field, row: dict[str, Any]) -> str | None:
    """The text of a column or an attribute; None is NULL, which is what null means where that can be."""
    wire = row.get(field.key)
    return None if wire is None and field.nullable else pg_text(field.value, wire)


def pg_text(value: Value, wire: Any) -> str | None:
    """The text that Postgres reads as this value."""
    match value:
        case _ if wire is None and not _is_json(value):
            return None
        case ArrayValue(of, dims):
            return _array(of, dims, wire)
        case CompositeValue(composite):
            inner = (field_text(field, wire) for field in composite.fields)
            return "(" + ",".join("" if text is None else _quoted(text) for text in inner) + ")"
        case ScalarValue(form=form):
            return _scalar(value, form, wire)
        case EnumValue() | TextValue():
            return str(wire)
        case _:
            assert_never(value)


TYPES_SQL = """
    SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)
    FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = pg_catalog.format('%I.%I', $1::text, $2::text)::regclass AND a.attnum > 0
"""
"""The columns of a table with their types."""


def differences_sql(row: RowModel, field: Field, type: str) -> str:
    """The keys and both texts where a column is not what it should be; $1 are keys, $2 texts."""
    table, column = f"{quoted(row.ref.schema)}.{quoted(row.ref.name)}", quoted(field.name)
    same = type.replace("json", "jsonb") if type in ("json", "json[]") else type  # json keeps its blanks
    return f"""
        SELECT t.id, v.text::{same}::text AS wanted, t.{column}::{same}::text AS found
        FROM unnest($1::integer[], $2::text[]) AS v (id, text) JOIN {table} AS t USING (id)
        WHERE v.text::{same}::text IS DISTINCT FROM t.{column}::{same}::text
    """


def _is_json(value: Value) -> bool:
    return isinstance(value, ScalarValue) and value.form is Wire.JSON


def _array(of: Value, dims: int, wire: Any) -> str:
    delimiter = ";" if isinstance(of, ScalarValue) and of.type.name == "box" else ","
    if dims > 1:
        inner: list[str] = [_array(of, dims - 1, each) for each in wire]
        return "{" + delimiter.join(text for text in inner if text != "{}") + "}"
    texts = (pg_text(of, each) for each in wire)
    return "{" + delimiter.join("NULL" if text is None else _quoted(text) for text in texts) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _scalar(value: ScalarValue, form: Wire, wire: Any) -> str:
    match form:
        case Wire.BASE64:
            return "\\x" + base64.b64decode(wire, validate=True).hex()
        case Wire.DATE | Wire.LOCAL_DATETIME | Wire.DATETIME:
            return _dated(wire)
        case Wire.INTERVAL:
            return _interval(wire)
        case Wire.JSON | Wire.NUMBERS:
            return json.dumps(wire)
        case Wire.NUMBER if value.type.row.bits == 32:
            return repr(struct.unpack("f", struct.pack("f", wire))[0])  # Postgres refuses to round to 0
        case Wire.BOOLEAN:
            return "true" if wire else "false"
        case _:
            return str(wire)


def _interval(wire: str) -> str:
    """As hours and minutes: Postgres reads the seconds of P0M0DT0S as a float, which has too few digits."""
    found = re.fullmatch(r"P(-?\d+)M(-?\d+)DT(-?)(\d+)(\.\d+)?S", wire)
    assert found, wire
    months, days, sign, seconds, fraction = found.groups()
    minutes = int(seconds) // 60
    clock = f"{sign}{minutes // 60}:{minutes % 60:02}:{int(seconds) % 60:02}{fraction or ''}"
    return f"{months} mons {days} days {clock}"


def _dated(wire: str) -> str:
    """-0043-03-15 of the wire is the year 44 before Christ; Postgres wants zones of less than 16 hours."""
    sign, rest = (wire[0], wire[1:]) if wire[0] in "+-" else ("", wire)
    digits, _, after = rest.partition("-")
    year = -int(digits) if sign == "-" else int(digits)
    if re.search(r"[+-]..:..$", after):
        year, after = _in_utc(year, after)
    return f"{1 - year:04}-{after} BC" if year < 1 else f"{year:04}-{after}"


def _in_utc(year: int, after: str) -> tuple[int, str]:
    """The calendar is the same each 400 years."""
    within = 2000 + year % 400
    moment = datetime.fromisoformat(f"{within}-{after}").astimezone(UTC)
    return year + moment.year - within, moment.strftime("%m-%dT%H:%M:%S.%fZ")
