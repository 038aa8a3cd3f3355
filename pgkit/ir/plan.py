"""A plan: changes in an order that works, each with what it risks and how it must be run."""

from enum import StrEnum

from attrs import frozen

from pgkit.ir.change import Change


class HazardCode(StrEnum):
    """What a step may do beside what it is for."""

    DELETES_DATA = "deletes-data"
    MAY_FAIL = "may-fail"  # on rows that are there; the query finds them
    REWRITES_TABLE = "rewrites-table"
    SCANS_TABLE = "scans-table"
    BLOCKS_WRITES = "blocks-writes"
    BLOCKS_READS = "blocks-reads"
    LOSES_PRIVILEGES = "loses-privileges"
    LOSES_DEPENDENTS = "loses-dependents"
    NOT_TRANSACTIONAL = "not-transactional"
    CHANGES_MEANING = "changes-meaning"
    TOUCHES_UNMODELLED = "touches-unmodelled"


@frozen
class Hazard:
    """One risk of one step: a clause for a person, and a query that tells whether it is real."""

    code: HazardCode
    message: str
    query: str | None = None


@frozen
class Guard:
    """A query that must give no row, or the plan must not begin: `message` says what its rows are."""

    query: str
    message: str


@frozen(kw_only=True)
class Step:
    """One change of a plan.

    `commit_before`: what comes before must be committed first. `transactional`: whether it can run in a
    transaction at all.
    """

    change: Change
    hazards: tuple[Hazard, ...] = ()
    guard: Guard | None = None
    commit_before: bool = False
    transactional: bool = True


@frozen(kw_only=True)
class Plan:
    """The steps from one catalog to another; `base` is the fingerprint of the first."""

    steps: tuple[Step, ...] = ()
    base: str = ""

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes alone, in order."""
        return tuple(step.change for step in self.steps)
