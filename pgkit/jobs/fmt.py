"""fmt: parse -> print, comments kept where they stood."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs
from attrs import define, field, frozen

from pgkit.backends.dsl import Declaration, Line, declaration, names_in, text_of
from pgkit.diag import Diagnostic, PgkitError, Source
from pgkit.frontends.dsl import read
from pgkit.frontends.dsl.builder import Builder
from pgkit.frontends.dsl.kinds import DECLARATIONS
from pgkit.frontends.dsl.syntax import mismatch
from pgkit.grammar.schema import Mismatch, parse
from pgkit.grammar.tokens import Remark


@frozen
class Formatted:
    """A file and what it should hold."""

    path: Path
    text: str
    changed: bool


def fmt(files: Sequence[Path]) -> tuple[Formatted, ...]:
    """The files formatted. Raises PgkitError, with every mistake, if one of them cannot be read."""
    raw = read(*files)
    findings: list[Diagnostic] = list(raw.unread)
    done = []
    for source in raw.sources:
        try:
            text = format_text(source)
        except PgkitError as error:
            findings.extend(error.diagnostics)
            continue
        done.append(Formatted(Path(source.name), text, text != source.text))
    if findings:
        raise PgkitError(findings)
    return tuple(done)


def format_text(source: Source) -> str:
    """The text of a file, formatted: its declarations in their order, its comments where they stood."""
    parsed = parse(source.text)
    build = Builder(source)
    made: list[tuple[str, Any]] = []
    for tree in parsed.declarations:
        if isinstance(tree, Mismatch):
            build.findings.append(mismatch(source, tree))
            continue
        sizes = {name: len(found) for name, found in build.parts.items()}
        DECLARATIONS[tree.data](build, tree)
        made.extend((n, found[-1]) for n, found in build.parts.items() if len(found) > sizes.get(n, 0))
    if build.findings:
        raise PgkitError(build.findings)
    names = names_in(build.hints())
    places = [_Place(declaration(name, obj, names), *extent)
              for (name, obj), extent in zip(made, parsed.extents, strict=True)]  # fmt: skip
    inside = [range(s.start, s.start + len(s.text)) for s in build.slots]
    rest = _attach(source.text, places, [r for r in parsed.remarks if not _within(r.start, inside)])
    body = text_of(place.made() for place in places)
    return body + ("\n" if body and rest else "") + "".join(f"{remark}\n" for remark in rest)


@define
class _Place:
    """A declaration in its source, and the comments found for it so far."""

    printed: Declaration
    start: int
    end: int
    above: list[str] = field(factory=list)
    below: list[str] = field(factory=list)
    beside: list[str] = field(factory=list)
    after: list[str] = field(factory=list)
    lines_above: dict[int, list[str]] = field(factory=lambda: defaultdict(list))
    lines_beside: dict[int, list[str]] = field(factory=lambda: defaultdict(list))

    def starts(self) -> list[int]:
        """Where the members start."""
        return sorted(line.span.start for group in self.printed.groups for line in group if line.span)

    def made(self) -> Declaration:
        """The declaration with its comments; of several beside one line, all but the first go above it."""
        groups = tuple(tuple(map(self._line, group)) for group in self.printed.groups)
        extra = [*self.beside[1:], *self.after[1:]]
        return attrs.evolve(
            self.printed, groups=groups, above=(*self.above, *extra), below=tuple(self.below),
            beside="".join(self.beside[:1]), after="".join(self.after[:1]),
        )  # fmt: skip

    def _line(self, line: Line) -> Line:
        if line.span is None:
            return line
        at = line.span.start
        beside = self.lines_beside[at]
        return attrs.evolve(line, above=(*self.lines_above[at], *beside[1:]), beside="".join(beside[:1]))


def _within(at: int, ranges: list[range]) -> bool:
    return any(at in found for found in ranges)


def _attach(text: str, places: list[_Place], remarks: list[Remark]) -> list[str]:
    """Gives each comment to what it stands beside or above; what is left stands at the end."""
    rest = []
    for remark in remarks:
        said = remark.text.rstrip()
        home = next((p for p in places if p.start <= remark.start < p.end), None)
        if home is not None:
            _attach_inside(text, home, remark, said)
        elif not remark.alone and (before := [p for p in places if p.end <= remark.start]):
            (before[-1].after if before[-1].printed.groups else before[-1].beside).append(said)
        elif after := next((p for p in places if p.start > remark.start), None):
            after.above.append(said)
        else:
            rest.append(said)
    return rest


def _attach_inside(text: str, place: _Place, remark: Remark, said: str) -> None:
    starts = place.starts()
    if remark.alone:
        following = next((s for s in starts if s > remark.start), None)
        (place.below if following is None else place.lines_above[following]).append(said)
        return
    line = text.rfind("\n", 0, remark.start)
    head = text.find("\n", place.start) > line
    beside = [s for s in starts if s < remark.start]
    if not beside or (head and beside[-1] < line):
        place.beside.append(said)
    else:
        place.lines_beside[beside[-1]].append(said)


def unformatted(done: Sequence[Formatted]) -> Iterator[Path]:
    """The files that are not as they should be."""
    return (file.path for file in done if file.changed)
