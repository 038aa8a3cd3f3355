"""The words of the schema language, as its grammar has them, and what each terminal is called in an error."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from attrs import frozen

_ALTERNATIVES: Final = re.compile(r"\(\?:(.*)\)")
_WORDS: Final = re.compile(r"[a-z_]+( [a-z_]+)?")

SAID: Final[Mapping[str, str]] = {
    "IDENT": "a name",
    "DATATYPE": "a type",
    "EXPR": "an expression",
    "PARENS": "an expression in parentheses",
    "KEYEXPR": "an expression",
    "BODY": "SQL between $$ and $$",
    "STRING": "'text'",
    "LABEL": "a label",
    "NUMBER": "a number",
    "VALUE": "a value",
    "SEPARATOR": "the end of the line",
    "$END": "the end of the declaration",
    "STORED": "`stored` or `virtual`",
    "FLAG": "an attribute of a role",
    "COMMAND": "a command",
    "PLURAL": "`tables`, `views`, `policies` ...",
    "KIND": "a kind and a name",
}


@frozen
class Words:
    """Key words by their text: the terminals that a word, or a pair of words, may be."""

    single: Mapping[str, tuple[str, ...]]
    double: Mapping[tuple[str, str], tuple[str, ...]]
    texts: Mapping[str, tuple[str, ...]]  # by terminal
    marks: Mapping[str, str]  # punctuation to its terminal


def words_of(terminals: Iterable[tuple[str, str]]) -> Words:
    """The words of a grammar's terminals, given as name and pattern."""
    single: dict[str, tuple[str, ...]] = {}
    double: dict[tuple[str, str], tuple[str, ...]] = {}
    texts: dict[str, tuple[str, ...]] = {}
    marks: dict[str, str] = {}
    for name, pattern in terminals:
        match = _ALTERNATIVES.fullmatch(pattern)
        for text in (match[1] if match else pattern).replace("\\", "").split("|"):
            if not _WORDS.fullmatch(text):
                marks[text] = name
                continue
            texts[name] = (*texts.get(name, ()), text)
            first, _, second = text.partition(" ")
            if second:
                double[first, second] = (*double.get((first, second), ()), name)
            else:
                single[text] = (*single.get(text, ()), name)
    return Words(single, double, texts, marks)


# What Postgres takes as a name nowhere or not as that of a column; the manual, appendix C.
RESERVED: Final = frozenset(
    [
        "all",
        "analyse",
        "analyze",
        "and",
        "any",
        "array",
        "as",
        "asc",
        "asymmetric",
        "authorization",
        "binary",
        "both",
        "case",
        "cast",
        "check",
        "collate",
        "collation",
        "column",
        "concurrently",
        "constraint",
        "create",
        "cross",
        "current_catalog",
        "current_date",
        "current_role",
        "current_schema",
        "current_time",
        "current_timestamp",
        "current_user",
        "default",
        "deferrable",
        "desc",
        "distinct",
        "do",
        "else",
        "end",
        "except",
        "false",
        "fetch",
        "for",
        "foreign",
        "freeze",
        "from",
        "full",
        "grant",
        "group",
        "having",
        "ilike",
        "in",
        "initially",
        "inner",
        "intersect",
        "into",
        "is",
        "isnull",
        "join",
        "lateral",
        "leading",
        "left",
        "like",
        "limit",
        "localtime",
        "localtimestamp",
        "natural",
        "not",
        "notnull",
        "null",
        "offset",
        "on",
        "only",
        "or",
        "order",
        "outer",
        "overlaps",
        "placing",
        "primary",
        "references",
        "returning",
        "right",
        "select",
        "session_user",
        "similar",
        "some",
        "symmetric",
        "system_user",
        "table",
        "tablesample",
        "then",
        "to",
        "trailing",
        "true",
        "union",
        "unique",
        "user",
        "using",
        "variadic",
        "verbose",
        "when",
        "where",
        "window",
        "with",
    ]
)
