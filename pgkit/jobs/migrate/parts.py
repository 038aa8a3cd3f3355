"""A plan as the files of a migration: one, unless something in between must be committed."""

from collections.abc import Iterator, Sequence

from attrs import frozen

from pgkit.backends.ddl.script import Run, comment_lines, guards, runs, settings
from pgkit.diag import fail
from pgkit.frontends.drizzle import BREAKPOINT
from pgkit.ir.plan import Plan, Step


@frozen
class Part:
    """What goes into one file: its steps, and its text."""

    steps: tuple[Step, ...]
    text: str


def parts(plan: Plan) -> tuple[Part, ...]:
    """The files of a plan. The guards stand in the first: nothing has run when they stop it."""
    groups = list(_groups(list(runs(plan))))
    first = [f"{guard};" for guard in guards(plan)]
    return tuple(_part(group, first if at == 0 else []) for at, group in enumerate(groups))


def _groups(all: Sequence[Run]) -> Iterator[list[Run]]:
    """Runs that can be in one file: what cannot run in a transaction is in one of its own."""
    group: list[Run] = []
    for run in all:
        alone = not run.step.transactional
        if any(r.statements for r in group) and (run.step.commit_before or alone or _is_alone(group)):
            yield group
            group = []
        group.append(run)
    if any(r.statements for r in group):
        yield group


def _is_alone(group: Sequence[Run]) -> bool:
    return any(not run.step.transactional for run in group)


def _part(group: Sequence[Run], first: Sequence[str]) -> Part:
    steps = tuple(run.step for run in group)
    lead = [f"{statement};" for statement in settings(Plan(steps=steps))]
    pieces = [*lead, *first, *(piece for run in group for piece in _pieces(run))]
    return Part(steps, joined(pieces))


def _pieces(run: Run) -> Iterator[str]:
    comments = "".join(f"{line}\n" for hazard in run.step.hazards for line in comment_lines(hazard))
    for statement in run.statements:
        yield f"{comments}{statement};"
        comments = ""


def joined(pieces: Sequence[str]) -> str:
    """Pieces as Drizzle keeps them in a file, each to be sent by itself."""
    for piece in pieces:
        if BREAKPOINT in piece:
            help = "Drizzle would cut the statement in two there: write it in another way"
            raise fail("holds-breakpoint", f"a statement holds the text `{BREAKPOINT}`", help=help)
    return f"{BREAKPOINT}\n".join(pieces) + "\n"
