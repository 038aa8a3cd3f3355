"""Views and materialized views."""

from collections.abc import Iterator

from pgkit.backends.ddl.clauses import NOTHING, comment, parameters, words
from pgkit.backends.ddl.emitter import Emitter
from pgkit.backends.ddl.statements import comment_changed, dropper, parameters_changed, renamer
from pgkit.ir.change import Alter
from pgkit.ir.names import Ref
from pgkit.ir.relations import MaterializedView, View
from pgkit.sql import Ident, Sql, render, sql

_VIEW = Sql("VIEW")
_MATERIALIZED = Sql("MATERIALIZED VIEW")


def _view(ref: Ref, new: View) -> Iterator[Sql]:
    yield _definition(Sql("CREATE VIEW"), ref, new)
    yield from comment(_VIEW, Sql(render(ref)), new.comment)
    yield from _column_comments(ref, new)


def _definition(verb: Sql, ref: Ref, view: View) -> Sql:
    return words(verb, sql("{name}", name=ref), parameters(view.options), sql("AS {query}", query=view.query))


def _alter_view(change: Alter) -> Iterator[Sql]:
    old, new = change.old, change.new
    assert isinstance(old, View)
    assert isinstance(new, View)
    name = sql("{name}", name=change.ref)
    if old.query != new.query:
        # It takes its options from this statement alone: what is not said again is reset
        yield _definition(Sql("CREATE OR REPLACE VIEW"), change.ref, new)
        yield from _column_comments_changed(change.ref, old, new)
    else:
        yield from parameters_changed(_VIEW, name, old.options, new.options)
    yield from comment_changed(_VIEW, name, old, new)


def _materialized_view(ref: Ref, new: MaterializedView) -> Iterator[Sql]:
    yield words(
        sql("CREATE MATERIALIZED VIEW {name}", name=ref),
        NOTHING if new.method == "heap" else sql("USING {method}", method=Ident(new.method)),
        parameters(new.storage),
        sql("AS {query}", query=new.query),
        NOTHING if new.populated else Sql("WITH NO DATA"),
    )
    yield from comment(_MATERIALIZED, Sql(render(ref)), new.comment)
    yield from _column_comments(ref, new)


def _alter_materialized_view(change: Alter) -> Iterator[Sql]:
    old, new = change.old, change.new
    assert isinstance(old, MaterializedView)
    assert isinstance(new, MaterializedView)
    name = sql("{name}", name=change.ref)
    if old.method != new.method:
        method = Ident(new.method)
        yield sql("ALTER MATERIALIZED VIEW {name} SET ACCESS METHOD {method}", name=name, method=method)
    yield from parameters_changed(_MATERIALIZED, name, old.storage, new.storage)
    yield from comment_changed(_MATERIALIZED, name, old, new)


def _column_comments(ref: Ref, new: View | MaterializedView) -> Iterator[Sql]:
    for column in new.columns:
        name = sql("{view}.{column}", view=ref, column=Ident(column.name))
        yield from comment(Sql("COLUMN"), name, column.comment)


def _column_comments_changed(ref: Ref, old: View, new: View) -> Iterator[Sql]:
    comments = {column.name: column.comment for column in old.columns}
    for column in new.columns:
        name = sql("{view}.{column}", view=ref, column=Ident(column.name))
        if column.comment is not None and column.comment != comments.get(column.name):
            yield from comment(Sql("COLUMN"), name, column.comment)


EMITTERS = (
    Emitter(
        kind=View,
        create=_view,
        drop=dropper(_VIEW),
        rename=renamer(_VIEW),
        alter=_alter_view,
        fields=frozenset(("query", "options", "comment")),
    ),
    Emitter(
        kind=MaterializedView,
        create=_materialized_view,
        drop=dropper(_MATERIALIZED),
        rename=renamer(_MATERIALIZED),
        alter=_alter_materialized_view,
        fields=frozenset(("method", "storage", "comment")),
    ),
)
