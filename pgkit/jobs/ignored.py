"""Differences that a configuration passes over, and the patterns that say which."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from attrs import frozen

from pgkit.diag import Diagnostic, Severity
from pgkit.jobs.config import Config
from pgkit.jobs.differences import Difference
from pgkit.jobs.toml import place


@frozen
class Ignore:
    """A pattern for differences that are left out: `*`, `?`, `[ab]` as in a shell; None matches everything.

    A name is that of the object, or of the table and the like that it belongs to; with a dot, both: `t.c`.
    A schema is one by itself, too.
    """

    kind: str | None = None
    schema: str | None = None
    name: str | None = None
    class_: str | None = None

    def matches(self, d: Difference) -> bool:
        """Whether the difference is one of those."""
        own = d.ref.name if d.ref.kind == "schema" else d.ref.schema
        return (
            _matches(self.kind, d.kind)
            and _matches(self.schema, own)
            and _matches(self.class_, d.class_)
            and any(_matches(self.name, name) for name in _names(d))
        )

    def __str__(self) -> str:
        words = {"kind": self.kind, "schema": self.schema, "name": self.name, "class": self.class_}
        return (
            ", ".join(f"{key} {value}" for key, value in words.items() if value is not None) or "everything"
        )


def _matches(pattern: str | None, text: str) -> bool:
    return pattern is None or pattern == text or fnmatchcase(text, pattern)


def _names(d: Difference) -> Iterator[str]:
    yield d.ref.name
    if d.ref.member:
        yield from (d.ref.member, f"{d.ref.name}.{d.ref.member}")


def unused(ignores: tuple[Ignore, ...], found: tuple[Difference, ...]) -> tuple[int, ...]:
    """The positions of those that match none of all the differences."""
    return tuple(i for i, ignore in enumerate(ignores) if not any(map(ignore.matches, found)))


def told(config: Config, positions: tuple[int, ...]) -> Iterator[Diagnostic]:
    """A finding for each of these, with its place in the configuration file."""
    section = ("tool", "pgkit") if config.file and config.file.name.endswith("pyproject.toml") else ()
    for position in positions:
        given = config.drift.ignore[position]
        ignore = Ignore(given.kind, given.schema, given.name, given.class_)
        at = (*section, "drift", "ignore", position + 1)
        yield Diagnostic(
            "unused-ignore",
            f"this ignore matches no difference: {ignore}",
            span=place(config.file, at) if config.file else None,
            help="take it out, or mend its spelling: what it was for is gone, or was never matched",
            severity=Severity.WARNING,
        )
