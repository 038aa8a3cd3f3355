"""Applies rename hints, all at once: `before` as if everything in it had always had its new name.

table users (full_name), view v over users.full_name, hint users -> people, users.full_name -> people.name
=>   table people (name), view v over people.name
"""

from collections.abc import Iterator, Mapping

import attrs
from attrs import field, frozen

from pgkit.diag import Diagnostic
from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Rename
from pgkit.ir.hints import Hints
from pgkit.ir.names import Ref
from pgkit.ir.walk import Declared, index, map_members, map_refs


def rename(before: Catalog, hints: Hints) -> tuple[Catalog, tuple[Rename, ...]]:
    """`before` in its new names, and the renames that this takes. Hints must have passed `check_hints`."""
    new_names = _Names(dict(hints.renames))
    if not hints.renames:
        return before, ()
    renamed = map_members(before, lambda ref, obj: _renamed(ref, obj, new_names))
    return map_refs(renamed, new_names.of), tuple(Rename(old, new) for old, new in hints.renames)


def check_hints(before: Catalog, after: Catalog, hints: Hints) -> tuple[Diagnostic, ...]:
    """What is wrong with hints: a name that is not there, or that is there already, or two for one."""
    old, new = index(before), index(after)
    new_names = _Names(dict(hints.renames))
    return tuple(
        problem for hint in hints.renames for problem in _problems(*hint, old, new, new_names, hints)
    )


def effective(before: Catalog, after: Catalog, hints: Hints) -> Hints:
    """The hints that still have something to do: those done before are left out."""
    old, new = index(before), index(after)
    todo = ((a, b) for a, b in hints.renames if not (a not in old and b in old and b in new))
    return Hints(tuple(todo))


@frozen
class _Names:
    """The new name of every Ref, with those that follow from their owner's or their schema's."""

    renames: Mapping[Ref, Ref]
    seen: dict[Ref, Ref] = field(factory=dict)

    def of(self, ref: Ref) -> Ref:
        """The Ref in the names of `after`."""
        if ref not in self.seen:
            self.seen[ref] = self._found(ref)
        return self.seen[ref]

    def _found(self, ref: Ref) -> Ref:
        if ref in self.renames:
            return self.renames[ref]
        if ref.owner is not None:
            owner = self.of(ref.owner)
            return attrs.evolve(ref, schema=owner.schema, name=owner.name)
        if ref.schema:
            return attrs.evolve(ref, schema=self.of(Ref("schema", "", ref.schema)).name)
        return ref


def _renamed(ref: Ref, obj: Declared, new_names: _Names) -> Declared:
    obj = map_members(obj, lambda r, member: _renamed(r, member, new_names), ref)
    new = new_names.of(ref)
    if new == ref:
        return obj
    if ref.member:
        return attrs.evolve(obj, name=new.member)
    place = {"schema": new.schema} if ref.schema else {}
    return attrs.evolve(obj, name=new.name, **place)


def _problems(
    old: Ref,
    new: Ref,
    before: dict[Ref, Declared],
    after: dict[Ref, Declared],
    new_names: _Names,
    hints: Hints,
) -> Iterator[Diagnostic]:
    hint = f"{old.kind} {old} -> {new}"
    moved = {a for a, _ in hints.renames}
    if old not in before:
        yield _problem(
            "unknown-hint", f"no {old.kind} {old} before: {hint}", "take the hint out, or correct the name"
        )
    elif new not in after:
        yield _problem(
            "unknown-hint", f"no {new.kind} {new} after: {hint}", "the right side is a name in the new state"
        )
    if new in before and new not in moved and new != old:
        yield _problem(
            "taken-name", f"{new} is there before already: {hint}", "rename that first, or drop the hint"
        )
    if old.owner is not None and new.owner != new_names.of(old.owner):
        yield _problem(
            "moved-member",
            f"a {old.kind} stays with its owner: {hint}",
            f"its owner is {new_names.of(old.owner)}",
        )
    if sum(1 for a, b in hints.renames if a == old or b == new) > 1:
        yield _problem("repeated-hint", f"named by more than one hint: {hint}", "leave one of them")


def _problem(code: str, message: str, help: str) -> Diagnostic:
    return Diagnostic(code, message, help=help, where="hints")
