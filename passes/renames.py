"""Applies rename hints, all at once: `before` as if everything in it had always had its new name.

table users (full_name), view v over users.full_name, hint users -> people, users.full_name -> people.name
=>   table people (name), view v over people.name
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

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
    checker = _Checker(set(index(before)), set(index(after)), hints)
    return tuple(problem for old, new in hints.renames for problem in checker.problems(old, new))


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
    place: dict[str, Any] = {"schema": new.schema} if ref.schema else {}
    return attrs.evolve(obj, name=new.name, **place)


class _Checker:
    """Hints against the names on both sides."""

    def __init__(self, before: set[Ref], after: set[Ref], hints: Hints) -> None:
        self.before = before
        self.after = after
        self.names = _Names(dict(hints.renames))
        self.renamed = Counter(self.names.of(ref) for ref in before)
        self.lefts = Counter(old for old, _ in hints.renames)
        self.rights = Counter(new for _, new in hints.renames)

    def problems(self, old: Ref, new: Ref) -> Iterator[Diagnostic]:
        """What is wrong with one hint."""
        hint = f"{old.kind} {old} -> {new}"
        if old not in self.before:
            yield _problem("unknown-hint", f"no {hint}: {old} is not there before", "correct the name")
        elif new not in self.after:
            yield _problem("unknown-hint", f"no {hint}: {new} is not there after", "correct the name")
        if self.renamed[new] > 1:
            yield _problem("taken-name", f"no {hint}: {new} is there already", "leave the hint out")
        if old.owner is not None and new.owner != self.names.of(old.owner):
            help = f"its owner is {self.names.of(old.owner)}"
            yield _problem("moved-member", f"no {hint}: a {old.kind} stays with its owner", help)
        if self.lefts[old] > 1 or self.rights[new] > 1:
            yield _problem("repeated-hint", f"no {hint}: another hint names the same", "leave one of them")


def _problem(code: str, message: str, help: str) -> Diagnostic:
    return Diagnostic(code, message, help=help, where="hints")
