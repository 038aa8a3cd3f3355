"""The hints that a user gives: on the command line, in a file, in the file where answers are kept."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from attrs import evolve

from pgkit.diag import Diagnostic, PgkitError, Severity, Source
from pgkit.frontends.hints import merge, parse, print_hint, read
from pgkit.ir.catalog import Catalog
from pgkit.ir.hints import Hints
from pgkit.passes.renames import resolve
from pgkit.passes.renames.resolve import declared
from pgkit.passes.suggest import Suggestion

DEFAULT_FILE: Final = Path("pgkit.hints")
"""Where answers are kept when no file is named, and read from the next time."""

COMMAND_LINE: Final = "--rename"


def asked_hints(renames: Sequence[str], file: Path | None) -> Hints:
    """The hints of `--rename` and of the file. Raises PgkitError for those that cannot be read."""
    said = (_read(Source(COMMAND_LINE, text), 2) for text in renames)
    return merge(*said, _read(read(file), 3) if file is not None else Hints())


def standing(before: Catalog, after: Catalog, hints: Hints) -> Hints:
    """The hints in the names of the catalogs, without those of a file that were done before.

    A file keeps its hints until somebody takes them out; what is said on the command line is meant now.
    """
    resolved = resolve(before, after, hints)
    old, new = declared(before), declared(after)
    done = {(a, b) for a, b in resolved.renames if a not in old and b in old and b in new}
    done = {p for p in done if p not in resolved.places or resolved.places[p].source.name != COMMAND_LINE}
    return evolve(resolved, renames=tuple(p for p in resolved.renames if p not in done))


def kept_answers(file: Path = DEFAULT_FILE) -> Hints:
    """What was answered before, which may be about anything. Raises PgkitError for what cannot be read."""
    return _read(read(file), 3) if file.is_file() else Hints()


def _read(source: Source, exit_code: int) -> Hints:
    hints, problems = parse(source)
    if problems:
        raise PgkitError(problems, exit_code)
    return hints


def told(suggestions: Iterable[Suggestion]) -> tuple[Diagnostic, ...]:
    """Likely renames as notes: what is dropped and made, why it may be one thing, the hint to give."""
    return tuple(_note(s) for s in suggestions)


def _note(said: Suggestion) -> Diagnostic:
    message = f"{what(said)} may be {said.new} now: {said.reason}"
    also = [*(f"it could be {ref}" for ref in said.others), *(f"{ref} could be that" for ref in said.rivals)]
    message += f"; but {' and '.join(also)} as well" if also else ""
    help = f"if it is, say so with --rename '{print_hint(said.old, said.new)}'"
    return Diagnostic("maybe-renamed", message, help=help, severity=Severity.NOTE, where=str(said.old))


def what(said: Suggestion) -> str:
    """The old thing, with the word for its kind."""
    return f"{said.old.kind.replace('_', ' ')} {said.old}"
