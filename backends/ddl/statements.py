"""Statements that have one form for many kinds: DROP, RENAME, COMMENT ON, SET and RESET of parameters."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from pgkit.backends.ddl.clauses import comment, parameter, parameter_value
from pgkit.ir.change import Alter
from pgkit.ir.names import Ref
from pgkit.sql import Ident, Sql, join, sql

# What owners of members are called in SQL.
NOUNS: Final = {
    "table": Sql("TABLE"),
    "view": Sql("VIEW"),
    "materialized_view": Sql("MATERIALIZED VIEW"),
    "foreign_table": Sql("FOREIGN TABLE"),
    "domain": Sql("DOMAIN"),
}
Parameters = tuple[tuple[str, str], ...]


def dropper(noun: Sql) -> Callable[[Ref, Any], Iterator[Sql]]:
    """DROP of what stands alone, never CASCADE: a plan names all that goes."""

    def drop(ref: Ref, old: Any) -> Iterator[Sql]:
        yield sql("DROP {noun} {name}", noun=noun, name=ref)

    return drop


def renamer(noun: Sql) -> Callable[[Ref, Ref], Iterator[Sql]]:
    """RENAME TO or SET SCHEMA of what stands alone."""

    def rename(ref: Ref, to: Ref) -> Iterator[Sql]:
        if ref.schema != to.schema:
            yield sql("ALTER {noun} {name} SET SCHEMA {to}", noun=noun, name=ref, to=Ident(to.schema))
        if ref.name != to.name:
            yield sql("ALTER {noun} {name} RENAME TO {to}", noun=noun, name=ref, to=Ident(to.name))

    return rename


def commenter(noun: Sql) -> Callable[[Alter], Iterator[Sql]]:
    """COMMENT ON what stands alone, where a change changes that."""

    def alter(change: Alter) -> Iterator[Sql]:
        yield from comment_changed(noun, sql("{name}", name=change.ref), change.old, change.new)

    return alter


def comment_changed(noun: Sql, name: Sql, old: Any, new: Any) -> Iterator[Sql]:
    """COMMENT ON with the comment of `new`; NULL takes one away."""
    if old.comment != new.comment:
        gone = sql("COMMENT ON {noun} {name} IS NULL", noun=noun, name=name)
        yield from (gone,) if new.comment is None else comment(noun, name, new.comment)


def parameters_changed(noun: Sql, name: Sql, old: Parameters, new: Parameters) -> Iterator[Sql]:
    """SET of the parameters that are new or different, and RESET of those that are gone."""
    changed = [pair for pair in new if pair not in old]
    gone = [parameter(name) for name, _ in old if name not in dict(new)]
    actions = []
    if gone:
        actions.append(sql("RESET ({names})", names=join(", ", gone)))
    if changed:
        actions.append(sql("SET ({all})", all=join(", ", [parameter_value(n, v) for n, v in changed])))
    if actions:
        yield sql("ALTER {noun} {name} {all}", noun=noun, name=name, all=join(", ", actions))


def member_path(ref: Ref) -> Sql:
    """`schema.owner.member`, as COMMENT ON COLUMN wants it."""
    return sql("{owner}.{member}", owner=ref.owner or ref, member=ref)
