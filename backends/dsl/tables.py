"""Tables, views and materialized views as declarations."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import field, frozen

from pgkit.backends.dsl.constraints import collation, constraint, index, inline, policy
from pgkit.backends.dsl.layout import Declaration, Line
from pgkit.backends.dsl.serials import SERIALS
from pgkit.backends.dsl.text import (
    comment,
    expression,
    name,
    parenthesised,
    path,
    place,
    query,
    sequence,
    type_,
    with_,
    words,
)
from pgkit.ir.constraints import Check, ForeignKey, Index, Unique
from pgkit.ir.names import Ref, object_name
from pgkit.ir.relations import Column, Identity, MaterializedView, Table, View
from pgkit.ir.types import Scalar
from pgkit.sql import render

_CONSTRAINTS = ("primary_keys", "uniques", "foreign_keys", "checks")
_SERIALS = tuple(Scalar(name) for name in SERIALS.values())
_LONGEST = 32  # a longer name does not push the types of all others to the right


@frozen
class Names:
    """What objects were called before."""

    renames: Mapping[Ref, Ref] = field(factory=dict)

    def said(self, owner: Any, member: Any) -> str:
        """The name of a member and what it was, if it has one of its own: Postgres gives the others."""
        if not member.name:
            return ""
        ref = Ref(member.kind, owner.schema, owner.name, member.name, owner.kind)
        return words(name(member.name), self.was(ref))

    def was(self, ref: Ref) -> str:
        """The `was` clause of an object that was renamed."""
        old = self.renames.get(ref)
        if old is None:
            return ""
        if ref.member:
            return f"was {name(old.member)}"
        schema = self.renames.get(Ref("schema", "", ref.schema))
        same = old.schema == (schema.name if schema else ref.schema)
        return f"was {name(old.name) if same else f'{name(old.schema)}.{name(old.name)}'}"


def table(of: Table, names: Names) -> Declaration:
    """A table: columns, constraints, indexes, policies, each a group."""
    inlined = _inlined(of, names)
    key = {c.member for k in of.primary_keys for c in k.columns}
    texts = [_column(of, c, inlined.get(c.name, ()), c.name in key, names) for c in of.columns]
    own = {id(c) for found in inlined.values() for c in found}
    constraints = tuple(
        Line(constraint(c, names.said(of, c)), c.span)
        for kind in _CONSTRAINTS for c in getattr(of, kind) if id(c) not in own
    )  # fmt: skip
    indexes = tuple(Line(index(i, names.said(of, i)), i.span) for i in of.indexes)
    said = (Line(comment(of.comment)),) if of.comment is not None else ()
    head = words("unlogged" if of.unlogged else "", "table", place(of.ref), names.was(of.ref))
    groups = (said, _aligned(of.columns, texts), (*constraints, *indexes), _security(of, names))
    if not any(groups):
        return Declaration(f"{head} {{}}", (), with_(of.storage), of.span)
    return Declaration(head, groups, with_(of.storage), of.span)


def _security(of: Table, names: Names) -> tuple[Line, ...]:
    return (
        *((Line("row level security"),) if of.row_security else ()),
        *((Line("force row level security"),) if of.force_row_security else ()),
        *(
            Line(policy(p, words(name(p.name), names.was(of.ref.of("policy", p.name)))), p.span)
            for p in of.policies
        ),
    )


def _aligned(columns: Iterable[Column], texts: Iterable[str]) -> tuple[Line, ...]:
    written = [(name(c.name), c, text) for c, text in zip(columns, texts, strict=True)]
    width = max((len(n) for n, _, _ in written if len(n) <= _LONGEST), default=0)
    return tuple(Line(f"{n:<{width}}  {text}", c.span) for n, c, text in written)


def _inlined(of: Table, names: Names) -> dict[str, tuple[Unique | ForeignKey | Check, ...]]:
    """The constraints that stand in the line of the one column they are on."""
    found: dict[str, tuple[Any, ...]] = {}
    own = {n for n, count in Counter(c.name for c in of.columns).items() if count == 1}
    alone: list[Any] = [c for c in (*of.uniques, *of.foreign_keys, *of.checks) if not names.said(of, c)]
    places = [(c, _only_column(of, c)) for c in alone]
    # Those that share a line and a kind are numbered in their order, so that they move together or stay.
    staying = {(column, c.kind) for c, column in places if c.comment is not None}
    for c, column in places:
        if column in own and (column, c.kind) not in staying:
            found[column] = (*found.get(column, ()), c)
    return found


def _only_column(of: Table, c: Unique | ForeignKey | Check) -> str:
    match c:
        case Unique(columns=(one,), include=()) | ForeignKey(columns=(one,)):
            return one.member
        case Check(span=None):
            return _checked(of, c)
        case Check():  # of a file: it stays where it was
            return _standing_in(of, c)
        case _:
            return ""


def _standing_in(of: Table, c: Check) -> str:
    """The column in whose line a check stands."""
    if c.span is None:
        return ""
    end, text = c.span.start, c.span.source.text
    before = [x for x in of.columns if x.span and x.span.start < end]
    last = max(before, key=lambda x: x.span.start if x.span else 0, default=None)
    if last is None or last.span is None or "\n" in text[last.span.start : end]:
        return ""
    return last.name


def _checked(of: Table, c: Check) -> str:
    from pgkit.grammar.fragments import mentioned_columns

    mentioned = mentioned_columns(render(c.expr)) & {x.name for x in of.columns}
    return next(iter(mentioned)) if len(mentioned) == 1 else ""


def _column(
    of: Table, column: Column, inlined: tuple[Unique | ForeignKey | Check, ...], in_key: bool, names: Names
) -> str:
    null = column.nullable or in_key or column.identity is not None or column.type in _SERIALS
    return words(
        type_(column.type),
        collation(column.collation),
        "" if null else "not null",
        _value(of, column),
        *(inline(c) for c in inlined),
        names.was(Ref("column", of.schema, of.name, column.name)),
        comment(column.comment),
    )


def _value(of: Table, column: Column) -> str:
    if column.identity is not None:
        return _identity(of, column, column.identity)
    if column.generated is not None:
        how = "stored" if column.generated.stored else "virtual"
        return f"generated always as {parenthesised(column.generated.expr)} {how}"
    return f"default {expression(column.default)}" if column.default is not None else ""


def _identity(of: Table, column: Column, identity: Identity) -> str:
    when = "always" if identity.always else "by default"
    usual = Ref("sequence", of.schema, object_name(of.name, column.name, "seq"))
    other = identity.sequence is not None and identity.sequence != usual
    named = f"sequence name {path(identity.sequence.schema, identity.sequence.name)}" if other else ""  # type: ignore[union-attr]
    options = words(named, sequence(identity.options, column.type))
    return words(f"generated {when} as identity", f"({options})" if options else "")


def view(of: View, names: Names) -> Declaration:
    """A view; its columns are said only where they have something to say."""
    ref = Ref("view", of.schema, of.name)
    head = words("view", place(ref), names.was(ref), with_(of.options), "as", query(render(of.query)))
    return Declaration(head, _view_columns(of, ref, names), comment(of.comment), of.span)


def materialized_view(of: MaterializedView, names: Names) -> Declaration:
    """A materialized view with its indexes."""
    ref = Ref("materialized_view", of.schema, of.name)
    head = words(
        "materialized view",
        place(ref),
        names.was(ref),
        "" if of.method == "heap" else f"using {name(of.method)}",
        with_(of.storage),
        "as",
        query(render(of.query)),
        "" if of.populated else "with no data",
    )
    indexes: tuple[Index, ...] = of.indexes
    lines = tuple(Line(index(i, names.said(of, i)), i.span) for i in indexes)
    return Declaration(head, (*_view_columns(of, ref, names), lines), comment(of.comment), of.span)


def _view_columns(of: View | MaterializedView, view: Ref, names: Names) -> tuple[tuple[Line, ...], ...]:
    was = [names.was(view.of("column", c.name)) for c in of.columns]
    if not any(was) and all(c.comment is None for c in of.columns):
        return ()
    texts = [
        words(type_(c.type), "" if c.nullable else "not null", old, comment(c.comment))
        for c, old in zip(of.columns, was, strict=True)
    ]
    return (_aligned(of.columns, texts),)
