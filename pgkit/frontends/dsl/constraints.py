"""Constraints, indexes and policies from their trees, and the parts of a table that they go to."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import attrs
from attrs import field, frozen

from pgkit.frontends.dsl.builder import Builder, Old, subtrees, tokens_of, trees_of
from pgkit.grammar.schema import Tree
from pgkit.ir.constraints import (
    Action,
    Check,
    Deferral,
    ForeignKey,
    Index,
    IndexKey,
    Policy,
    PrimaryKey,
    Unique,
)
from pgkit.ir.names import Ref


@frozen
class Owner:
    """What members are built for: its Ref, its Ref before a rename, and where they are put."""

    ref: Ref
    before: Old
    parts: dict[str, list[Any]] = field(factory=dict)

    def add(self, kind: str, member: Any) -> None:
        """Puts a member into a field of the owner."""
        self.parts.setdefault(kind, []).append(member)


def constraint(build: Builder, owner: Owner, tree: Tree, comment: str | None = None) -> None:
    """A constraint of a table or a domain: `[constraint NAME] primary key (...)` and its like."""
    names = tokens_of(tree, "IDENT")
    name = build.name(names[0]) if names else ""
    element = trees_of(tree)[-1]
    made: Any
    match element.data:
        case "primary_key":
            made = _key(build, owner, PrimaryKey, name, element)
            field_ = "primary_keys"
        case "unique":
            made = _key(build, owner, Unique, name, element)
            field_ = "uniques"
        case "foreign_key":
            columns = _columns(build, owner.ref, subtrees(element, "columns")[0])
            made = foreign_key(build, name, columns, subtrees(element, "references")[0])
            field_ = "foreign_keys"
        case _:
            made, field_ = check(build, name, element), "checks"
    span = build.span(names[0] if names else element)
    owner.add(field_, attrs.evolve(made, comment=comment, span=span))
    if name:
        build.was(tree, owner.ref.of(made.kind, name), owner.before)


def _key(build: Builder, owner: Owner, cls: Any, name: str, tree: Tree) -> Any:
    columns = _columns(build, owner.ref, subtrees(tree, "columns")[0])
    include = [_columns(build, owner.ref, c) for i in subtrees(tree, "include") for c in trees_of(i)]
    extra = {"nulls_not_distinct": True} if subtrees(tree, "nulls_not_distinct") else {}
    return cls(
        name=name, columns=columns, include=include[0] if include else (), **extra, **key_clauses(build, tree)
    )


def key_clauses(build: Builder, tree: Tree) -> dict[str, Any]:
    """What the clauses after a key say; a key has no more than a deferral."""
    found = clauses(build, tree)
    for name in ("validated", "enforced", "no_inherit"):
        if name in found:
            del found[name]
            span = build.span(tree)
            help = "it is for checks and foreign keys"
            build.wrong("clause", "a key is always enforced and valid", span.start, span.end, help)
    return found


def clauses(build: Builder, tree: Tree) -> dict[str, Any]:
    """The fields that the clauses after a constraint set."""
    found: dict[str, Any] = {}
    deferrable, deferred = False, False
    for clause in trees_of(tree):
        match clause.data:
            case "deferrable":
                deferrable = True
            case "initially":
                deferred = tokens_of(clause)[0].value == "deferred"
            case "not_valid":
                found["validated"] = False
            case "not_enforced":
                found["enforced"] = False
            case "no_inherit":
                found["no_inherit"] = True
    if deferred or deferrable:
        found["deferral"] = Deferral.DEFERRED if deferred else Deferral.IMMEDIATE
    return found


def check(build: Builder, name: str, tree: Tree) -> Check:
    """A check; Postgres does not defer them."""
    found = clauses(build, tree)
    token = tokens_of(tree, "PARENS")[0]
    if found.pop("deferral", None):
        build.wrong("clause", "a check cannot be deferred", token.start, token.end, "leave `deferrable` out")
    return Check(name=name, expr=build.expression(token), span=build.span(token), **found)


def foreign_key(build: Builder, name: str, columns: tuple[Ref, ...], tree: Tree) -> ForeignKey:
    """A foreign key; without columns it refers to the table, until its primary key is known."""
    schema, table = build.qname(trees_of(tree)[0])
    target = Ref("table", schema, table)
    written = subtrees(tree, "columns")
    found = clauses(build, tree)
    if found.pop("no_inherit", None):
        span = build.span(tree)
        build.wrong("clause", "`no inherit` is for checks", span.start, span.end, "leave it out")
    for clause in trees_of(tree):
        match clause.data:
            case "on_delete":
                found["on_delete"] = _action(trees_of(clause)[0])
                if touched := subtrees(clause, "columns"):
                    found["set_columns"] = _columns(build, _owner_of(columns), touched[0])
            case "on_update":
                found["on_update"] = _action(trees_of(clause)[0])
            case "match":
                found["match_full"] = tokens_of(clause)[0].value == "full"
    references = _columns(build, target, written[0]) if written else (target,)
    return ForeignKey(name=name, columns=columns, references=references, span=build.span(tree), **found)


def _owner_of(columns: tuple[Ref, ...]) -> Ref:
    return columns[0].owner or columns[0]


def _action(tree: Tree) -> Action:
    return Action(tree.data.replace("_", " "))


def _columns(build: Builder, table: Ref, tree: Tree) -> tuple[Ref, ...]:
    return tuple(table.of("column", build.name(t)) for t in tokens_of(tree, "IDENT"))


def index(build: Builder, owner: Owner, tree: Tree) -> None:
    """An index."""
    names = tokens_of(tree, "IDENT")
    name = build.name(names[0]) if names else ""
    found: dict[str, Any] = {"unique": tree.data == "unique_index", "comment": build.comment(tree)}
    for clause in trees_of(tree):
        if clause.data in _INDEX:
            field, read = _INDEX[clause.data]
            found[field] = read(build, owner.ref, clause)
    span = build.span(names[0] if names else tree)
    owner.add("indexes", Index(name=name, span=span, **found))
    if name:
        build.was(tree, owner.ref.of("index", name), owner.before)


_INDEX: Final[Mapping[str, tuple[str, Callable[[Builder, Ref, Tree], Any]]]] = {
    "keys": ("keys", lambda build, table, c: tuple(_index_key(build, table, k) for k in trees_of(c))),
    "using": ("method", lambda build, table, c: build.name(tokens_of(c)[0])),
    "include": ("include", lambda build, table, c: _columns(build, table, trees_of(c)[0])),
    "nulls_not_distinct": ("nulls_not_distinct", lambda build, table, c: True),
    "with": ("storage", lambda build, table, c: build.parameters(c)),
    "where": ("where", lambda build, table, c: build.expression(tokens_of(c)[0])),
}


def _index_key(build: Builder, table: Ref, tree: Tree) -> IndexKey:
    first = tokens_of(tree)[0]
    found: dict[str, Any] = {}
    if first.type == "KEYEXPR":
        found["expr"] = build.expression(first)
    else:
        found["column"] = table.of("column", build.name(first))
    found["descending"] = any(t.value == "desc" for t in tokens_of(tree, "DIRECTION"))
    found["nulls_first"] = found["descending"]
    for clause in trees_of(tree):
        match clause.data:
            case "collate":
                found["collation"] = collation(build, clause)
            case "opclass":
                found["opclass"] = ".".join(build.path(trees_of(clause)[0]))
                found["opclass_params"] = build.parameters(clause)
            case _:
                found["nulls_first"] = clause.data == "nulls_first"
    return IndexKey(**found)


def collation(build: Builder, tree: Tree) -> Ref:
    """The collation that a `collate` clause names; Postgres's own need no schema."""
    return Ref("collation", *build.qname(trees_of(tree)[0], "pg_catalog"))


def policy(build: Builder, owner: Owner, tree: Tree) -> None:
    """A policy; `to public` is the same as no role."""
    name = tokens_of(tree, "IDENT")[0]
    found: dict[str, Any] = {"comment": build.comment(tree), "span": build.span(name)}
    for token in tokens_of(tree):
        match token.type:
            case "PERMISSIVE":
                found["permissive"] = token.value == "permissive"
            case "COMMAND":
                found["command"] = token.value
    for clause in trees_of(tree):
        match clause.data:
            case "to":
                roles = [build.name(t) for t in tokens_of(clause)]
                found["roles"] = () if roles == ["public"] else tuple(Ref("role", "", r) for r in roles)
            case "policy_using":
                found["using"] = build.expression(tokens_of(clause)[0])
            case "with_check":
                found["check"] = build.expression(tokens_of(clause)[0])
    made = Policy(name=build.name(name), **found)
    owner.add("policies", made)
    build.was(tree, owner.ref.of("policy", made.name), owner.before)
