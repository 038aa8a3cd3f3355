"""What has no schema of its own: extensions, schemas and roles."""

from collections.abc import Iterator

from pgkit.backends.ddl.clauses import NOTHING, comment, words
from pgkit.backends.ddl.emitter import Emitter
from pgkit.backends.ddl.statements import comment_changed, commenter, dropper, renamer
from pgkit.ir.change import Alter
from pgkit.ir.kinds import Extension, Role, Schema
from pgkit.ir.names import Ref
from pgkit.sql import Ident, Sql, render, sql

_ROLE = Sql("ROLE")
_SCHEMA = Sql("SCHEMA")
_FLAGS = {
    "superuser": "SUPERUSER",
    "create_db": "CREATEDB",
    "create_role": "CREATEROLE",
    "inherit": "INHERIT",
    "login": "LOGIN",
    "replication": "REPLICATION",
    "bypass_rls": "BYPASSRLS",
}


def _extension(ref: Ref, new: Extension) -> Iterator[Sql]:
    where = sql(" SCHEMA {s}", s=Ident(new.schema)) if new.schema else NOTHING
    yield sql("CREATE EXTENSION IF NOT EXISTS {name}{where}", name=ref, where=where)


def _schema(ref: Ref, new: Schema) -> Iterator[Sql]:
    yield sql("CREATE SCHEMA {name}", name=ref)
    yield from comment(_SCHEMA, Sql(render(ref)), new.comment)


def _role(ref: Ref, new: Role) -> Iterator[Sql]:
    yield words(sql("CREATE ROLE {name}", name=ref), *_attributes(Role(name=new.name), new))
    yield from comment(_ROLE, Sql(render(ref)), new.comment)


def _alter_role(change: Alter) -> Iterator[Sql]:
    old, new = change.old, change.new
    assert isinstance(old, Role)
    assert isinstance(new, Role)
    name = sql("{name}", name=change.ref)
    attributes = [*_attributes(old, new)]
    if attributes:
        yield words(sql("ALTER ROLE {name}", name=name), *attributes)
    yield from comment_changed(_ROLE, name, old, new)


def _attributes(old: Role, new: Role) -> Iterator[Sql]:
    """The attributes in which two roles differ, as CREATE ROLE and ALTER ROLE take them."""
    for field, word in _FLAGS.items():
        if getattr(old, field) != getattr(new, field):
            yield Sql(word if getattr(new, field) else f"NO{word}")
    if old.connection_limit != new.connection_limit:
        yield Sql(f"CONNECTION LIMIT {new.connection_limit}")


EMITTERS = (
    Emitter(kind=Extension, create=_extension, drop=dropper(Sql("EXTENSION"))),
    Emitter(
        kind=Schema,
        create=_schema,
        drop=dropper(_SCHEMA),
        rename=renamer(_SCHEMA),
        alter=commenter(_SCHEMA),
        fields=frozenset(("comment",)),
    ),
    Emitter(
        kind=Role,
        create=_role,
        drop=dropper(_ROLE),
        rename=renamer(_ROLE),
        alter=_alter_role,
        fields=frozenset((*_FLAGS, "connection_limit", "comment")),
    ),
)
