"""Constraints, indexes and policies as lines of a table."""

from typing import Any

from pgkit.backends.dsl.text import (
    columns,
    comment,
    condition,
    key_expression,
    name,
    parameters,
    parenthesised,
    path,
    place,
    with_,
    words,
)
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
from pgkit.sql import quote


def constraint(of: PrimaryKey | Unique | ForeignKey | Check, named: str) -> str:
    """A constraint on its own line; `named` is its name and what it was, if that is to be said."""
    return words(f"constraint {named}" if named else "", _element(of), comment(of.comment))


def _element(of: PrimaryKey | Unique | ForeignKey | Check) -> str:
    match of:
        case PrimaryKey():
            return words("primary key", columns(of.columns), _include(of.include), _deferral(of.deferral))
        case Unique():
            return words(unique(of), columns(of.columns), _include(of.include), _deferral(of.deferral))
        case ForeignKey():
            return words("foreign key", columns(of.columns), references(of))
        case Check():
            return check(of)


def inline(of: Unique | ForeignKey | Check) -> str:
    """A constraint in the line of its column."""
    match of:
        case Unique():
            return words(unique(of), _deferral(of.deferral))
        case ForeignKey():
            return references(of)
        case Check():
            return check(of)


def unique(of: Unique) -> str:
    """The words before the columns of a unique constraint."""
    return "unique nulls not distinct" if of.nulls_not_distinct else "unique"


def references(of: ForeignKey) -> str:
    """A foreign key from its target on."""
    target = of.references[0].owner or of.references[0]
    return words(
        "references",
        place(target),
        columns(of.references) if of.references[0].member else "",
        "match full" if of.match_full else "",
        _action("on delete", of.on_delete),
        columns(of.set_columns) if of.set_columns else "",
        _action("on update", of.on_update),
        _deferral(of.deferral),
        _state(of),
    )


def check(of: Check) -> str:
    """A check."""
    return words("check", parenthesised(of.expr), "no inherit" if of.no_inherit else "", _state(of))


def _state(of: Check | ForeignKey) -> str:
    if not of.enforced:
        return "not enforced"
    return "" if of.validated else "not valid"


def _action(when: str, action: Action) -> str:
    return "" if action is Action.NO_ACTION else f"{when} {action}"


def _deferral(value: Deferral) -> str:
    return "" if value is Deferral.NO else str(value)


def _include(refs: tuple[Ref, ...]) -> str:
    return f"include {columns(refs)}" if refs else ""


def index(of: Index, named: str) -> str:
    """An index."""
    return words(
        "unique index" if of.unique else "index",
        named,
        "" if of.method == "btree" else f"using {name(of.method)}",
        f"({', '.join(map(_key, of.keys))})",
        _include(of.include),
        "nulls not distinct" if of.nulls_not_distinct else "",
        with_(of.storage),
        f"where {condition(of.where)}" if of.where is not None else "",
        comment(of.comment),
    )


def _key(key: IndexKey) -> str:
    what = key_expression(key.expr) if key.expr is not None else name(key.column.member if key.column else "")
    return words(
        what,
        collation(key.collation),
        _opclass(key),
        "desc" if key.descending else "",
        "" if key.nulls_first == key.descending else "nulls first" if key.nulls_first else "nulls last",
    )


def _opclass(key: IndexKey) -> str:
    if key.opclass is None:
        return ""
    written = ".".join(quote(part) for part in key.opclass.split("."))
    return words(written, parameters(key.opclass_params) if key.opclass_params else "")


def collation(ref: Any) -> str:
    """A `collate` clause, if there is a collation."""
    return "" if ref is None else f"collate {path(ref.schema or 'pg_catalog', ref.name, 'pg_catalog')}"


def policy(of: Policy, named: str) -> str:
    """A policy; one that says nothing else says for which commands it is."""
    text = words(
        f"policy {named}",
        "" if of.permissive else "as restrictive",
        "" if of.command == "all" else f"for {of.command}",
        f"to {', '.join(name(role.name) for role in of.roles)}" if of.roles else "",
        f"using {parenthesised(of.using)}" if of.using is not None else "",
        f"with check {parenthesised(of.check)}" if of.check is not None else "",
        comment(of.comment),
    )
    bare = of.permissive and of.command == "all" and not of.roles and of.using is None and of.check is None
    return text.replace(f"policy {named}", f"policy {named} for all", 1) if bare else text
