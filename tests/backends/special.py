"""Types that a catalog declares (enums, domains, composites, ranges), nested arrays, and what is refused."""

from typing import Any

from pgkit.ir.kinds import Attribute, Composite, Domain, Enum, Multirange, Range
from pgkit.ir.names import Ref
from pgkit.ir.type_text import array_of, parse_type, split_type
from pgkit.ir.types import Named, PgType

Cell = tuple[str, Any]
LABELS = ("sad", "", "it's", "a-b", "2nd \u00e9", "Self", "\u65e5\u672c", '\\ " \n', "x" * 63)
_KINDS = {
    **dict.fromkeys(("mood", "My.Enum", "nothing"), "enum"),
    **dict.fromkeys(("address", "point3"), "composite"),
    **dict.fromkeys(("float_range", "float_multirange"), "range"),
    "small": "table",
}


def resolve(text: str) -> PgType:
    """The type that `text` names; those in schema app are declared here."""
    parts = split_type(text)
    if parts.schema != "app":
        return parse_type(text)
    if parts.name == "float_multirange":
        ref = Ref("multirange", "app", "float_range", parts.name, "range")
    else:
        ref = Ref(_KINDS.get(parts.name, "domain"), "app", parts.name)
    return array_of(Named(ref), parts.dims)


ENUMS = (
    Enum(schema="app", name="mood", labels=LABELS, comment="How it goes */ ```\n    code\n``` [x] <y>"),
    Enum(schema="app", name="My.Enum", labels=("one",)),
    Enum(schema="app", name="nothing"),
)
_DOMAINS = {
    "email": "text",
    "price": "numeric(10,2)",
    "happened": "timestamptz",
    "blob": "bytea",
    "big": "bigint",
    "scores": "integer[]",
    "span": "int4range",
    "flag": "boolean",
    "padded": "character(5)",
    "net_price": "app.price",
    "feeling": "app.mood",
}
_COMPOSITES = {
    "point3": {"x": "double precision", "y": "bigint", "z": "app.price"},
    "address": {
        "street": "text",
        "Zip Code": "app.padded",
        "big": "bigint",
        "price": "numeric(10,2)",
        "any_number": "numeric",
        "at": "timestamptz",
        "local": "timestamp",
        "day": "date",
        "time": "time",
        "for": "interval",
        "bytes": "bytea",
        "id": "uuid",
        "data": "jsonb",
        "bits": "bit varying",
        "ip": "inet",
        "span": "int4range",
        "mood": "app.mood",
        "moods": "app.mood[]",
        "bigs": "bigint[]",
        "blobs": "app.blob[]",
        "where": "app.point3",
        "path": "app.point3[]",
        "email": "app.email",
        "grid": "bigint[][]",
        "nothing": "app.nothing",
        "float_range": "app.float_range",
    },
}
RANGES = (
    Range(
        schema="app",
        name="float_range",
        subtype=parse_type("double precision"),
        multiranges=(Multirange(name="float_multirange"),),
    ),
)
DOMAINS = tuple(
    Domain(schema="app", name=n, type=resolve(t), nullable=n != "net_price") for n, t in _DOMAINS.items()
)
PLACE = Domain(schema="app", name="place", type=resolve("app.address"))  # made after the composites
COMPOSITES = tuple(
    Composite(
        schema="app",
        name=name,
        attributes=tuple(Attribute(name=a, type=resolve(t)) for a, t in attributes.items()),
    )
    for name, attributes in _COMPOSITES.items()
)
TABLES: dict[str, dict[str, str]] = {
    "small": {"Note": "text"},
    "named": {
        "mood": "app.mood NOT NULL",
        "maybe_mood": "app.mood",
        "moods": "app.mood[]",
        "upper": 'app."My.Enum"',
        "uppers": 'app."My.Enum"[]',
        "nothing": "app.nothing",
        "nothings": "app.nothing[]",
        **{domain: f"app.{domain}" for domain in _DOMAINS},
        **{f"{domain}_list": f"app.{domain}[]" for domain in _DOMAINS},
        "float_range": "app.float_range",
        "float_ranges": "app.float_range[]",
        "float_multirange": "app.float_multirange",
        "row": "app.small",
    },
    "composed": {
        "point": "app.point3",
        "points": "app.point3[]",
        "address": "app.address",
        "addresses": "app.address[]",
        "place": "app.place",
        "places": "app.place[]",
        "must": "app.point3 NOT NULL",
    },
    "nested": {
        "bigs": "bigint[][]",
        "prices": "numeric(10,2)[][]",
        "times": "timestamptz[][][]",
        "texts": "text[][] NOT NULL",
        "ips": "inet[][]",
        "moods": "app.mood[][]",
        "blobs": "bytea[][]",
        "points": "app.point3[][]",
        "floats": "double precision[][]",
        "emails": "app.email[][]",
        "documents": "jsonb[][]",
    },
    "refused": {
        "f4": "real",
        "f8": "double precision",
        "f8s": "double precision[]",
        "price": "numeric(10,2)",
        "at": "timestamptz",
        "local": "timestamp",
        "day": "date",
        "days": "date[]",
        "point": "app.point3",
        "grid": "integer[][]",
        "numbers": "integer[]",
    },
}
_POINT = "ROW({x}, 9007199254740993, 0)::app.point3"
_POINT_JSON = {"x": 0.1, "y": "9007199254740993", "z": "0.00"}
_NO_POINT = {"x": None, "y": None, "z": None}
_P = _POINT.format(x="0.1")
_FULL_ADDRESS: dict[str, Cell] = {
    "street": ("'a \"b\", (c) \\ é'", 'a "b", (c) \\ é'),
    "Zip Code": ("'ab'", "ab   "),
    "big": ("-9223372036854775808", "-9223372036854775808"),
    "price": ("0", "0.00"),
    "anyNumber": ("'NaN'", "NaN"),
    "at": ("'0044-03-15 12:00:00.5+00 BC'", "-0043-03-15T12:00:00.500Z"),
    "local": ("'2024-01-02 03:04:05'", "2024-01-02T03:04:05"),
    "day": ("'12345-06-07'", "+12345-06-07"),
    "time": ("'24:00'", "24:00:00"),
    "for": ("'-1 mon 1 day -0.5 s'", "P-1M1DT-0.5S"),
    "bytes": ("'\\x00ff'", "AP8="),
    "id": ("'11111111-1111-1111-1111-111111111111'", "11111111-1111-1111-1111-111111111111"),
    "data": ("'{\"a\": 0.1}'", {"a": 0.1}),
    "bits": ("'0101'", "0101"),
    "ip": ("'10.0.0.1'", "10.0.0.1"),
    "span": ("'[1,5)'", "[1,5)"),
    "mood": ("'it''s'", "it's"),
    "moods": ("'{sad,\"\"}'", ["sad", ""]),
    "bigs": ("'{1,9223372036854775807}'", ["1", "9223372036854775807"]),
    "blobs": ("ARRAY['\\x', '\\xff'::bytea]", ["", "/w=="]),
    "where": (_P, _POINT_JSON),
    "path": (f"ARRAY[{_P}, ROW(NULL, NULL, NULL)]::app.point3[]", [_POINT_JSON, _NO_POINT]),
    "email": ("'a@b'", "a@b"),
    "grid": ("'{{1,2},{3,4}}'", [["1", "2"], ["3", "4"]]),
    "nothing": ("NULL", None),
    "floatRange": ("'[0.5,1)'", "[0.5,1)"),
}
_ADDRESS = f"ROW({', '.join(sql for sql, _ in _FULL_ADDRESS.values())})::app.address"
_ADDRESS_JSON = {key: wire for key, (_, wire) in _FULL_ADDRESS.items()}
_NO_ADDRESS = dict.fromkeys(_ADDRESS_JSON)
_NULL_ADDRESS = f"ROW({', '.join(['NULL'] * len(_NO_ADDRESS))})::app.address"


def _null_row(table: str) -> dict[str, Cell]:
    """NULL in every column that takes it."""
    return {c: ("NULL", None) for c, t in TABLES[table].items() if not t.endswith("NOT NULL")}


_ALL_MOODS = "enum_range(NULL::app.mood)"
_AT, _AT_JSON = "'2024-01-02 03:04:05.1+00'", "2024-01-02T03:04:05.100Z"
_DOMAIN_CELLS: dict[str, Cell] = {
    "email": ("'A@b'", "A@b"),
    "price": ("0", "0.00"),
    "net_price": ("99999999.99", "99999999.99"),
    "happened": (_AT, _AT_JSON),
    "blob": ("'\\x00'", "AA=="),
    "feeling": ("'it''s'", "it's"),
    "big": ("9007199254740993", "9007199254740993"),
    "scores": ("'{1,-2}'", [1, -2]),
    "span": ("'[1,3)'", "[1,3)"),
    "flag": ("false", False),
    "padded": ("'ab'", "ab   "),
}


def _domain_list(name: str) -> Cell:
    """Two equal elements; an array of a domain over an array has its elements in text form."""
    sql, wire = _DOMAIN_CELLS[name]
    element = "{1,-2}" if name == "scores" else wire
    return f"ARRAY[{sql}, {sql}]::app.{name}[]", [element, element]


_NAMED = [
    {"mood": (f"'{label}'" if "'" not in label else "'it''s'", label)}
    for label in LABELS
    if "\\" not in label
]
_FULL_NAMED: dict[str, Cell] = {
    "mood": ("'\\ \" \n'", LABELS[7]),
    "maybe_mood": ("''", ""),
    "moods": (_ALL_MOODS, list(LABELS)),
    "upper": ("'one'", "one"),
    "uppers": ("'{one,one}'", ["one", "one"]),
    "nothings": ("'{}'", []),
    **_DOMAIN_CELLS,
    **{f"{name}_list": _domain_list(name) for name in _DOMAIN_CELLS},
    "float_range": ("'[0.1,)'", "[0.1,)"),
    "float_ranges": ("'{\"[0.1,)\",empty}'", ["[0.1,)", "empty"]),
    "float_multirange": ("'{[0,1),[2,3)}'", "{[0,1),[2,3)}"),
    "row": ("'(1,\"a b\")'", '(1,"a b")'),
}
_NESTED: dict[str, Cell] = {
    "bigs": ("'{{1,2,3},{4,5,9223372036854775807}}'", [["1", "2", "3"], ["4", "5", "9223372036854775807"]]),
    "prices": ("'{{0},{1.5}}'", [["0.00"], ["1.50"]]),
    "times": (f"ARRAY[[[{_AT}],[{_AT}]]]::timestamptz[]", [[[_AT_JSON], [_AT_JSON]]]),
    "texts": ("""'{{"","a,b"},{"\\"}","NULL"}}'""", [["", "a,b"], ['"}', "NULL"]]),
    "ips": ("'{{10.0.0.1,10.0.0.0/8}}'", [["10.0.0.1", "10.0.0.0/8"]]),
    "moods": ("'{{sad},{\"\"}}'", [["sad"], [""]]),
    "blobs": ("ARRAY[['\\x'::bytea,'\\x00']]", [["", "AA=="]]),
    "points": (f"ARRAY[[{_P}],[{_P}]]", [[_POINT_JSON], [_POINT_JSON]]),
    "floats": ("'[2:2][0:1]={{0.1,5e-324}}'", [[0.1, 5e-324]]),
    "emails": ("ARRAY[['a','b']]", [["a", "b"]]),
    "documents": ("ARRAY[['{\"a\": [1]}'::jsonb, 'null']]", [[{"a": [1]}, None]]),
}
_NESTED_EMPTY: dict[str, Cell] = {column: ("'{}'", []) for column in _NESTED}
ROWS: dict[str, list[dict[str, Cell]]] = {
    "small": [{"Note": ("'x'", "x")}, {"Note": ("NULL", None)}],
    "named": [
        *(_null_row("named") | {"net_price": ("0", "0.00")} | row for row in _NAMED),
        _null_row("named") | _FULL_NAMED,
    ],
    "composed": [
        _null_row("composed") | {"must": (_P, _POINT_JSON)},
        {
            "point": (_P, _POINT_JSON),
            "points": (f"ARRAY[{_P}, {_P}]", [_POINT_JSON, _POINT_JSON]),
            "address": (_ADDRESS, _ADDRESS_JSON),
            "addresses": (f"ARRAY[{_ADDRESS}, {_NULL_ADDRESS}]", [_ADDRESS_JSON, _NO_ADDRESS]),
            "place": (_ADDRESS, _ADDRESS_JSON),
            "places": (f"ARRAY[{_ADDRESS}]::app.place[]", [_ADDRESS_JSON]),
            "must": ("ROW(NULL, NULL, NULL)", _NO_POINT),
        },
        {
            "point": ("ROW(NULL, NULL, NULL)", _NO_POINT),
            "points": ("'{}'", []),
            "address": (_NULL_ADDRESS, _NO_ADDRESS),
            "addresses": ("'{}'", []),
            "place": (_NULL_ADDRESS, _NO_ADDRESS),
            "places": ("'{}'", []),
            "must": (_P, _POINT_JSON),
        },
    ],
    "nested": [_null_row("nested") | {"texts": ("'{}'", [])}, _NESTED, _NESTED_EMPTY],
}
REFUSED: tuple[tuple[str, str], ...] = (
    ("f4", "'NaN'"),
    ("f4", "'-Infinity'"),
    ("f8", "'NaN'"),
    ("f8", "'Infinity'"),
    ("f8s", "'{1,NaN}'"),
    ("f8s", "'{1,NULL}'"),
    ("price", "'NaN'"),
    ("at", "'infinity'"),
    ("at", "'-infinity'"),
    ("at", "'294276-12-31 23:59:59+00'"),
    ("local", "'infinity'"),
    ("day", "'infinity'"),
    ("day", "'5874897-12-31'"),
    ("days", "'{-infinity}'"),
    ("point", _POINT.format(x="'NaN'")),
    ("grid", "'{1,2}'"),
    ("grid", "'{{{1}}}'"),
    ("numbers", "'[0:1]={1,2}'"),
)
