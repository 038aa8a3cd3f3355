"""Constraints, within CREATE TABLE and added to a table that is there."""

from collections.abc import Callable, Iterator
from typing import Any

from pgkit.backends.ddl.clauses import NOTHING, comment, deferral, names, words
from pgkit.backends.ddl.emitter import Emitter
from pgkit.ir.constraints import Action, Check, ForeignKey, PrimaryKey, Unique
from pgkit.ir.names import Ref
from pgkit.ir.relations import Table
from pgkit.sql import Ident, Sql, sql


def constraint_clauses(table: Table) -> Iterator[Sql]:
    """The constraints that CREATE TABLE holds: keys, unique constraints and checks."""
    yield from (key_clause(k, Sql("PRIMARY KEY")) for k in table.primary_keys)
    yield from (unique_clause(u) for u in table.uniques)
    yield from (check_clause(c) for c in table.checks)


def key_clause(key: PrimaryKey | Unique, word: Sql) -> Sql:
    """A primary key or unique constraint."""
    return words(
        sql(
            "CONSTRAINT {name} {word} {columns}", name=Ident(key.name), word=word, columns=names(key.columns)
        ),
        sql("INCLUDE {columns}", columns=names(key.include)) if key.include else NOTHING,
        deferral(key.deferral),
    )


def unique_clause(unique: Unique) -> Sql:
    """A unique constraint."""
    return key_clause(unique, Sql("UNIQUE NULLS NOT DISTINCT" if unique.nulls_not_distinct else "UNIQUE"))


def check_clause(check: Check) -> Sql:
    """A check constraint of a table or a domain."""
    return words(
        sql("CONSTRAINT {name} CHECK ({expr})", name=Ident(check.name), expr=check.expr),
        Sql("NO INHERIT") if check.no_inherit else NOTHING,
        NOTHING if check.enforced else Sql("NOT ENFORCED"),
        Sql("NOT VALID") if check.enforced and not check.validated else NOTHING,
    )


def foreign_key_clause(key: ForeignKey) -> Sql:
    """A foreign key."""
    target = key.references[0].owner or key.references[0]
    return words(
        sql("CONSTRAINT {name} FOREIGN KEY {columns}", name=Ident(key.name), columns=names(key.columns)),
        sql("REFERENCES {table} {columns}", table=target, columns=names(key.references)),
        Sql("MATCH FULL") if key.match_full else NOTHING,
        _action(Sql("ON DELETE"), key.on_delete),
        names(key.set_columns) if key.set_columns else NOTHING,
        _action(Sql("ON UPDATE"), key.on_update),
        deferral(key.deferral),
        NOTHING if key.enforced else Sql("NOT ENFORCED"),
        Sql("NOT VALID") if key.enforced and not key.validated else NOTHING,
    )


def _action(when: Sql, action: Action) -> Sql:
    return NOTHING if action is Action.NO_ACTION else words(when, Sql(action.upper()))


def _adder(clause: Callable[[Any], Sql]) -> Callable[[Ref, Any], Iterator[Sql]]:
    def create(ref: Ref, new: Any) -> Iterator[Sql]:
        owner = ref.owner or ref
        noun = Sql("DOMAIN" if owner.kind == "domain" else "TABLE")
        yield sql("ALTER {noun} {owner} ADD {clause}", noun=noun, owner=owner, clause=clause(new))
        on = Sql("ON DOMAIN" if owner.kind == "domain" else "ON")
        name = sql("{name} {on} {owner}", name=Ident(new.name), on=on, owner=owner)
        yield from comment(Sql("CONSTRAINT"), name, new.comment)

    return create


def _primary_key(key: PrimaryKey) -> Sql:
    return key_clause(key, Sql("PRIMARY KEY"))


EMITTERS = (
    Emitter(kind=PrimaryKey, create=_adder(_primary_key)),
    Emitter(kind=Unique, create=_adder(unique_clause)),
    Emitter(kind=ForeignKey, create=_adder(foreign_key_clause)),
    Emitter(kind=Check, create=_adder(check_clause)),
)
