"""Indexes."""

from collections.abc import Iterator

from pgkit.backends.ddl.clauses import NOTHING, comment, names, parameters, words
from pgkit.backends.ddl.emitter import Emitter
from pgkit.backends.ddl.statements import comment_changed, parameters_changed
from pgkit.ir.change import Alter
from pgkit.ir.constraints import Index, IndexKey
from pgkit.ir.expr import Lit
from pgkit.ir.names import Ref
from pgkit.sql import Ident, Sql, join, render, sql, written_name


def key_clause(key: IndexKey) -> Sql:
    """One key: what is indexed, its collation, operator class and order."""
    what = sql("({e})", e=key.expr) if key.expr is not None else sql("{c}", c=key.column or Sql(""))
    return words(
        what,
        sql("COLLATE {c}", c=key.collation) if key.collation else NOTHING,
        _opclass(key),
        Sql("DESC") if key.descending else NOTHING,
        _nulls(key),
    )


def _opclass(key: IndexKey) -> Sql:
    if key.opclass is None:
        return NOTHING
    params = [sql("{name} = {value}", name=Ident(n), value=Lit("string", v)) for n, v in key.opclass_params]
    name = written_name(key.opclass)
    return sql("{name} ({all})", name=name, all=join(", ", params)) if params else name


def _nulls(key: IndexKey) -> Sql:
    if key.nulls_first == key.descending:
        return NOTHING
    return Sql("NULLS FIRST" if key.nulls_first else "NULLS LAST")


def _create(ref: Ref, new: Index) -> Iterator[Sql]:
    owner = ref.owner or ref
    yield words(
        Sql("CREATE UNIQUE INDEX" if new.unique else "CREATE INDEX"),
        sql("{name} ON {owner}", name=ref, owner=owner),
        NOTHING if new.method == "btree" else sql("USING {method}", method=Ident(new.method)),
        sql("({keys})", keys=join(", ", [key_clause(k) for k in new.keys])),
        sql("INCLUDE {columns}", columns=names(new.include)) if new.include else NOTHING,
        Sql("NULLS NOT DISTINCT") if new.nulls_not_distinct else NOTHING,
        parameters(new.storage),
        sql("WHERE {where}", where=new.where) if new.where is not None else NOTHING,
    )
    yield from comment(_INDEX, _path(ref), new.comment)


def _path(ref: Ref) -> Sql:
    """An index is in the schema of its table, and named without that table."""
    return Sql(render(Ref("index", ref.schema, ref.member)))


def _drop(ref: Ref, old: Index) -> Iterator[Sql]:
    yield sql("DROP INDEX {name}", name=_path(ref))


def _rename(ref: Ref, to: Ref) -> Iterator[Sql]:
    if ref.member != to.member:
        yield sql("ALTER INDEX {name} RENAME TO {to}", name=_path(ref), to=to)


def _alter(change: Alter) -> Iterator[Sql]:
    old, new = change.old, change.new
    assert isinstance(old, Index)
    assert isinstance(new, Index)
    name = _path(change.ref)
    yield from parameters_changed(_INDEX, name, old.storage, new.storage)
    yield from comment_changed(_INDEX, name, old, new)


_INDEX = Sql("INDEX")
EMITTER = Emitter(
    kind=Index,
    create=_create,
    drop=_drop,
    rename=_rename,
    alter=_alter,
    fields=frozenset(("storage", "comment")),
)
