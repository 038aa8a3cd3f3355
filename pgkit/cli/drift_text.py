"""A drift in words, as JSON, and as annotations of a GitHub workflow."""

import sys
from collections import Counter
from itertools import takewhile
from typing import Any

from pgkit.cli.output import colour
from pgkit.diag import printable
from pgkit.ir.names import Ref
from pgkit.jobs.drift import Class, Difference

_LONG = 8  # lines; what has more is shown where it differs
_COLOURS = {Class.MISSING: "31", Class.EXTRA: "32", Class.DIFFERENT: "33"}


def as_text(differences: tuple[Difference, ...]) -> str:
    """For people: each difference with both sides and what would mend it, and a count."""
    if not differences:
        return "no drift"
    painted = colour(sys.stdout)
    blocks = [_block(d, painted) for d in differences]
    return "\n".join((*blocks, summary(differences)))


def as_values(differences: tuple[Difference, ...]) -> list[dict[str, Any]]:
    """For programs."""
    return [_value(d) for d in differences]


def as_annotations(differences: tuple[Difference, ...]) -> str:
    """For GitHub: one error a difference, shown beside the run."""
    lines = []
    for d in differences:
        text = f"expected {_or_nothing(d.expected)}, found {_or_nothing(d.actual)}\n{d.mend}"
        lines.append(f"::error title={_property(f'{d.class_} {_name(d)}')}::{_message(text)}")
    return "\n".join((*lines, summary(differences) if differences else "no drift"))


def summary(differences: tuple[Difference, ...]) -> str:
    """How many there are, and of which class."""
    counts = Counter(d.class_ for d in differences)
    parts = ", ".join(f"{counts[c]} {c}" for c in Class if counts[c])
    return f"{len(differences)} difference{'s' if len(differences) > 1 else ''}: {parts}"


def _block(d: Difference, painted: bool) -> str:
    word = f"\x1b[1;{_COLOURS[d.class_]}m{d.class_}\x1b[0m" if painted else str(d.class_)
    rows = [f"{word} {printable(_name(d))}"]
    expected, actual = _apart(d.expected, d.actual)
    rows += [f"  expected: {_indented(expected)}"] if expected is not None else []
    rows += [f"  found:    {_indented(actual)}"] if actual is not None else []
    return "\n".join((*rows, f"  mend:     {_indented(d.mend)}"))


def _apart(expected: str | None, actual: str | None) -> tuple[str | None, str | None]:
    """Two long texts, as the bodies of functions, cut to the lines where they part."""
    mine, theirs = (expected or "").split("\n"), (actual or "").split("\n")
    if expected is None or actual is None or max(len(mine), len(theirs)) <= _LONG:
        return expected, actual
    first = _alike(mine, theirs)
    last = _alike(mine[first:][::-1], theirs[first:][::-1])
    if not first + last:
        return expected, actual
    return _cut(mine, first, last), _cut(theirs, first, last)


def _alike(mine: list[str], theirs: list[str]) -> int:
    """How many lines they begin with alike."""
    pairs = zip(mine, theirs, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _cut(lines: list[str], first: int, last: int) -> str:
    end = len(lines) - last
    kept = lines[first:end] or ["(nothing here)"]
    at = f"line {first + 1}" if len(kept) == 1 else f"lines {first + 1} to {first + len(kept)}"
    return "\n".join((f"... {at} of {len(lines)}", *kept))


def _name(d: Difference) -> str:
    name = f"{d.kind.replace('_', ' ')} {d.ref}"
    return f"{name}: {d.field.replace('_', ' ')}" if d.field else name


def _indented(text: str) -> str:
    return printable(text).replace("\n", "\n" + " " * 12)


def _or_nothing(text: str | None) -> str:
    return "nothing" if text is None else text


def _value(d: Difference) -> dict[str, Any]:
    value = {"class": str(d.class_), "kind": d.kind, "ref": _parts(d.ref)}
    if d.field is not None:
        value["field"] = d.field
    return {**value, "expected": d.expected, "actual": d.actual, "mend": d.mend}


def _parts(ref: Ref) -> list[str]:
    """As in a snapshot: the kind of the owner stands at the end if it is no table."""
    parts = [ref.kind, ref.schema, ref.name]
    if ref.member:
        parts.append(ref.member)
    return [*parts, ref.within] if ref.within != "table" else parts


def _message(text: str) -> str:
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
