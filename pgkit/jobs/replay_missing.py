"""What an error of Postgres says is not there."""

import re
from typing import Final

from attrs import frozen

from pgkit.runtime.connect import SqlError

_NAME: Final = r'"(?P<name>[^"]+)"'
_RELATION: Final = "relation|table|view|materialized view|sequence|index"
_FORMS: Final[tuple[tuple[str, str], ...]] = (
    ("extension", rf"(?:required )?extension {_NAME} (?:does not exist|is not available|is not installed)"),
    ("extension", r'could not open extension control file ".*/(?P<name>[^/"]+)\.control"'),
    ("operator class", rf'operator class {_NAME} does not exist for access method "(?P<left>[^"]+)"'),
    ("default operator class", rf"data type (?P<left>.+) has no default operator class for .* {_NAME}"),
    (
        "operator",
        r"operator does not exist: (?:(?P<left>.*\S) )?(?P<name>[-+*/<>=~!@#%^&|`?]+) (?P<right>.+)",
    ),
    ("function", r"(?:function|procedure|aggregate) (?P<name>[^(]+)\(.*\) does not exist"),
    ("function", rf"could not find a function named {_NAME}"),
    ("relation", rf"(?:{_RELATION}) {_NAME} does not exist"),
    ("member", rf'[a-z ]+ {_NAME} (?:of|for) (?:relation|table) "(?P<left>[^"]+)" does not exist'),
    ("member", r"column (?P<left>[^\". ]+)\.(?P<name>[^\". ]+) does not exist"),
    ("member", rf"column {_NAME} (?:named in key |referenced in foreign key constraint )?does not exist"),
    ("", rf"(?P<left>[a-z][a-z -]*) {_NAME} does not exist"),  # its kind is what the message calls it
)


@frozen
class Missing:
    """What is not there. The schema that a name was written with is in `schema`."""

    kind: str
    name: str
    left: str = (
        ""  # an operator's left operand, its class's access method, a member's table, a type without one
    )
    right: str = ""
    schema: str = ""


def missing(error: SqlError) -> Missing | None:
    """What the statement did not find; None if the error is about something else."""
    if error.sqlstate[:2] not in ("42", "3F", "0A", "58"):
        return None
    for kind, form in _FORMS:
        if found := re.match(form, error.message):
            return _missing(kind, found.groupdict(default=""))
    return None


def _missing(kind: str, found: dict[str, str]) -> Missing:
    left, right = found.get("left", ""), found.get("right", "")
    if kind == "operator":
        return Missing(kind, found["name"], left, right)
    schema, _, name = found["name"].replace('"', "").rpartition(".")
    match kind:
        case "":
            kind, left = left, ""
        case "member":
            left = left.rpartition(".")[2]
    return Missing(kind, name.removesuffix("[]"), left, right, schema)
