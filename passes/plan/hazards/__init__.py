"""Hazards: what each step of a plan may do beside what it is for.

Invariant: a rule looks at one change and the ground it stands on; it says what Postgres does, as measured.
What the plan itself created has no rows, and is no hazard. A lock is one only while work is done under it
that grows with the table.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from pgkit.ir.catalog import Catalog
from pgkit.ir.plan import Hazard, HazardCode, Step
from pgkit.passes.plan.hazards import (
    checks,
    columns,
    foreign_keys,
    keys,
    losses,
    meaning,
    retyping,
    sequences,
    tables,
    transactions,
    unmodelled,
)
from pgkit.passes.plan.hazards.ground import Ground, Rule, ground

RULES: Final[tuple[Rule, ...]] = (
    losses.rows,
    losses.dependents,
    losses.privileges,
    losses.roles,
    columns.added,
    columns.required,
    columns.regenerated,
    columns.counted,
    retyping.retyped,
    retyping.unfit,
    retyping.resorted,
    keys.key,
    keys.index,
    keys.exclusion,
    foreign_keys.added,
    foreign_keys.validated,
    checks.check,
    checks.domain,
    sequences.bounded,
    tables.logged,
    tables.method,
    tables.materialized,
    tables.attached,
    meaning.row_security,
    meaning.policy,
    meaning.block,
    unmodelled.touched,
    transactions.outside,
)
_ORDER: Final = {code: i for i, code in enumerate(HazardCode)}


def hazards(steps: Sequence[Step], before: Catalog, after: Catalog, version: int = 18) -> tuple[Step, ...]:
    """The steps with their hazards, on a server of that major version; `before` is in the names of `after`.

    The queries of hazards are in the names that objects had at first: they are asked before the plan runs.
    """
    if not steps:
        return ()
    there = ground(tuple(step.change for step in steps), before, after, version)
    return tuple(_with_hazards(step, i, there) for i, step in enumerate(steps))


def _with_hazards(step: Step, at: int, ground: Ground) -> Step:
    found = tuple(_one_of_each(h for rule in RULES for h in rule(step.change, at, ground)))
    outside = any(h.code is HazardCode.NOT_TRANSACTIONAL for h in found)
    return (
        attrs.evolve(step, hazards=found, transactional=step.transactional and not outside) if found else step
    )


def _one_of_each(found: Iterator[Hazard]) -> Iterator[Hazard]:
    """The first hazard of each code, in the order of codes; who cannot read cannot write."""
    first: dict[HazardCode, Hazard] = {}
    for hazard in found:
        first.setdefault(hazard.code, hazard)
    if HazardCode.BLOCKS_READS in first:
        first.pop(HazardCode.BLOCKS_WRITES, None)
    yield from sorted(first.values(), key=lambda h: _ORDER[h.code])
