"""The casts that Postgres and the extensions that pgkit knows bring: pg_cast of 14 to 18, one line a source.

An array is written `integer[]`. Casts that change only the length of a type are not here.
"""

from typing import Final

_REG: Final = (
    *("regclass", "regcollation", "regconfig", "regdictionary", "regnamespace"),
    *("regoper", "regoperator", "regproc", "regprocedure", "regrole", "regtype"),
)
_LONG: Final = "double precision"
_STAMP: Final = "timestamp without time zone"
_STAMPTZ: Final = "timestamp with time zone"
_TIME: Final = "time without time zone"
_TIMETZ: Final = "time with time zone"
_NUMBERS: Final = ("smallint", "integer", "bigint", "numeric", "real", _LONG)
_STRINGS: Final = ("text", "character varying", "character")
_RANGES: Final = ("int4", "int8", "num", "ts", "tstz", "date")
_BOOKS: Final = ("isbn", "ismn", "issn")

# By assignment: ALTER COLUMN TYPE needs no USING.
_ASSIGNED: Final[dict[str, tuple[str, ...]]] = {
    **{number: tuple(n for n in _NUMBERS if n != number) for number in _NUMBERS},
    "smallint": (*_NUMBERS[1:], "oid", *_REG),
    "integer": ("smallint", *_NUMBERS[2:], "money", "oid", *_REG),
    "bigint": (*_NUMBERS[:2], *_NUMBERS[3:], "money", "oid", *_REG),
    "numeric": (*_NUMBERS[:3], *_NUMBERS[4:], "money"),
    "money": ("numeric",),
    "oid": ("integer", "bigint", *_REG),
    **{reg: ("integer", "bigint", "oid") for reg in _REG},
    "regproc": ("integer", "bigint", "oid", "regprocedure"),
    "regprocedure": ("integer", "bigint", "oid", "regproc"),
    "regoper": ("integer", "bigint", "oid", "regoperator"),
    "regoperator": ("integer", "bigint", "oid", "regoper"),
    "text": ("regclass", '"char"'),
    "character varying": ("regclass", '"char"'),
    "character": ('"char"',),
    "date": (_STAMP, _STAMPTZ),
    _TIME: ("interval", _TIMETZ),
    _TIMETZ: (_TIME,),
    _STAMP: ("date", _TIME, _STAMPTZ),
    _STAMPTZ: ("date", _TIME, _TIMETZ, _STAMP),
    "interval": (_TIME,),
    "point": ("box",),
    "path": ("polygon",),
    "box": ("polygon",),
    "polygon": ("path",),
    "macaddr": ("macaddr8",),
    "macaddr8": ("macaddr",),
    "cidr": ("inet",),
    "inet": ("cidr",),
    "bit": ("bit varying",),
    "bit varying": ("bit",),
    "json": ("jsonb",),
    "jsonb": ("json",),
    **{code: (f"{code}13", "ean13") for code in _BOOKS},
    **{f"{code}13": (code, "ean13") for code in _BOOKS},
    "upc": ("ean13",),
    **{f"{number}[]": ("vector", "halfvec", "sparsevec") for number in ("integer", "numeric", "real", _LONG)},
    "vector": ("real[]", "halfvec", "sparsevec"),
    "halfvec": ("real[]", "vector", "sparsevec"),
    "sparsevec": ("vector", "halfvec"),
    "geometry": ("geography", "box2d", "box3d", "bytea", "point", "path", "polygon"),
    "geography": ("bytea",),
    "box2d": ("geometry", "box3d"),
    "box3d": ("geometry", "box2d", "box"),
    "bytea": ("geometry", "geography"),
}
# By an explicit cast: USING c::new.
_EXPLICIT: Final[dict[str, tuple[str, ...]]] = {
    "integer": ("boolean", '"char"', "bit"),
    "bigint": ("bit",),
    "boolean": ("integer",),
    "bit": ("integer", "bigint"),
    '"char"': ("integer",),
    "xid8": ("xid",),
    "lseg": ("point",),
    "box": ("point", "lseg", "circle"),
    "polygon": ("point", "box", "circle", "geometry"),
    "circle": ("point", "box", "polygon"),
    "jsonb": ("boolean", *_NUMBERS),
    **{f"{name}range": (f"{name}multirange",) for name in _RANGES},
    "text[]": ("hstore",),
    "hstore": ("json", "jsonb"),
    "ean13": ("upc", *_BOOKS, *(f"{code}13" for code in _BOOKS)),
    "geography": ("geometry",),
    "path": ("geometry",),
    "point": ("geometry",),
}
# From 18 on.
_EXPLICIT_18: Final = {("bytea", n) for n in _NUMBERS[:3]} | {(n, "bytea") for n in _NUMBERS[:3]}

ASSIGNED: Final = frozenset((old, new) for old, targets in _ASSIGNED.items() for new in targets)
EXPLICIT: Final = frozenset((old, new) for old, targets in _EXPLICIT.items() for new in targets)
EXPLICIT_18: Final = frozenset(_EXPLICIT_18)
# Category S: anything is assigned to these by its text, and they are cast to anything by theirs.
TEXTUAL: Final = frozenset({*_STRINGS, "name", "citext"})
# Stored alike: no value is touched when a column goes from one to the other.
BINARY: Final = frozenset(
    {
        *((a, b) for a in ("text", "character varying") for b in _STRINGS if a != b),
        *(("citext", b) for b in _STRINGS),
        *((b, "citext") for b in ("text", "character varying")),
        *(("xml", b) for b in _STRINGS),
        *(pair for reg in _REG for a in ("integer", "oid") for pair in ((reg, a), (a, reg))),
        *(("oid", "integer"), ("integer", "oid")),
        *(("regproc", "regprocedure"), ("regprocedure", "regproc")),
        *(("regoper", "regoperator"), ("regoperator", "regoper")),
        *(("cidr", "inet"), ("bit", "bit varying"), ("bit varying", "bit")),
        *(pair for c in _BOOKS for pair in ((c, f"{c}13"), (f"{c}13", c), (c, "ean13"), (f"{c}13", "ean13"))),
        ("upc", "ean13"),
    }
)
NUMBERS: Final = frozenset(_NUMBERS)
JSON: Final = frozenset({"json", "jsonb"})
# Groups of types no text of which is read by those of another group.
TEXTS: Final = {
    **dict.fromkeys(_NUMBERS, "number"),
    "boolean": "truth",
    "uuid": "uuid",
    **dict.fromkeys(("date", _STAMP, _STAMPTZ), "moment"),
    **dict.fromkeys((_TIME, _TIMETZ, "interval"), "clock"),
    **dict.fromkeys(("inet", "cidr"), "address"),
    **dict.fromkeys(("macaddr", "macaddr8"), "hardware"),
}
# Types that share an operator class with another: an index on one is an index on the other.
OPCLASSES: Final = {"character varying": "text", "cidr": "inet", **dict.fromkeys(_REG, "oid")}
