"""CREATE SEQUENCE, VIEW and MATERIALIZED VIEW."""

from collections.abc import Iterator

from pgkit.backends.ddl.clauses import NOTHING, comment, parameters, sequence, words
from pgkit.backends.ddl.emitter import Emitter
from pgkit.ir.change import Alter
from pgkit.ir.names import Ref
from pgkit.ir.relations import MaterializedView, Sequence, View
from pgkit.ir.types import Scalar
from pgkit.sql import Ident, Sql, render, sql


def _sequence(ref: Ref, new: Sequence) -> Iterator[Sql]:
    type = new.type.name if isinstance(new.type, Scalar) else "bigint"
    yield words(
        Sql("CREATE UNLOGGED SEQUENCE" if new.unlogged else "CREATE SEQUENCE"),
        Sql(render(ref)),
        NOTHING if type == "bigint" else sql("AS {type}", type=new.type),
        sequence(new.options, type),
    )
    yield from comment(Sql("SEQUENCE"), Sql(render(ref)), new.comment)


def _own(change: Alter) -> Iterator[Sql]:
    ref, old, new = change.ref, change.old, change.new
    assert isinstance(old, Sequence) and isinstance(new, Sequence)
    if new.owned_by is not None and new.owned_by != old.owned_by:
        column = sql("{table}.{column}", table=new.owned_by.owner or ref, column=new.owned_by)
        yield sql("ALTER SEQUENCE {name} OWNED BY {column}", name=ref, column=column)


def _view(ref: Ref, new: View) -> Iterator[Sql]:
    yield words(
        sql("CREATE VIEW {name}", name=ref), parameters(new.options), sql("AS {query}", query=new.query)
    )
    yield from comment(Sql("VIEW"), Sql(render(ref)), new.comment)
    yield from _column_comments(ref, new)


def _materialized_view(ref: Ref, new: MaterializedView) -> Iterator[Sql]:
    yield words(
        sql("CREATE MATERIALIZED VIEW {name}", name=ref),
        NOTHING if new.method == "heap" else sql("USING {method}", method=Ident(new.method)),
        parameters(new.storage),
        sql("AS {query}", query=new.query),
        NOTHING if new.populated else Sql("WITH NO DATA"),
    )
    yield from comment(Sql("MATERIALIZED VIEW"), Sql(render(ref)), new.comment)
    yield from _column_comments(ref, new)


def _column_comments(ref: Ref, new: View | MaterializedView) -> Iterator[Sql]:
    for column in new.columns:
        name = sql("{view}.{column}", view=ref, column=Ident(column.name))
        yield from comment(Sql("COLUMN"), name, column.comment)


EMITTERS = (
    Emitter(kind=Sequence, create=_sequence, alter=_own),
    Emitter(kind=View, create=_view),
    Emitter(kind=MaterializedView, create=_materialized_view),
)
