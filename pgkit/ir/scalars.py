"""The scalar types of Postgres and of the extensions that pgkit knows: one row each.

Names are those of format_type(); the manual, chapter 8, and each extension's own documentation.
"""

from enum import Enum
from typing import Final

from attrs import frozen


class Shape(Enum):
    """What a value looks like to a program. Backends map shapes, not types."""

    BOOL = "bool"
    INT = "int"  # bits: 16, 32 or 64
    OID = "oid"  # an unsigned 32-bit number
    FLOAT = "float"  # bits: 32 or 64
    DECIMAL = "decimal"
    TEXT = "text"
    BYTES = "bytes"
    UUID = "uuid"
    DATE = "date"
    TIME = "time"  # of day, without a zone; 24:00:00 is a value
    TIMESTAMP = "timestamp"  # without a zone
    INSTANT = "instant"  # a timestamp with time zone
    INTERVAL = "interval"
    JSON = "json"
    BITS = "bits"  # a string of 0 and 1
    VECTOR = "vector"  # numbers, their count in the modifier
    TEXTUAL = "textual"  # known, and best handled in its text form
    UNKNOWN = "unknown"  # carried by name, handled in its text form


@frozen
class ScalarRow:
    """One type: what it is called, what it looks like, where it comes from."""

    name: str
    shape: Shape
    bits: int = 0
    aliases: tuple[str, ...] = ()
    short: str = ""  # how we write it, when not by its name
    mods: int = 0  # how many modifiers it takes at most
    default_mods: tuple[str, ...] = ()  # what Postgres adds when none is written
    extension: str = ""

    @property
    def spelling(self) -> str:
        """The name to write in SQL, before its modifiers."""
        return self.short or self.name


def _textual(extension: str, *names: str) -> tuple[ScalarRow, ...]:
    return tuple(ScalarRow(n, Shape.TEXTUAL, extension=extension) for n in names)


_NUMERIC = (
    ScalarRow("smallint", Shape.INT, 16, ("int2",)),
    ScalarRow("integer", Shape.INT, 32, ("int", "int4")),
    ScalarRow("bigint", Shape.INT, 64, ("int8",)),
    ScalarRow("numeric", Shape.DECIMAL, aliases=("decimal", "dec"), mods=2),
    ScalarRow("real", Shape.FLOAT, 32, ("float4",)),
    ScalarRow("double precision", Shape.FLOAT, 64, ("float8", "float")),
    ScalarRow("money", Shape.TEXTUAL),
    ScalarRow("oid", Shape.OID, 32),
)
_TEXT = (
    ScalarRow("text", Shape.TEXT),
    ScalarRow("character varying", Shape.TEXT, aliases=("varchar", "char varying"), short="varchar", mods=1),
    ScalarRow("character", Shape.TEXT, aliases=("char",), short="char", mods=1, default_mods=("1",)),
    ScalarRow("bpchar", Shape.TEXT, mods=0),
    ScalarRow("name", Shape.TEXT),
    ScalarRow('"char"', Shape.TEXTUAL),
    ScalarRow("citext", Shape.TEXTUAL, extension="citext"),
)
_TIME = (
    ScalarRow("date", Shape.DATE),
    ScalarRow("time without time zone", Shape.TIME, aliases=("time",), short="time", mods=1),
    ScalarRow("time with time zone", Shape.TEXTUAL, aliases=("timetz",), short="timetz", mods=1),
    ScalarRow(
        "timestamp without time zone", Shape.TIMESTAMP, aliases=("timestamp",), short="timestamp", mods=1
    ),
    ScalarRow(
        "timestamp with time zone", Shape.INSTANT, aliases=("timestamptz",), short="timestamptz", mods=1
    ),
    ScalarRow("interval", Shape.INTERVAL, mods=2),
)
_OTHER = (
    ScalarRow("boolean", Shape.BOOL, aliases=("bool",)),
    ScalarRow("uuid", Shape.UUID),
    ScalarRow("bytea", Shape.BYTES),
    ScalarRow("json", Shape.JSON),
    ScalarRow("jsonb", Shape.JSON),
    ScalarRow("bit", Shape.BITS, mods=1, default_mods=("1",)),
    ScalarRow("bit varying", Shape.BITS, aliases=("varbit",), short="varbit", mods=1),
    *_textual("", "jsonpath", "xml", "tsvector", "tsquery", "gtsvector", "pg_lsn", "refcursor", "aclitem"),
    *_textual("", "inet", "cidr", "macaddr", "macaddr8", "txid_snapshot", "pg_snapshot"),
    *_textual("", "point", "line", "lseg", "box", "path", "polygon", "circle"),
    *_textual("", "xid", "xid8", "cid", "tid", "int2vector", "oidvector"),
    *_textual("", "regclass", "regcollation", "regconfig", "regdictionary", "regnamespace", "regoper"),
    *_textual("", "regoperator", "regproc", "regprocedure", "regrole", "regtype", "regdatabase"),
)
_RANGES = _textual(
    "",
    *(
        f"{base}{suffix}"
        for base in ("int4", "int8", "num", "ts", "tstz", "date")
        for suffix in ("range", "multirange")
    ),
)
_EXTENSIONS = (
    ScalarRow("vector", Shape.VECTOR, 32, mods=1, extension="vector"),
    ScalarRow("halfvec", Shape.VECTOR, 16, mods=1, extension="vector"),
    ScalarRow("sparsevec", Shape.TEXTUAL, mods=1, extension="vector"),
    ScalarRow("geometry", Shape.TEXTUAL, mods=2, extension="postgis"),
    ScalarRow("geography", Shape.TEXTUAL, mods=2, extension="postgis"),
    *_textual("postgis", "box2d", "box3d"),
    *_textual("postgis_raster", "raster"),
    *_textual("hstore", "hstore"),
    *_textual("ltree", "ltree", "lquery", "ltxtquery"),
    *_textual("cube", "cube"),
    *_textual("seg", "seg"),
    *_textual("isn", "isbn", "ismn", "issn", "isbn13", "ismn13", "issn13", "ean13", "upc"),
)

# The first modifier of geometry and geography, by its lower-case form; ST_GeometryType's words, with Z and M.
GEOMETRIES: Final = {
    f"{word}{dims}".lower(): f"{word}{dims.upper()}"
    for word in (
        *("Geometry", "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"),
        *("GeometryCollection", "CircularString", "CompoundCurve", "CurvePolygon", "MultiCurve"),
        *("MultiSurface", "PolyhedralSurface", "Triangle", "Tin"),
    )
    for dims in ("", "z", "m", "zm")
}

SCALARS: Final = (*_NUMERIC, *_TEXT, *_TIME, *_OTHER, *_RANGES, *_EXTENSIONS)
ROWS: Final = {row.name: row for row in SCALARS}
ALIASES: Final = {alias: row.name for row in SCALARS for alias in row.aliases}
UNKNOWN_ROW: Final = ScalarRow("", Shape.UNKNOWN)
