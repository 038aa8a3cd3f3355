"""Makes anew what stands in the way of a change: dropped before it, created after it.

    Alter(column t.c: type), view v over t.c   =>   Drop(v), Alter(t.c), Create(v)

What Postgres rebuilds by itself (indexes, checks) stays; what it refuses to touch (views, policies, generated
columns, foreign keys over types without a common operator) is made anew, with all that depends on it.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import attrs
from attrs import define, field

from pgkit.grammar.definitions import alterable, remakable
from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Alter, Change, Create, Drop
from pgkit.ir.constraints import Check, ForeignKey, Index, PrimaryKey, Unique
from pgkit.ir.kinds import Domain, Range, Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column
from pgkit.ir.types import Array, PgType, Scalar
from pgkit.ir.walk import Declared, index, members_of
from pgkit.passes.belongings import goes_with
from pgkit.passes.plan.mentions import Mentions
from pgkit.passes.slots import Slot, slots

# The manual, ALTER TABLE, and ATExecAlterColumnType: these refuse a change of the type of what they use.
_HOLD_TYPES = frozenset(
    ("view", "materialized_view", "policy", "trigger", "function", "procedure", "rule", "publication")
)
_RESET = ("column_storage", "column_compression")  # by a change of type, to what the new type says
_TEXT: Final = Scalar("text")
_NO_DEFAULT: Final[dict[str, Any]] = {"default": None}
_ALIKE = ({"smallint", "integer", "bigint"}, {"text", "character varying"})


def rebuild(
    before: Catalog, after: Catalog, changes: Iterable[Change], aside: frozenset[Ref] = frozenset()
) -> tuple[Change, ...]:
    """The changes, with those that make anew what is in their way; `aside` are types that are set aside."""
    work = _Work(index(before), index(after), tuple(changes))
    work.spread(aside)
    return tuple(work.result())


@define
class _Work:
    """The closure of what must be made anew."""

    old: dict[Ref, Declared]
    new: dict[Ref, Declared]
    changes: tuple[Change, ...]
    mentions: Mentions = field(init=False)
    dropped: set[Ref] = field(init=False)
    retaken: set[Slot] = field(init=False)  # the names that something new takes
    facts: dict[Ref, Unmodelled] = field(init=False)
    anew: dict[Ref, None] = field(factory=dict)  # in the order of finding
    in_text: dict[Ref, None] = field(factory=dict)  # columns that are text while their range is made anew
    loosened: dict[Ref, None] = field(factory=dict)  # columns and domains without their defaults for a while

    def __attrs_post_init__(self) -> None:
        self.mentions = Mentions(self.old)
        self.facts = {ref: obj for ref, obj in self.old.items() if isinstance(obj, Unmodelled)}
        self.dropped = {c.ref for c in self.changes if isinstance(c, Drop)}
        self.retaken = {s for c in self.changes if isinstance(c, Create) for s in slots(c.ref, c.new)}

    def spread(self, aside: frozenset[Ref]) -> None:
        """Finds what stands in the way, then what stands in the way of that, and so on."""
        waiting = [ref for c in self.changes for ref in self._in_the_way(c)]
        waiting += [c.ref for c in self.changes if _redefined(c)]
        waiting += [r for ref in aside for r in self.mentions.of(ref) if self._holds(r)]
        while waiting:
            ref = waiting.pop(0)
            if ref in self.anew or ref in self.dropped or ref not in self.new:
                continue
            if not _can_be_made_anew(ref, self.old[ref]):
                continue
            self.anew[ref] = None
            waiting += self._on_dropped(ref)

    def _holds(self, ref: Ref) -> bool:
        """Whether it must let go of a type by itself: columns and the like move over by comparison."""
        return ref.kind in _HOLD_TYPES or isinstance(self.old[ref], Unmodelled)

    def _in_the_way(self, change: Change) -> Iterator[Ref]:
        match change:
            case Drop(ref, PrimaryKey() | Unique() | Index() as key):
                yield from self._on_key(ref, key)
                yield from self._grouped(ref)
                yield from self._on_dropped(ref) if ref in self.new else ()
            case Drop(ref) if ref in self.new:
                yield from self._on_dropped(ref)
            case Drop(ref, Column()):
                # What is on both sides and says its name only seems to be equal: select *
                yield from (r for r in self.mentions.of(ref) if r.kind in ("view", "materialized_view"))
            case Alter(ref, Column() as old, Column() as new) if _retyped(old, new):
                yield from self._on_type(ref, old.type, new.type)
            case Create(ref) | Drop(ref) | Alter(ref) if ref.kind == "attribute" and ref.owner is not None:
                yield from (r for r in self.mentions.of(ref.owner) if r.kind == "of_type")
            case Create(Ref(kind="column") as ref) if ref.owner in self.old:
                yield from self._with_star(ref.owner)
            case Drop(ref):
                yield from self._on_replaced(ref)

    def _on_replaced(self, ref: Ref) -> Iterator[Ref]:
        """What says the same of that which comes in its place: a function over a view, once a table."""
        changed = {c.ref for c in self.changes}
        yield from (r for r in self.mentions.of(ref) if r in self.facts and r not in changed)
        if not self.retaken.isdisjoint(slots(ref, self.old[ref])):
            yield from (r for r in self.mentions.of(ref) if r.kind in ("view", "materialized_view"))

    def _on_dropped(self, ref: Ref) -> Iterator[Ref]:
        obj = self.old[ref]
        if isinstance(obj, Range):
            yield from self._on_range(ref, obj)
            return
        for gone in (ref, *(r for r, _ in members_of(obj, ref))):
            yield from (r for r in self.mentions.of(gone) if r.owner != ref and not self._loosens(obj, r))
        yield from (r for r, facts in self.facts.items() if goes_with(ref, facts))
        if isinstance(obj, PrimaryKey | Unique | Index):
            yield from self._on_key(ref, obj)

    def _on_range(self, ref: Ref, range_: Range) -> Iterator[Ref]:
        """Columns of a range go through text, so what uses them is made anew; so is all else of the range."""
        for gone in (ref, *(r for r, _ in members_of(range_, ref))):
            for other in self.mentions.of(gone):
                obj = self.old[other]
                if isinstance(obj, Column) and other.within == "table" and obj.generated is None:
                    self.in_text[other] = None
                    yield from (r for r in self.mentions.of(other) if r.kind != "sequence")
                elif other != ref:
                    yield other

    def _through_text(self) -> Iterator[Change]:
        for ref in self.in_text:
            old, new = self.old[ref], self.new.get(ref)
            if isinstance(old, Column) and isinstance(new, Column):
                text = attrs.evolve(old, type=_TEXT, default=None)
                yield from (Alter(ref, old, text), Alter(ref, text, new))

    def _loosens(self, gone: Declared, ref: Ref) -> bool:
        """Whether all that `ref` must let go is its default: then it does, for a while."""
        obj = self.old[ref]
        if not isinstance(gone, Unmodelled) or not isinstance(obj, Column | Domain) or obj.default is None:
            return False
        self.loosened[ref] = None
        return True

    def _on_key(self, ref: Ref, key: PrimaryKey | Unique | Index) -> Iterator[Ref]:
        """The foreign keys that may rest on a key: Postgres remembers which one it is, the IR does not."""
        columns = _key_columns(key)
        if not columns:
            return
        for other in self.mentions.of(columns[0]):
            obj = self.old[other]
            if isinstance(obj, ForeignKey) and set(obj.references) == set(columns):
                yield other

    def _grouped(self, ref: Ref) -> Iterator[Ref]:
        """Views that may rest on a primary key: one that groups by it selects the other columns too."""
        if ref.kind == "primary_key" and ref.owner:
            for other in self.mentions.of(ref.owner):
                if other.kind in ("view", "materialized_view"):
                    yield other

    def _on_type(self, ref: Ref, old: PgType, new: PgType) -> Iterator[Ref]:
        for other in self.mentions.of(ref):
            obj = self.old[other]
            if (
                obj.kind in _HOLD_TYPES
                or obj.kind in _RESET
                or (isinstance(obj, Column) and obj.generated is not None)
                or (_rests_on_type(obj) and not _alike(old, new))
            ):
                yield other

    def _with_star(self, table: Ref) -> Iterator[Ref]:
        """Views that select every column of a table, as their text says."""
        star = table.of("column", "*")
        yield from (r for r in self.mentions.of(star) if r.kind in ("view", "materialized_view"))

    def result(self) -> Iterator[Change]:
        """The changes, less those of what is made anew, and a Drop and a Create of each of these."""
        for change in self.changes:
            loosened = isinstance(change, Alter) and change.ref in {**self.loosened, **self.in_text}
            loosened |= isinstance(change, Alter) and change.ref.owner in self.dropped  # a view's column
            if change.ref not in self.anew and change.ref.owner not in self.anew and not loosened:
                yield change
        yield from self._without_defaults()
        yield from self._through_text()
        for ref in self.anew:
            if ref.owner not in self.anew:
                yield Drop(ref, self.old[ref])
                yield Create(ref, self.new[ref])

    def _without_defaults(self) -> Iterator[Change]:
        for ref in self.loosened:
            old, new = self.old[ref], self.new.get(ref)
            if new is None or ref in self.dropped or ref in self.anew:
                continue
            without: Any = attrs.evolve(old, **_NO_DEFAULT)
            yield Alter(ref, old, without)
            if without != new:
                yield Alter(ref, without, new)


def _redefined(change: Change) -> bool:
    """Whether it is something unmodelled whose definition cannot take the place of the old one."""
    match change:
        case Alter(_, Unmodelled() as old, Unmodelled() as new):
            return not alterable(old, new) and remakable(old, new)
        case _:
            return False


def _retyped(old: Column, new: Column) -> bool:
    return (old.type, old.collation) != (new.type, new.collation)


def _rests_on_type(obj: Declared) -> bool:
    """Whether it uses operators of a type, which Postgres looks for anew, perhaps in vain."""
    match obj:
        case ForeignKey() | Check():
            return True
        case Index(keys=keys, where=where):
            return where is not None or any(k.expr is not None or k.opclass is not None for k in keys)
        case _:
            return (
                isinstance(obj, Unmodelled) and obj.kind == "exclude" and " WHERE " in (obj.definition or "")
            )


def _alike(old: PgType, new: PgType) -> bool:
    """Whether the operators of one type take the other's values too: they share a family."""
    if isinstance(old, Array) and isinstance(new, Array):
        return _alike(old.of, new.of)
    if not isinstance(old, Scalar) or not isinstance(new, Scalar):
        return False
    return old.name == new.name or any({old.name, new.name} <= family for family in _ALIKE)


def _can_be_made_anew(ref: Ref, obj: Declared) -> bool:
    """Columns hold rows: only a generated one can be made anew."""
    if isinstance(obj, Column):
        return obj.generated is not None and ref.within == "table"
    return ref.kind not in ("table", "sequence", "schema", "role", "extension", "attribute")


def _key_columns(key: PrimaryKey | Unique | Index) -> tuple[Ref, ...]:
    if isinstance(key, Index):
        plain = key.unique and key.where is None
        return tuple(k.column for k in key.keys if k.column is not None) if plain else ()
    return key.columns
