"""One line a scalar type: inputs for Postgres and the JSON that each must become."""

import base64
from typing import Any

from attrs import frozen

_PLANES = "".join(chr(plane * 0x10000 + 0x41) for plane in range(17))
_CONTROLS = "".join(map(chr, [*range(1, 32), 0x7F, 0x85, 0x2028, 0x202E, 0x200B, 0xFEFF]))
_TEXTS = ("", 'it\'s "quoted" \\ ${x} `y` */ <b>', _CONTROLS, _PLANES, "e\u0301\u00e9\U0001f600")
_BYTES = bytes(range(256))
_NINES = "99999999999999.99999999999999"
_HUGE = "9" * 131072 + "." + "9" * 16383


@frozen
class Sample:
    """A type as it is written in DDL, and pairs of input and wire form."""

    type: str
    values: tuple[tuple[str, Any], ...]


def _as_is(type: str, *texts: str) -> Sample:
    return Sample(type, tuple((t, t) for t in texts))


def _numbers(type: str, *texts: str) -> Sample:
    return Sample(type, tuple((t, float(t) if set(t) & set(".e") else int(t)) for t in texts))


def _to(type: str, *pairs: tuple[str, Any]) -> Sample:
    return Sample(type, pairs)


_NUMERIC = (
    _to("boolean", ("t", True), ("f", False)),
    _numbers("smallint", "-32768", "32767", "0"),
    _numbers("integer", "-2147483648", "2147483647", "0"),
    _as_is("bigint", "-9223372036854775808", "9223372036854775807", "9007199254740993", "0"),
    _numbers("oid", "0", "4294967295"),
    _numbers("real", "0", "3.4028235e38", "-3.4028235e38", "1e-45", "0.1", "16777216.0"),
    _numbers("double precision", "0", "1.7976931348623157e308", "5e-324", "0.1", "-0.30000000000000004"),
    _as_is("numeric", "0", "0.00", "NaN", "Infinity", "-Infinity", "-0.00000000000000000001", _HUGE),
    _as_is("numeric(10,2)", "99999999.99", "-99999999.99", "0.00", "-0.01", "10.50"),
    _to("numeric(5)", ("99999", "99999"), ("-1.4", "-1")),
    _as_is("numeric(28,0)", "9" * 28, "-" + "9" * 28, "0", "1" + "0" * 27),
    _as_is("numeric(28,14)", _NINES, "-" + _NINES, "0.00000000000000", "0.00000000000001"),
    _as_is("numeric(28,26)", "99." + "9" * 26, "0." + "0" * 25 + "1", "0." + "0" * 26),
    _as_is("numeric(28,28)", "0." + "9" * 28, "-0." + "0" * 27 + "1", "0." + "0" * 28),
    _as_is("numeric(29,0)", "9" * 29),
    _as_is("numeric(1000,500)", "9" * 500 + "." + "9" * 500, "NaN"),
    _as_is("numeric(3,5)", "0.00999", "-0.00001", "0.00000"),
    _to("numeric(5,-2)", ("9999949", "9999900"), ("-100", "-100"), ("0", "0")),
    _to("money", ("-92233720368547758.08", "-92233720368547758.08"), ("0.1", "0.10"), ("0", "0.00")),
)
_TEXT = (
    _as_is("text", *_TEXTS),
    _as_is("character varying", *_TEXTS),
    _as_is("character varying(17)", "", _PLANES),
    _to("character(5)", ("", "     "), ("ab", "ab   "), ("\U0001f600", "\U0001f600    ")),
    _to("character", ("", " "), ("x", "x")),
    _as_is("bpchar", "", "ab", "\u00e9"),
    _as_is("name", "", "x" * 63, "\u00e9" * 31),
    _as_is('"char"', "", "a"),
)
_TIME = (
    _to(
        "date",
        ("2024-01-02", "2024-01-02"),
        ("4713-01-01 BC", "-4712-01-01"),
        ("0001-12-31 BC", "0000-12-31"),
        ("12345-06-07", "+12345-06-07"),
        ("262142-12-31", "+262142-12-31"),
    ),
    _as_is("time without time zone", "00:00:00", "24:00:00", "23:59:59.999999", "03:04:05.1"),
    _to("time(0) without time zone", ("23:59:59.9", "24:00:00")),
    _as_is("time with time zone", "00:00:00+15:59:59", "24:00:00-15:59:59", "03:04:05.000001+00"),
    _to(
        "timestamp without time zone",
        ("2024-01-02 03:04:05.123456", "2024-01-02T03:04:05.123456"),
        ("2024-01-02 03:04:05.1", "2024-01-02T03:04:05.100"),
        ("4713-01-01 00:00:00 BC", "-4712-01-01T00:00:00"),
        ("12345-06-07 23:59:59.999999", "+12345-06-07T23:59:59.999999"),
    ),
    _to(
        "timestamp with time zone",
        ("2024-01-02 03:04:05.000001+00", "2024-01-02T03:04:05.000001Z"),
        ("2024-01-02 03:04:05-11:30", "2024-01-02T14:34:05Z"),
        ("4713-01-01 00:00:00+00 BC", "-4712-01-01T00:00:00Z"),
        ("12345-06-07 23:59:59.999+00", "+12345-06-07T23:59:59.999Z"),
    ),
    _to("timestamp(3) with time zone", ("2024-01-02 03:04:05.9996+00", "2024-01-02T03:04:06Z")),
    _to(
        "interval",
        ("0", "P0M0DT0S"),
        ("-1 mon +2 days -00:00:00.000001", "P-1M2DT-0.000001S"),
        ("178000000 years", "P2136000000M0DT0S"),
        ("-178000000 years", "P-2136000000M0DT0S"),
        ("2147483647 days 2562047788:00:54.775807", "P0M2147483647DT9223372036854.775807S"),
        ("-2147483648 days", "P0M-2147483648DT0S"),
        ("1 year 2 mons 3 days 04:05:06.7", "P14M3DT14706.7S"),
    ),
    _to("interval day to second(3)", ("1 day 00:00:01.2345", "P0M1DT1.235S")),
)
_DEEP = "[" * 100 + "]" * 100
_OBJECT = '{"z": [1, -2.5, "\\u00e9\\n", null, true], "a": {"": {}}, "n": 9007199254740991}'
_JSON_VALUES: tuple[tuple[str, Any], ...] = (
    ("null", None),
    (_OBJECT, {"z": [1, -2.5, "\u00e9\n", None, True], "a": {"": {}}, "n": 9007199254740991}),
    ('"\\ud83d\\ude00"', "\U0001f600"),
    ("1e300", 1e300),
    ("0.1", 0.1),
    ("[]", []),
)
_OTHER = (
    _as_is(
        "uuid",
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "11111111-1111-1111-1111-111111111111",
        "018f0c1e-9b7a-7c3d-8e21-0123456789ab",
    ),
    _to(
        "bytea",
        ("", ""),
        ("\\x" + _BYTES.hex(), base64.b64encode(_BYTES).decode()),
        ("\\x00", "AA=="),
        ("\\xffff", "//8="),
    ),
    Sample("json", _JSON_VALUES),
    Sample("jsonb", _JSON_VALUES),
    _as_is("bit(3)", "101", "000"),
    _as_is("bit", "1", "0"),
    _as_is("bit varying(70)", "", "1" * 70),
    _as_is("bit varying", "", "10" * 100),
    _as_is("jsonpath", '$."a"[*]?(@ > 1)'),
    _as_is("tsvector", "", "'a':1 'it''s':2A,3B"),
    _as_is("tsquery", "", "'a' & !'b'"),
    _as_is("pg_lsn", "0/0", "FFFFFFFF/FFFFFFFF"),
    _as_is("refcursor", "", "x y"),
    _as_is("aclitem", "=r/pg_monitor", "pg_read_all_data=r*w/pg_monitor"),
    _as_is("txid_snapshot", "10:20:10,14"),
    _as_is("pg_snapshot", "10:20:10,14"),
    _as_is("xid", "0", "4294967295"),
    _as_is("xid8", "18446744073709551615"),
    _as_is("cid", "4294967295"),
    _as_is("tid", "(4294967295,65535)"),
    _as_is("int2vector", "", "1 -2 3"),
    _as_is("oidvector", "", "1 4294967295"),
)
_NETWORK = (
    _as_is("inet", "192.168.0.1", "10.0.0.1/8", "::1", "::ffff:1.2.3.4/96"),
    _as_is("cidr", "10.0.0.0/8", "192.168.0.1/32", "::/0"),
    _as_is("macaddr", "08:00:2b:01:02:03", "ff:ff:ff:ff:ff:ff"),
    _as_is("macaddr8", "08:00:2b:01:02:03:04:05"),
)
_GEOMETRIC = (
    _as_is("point", "(1.5,-2)", "(NaN,Infinity)", "(0,5e-324)"),
    _as_is("line", "{1,2,-3}"),
    _as_is("lseg", "[(0,0),(1,1)]"),
    _as_is("box", "(1,1),(0,0)", "(2,2),(-1,-1)"),
    _as_is("path", "[(0,0),(1,1)]", "((0,0),(1,1),(2,0))"),
    _as_is("polygon", "((0,0),(1,1),(2,0))"),
    _as_is("circle", "<(0,0),1.5>", "<(0,0),Infinity>"),
)
_REG = (
    _as_is("regclass", "pg_class"),
    _as_is("regcollation", '"C"'),
    _as_is("regconfig", "simple"),
    _as_is("regdictionary", "simple"),
    _as_is("regnamespace", "pg_catalog"),
    _as_is("regoper", "||/"),
    _as_is("regoperator", "+(integer,integer)"),
    _as_is("regproc", "pg_backend_pid"),
    _as_is("regprocedure", "pg_backend_pid()"),
    _as_is("regrole", "pg_monitor"),
    _as_is("regtype", "integer", "double precision"),
)
_RANGES = (
    _as_is("int4range", "empty", "(,)", "[1,)", "[-2147483648,2147483647)"),
    _as_is("int8range", "empty", "[9007199254740993,9223372036854775807)"),
    _as_is("numrange", "empty", "[1.50,2.500)", "(,1e400)".replace("1e400", "1" + "0" * 400)),
    _as_is("tsrange", "empty", '["2024-01-02 03:04:05","2024-01-03 00:00:00")', "[-infinity,infinity]"),
    _as_is("tstzrange", "empty", '["2024-01-02 03:04:05+00",)', "(,infinity)"),
    _as_is("daterange", "empty", "[2024-01-02,2024-01-03)", "[-infinity,infinity)"),
    _as_is("int4multirange", "{}", "{[1,3),[5,)}"),
    _as_is("int8multirange", "{}", "{(,9007199254740993)}"),
    _as_is("nummultirange", "{[1.5,2.50]}"),
    _as_is("tsmultirange", '{["2024-01-02 03:04:05","2024-01-03 00:00:00")}'),
    _as_is("tstzmultirange", '{["2024-01-02 03:04:05+00",)}'),
    _as_is("datemultirange", "{[2024-01-02,2024-01-03)}"),
)
SAMPLES = (*_NUMERIC, *_TEXT, *_TIME, *_OTHER, *_NETWORK, *_GEOMETRIC, *_REG, *_RANGES)
"""Types of every Postgres from 15 on."""

VECTORS = (
    _to("vector(3)", ("[1,-2.5,0]", [1, -2.5, 0]), ("[3.4028235e+38,1e-45,0.1]", [3.4028235e38, 1e-45, 0.1])),
    _to("vector", ("[0.5]", [0.5]), ("[" + "1," * 1999 + "2]", [1] * 1999 + [2])),
    _to("halfvec(2)", ("[65504,-0.5]", [65504, -0.5])),
    _as_is("sparsevec(5)", "{1:1,3:2.5}/5", "{}/5"),
)
"""Types of pgvector."""

CONTRIB = (
    _as_is("citext", "", "A@x.Com", _PLANES),
    _as_is("hstore", "", '"a"=>"1", "b"=>NULL, "\u00e9"=>""'),
    _as_is("ltree", "", "a.b.c"),
    _as_is("lquery", "a.*{1,2}.!b"),
    _as_is("ltxtquery", "a & !b"),
    _as_is("cube", "(0)", "(1, 2),(3, 4)"),
    _as_is("seg", "1.0 .. 2.50", "<1"),
    _as_is("isbn", "0-393-04002-X"),
    _as_is("ismn", "M-060-11561-5"),
    _as_is("issn", "1436-4522"),
    _as_is("isbn13", "978-0-393-04002-9"),
    _as_is("ismn13", "979-0-060-11561-5"),
    _as_is("issn13", "977-1436-452-00-8"),
    _as_is("ean13", "022-035646331-5"),
    _as_is("upc", "220356463315"),
)
"""Types of the contrib extensions."""
