"""Asks at the terminal whether something was dropped and made anew, or renamed; keeps the answers."""

import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pgkit.diag import fail, printable
from pgkit.frontends.hints import merge, print_hints
from pgkit.ir.hints import Hints
from pgkit.ir.names import Ref
from pgkit.jobs.hints import DEFAULT_FILE, what
from pgkit.passes.suggest import Suggestion

Likely = Callable[[Hints], Iterable[Suggestion]]  # what is likely beyond the hints


def can_ask() -> bool:
    """Whether somebody is there to answer."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def answer(suggestions: Sequence[Suggestion], file: Path = DEFAULT_FILE) -> Hints:
    """The renames that the user says are ones, each added to the file at once.

    Without a terminal nothing is asked; when the input ends, nothing more is. Ctrl-C is a KeyboardInterrupt.
    """
    found = Hints()
    if not can_ask():
        return found
    with _interruptible():
        for suggestion in suggestions:
            choices = _choices(suggestion, found)
            picked = _ask(suggestion, choices) if choices else 0
            if picked is None:
                return found
            if picked:
                said = Hints(((suggestion.old, choices[picked - 1]),))
                keep(said, file)
                found = merge(found, said)
    return found


def converse(likely: Likely, hints: Hints, file: Path = DEFAULT_FILE) -> Hints:
    """The hints with all that is answered: an answer may raise questions, of a renamed table's columns."""
    asked: set[Ref] = set()
    while new := [s for s in likely(hints) if s.old not in asked]:
        asked |= {s.old for s in new}
        said = answer(new, file)
        if not said.renames:
            break
        hints = merge(hints, said)
    return hints


def keep(hints: Hints, file: Path) -> None:
    """Adds hints to a file, which is as it was or has them all, whatever happens. Raises PgkitError."""
    target = file.resolve()
    try:
        old = target.read_bytes() if target.exists() else b""
        end = b"" if not old or old.endswith(b"\n") else b"\n"
        _replace(target, old + end + print_hints(hints).encode())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        help = "name another file with --hints"
        raise fail("cannot-write", f"cannot write the file: {reason}", where=str(file), help=help) from None


def _replace(target: Path, content: bytes) -> None:
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as staged:
            staged.write(content)
            staged.flush()
            os.fsync(staged.fileno())
        os.chmod(name, mode)
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise


def _umask() -> int:
    found = os.umask(0)
    os.umask(found)
    return found


def _choices(suggestion: Suggestion, found: Hints) -> list[Ref]:
    """What it may be now, without what something else was said to be."""
    taken = {new for _, new in found.renames}
    return [ref for ref in (suggestion.new, *suggestion.others) if ref not in taken]


def _ask(suggestion: Suggestion, choices: list[Ref]) -> int | None:
    """The number of the answer, 0 for dropped and made anew; None when the input ends."""
    lines = [f"{what(suggestion)} is not there any more, and {choices[0]} is new: {suggestion.reason}"]
    lines += [f"  {number}  it was renamed to {ref}" for number, ref in enumerate(choices, 1)]
    lines += ["  0  it is dropped, and what is new is made"]
    _say("".join(f"{printable(line)}\n" for line in lines))
    while True:
        _say(f"[0-{len(choices)}] ")
        line = sys.stdin.readline()
        if not line:
            _say("\n")
            return None
        if line.strip().isdecimal() and int(line) <= len(choices):
            return int(line)


def _say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


@contextmanager
def _interruptible() -> Iterator[None]:
    """Has Ctrl-C end the waiting: an event loop's own handler would only make a note of it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
