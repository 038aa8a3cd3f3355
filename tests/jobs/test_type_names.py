"""Types, schemas and modules in the configuration: what can be printed is told to the backends."""

import pytest

from pgkit.backends.values import Own
from pgkit.jobs.config import Override
from pgkit.jobs.overrides import own
from pgkit.jobs.type_names import bad_names, spelled


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Settings", "Settings"),
        (" a.B_1 <c ,$d<e>> []", "a.B_1<c, $d<e>>[]"),
        ('"a"|"b c" | 3', '"a" | "b c" | 3'),
        ("Record<string,Json|undefined>[][]", "Record<string, Json | undefined>[][]"),
    ],
)
def test_types(text: str, printed: str) -> None:
    """A type is printed as prettier would have it."""
    assert spelled(text) == printed


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "a b",
            "a;b",
            "a.",
            ".a",
            "1a",
            "A<",
            "A<>",
            "A<b",
            "A<b>>",
            "A>",
            "|a",
            "a|",
            "[]",
            "a[0]",
        ),
        *(
            "{ a: b }",
            "() => void",
            "a & b",
            "a\nb",
            "a // b",
            '"a',
            "'a'",
            '"a\\b"',
            '"a\nb"',
            '"${x}"x',
            "a`b`",
        ),
        *('import("x").Y', "typeof a", "\u00e9", "a\u202e", '"\u202e"', "(a)", "-1"),
    ],
)
def test_what_is_no_type(text: str) -> None:
    """All that is longer has to be declared; nothing gets out of its place."""
    assert spelled(text) is None
    assert [code for _, code, _, _ in bad_names(Override(ts=text))] == ["bad-type"]


@pytest.mark.parametrize(
    ("override", "problem"),
    [
        (Override(ts="A", ts_import="./a.js"), None),
        (Override(ts="A", ts_import="@scope/a"), None),
        (Override(ts="A", ts_import="node:buffer", zod="$a.b"), None),
        (Override(ts="number"), None),
        (Override(ts="Record<string, A | undefined>"), None),
        (Override(ts="number", ts_import="./a.js"), "no module exports a type named number"),
        (Override(ts='"a" | B', ts_import="./a.js"), 'no module exports a type named "a" | B'),
        (Override(ts="A | null"), "expected a type of what is not null, found A | null"),
        (Override(ts_import="./a.js"), "ts_import says where ts is from, and there is no ts"),
        (Override(zod_import="./a.js"), "zod_import says where zod is from, and there is no zod"),
        (Override(zod="a"), "nothing says which module a is from"),
        (Override(zod="a()", zod_import="./a.js"), "expected the name of a schema, found a()"),
        (Override(zod="z.string", zod_import="./a.js"), "expected the name of a schema, found z.string"),
        (Override(zod="default", zod_import="./a.js"), "expected the name of a schema, found default"),
        (Override(ts="A", ts_import='"; evil(); "'), 'expected a module, found "; evil(); "'),
        (Override(ts="A", ts_import="./a\n.js"), "expected a module, found ./a\n.js"),
        (Override(ts="A", ts_import=""), "expected a module, found "),
        (Override(ts="A", ts_import=".a.js"), "expected a module, found .a.js"),
        (Override(ts="A", ts_import="/etc/a.js"), "expected a module, found /etc/a.js"),
    ],
)
def test_problems(override: Override, problem: str | None) -> None:
    """What is malformed, or says where nothing is, is an error."""
    assert [message for _, _, message, _ in bad_names(override)] == ([problem] if problem else [])


def test_they_go_together() -> None:
    """What is said of a column takes nothing from what is said of its type, nor Rust from TypeScript."""
    of_type = own(Override(ts="A", ts_import="./a.js", zod="a", rust="crate::A"))
    of_column = own(Override(ts="Date"))
    assert of_type is not None
    assert of_column is not None
    both = of_column.over(of_type)
    assert both == Own(rust="crate::A", ts="Date", ts_import="", zod="", zod_import="")
    assert both.for_rust == Own(rust="crate::A")
    assert own(Override(zod="a", zod_import="./a.js")) == Own(
        ts="", ts_import="", zod="a", zod_import="./a.js"
    )
    assert of_type.zod_import == "./a.js"
