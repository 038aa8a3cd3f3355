"""Names and comments that break generators: keywords, digits, quotes, bidi, Unicode, SQL and Rust inside.

Each name here must come out as legal Rust by itself; names that collide are in test_collisions.py.
"""

import re

from pgkit.ir.catalog import Catalog
from pgkit.ir.expr import Lit, opaque
from pgkit.ir.kinds import Attribute, Composite, Enum
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, MaterializedView, Table, View
from pgkit.ir.scalars import ROWS
from pgkit.ir.types import Array, Named, Scalar

KEYWORDS = tuple(
    re.findall(
        r"\w+",
        """
        abstract as async await become box break const continue do dyn else enum extern false final fn for
        gen if impl in let loop macro match mod move mut override priv pub ref return static struct trait
        true try type typeof unsafe unsized use virtual where while yield auto macro_rules raw safe union
        crate self Self super
        """,
    )
)
HYGIENE = ("db", "q", "e", "T", "t", "u", "value", "fields", "Ok", "None", "Result", "String", "Vec", "ty")
SQL_WORDS = (
    "user",
    "current_user",
    "current_date",
    "order",
    "desc",
    "end",
    "window",
    "array",
    "select",
    "group",
)
ODD = (
    "_",
    "__row",
    "__default",
    "2xl_16",
    "1st",
    "123",
    "user-id",
    "a.b",
    "c d",
    " x",
    "$y",
    'f"g',
    "back\\slash",
    "new\nline",
    "tab\t",
    "return\r",
    "*/",
    '"#',
    "${x}`",
    "bidi\u202e",
    "zero\u200bwidth",
    "para\u2029",
    "na\u00efve",
    "\u65e5\u672c",
    "\uff21\uff22",
    "\U0001f600",
    "\u00aa",
    "\u00fcber_name",
    "r#type",
    "Mixed",
    "createdAt",
    "ID",
    "x" * 63,
    "\u65e5" * 21,
    "\u00e9" * 31,
    "constructor",
    "toString",
    'x"; DROP TABLE t; --',
    "$1",
    "%s",
    "{0}",
    "?",
    "\u0130stanbul",
    "stra\u00dfe",
    "\u01c6",
    "e\u0301",
    "\u0441\u043e\u0440",
    "\u53e3",
    "\u0915\u094d\u0937",
)
LABELS = (
    *(
        "",
        "2nd",
        "3D",
        "0-foo",
        "a-b",
        "/",
        "+",
        "-",
        "it's",
        'say "hi"',
        "back\\",
        "new\nline",
        "Self",
        "type",
    ),
    *("*/", "bidi\u202e", "\u65e5\u672c", "\U0001f600", "none", "ok", "err", "y" * 63, "\x01" * 60),
)
COMMENTS = (
    'ends */ the /* comment // here # """',
    '```\nlet x: i32 = "no";\n```',
    "    indented();\n\tso is this",
    "- a list\n\n        with code();",
    "> ```\n> fenced();\n> ```",
    "1. ~~~\nfenced();",
    "@ts-expect-error @deprecated eslint-disable",
    "a [link] and [Option] and [x](y) and <tag> and <script>, http://bare.example.com/x?y",
    "bidi \u202e and \u2066 and zero \u200b width, null-like \x01\x7f, lines\r\nend\rso\u2028or\x85so",
    "trailing   \n  \n\n and `code` and an open ` tick",
    "//! not inner\n/// nor outer\n#![not(an_attribute)]",
    "long " * 20000,
    "\u00e9" * 300,
)
TABLES = (
    *(
        "mod",
        "lib",
        "main",
        "rt",
        "enums",
        "composites",
        "ids",
        "index",
        "type",
        "self",
        "crate",
        "super",
        "fn",
    ),
    *(
        "../../evil",
        "a/b",
        "c\\d",
        ".",
        "con",
        "nul.txt",
        "com1",
        "2fast",
        "Users",
        "uSERS",
        "option",
        "string",
    ),
    *(
        "vec",
        "result",
        "default",
        "foo",
        "foo_row",
        "foo_insert",
        "\u65e5\u672c",
        "t\nable",
        "bidi\u202e",
        "z" * 63,
    ),
)
TYPES = (
    "option",
    "string",
    "vec",
    "result",
    "self",
    "default",
    "box",
    "some",
    "ok",
    "debug",
    "clone",
    "my.enum",
    "_e",
)
_TEXT = Scalar("text")


def every_scalar() -> Catalog:
    """Every type of SCALARS, and an array and a matrix of each, nullable and not, in one table."""
    columns = tuple(
        Column(name=f"c{i}_{suffix}", type=type, nullable=nullable)
        for i, row in enumerate(ROWS.values())
        for suffix, type in _forms(Scalar(row.name, row.default_mods)).items()
        for nullable in (suffix != "one",)
    )
    return Catalog(tables=(Table(name="every_scalar", columns=columns),))


def _forms(type: Scalar) -> dict[str, Scalar | Array]:
    return {"one": type, "maybe": type, "many": Array(type), "matrix": Array(type, 2)}


def widest(count: int = 1600) -> Catalog:
    """A table of as many columns as Postgres lets it have, or of so many."""
    columns = tuple(Column(name=f"c{i}", type=_TEXT) for i in range(count))
    return Catalog(tables=(Table(name="widest", columns=columns),))


def adversarial() -> Catalog:
    """Every odd name, as a column, a table, a type, an attribute; every odd comment, everywhere."""
    names = (*KEYWORDS, *HYGIENE, *SQL_WORDS, *ODD)
    columns = tuple(
        Column(name=n, type=_TEXT, comment=COMMENTS[i % len(COMMENTS)]) for i, n in enumerate(names)
    )
    attributes = tuple(Attribute(name=n, type=Scalar("bigint"), comment=COMMENTS[0]) for n in names)
    return Catalog(
        enums=(
            Enum(name="odd", labels=LABELS, comment=COMMENTS[1]),
            *(Enum(schema="other", name=n, labels=("one",)) for n in TYPES),
            *(Enum(name=n, labels=("one", "two")) for n in TYPES),
            Enum(name="long", labels=tuple(f"label {i}" for i in range(1000))),
            Enum(name="nothing"),
        ),
        composites=(
            Composite(name="odd_composite", attributes=attributes, comment=COMMENTS[2]),
            Composite(name="Empty"),
        ),
        tables=(
            Table(name="columns", columns=columns),
            Table(
                name="words", columns=tuple(Column(name=n, type=_TEXT) for n in ("row", "default", "Type"))
            ),
            Table(name="no_columns"),
            Table(name="values", columns=_values()),
            *(
                Table(name=n, columns=(Column(name="id", type=_TEXT),), comment=COMMENTS[i % len(COMMENTS)])
                for i, n in enumerate(TABLES)
            ),
        ),
        views=(View(name="a_view", query=opaque("SELECT 1"), columns=columns[:3]),),
        materialized_views=(
            MaterializedView(schema="other", name="mod", query=opaque("SELECT 1"), columns=columns[:3]),
        ),
    )


def _values() -> tuple[Column, ...]:
    """A column of each type with an odd name."""
    named = [Named(Ref("enum", "public", n)) for n in ("odd", *TYPES, "long", "nothing")]
    composites = [Named(Ref("composite", "public", n)) for n in ("odd_composite", "Empty")]
    other = Scalar("own type", ("1",), "other schema")
    types = (*named, *composites, other)
    return (
        *(Column(name=f"v{i}", type=t, nullable=False) for i, t in enumerate(types)),
        *(
            Column(name=f"a{i}", type=Array(t), default=Lit("string", "*/ \u202e"))
            for i, t in enumerate(types)
        ),
        *(Column(name=f"m{i}", type=Array(t, 3)) for i, t in enumerate(types)),
    )
