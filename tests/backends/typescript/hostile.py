"""A catalog of names, labels and comments that break careless generators, all of them legal in Postgres."""

from typing import Final

from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import PrimaryKey
from pgkit.ir.kinds import Attribute, Composite, Enum
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Table
from pgkit.ir.types import Array, Named, PgType, Scalar

NAMES: Final = (
    *("type", "match", "async", "self", "Self", "crate", "super", "_", "gen", "union", "default", "class"),
    *("row", "db", "q", "e", "T", "z", "t", "1st", "2xl_16", "123", "1e3", "0x1", "user-id", "a.b", "a b"),
    *(" x", "$x", 'a"b', "it's", "'\"", "back\\slash", "new\nline", "tab\t", "cr\r", "*/", "/*", "//", '"#'),
    *("${x}", "`", "\u202e", "\u200b", "\u2028", "\u00e9", "e\u0301", "\u65e5\u672c", "na\u00efve"),
    *("\uff21\uff22", "\U0001f600", "\u00fcber_name", "foo_bar", "fooBar", "foo__bar", "_foo_bar", "Mixed"),
    *("user", "current_user", "order", "end", "array", "constructor", "hasOwnProperty", "toString", "then"),
    *("valueOf", "__defineGetter__", "prototype", "\u00e9" * 31, "x" * 63, "r#type", 'x"; DROP TABLE t; --'),
    *(
        "$1",
        "%s",
        "{0}",
        "?",
        "\u0131\u00df\u0149\u01c6",
        "@ts-ignore",
        "null",
        "undefined",
        "\u00a0",
        "\u3000",
    ),
    *("\U000e0001", "\x7f", "\x01", "arguments", "eval", "await", "yield", "-0", "1.0", "Infinity", "NaN"),
)
"""Names of columns, of attributes and, where no file is concerned, labels."""

TABLES: Final = (
    *(
        "mod",
        "lib",
        "index",
        "enums",
        "composites",
        "_pg",
        "con",
        "nul.txt",
        "../../evil",
        "a/b",
        "a\\b2",
        ".",
    ),
    *(
        "option",
        "string",
        "Record",
        "object",
        "Promise",
        "z",
        "json_x",
        "2nd",
        "line\nbreak",
        "*/ bad",
        "x" * 63,
    ),
    *("\U0001f600" * 15, "class", "import", "default", "@ts-nocheck", "\u202ewrong", "import_x", "Array"),
)

COMMENTS: Final = (
    'ends */ here /* and // there # """ `x` ${y}',
    "```\nnot a doctest\n```\n\n    indented",
    "@ts-expect-error",
    "@ts-ignore x\n@deprecated\neslint-disable\nprettier-ignore",
    "a@example.com, @user and {@link x}",
    "bidi \u202e and zero\u200bwidth \x07 bell\r\nnext line   \rlast",
    "[link] <tag> &amp; \\@x \\*/",
    "word " * 400,
    "y" * 5000,
    "\n".join(map(str, range(500))),
    " ",
)


def hostile() -> Catalog:
    """Every name as a column, a table, a label and an attribute; every comment in each place."""
    main = _table("names", tuple(_column(n, Scalar("text")) for n in NAMES))
    optional = _table("optional", tuple(Column(name=n, type=Scalar("bigint")) for n in NAMES))
    comments = tuple(Column(name=f"c{i}", type=Scalar("date"), comment=c) for i, c in enumerate(COMMENTS))
    labels = Enum(name="label", labels=("", *NAMES), comment=COMMENTS[0])
    composite = Composite(
        name="thing", attributes=tuple(Attribute(name=n, type=Scalar("text")) for n in NAMES)
    )
    uses = (
        _column("label", Named(Ref("enum", "public", "label"))),
        _column("labels", Array(Named(Ref("enum", "public", "label")))),
        _column("thing", Named(Ref("composite", "public", "thing"))),
        _column("object", Named(Ref("enum", "public", "Object"))),
        _column("json", Named(Ref("enum", "public", "Json"))),
        _column("record", Named(Ref("enum", "other", "record"))),
        _column("value", Scalar("jsonb")),
    )
    return Catalog(
        enums=(
            labels,
            Enum(name="Object", labels=("o",)),
            Enum(name="Json", labels=("j",)),
            Enum(schema="other", name="record", labels=("r",)),
            Enum(name="one_label", labels=("x" * 63,)),
            Enum(name="many_labels", labels=tuple(f"label {i}" for i in range(1000))),
            Enum(name="no_labels"),
        ),
        composites=(composite,),
        tables=(
            main,
            optional,
            _table("comments", comments),
            *(_table(f"t{i}", (), comment) for i, comment in enumerate(COMMENTS)),
            _table("uses", uses),
            _table("wide", tuple(_column(f"c{i}", Scalar("integer")) for i in range(1600))),
            *(_table(name, (_column("a", Scalar("text")),)) for name in TABLES),
        ),
    )


def label_members() -> dict[Ref, str]:
    """A name for each label, since many of them would have the same."""
    enum = Ref("enum", "public", "label")
    return {enum.of("enum_value", label): f"L{i}" for i, label in enumerate(("", *NAMES))}


def _column(name: str, type: PgType) -> Column:
    return Column(name=name, type=type, nullable=False)


def _table(name: str, columns: tuple[Column, ...], comment: str | None = None) -> Table:
    ref = Ref("table", "public", name)
    key = (PrimaryKey(name="key", columns=(ref.of("column", columns[0].name),)),) if columns else ()
    return Table(name=name, columns=columns, primary_keys=key, comment=comment)
