"""Row-level security policies."""

from collections.abc import Iterator

from pgkit.backends.ddl.clauses import comment, words
from pgkit.backends.ddl.emitter import Emitter
from pgkit.backends.ddl.statements import comment_changed
from pgkit.ir.change import Alter
from pgkit.ir.constraints import Policy
from pgkit.ir.names import Ref
from pgkit.sql import Sql, join, sql
from pgkit.sql.policies import create_policy


def _create(ref: Ref, new: Policy) -> Iterator[Sql]:
    yield create_policy(ref, new)
    yield from comment(Sql("POLICY"), _path(ref), new.comment)


def _path(ref: Ref) -> Sql:
    """A policy as every other statement names it."""
    return sql("{name} ON {table}", name=ref, table=ref.owner or ref)


def _drop(ref: Ref, old: Policy) -> Iterator[Sql]:
    yield sql("DROP POLICY {policy}", policy=_path(ref))


def _rename(ref: Ref, to: Ref) -> Iterator[Sql]:
    if ref.member != to.member:
        yield sql("ALTER POLICY {policy} RENAME TO {to}", policy=_path(ref), to=to)


def _alter(change: Alter) -> Iterator[Sql]:
    old, new = change.old, change.new
    assert isinstance(old, Policy)
    assert isinstance(new, Policy)
    clauses = [*_changed(old, new)]
    if clauses:
        yield sql("ALTER POLICY {policy} {clauses}", policy=_path(change.ref), clauses=words(*clauses))
    yield from comment_changed(Sql("POLICY"), _path(change.ref), old, new)


def _changed(old: Policy, new: Policy) -> Iterator[Sql]:
    """The clauses that differ; Postgres can change an expression, but not take one away."""
    if old.roles != new.roles:
        yield sql("TO {roles}", roles=join(", ", new.roles) if new.roles else Sql("PUBLIC"))
    if old.using != new.using and new.using is not None:
        yield sql("USING ({e})", e=new.using)
    if old.check != new.check and new.check is not None:
        yield sql("WITH CHECK ({e})", e=new.check)


EMITTER = Emitter(
    kind=Policy,
    create=_create,
    drop=_drop,
    rename=_rename,
    alter=_alter,
    fields=frozenset(("roles", "using", "check", "comment")),
)
