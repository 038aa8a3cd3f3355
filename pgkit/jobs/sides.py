"""Two catalogs on their way to a form in which they compare exactly: both as Postgres would write them."""

from collections.abc import Callable, Iterator
from typing import Final, Literal

from attrs import define, field

from pgkit.diag import Diagnostic
from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Alter, Change, Create, Drop, differing
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.walk import Declared, members_of
from pgkit.jobs.settle import Surroundings, settle
from pgkit.passes.align_names import align_names
from pgkit.passes.any_names import without_names
from pgkit.passes.diff import diff
from pgkit.runtime.embedded import Server

PASSES: Final = 3  # to the last form; two are known to be needed

# Which names of constraints and indexes count: those that somebody gave, all, or none.
Names = Literal["implied", "strict", "ignore"]


@define
class Sides:
    """`before` and `after`, and the changes between them as they stand."""

    before: Catalog
    after: Catalog
    names: Names = "implied"
    changes: tuple[Change, ...] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.compare()

    def compare(self) -> None:
        """Brings the changes up to date."""
        self.changes = diff(*named_alike(self.before, self.after, self.names))


def named_alike(before: Catalog, after: Catalog, names: Names) -> tuple[Catalog, Catalog]:
    """Both as they are compared: `after` with names of `before` where names do not count."""
    match names:
        case "strict":
            return before, after
        case "implied":
            return before, align_names(before, after)
        case "ignore":
            alike = without_names(before, after)
            return alike.before, alike.after


async def settle_both(
    both: Sides, server: Callable[[], Server], around: Surroundings
) -> tuple[Diagnostic, ...]:
    """Settles what differs in text, first before, then after: each has a last form.

    What is equal as it stands is not asked about, and the server only asked for if something is left.
    """
    findings: dict[str, Diagnostic] = {}
    for side in ("before", "after"):
        for _ in range(PASSES):
            if not (wanted := frozenset(_to_settle(both.changes))):
                return tuple(findings.values())
            unsettled = getattr(both, side)
            settled = await settle(unsettled, wanted, server(), around)
            findings = {**{d.where: d for d in settled.findings}, **findings}
            if settled.catalog == unsettled:
                break
            setattr(both, side, settled.catalog)
            both.compare()
    return tuple(findings.values())


def _to_settle(changes: tuple[Change, ...]) -> Iterator[Ref]:
    """The objects on both sides whose text differs, where Postgres may have written one in another way.

    A member that is on one side only may be the other side's under an implied name: it is settled too.
    """
    dropped = {c.ref: c.old for c in changes if isinstance(c, Drop)}
    places = {(r.owner, r.kind) for r in dropped if r.owner}
    for change in changes:
        match change:
            case Alter(ref, old, new):
                fields = differing(old, new)
            case Create(ref, new) if ref in dropped:
                fields = differing(dropped[ref], new)
                yield from (r for r, _ in members_of(new, ref) if r.kind == "check")
            case Create(ref, new) if (ref.owner, ref.kind) in places:
                fields = _ALL
                yield from (r for r in dropped if (r.owner, r.kind) == (ref.owner, ref.kind))
            case _:
                continue
        texts = _DEFINITION if _is_rewritten(new) else _WITH_TEXT.get(ref.kind, set())
        if texts and (fields is _ALL or texts.intersection(fields)):
            yield ref


def _is_rewritten(obj: Declared) -> bool:
    """Whether Postgres writes the definition of an object that is not modelled; a routine keeps its body.

    Each version writes some of them in its own way. `ROW (a, b) IS DISTINCT FROM ROW (c, d)`, in a trigger
    too, comes back in parentheses that the next reading drops.
    """
    if not isinstance(obj, Unmodelled) or obj.kind == "sql":
        return False
    return obj.kind not in ("function", "procedure") or "BEGIN ATOMIC" in (obj.definition or "")


_ALL: Final = ("",)
_DEFINITION: Final = {"hash"}
# What Postgres may write in another way than it was given: expressions, names of types and operator classes.
_WITH_TEXT: Final = {
    "column": {"type", "default", "generated"},
    "domain": {"type", "default"},
    "attribute": {"type"},
    "range": {"subtype", "opclass"},
    "check": {"expr"},
    "index": {"keys", "where", "storage"},
    "policy": {"using", "check"},
    "view": {"query", "options"},
    "materialized_view": {"query", "storage"},
}
