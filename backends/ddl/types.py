"""CREATE EXTENSION, SCHEMA, ROLE, TYPE and DOMAIN."""

from collections.abc import Iterator

from pgkit.backends.ddl.clauses import NOTHING, comment, words
from pgkit.backends.ddl.constraint import check_clause
from pgkit.backends.ddl.emitter import Emitter
from pgkit.ir.expr import Lit
from pgkit.ir.kinds import Composite, Domain, Enum, Extension, Range, Role, Schema
from pgkit.ir.names import Ref
from pgkit.sql import Ident, Sql, join, render, sql, written_name


def _extension(ref: Ref, new: Extension) -> Iterator[Sql]:
    where = sql(" SCHEMA {s}", s=Ident(new.schema)) if new.schema else NOTHING
    yield sql("CREATE EXTENSION IF NOT EXISTS {name}{where}", name=ref, where=where)


def _schema(ref: Ref, new: Schema) -> Iterator[Sql]:
    yield sql("CREATE SCHEMA {name}", name=ref)
    yield from comment(Sql("SCHEMA"), Sql(render(ref)), new.comment)


def _role(ref: Ref, new: Role) -> Iterator[Sql]:
    flags = {
        "SUPERUSER": new.superuser,
        "CREATEDB": new.create_db,
        "CREATEROLE": new.create_role,
        "NOINHERIT": not new.inherit,
        "LOGIN": new.login,
        "REPLICATION": new.replication,
        "BYPASSRLS": new.bypass_rls,
    }
    limit = Sql(f"CONNECTION LIMIT {new.connection_limit}") if new.connection_limit != -1 else NOTHING
    options = words(*(Sql(word) for word, on in flags.items() if on), limit)
    yield words(sql("CREATE ROLE {name}", name=ref), options)
    yield from comment(Sql("ROLE"), Sql(render(ref)), new.comment)


def _enum(ref: Ref, new: Enum) -> Iterator[Sql]:
    labels = join(", ", [Lit("string", label) for label in new.labels])
    yield sql("CREATE TYPE {name} AS ENUM ({labels})", name=ref, labels=labels)
    yield from comment(Sql("TYPE"), Sql(render(ref)), new.comment)


def _domain(ref: Ref, new: Domain) -> Iterator[Sql]:
    yield words(
        sql("CREATE DOMAIN {name} AS {type}", name=ref, type=new.type),
        sql("COLLATE {c}", c=new.collation) if new.collation else NOTHING,
        sql("DEFAULT {e}", e=new.default) if new.default else NOTHING,
        NOTHING if new.nullable else Sql("NOT NULL"),
        *(check_clause(c) for c in new.checks),
    )
    yield from comment(Sql("DOMAIN"), Sql(render(ref)), new.comment)
    for check in new.checks:
        on = sql("{name} ON DOMAIN {domain}", name=Ident(check.name), domain=ref)
        yield from comment(Sql("CONSTRAINT"), on, check.comment)


def _composite(ref: Ref, new: Composite) -> Iterator[Sql]:
    fields = []
    for a in new.attributes:
        collate = sql(" COLLATE {c}", c=a.collation) if a.collation else NOTHING
        fields.append(sql("{name} {type}{collate}", name=Ident(a.name), type=a.type, collate=collate))
    yield sql("CREATE TYPE {name} AS ({fields})", name=ref, fields=join(", ", fields))
    yield from comment(Sql("TYPE"), Sql(render(ref)), new.comment)
    for a in new.attributes:
        column = sql("{type}.{name}", type=ref, name=Ident(a.name))
        yield from comment(Sql("COLUMN"), column, a.comment)


def _range(ref: Ref, new: Range) -> Iterator[Sql]:
    options = [sql("SUBTYPE = {t}", t=new.subtype)]
    if new.opclass:
        options.append(sql("SUBTYPE_OPCLASS = {o}", o=written_name(new.opclass)))
    if new.collation:
        options.append(sql("COLLATION = {c}", c=new.collation))
    if new.canonical:
        options.append(sql("CANONICAL = {f}", f=_by_name(new.canonical)))
    if new.subtype_diff:
        options.append(sql("SUBTYPE_DIFF = {f}", f=_by_name(new.subtype_diff)))
    for multirange in new.multiranges:
        name = Ref("multirange", ref.schema, multirange.name)
        options.append(sql("MULTIRANGE_TYPE_NAME = {m}", m=name))
    yield sql("CREATE TYPE {name} AS RANGE ({options})", name=ref, options=join(", ", options))
    yield from comment(Sql("TYPE"), Sql(render(ref)), new.comment)


def _by_name(function: Ref) -> Ref:
    """A function without its argument types, which the options of a range do not take."""
    return Ref("function", function.schema, function.name.partition("(")[0])


EMITTERS = (
    Emitter(kind=Extension, create=_extension),
    Emitter(kind=Schema, create=_schema),
    Emitter(kind=Role, create=_role),
    Emitter(kind=Enum, create=_enum),
    Emitter(kind=Domain, create=_domain),
    Emitter(kind=Composite, create=_composite),
    Emitter(kind=Range, create=_range),
)
