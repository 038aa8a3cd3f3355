"""A JSON value together with its place, and typed access to what is inside it."""

import re
from collections.abc import Iterator
from typing import Any

from attrs import define, field, frozen

from pgkit.diag import Diagnostic, Source
from pgkit.frontends.drizzle.jsontext import Path, locate
from pgkit.ir.names import truncate

_INTEGER = re.compile(r"[+-]?\d{1,20}")
_KINDS = {dict: "an object", list: "an array", str: "text", bool: "true or false", int: "a number"}
_HELP = "restore the file from version control, or write it anew with drizzle-kit"


class WrongShape(Exception):
    """JSON that is well formed but not what Drizzle writes; carries the diagnostic that says where."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic
        super().__init__(diagnostic.message)


@define
class Notes:
    """What was seen on the way, for one finding at the end."""

    unknown: set[str] = field(factory=set)  # keys that nobody asked for
    placeholders: list[str] = field(factory=list)  # where SQL holds a `$1`
    misnamed: list[str] = field(factory=list)  # objects under a key that is not their name


@frozen
class Node:
    """One value inside a JSON file. A key that is null counts as absent: both kits write either."""

    source: Source
    value: Any
    path: Path = ()
    notes: Notes = field(factory=Notes, eq=False, repr=False)  # shared by all nodes of a lowering

    def wrong(self, message: str, help: str | None = None, code: str = "wrong-shape") -> WrongShape:
        """What is wrong with this value, ready to raise."""
        where = f"{dotted(self.path)}: " if self.path else ""
        span = locate(self.source, self.path)
        return WrongShape(Diagnostic(code, where + message, span, help or _HELP))

    def expected(self, what: str) -> WrongShape:
        """This value is not what it should be."""
        kind = "null" if self.value is None else _KINDS.get(type(self.value), "a number")
        return self.wrong(f"expected {what}, found {kind}")

    def expected_value(self, key: str) -> WrongShape:
        """Something that must be there is not."""
        return self.wrong(f"expected a value for {key}, found none")

    @property
    def place(self) -> str:
        """The path as people write it."""
        return dotted(self.path)

    def keys(self, *known: str) -> None:
        """Notes the keys of this object that are not among `known`."""
        self.notes.unknown.update(self._object().keys() - set(known))

    def find(self, key: str) -> "Node | None":
        """The value of `key`, if there is one."""
        value = self._object().get(key)
        return None if value is None else Node(self.source, value, (*self.path, key), self.notes)

    def at(self, key: str) -> "Node":
        """The value of `key`, which must be there."""
        found = self.find(key)
        if found is None:
            raise self.expected_value(key)
        return found

    def text(self, key: str, default: str | None = None) -> str:
        """The text under `key`; required when there is no default."""
        value = self._object().get(key)
        if value is None and default is not None:
            return default
        return value if type(value) is str and "\0" not in value else self.at(key).as_text()

    def filled(self, key: str) -> str:
        """The text under `key`, which must not be empty."""
        return self.text(key) or self.at(key).as_name()

    def name(self, key: str, default: str | None = None) -> str:
        """An identifier, cut as Postgres cuts it; never empty unless there is a default."""
        return truncate(self.filled(key) if default is None else self.text(key, default))

    def flag(self, key: str, default: bool | None = None) -> bool:
        """A boolean; required when there is no default."""
        value = self._object().get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, bool):
            raise self.at(key).expected("true or false")
        return value

    def whole(self, key: str) -> int:
        """The whole number under `key`, which must be there."""
        found = self.integer(key)
        if found is None:
            raise self.expected_value(key)
        return found

    def integer(self, key: str) -> int | None:
        """A whole number, written as a number or as text."""
        node = self.find(key)
        if node is None:
            return None
        text = str(node.value) if type(node.value) in (int, str) else ""
        if not _INTEGER.fullmatch(text):
            raise node.expected("a whole number") if not text else node.wrong("expected a whole number")
        return int(text)

    def each(self) -> "Iterator[Node]":
        """The elements of this array."""
        if not isinstance(self.value, list):
            raise self.expected("an array")
        for i, value in enumerate(self.value):
            yield Node(self.source, value, (*self.path, i), self.notes)

    def members(self) -> "Iterator[tuple[str, Node]]":
        """The members of this object by key."""
        for name, value in self._object().items():
            yield name, Node(self.source, value, (*self.path, name), self.notes)

    def names(self) -> tuple[str, ...]:
        """The identifiers in this array."""
        return tuple(node.as_name() for node in self.each())

    def raw_text(self) -> str:
        """This value, which must be text."""
        if not isinstance(self.value, str):
            raise self.expected("text")
        return self.value

    def as_text(self) -> str:
        """This value, which must be text that Postgres can hold."""
        if "\0" in self.raw_text():
            raise self.wrong("the text holds a NUL character, which Postgres cannot store")
        return self.raw_text()

    def as_name(self) -> str:
        """This value as an identifier."""
        if not self.as_text():
            raise self.wrong("expected a name, found empty text")
        return truncate(self.as_text())

    def _object(self) -> dict[str, Any]:
        if not isinstance(self.value, dict):
            raise self.expected("an object")
        return self.value


def dotted(path: Path) -> str:
    """A JSON path as people write it: `tables["public.users"].columns.id`."""
    steps = (
        f"[{step}]" if isinstance(step, int) else f".{step}" if step.isidentifier() else f'["{step}"]'
        for step in path
    )
    return "".join(steps).removeprefix(".")
