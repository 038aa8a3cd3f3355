"""Lays out what does not fit on a line exactly as prettier does: groups that break from the outside in."""

import unicodedata
from typing import Final

from attrs import field, frozen

WIDTH: Final = 80


@frozen
class Line:
    """A place to break: a space when flat, nothing if `soft`; `hard` always breaks."""

    soft: bool = False
    hard: bool = False


@frozen
class Group:
    """Flat if it fits, else broken. `states`, the last the most broken, are tried in turn."""

    of: "Doc"
    states: "tuple[Doc, ...]" = ()


@frozen
class Indent:
    """Breaks inside are one level deeper; if `only` is given, when that group broke."""

    of: "Doc"
    only: Group | None = None


@frozen
class Broken:
    """Text that stands there only when the group around it is broken."""

    text: str


Doc = str | tuple["Doc", ...] | Line | Group | Indent | Broken
_Command = tuple[int, bool, Doc]  # how deep, whether flat, and what
LINE: Final = Line()
SOFT: Final = Line(soft=True)
HARD: Final = Line(hard=True)


def width(text: str) -> int:
    """The columns that `text` takes on a screen."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def lay_out(doc: Doc, indent: int = 0) -> str:
    """`doc` as text whose lines keep to the width where they can; the first line starts at `indent`."""
    return _Printer(indent).print(doc)


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


@frozen
class _Printer:
    start: int
    out: list[str] = field(factory=list)
    broken: dict[int, bool] = field(factory=dict)  # group, by identity -> whether it was broken

    def print(self, doc: Doc) -> str:
        rest: list[_Command] = [(self.start, False, doc)]
        column, measured = self.start, True
        while rest:
            indent, flat, part = rest.pop()
            if isinstance(part, str):
                self.out.append(part)
                column += width(part)
            elif isinstance(part, Line) and (part.hard or not flat):
                self.break_line(indent)
                column = indent
                measured = not flat  # what was held to be flat starts on a new line after all
            elif isinstance(part, Group) and not (flat and measured):
                measured = True
                rest.append(self.choose(indent, part, rest, WIDTH - column))
            else:
                rest += self.opened(indent, flat, part)
        return "".join(self.out)

    def break_line(self, indent: int) -> None:
        if self.out:
            self.out[-1] = self.out[-1].rstrip(" ")
        self.out.append("\n" + " " * indent)

    def choose(self, indent: int, group: Group, rest: list[_Command], room: int) -> _Command:
        for state in (group.of, *group.states[1:]):
            flat = (indent, True, state)
            if self.fits(flat, rest, room):
                self.broken[id(group)] = False
                return flat
        self.broken[id(group)] = True
        return indent, False, group.states[-1] if group.states else group.of

    def fits(self, next: _Command, rest: list[_Command], room: int) -> bool:
        todo, after = [next], len(rest)
        while room >= 0:
            if not todo:
                if after == 0:
                    return True
                after -= 1
                todo = [rest[after]]
            indent, flat, doc = todo.pop()
            if isinstance(doc, str):
                room -= width(doc)
            elif isinstance(doc, Line) and (doc.hard or not flat):
                return True
            else:
                todo += self.opened(indent, flat, doc)
        return False

    def opened(self, indent: int, flat: bool, doc: Doc) -> list[_Command]:
        """The parts of a document, the last first."""
        match doc:
            case tuple() as parts:
                return [(indent, flat, part) for part in reversed(parts)]
            case Group(of, states):
                return [(indent, flat, states[-1] if states and not flat else of)]
            case Indent(of, only):
                deeper = only is None or self.broken.get(id(only), False)
                return [(indent + 2 if deeper else indent, flat, of)]
            case Broken(text):
                return [] if flat else [(indent, flat, text)]
            case Line(soft):
                return [] if soft else [(indent, flat, " ")]
            case str() as text:
                return [(indent, flat, text)]
