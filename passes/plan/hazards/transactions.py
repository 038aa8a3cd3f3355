"""Statements that Postgres refuses inside a transaction."""

import re
from collections.abc import Iterator
from typing import Final

from pgkit.grammar.definitions import statements
from pgkit.ir.change import Alter, Change, Create
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.plan import Hazard, HazardCode
from pgkit.passes.plan.hazards.ground import Ground

# The manual's notes on each: "cannot be executed inside a transaction block".
_ALONE: Final = re.compile(
    r"\s*(?:VACUUM|ALTER\s+SYSTEM|(?:CREATE|DROP)\s+(?:DATABASE|TABLESPACE)|REINDEX\s+(?:DATABASE|SYSTEM)|"
    r"(?:CREATE\s+(?:UNIQUE\s+)?|DROP\s+|RE)INDEX\s+CONCURRENTLY|REINDEX\b.*\bCONCURRENTLY|"
    r"ALTER\s+TABLE\b.*\bDETACH\s+PARTITION\b.*\bCONCURRENTLY)\b",
    re.IGNORECASE | re.DOTALL,
)


def outside(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """A `sql` block with a statement that must run on its own."""
    match change:
        case Create(ref, Unmodelled(kind="sql") as new) | Alter(ref, _, Unmodelled(kind="sql") as new):
            for statement in statements(new.definition):
                if found := _ALONE.match(statement):
                    words = " ".join(found[0].split()[:3]).upper()
                    yield Hazard(
                        HazardCode.NOT_TRANSACTIONAL, f"{words} in {ref.name} runs outside a transaction"
                    )
