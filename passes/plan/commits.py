"""Marks the steps that need what came before them to be committed.

The manual, ALTER TYPE: a label that ADD VALUE added cannot be used until the transaction has been committed.
"""

from collections.abc import Iterator, Sequence

import attrs

from pgkit.ir.change import Alter, Create
from pgkit.ir.expr import Lit, Opaque
from pgkit.ir.kinds import Enum
from pgkit.ir.names import Ref
from pgkit.ir.plan import Step
from pgkit.ir.walk import inside


def with_commits(steps: Sequence[Step]) -> Iterator[Step]:
    """The steps, with a commit before the first that uses a label added by one before it."""
    added: dict[Ref, set[str]] = {}
    for step in steps:
        match step.change:
            case Alter(ref, Enum() as old, Enum() as new):
                added.setdefault(ref, set()).update(set(new.labels) - set(old.labels))
            case Alter() | Create() if added and _uses(step.change, added):
                step = attrs.evolve(step, commit_before=True)
                added = {}
        yield step


def _uses(change: Alter | Create, added: dict[Ref, set[str]]) -> bool:
    """Whether an expression says one of the labels."""
    obj = change.new
    labels = {label for found in added.values() for label in found}
    if any(e.text in labels for e in inside(obj, Lit)):
        return True
    texts = [text for e in inside(obj, Opaque) for text in e.text]
    return any("'" + label.replace("'", "''") + "'" in text for label in labels for text in texts)
