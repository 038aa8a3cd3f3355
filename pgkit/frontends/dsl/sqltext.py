"""Judges the SQL inside declarations with Postgres's own grammar, each mistake at its place in the file."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from re import compile

from pgkit.diag import Diagnostic, Span
from pgkit.frontends.dsl.builder import Slot
from pgkit.sql.keywords import NOT_BARE

# Constants and plain calls need no parser: most defaults are one of these.
_PLAIN = compile(r"[0-9]{1,9}|'[^'\\]*'|true|false|null|[a-z_][a-z0-9_]{2,62}\(\)")
_SQL = sorted(
    NOT_BARE
    | set(["execute", "function", "insert", "update", "delete", "trigger", "returns", "language", "exists"])
)
_KEYWORDS = frozenset(("not()", "all()", "any()", "and()", "case()", "cast()", "row()", "some()"))


def problems(slots: Iterable[Slot]) -> Iterator[Diagnostic]:
    """What Postgres does not take, slot by slot."""
    for slot in slots:
        if slot.kind == "default" and _PLAIN.fullmatch(slot.text) and slot.text not in _KEYWORDS:
            continue
        if (found := _problem(slot)) is not None:
            yield found


def _problem(slot: Slot) -> Diagnostic | None:
    from pgkit.grammar import fragments  # costs 0.1 s, and a schema of plain tables needs none of it

    match slot.kind:
        case "query":
            problem = fragments.query_problem(slot.text)
        case "script":
            problem = fragments.script_problem(slot.text)
        case _:
            problem = fragments.expression_problem(slot.text, slot.kind == "default")
    if problem is None:
        return None
    start = slot.start + min(problem.at, max(0, len(slot.text) - 1))
    width = _width(slot, problem.at)
    help = problem.help or _near(slot.text[problem.at : problem.at + width])
    return Diagnostic("sql", problem.message, Span(slot.source, start, start + width), help)


def _near(word: str) -> str:
    near = (
        get_close_matches(word.lower(), _SQL, 1, 0.7) if word.isalpha() and word.lower() not in _SQL else []
    )
    return f"did you mean `{near[0]}`?" if near else "Postgres reads the SQL up to here: mend it at the mark"


def _width(slot: Slot, at: int) -> int:
    """How much to mark: the word that Postgres stopped at."""
    rest = slot.text[at:]
    word = next((i for i, c in enumerate(rest) if not (c.isalnum() or c == "_")), len(rest))
    return max(1, word)
