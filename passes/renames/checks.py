"""What is wrong with hints."""

from collections import Counter
from collections.abc import Iterable, Iterator

import attrs

from pgkit.diag import Diagnostic
from pgkit.ir.catalog import Catalog
from pgkit.ir.hints import Hints
from pgkit.ir.names import Ref
from pgkit.ir.walk import ref_of
from pgkit.passes.renames.names import followers, new_names
from pgkit.passes.renames.resolve import CONSTRAINTS, declared, resolve
from pgkit.passes.validate.known import article


def check_hints(before: Catalog, after: Catalog, hints: Hints) -> tuple[Diagnostic, ...]:
    """What is wrong with hints: a name that is not there, or that is there already, or two for one."""
    if not hints.renames and not hints.labels:
        return ()
    checker = _Checker(before, after, resolve(before, after, hints))
    return tuple(checker.all())


class _Checker:
    """Hints against the names on both sides."""

    def __init__(self, before: Catalog, after: Catalog, hints: Hints) -> None:
        self.hints = hints
        self.before, self.after = declared(before), declared(after)
        self.before |= _columns_of_views(before, (old for old, _ in hints.renames))
        self.after |= _columns_of_views(after, (new for _, new in hints.renames))
        self.names = new_names(before, hints)
        self.owned = followers(before)
        self.renamed = Counter(self.names.of(ref) for ref in self.before)
        self.lefts = Counter(old for old, _ in hints.renames)
        self.rights = Counter(new for _, new in hints.renames)
        self.mapped = Counter(old for old, _ in hints.labels)

    def all(self) -> Iterator[Diagnostic]:
        """What is wrong with all of them."""
        for pair in self.hints.renames:
            yield from (attrs.evolve(p, span=self.hints.places.get(pair)) for p in self._rename(*pair))
        for pair in self.hints.labels:
            yield from (attrs.evolve(p, span=self.hints.places.get(pair)) for p in self._label(*pair))

    def _rename(self, old: Ref, new: Ref) -> Iterator[Diagnostic]:
        hint = f"{_word(old)} {old} -> {new}"
        if old not in self.before:
            yield _problem("unknown-hint", f"no {hint}: {old} is not there before", "correct the name")
        elif new not in self.after:
            yield _problem("unknown-hint", f"no {hint}: {new} is not there after", "correct the name")
        if self.renamed[new] > 1:
            yield _problem("taken-name", f"no {hint}: {new} is there already", "leave the hint out")
        yield from self._moved(hint, old, new)
        if self.lefts[old] > 1 or self.rights[new] > 1:
            yield _problem("repeated-hint", f"no {hint}: another hint names the same", "leave one of them")

    def _moved(self, hint: str, old: Ref, new: Ref) -> Iterator[Diagnostic]:
        """A member stays with its owner, and a sequence in the schema of the table whose column owns it."""
        if old.kind != new.kind:
            yield _problem(
                "moved-member", f"no {hint}: {article(_noun(old))} becomes no {_noun(new)}", "make it anew"
            )
        elif old.owner is not None and new.owner != self.names.of(old.owner):
            help = f"its owner is {self.names.of(old.owner)}"
            yield _problem("moved-member", f"no {hint}: {article(_noun(old))} stays with its owner", help)
        elif old in self.owned and new.schema != self.names.of(self.owned[old]).schema:
            help = f"it belongs to a column of {self.names.of(self.owned[old])}, and goes where that goes"
            yield _problem("moved-member", f"no {hint}: a sequence stays with its table", help)

    def _label(self, old: Ref, new: Ref) -> Iterator[Diagnostic]:
        """A removed label, and a label that takes its rows."""
        hint = f"map enum_value {old} -> {new}"
        if old not in self.before:
            yield _problem("unknown-hint", f"no {hint}: {old} is not there before", "correct the label")
        elif self.names.of(old) in self.after:
            yield _problem("taken-name", f"no {hint}: {old} is kept", "leave the hint out")
        if new not in self.after:
            yield _problem("unknown-hint", f"no {hint}: {new} is not there after", "correct the label")
        elif old.owner is not None and new.owner != self.names.of(old.owner):
            help = f"its enum is {self.names.of(old.owner)}"
            yield _problem("moved-member", f"no {hint}: rows keep their enum", help)
        if self.mapped[old] > 1:
            yield _problem("repeated-hint", f"no {hint}: another hint names the same", "leave one of them")


def _columns_of_views(catalog: Catalog, named: Iterable[Ref]) -> set[Ref]:
    """Those of these names that may be columns of a view, of which the source does not say what it gives."""
    views = {ref_of(v) for v in catalog.views if not v.columns}
    views |= {ref_of(v) for v in catalog.materialized_views if not v.columns}
    return {ref for ref in named if ref.kind == "column" and ref.owner in views}


def _word(ref: Ref) -> str:
    """The kind as a hint says it."""
    return "constraint" if ref.kind in CONSTRAINTS else ref.kind


def _noun(ref: Ref) -> str:
    return ref.kind.replace("_", " ")


def _problem(code: str, message: str, help: str) -> Diagnostic:
    return Diagnostic(code, message, help=help, where="hints")
