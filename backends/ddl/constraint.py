"""Constraints, within CREATE TABLE and of a table or a domain that is there."""

from collections.abc import Callable, Iterator
from typing import Any

from pgkit.backends.ddl.clauses import NOTHING, comment, deferral, names, words
from pgkit.backends.ddl.emitter import Emitter
from pgkit.backends.ddl.statements import NOUNS, comment_changed
from pgkit.ir.change import Alter
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
        yield _on_owner(ref, sql("ADD {clause}", clause=clause(new)))
        yield from comment(Sql("CONSTRAINT"), _path(ref), new.comment)

    return create


def _on_owner(ref: Ref, action: Sql) -> Sql:
    """ALTER of the table or the domain that a constraint belongs to."""
    return sql("ALTER {noun} {owner} {action}", noun=NOUNS[ref.within], owner=ref.owner or ref, action=action)


def _path(ref: Ref) -> Sql:
    """A constraint as COMMENT names it."""
    on = Sql("ON DOMAIN" if ref.within == "domain" else "ON")
    return sql("{name} {on} {owner}", name=ref, on=on, owner=ref.owner or ref)


def _drop(ref: Ref, old: Any) -> Iterator[Sql]:
    yield _on_owner(ref, sql("DROP CONSTRAINT {name}", name=ref))


def _rename(ref: Ref, to: Ref) -> Iterator[Sql]:
    if ref.member != to.member:
        yield _on_owner(ref, sql("RENAME CONSTRAINT {name} TO {to}", name=ref, to=to))


def _alter(change: Alter) -> Iterator[Sql]:
    old, new = change.old, change.new
    if isinstance(old, ForeignKey) and isinstance(new, ForeignKey):
        yield from _alter_foreign_key(change.ref, old, new)
    if isinstance(old, ForeignKey | Check) and isinstance(new, ForeignKey | Check):
        yield from _validate(change.ref, old, new)
    yield from comment_changed(Sql("CONSTRAINT"), _path(change.ref), old, new)


def _alter_foreign_key(ref: Ref, old: ForeignKey, new: ForeignKey) -> Iterator[Sql]:
    actions = []
    if old.deferral != new.deferral:
        actions.append(Sql(new.deferral.upper()))
    if old.enforced != new.enforced:
        actions.append(Sql("ENFORCED" if new.enforced else "NOT ENFORCED"))
    if actions:
        yield _on_owner(ref, sql("ALTER CONSTRAINT {name} {to}", name=ref, to=words(*actions)))


def _validate(ref: Ref, old: ForeignKey | Check, new: ForeignKey | Check) -> Iterator[Sql]:
    # What becomes enforced is validated by that; what is not enforced is never validated
    if new.validated and not old.validated and old.enforced and new.enforced:
        yield _on_owner(ref, sql("VALIDATE CONSTRAINT {name}", name=ref))


def _primary_key(key: PrimaryKey) -> Sql:
    return key_clause(key, Sql("PRIMARY KEY"))


def _emitter(kind: type[Any], clause: Callable[[Any], Sql], *fields: str) -> Emitter[Any]:
    return Emitter(
        kind=kind,
        create=_adder(clause),
        drop=_drop,
        rename=_rename,
        alter=_alter,
        fields=frozenset(("comment", *fields)),
    )


EMITTERS = (
    _emitter(PrimaryKey, _primary_key),
    _emitter(Unique, unique_clause),
    _emitter(ForeignKey, foreign_key_clause, "deferral", "enforced", "validated"),
    _emitter(Check, check_clause, "validated"),
)
