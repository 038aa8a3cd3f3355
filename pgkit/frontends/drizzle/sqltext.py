"""SQL inside a snapshot: defaults, expressions and conditions, text as it stands but for what kits break."""

import re

import orjson

from pgkit.frontends.drizzle.node import Node
from pgkit.ir.expr import Opaque, opaque

_QUOTED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*\"""")
_PLACEHOLDER = re.compile(r"(?<![\w$])\$\d+(?![\w$])")
_JSON = re.compile(r"'(?P<inner>.*)'(?P<cast>::jsonb?)", re.DOTALL)


def text_of(node: Node) -> str:
    """A value as SQL: text as it stands, a JSON number or boolean as it would be written."""
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    if isinstance(node.value, int | float):
        return _number(node.value)
    return node.as_text()


def expression(node: Node, key: str) -> Opaque | None:
    """The SQL under `key`, with nothing bound inside."""
    return required(node, key) if node.find(key) else None


def required(node: Node, key: str) -> Opaque:
    """The SQL under `key`, which must be there."""
    found = node.at(key)
    text = text_of(found)
    if "$" in text and _PLACEHOLDER.search(_QUOTED.sub("''", text)):
        node.notes.placeholders.append(found.place)
    return opaque(text)


def default(node: Node) -> Opaque | None:
    """A default. Kits up to 0.31 leave the quotes inside a JSON value as they are: they are doubled here."""
    found = expression(node, "default")
    match = _JSON.fullmatch(found.text[0]) if found else None
    if match is None or "'" not in match["inner"].replace("''", ""):
        return found
    try:
        orjson.loads(match["inner"])
    except orjson.JSONDecodeError:
        return found
    doubled = match["inner"].replace("'", "''")
    return opaque(f"'{doubled}'{match['cast']}")


def _number(value: int | float) -> str:
    """A number as JavaScript prints it, which is what drizzle-kit puts after DEFAULT."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    return re.sub(r"e([+-])0+", r"e\1", repr(value))
