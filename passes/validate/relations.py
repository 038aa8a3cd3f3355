"""Checks of views, of what is mentioned, and of storage parameters."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final

from pgkit.diag import Diagnostic, Severity
from pgkit.grammar.features import columns_read, features, relations_read, written_parts
from pgkit.ir.catalog import KINDS
from pgkit.ir.names import Ref
from pgkit.ir.relations import MaterializedView, View
from pgkit.ir.walk import refs_in
from pgkit.passes.validate.facts import STORAGE
from pgkit.passes.validate.known import (
    Known,
    circle,
    nearest,
    noun,
    or_nearest,
    own_values,
    path,
    problem,
    warning,
)
from pgkit.passes.validate.names import SYSTEM_COLUMNS
from pgkit.passes.validate.types import DECLARED
from pgkit.sql import quote

_RELATIONS: Final = ("table", "view", "materialized_view", "sequence")
_TOLD: Final = (*DECLARED, "column", "role")  # by checks that know more


def unknown_schemas(known: Known) -> Iterator[Diagnostic]:
    """Everything is in a schema that is declared, or in public."""
    for ref, obj in known.all:
        if ref.schema and not ref.member and ref.schema not in known.schemas:
            help = or_nearest(f"declare the schema {ref.schema}", ref.schema, known.schemas)
            severity = Severity.WARNING if known.is_outside("", "") else Severity.ERROR
            message = f"{noun(ref.kind)} {path(ref)} is in a schema that is not declared"
            yield problem("unknown-schema", message, ref, obj, help, severity)


def unknown_mentions(known: Known) -> Iterator[Diagnostic]:
    """What an object mentions is there: the table of a sequence, a relation in a policy."""
    for ref, obj in known.all:
        if obj.kind in ("foreign_key", "view", "materialized_view"):
            continue
        for mentioned in dict.fromkeys(_mentions(obj)):
            if _is_missing(known, mentioned):
                found = nearest(path(mentioned), known.names(mentioned.kind))
                help = f"did you mean {found}?" if found else "declare it, or take the mention out"
                code = f"unknown-{mentioned.kind.replace('_', '-')}"
                message = f"no {noun(mentioned.kind)} named {path(mentioned)}"
                yield problem(code, message, ref, obj, help)


def unknown_sequences(known: Known) -> Iterator[Diagnostic]:
    """A default asks a sequence that is there."""
    names = set(_sequences(known))
    for ref, obj in known.all:
        default = getattr(obj, "default", None)
        found = features(default) if default is not None else None
        for written in found.sequences if found else ():
            parts = written_parts(written)
            schema, name = parts if len(parts) == 2 else ("", parts[-1])
            there = any(n == name and schema in ("", s) for s, n in names)
            if not there and not known.is_outside(schema, name):
                help = or_nearest("declare it, or take the default out", name, (n for _, n in names))
                yield problem("unknown-sequence", f"no sequence named {written}", ref, obj, help)


def _sequences(known: Known) -> Iterator[tuple[str, str]]:
    """Every sequence, also those of identity columns."""
    yield from ((s.schema, s.name) for s in known.catalog.sequences)
    for table in known.catalog.tables:
        owned = (c.identity.sequence for c in table.columns if c.identity)
        yield from ((s.schema, s.name) for s in owned if s is not None)


def _mentions(obj: Any) -> Iterator[Ref]:
    for value in own_values(obj):
        for ref in refs_in(value):
            if ref.kind in KINDS and ref.kind not in _TOLD:
                yield ref
    owner = getattr(obj, "owned_by", None)
    if owner is not None and owner.owner is not None:
        yield owner


def _is_missing(known: Known, ref: Ref) -> bool:
    if ref.kind == "sequence":
        return False  # a default mentions it, and is looked at elsewhere
    return ref not in known.objects and not known.is_outside(ref.schema, ref.name)


def _views(known: Known) -> Iterator[tuple[Ref, View | MaterializedView]]:
    views: tuple[View | MaterializedView, ...] = (*known.catalog.views, *known.catalog.materialized_views)
    yield from ((Ref(view.kind, view.schema, view.name), view) for view in views)


def view_queries(known: Known) -> Iterator[Diagnostic]:
    """A view is one query, over relations that are there."""
    relations = {(r.schema, r.name) for r in known.objects if r.kind in _RELATIONS}
    relations |= {(u.schema, u.name) for u in known.catalog.unmodelled}
    for ref, view in _views(known):
        read = relations_read(view.query)
        if read is None:
            message = f"Postgres cannot read the query of {path(ref)}"
            yield problem("syntax", message, ref, view, "correct it: it must be one select")
        for schema, name in read or ():
            if _is_unknown(known, relations, schema, name):
                written = path(Ref("table", schema, name))
                found = nearest(written, known.names(*_RELATIONS))
                help = f"did you mean {found}?" if found else "declare it, or correct the query"
                yield problem("unknown-relation", f"no relation named {written}", ref, view, help)


def view_columns(known: Known) -> Iterator[Diagnostic]:
    """The columns that a view reads are there, as far as its text tells."""
    relations = {(r.schema, r.name): columns for r, columns in known.columns.items() if columns}
    for ref, view in _views(known):
        for schema, name, column in columns_read(view.query):
            columns = relations.get((schema or "public", name), {})
            if columns and column not in {*columns, *SYSTEM_COLUMNS, *known.functions}:
                found = nearest(column, columns)
                help = f"did you mean {quote(found)}?" if found else "add the column, or correct the query"
                message = f"{path(Ref('table', schema, name))} has no column {quote(column)}"
                yield problem("unknown-column", message, ref, view, help)


def _is_unknown(known: Known, relations: set[tuple[str, str]], schema: str, name: str) -> bool:
    if schema in ("pg_catalog", "information_schema") or name.startswith("pg_"):
        return False
    if not schema:  # where the search path leads, nobody knows
        return not any(n == name for _, n in relations) and not known.is_outside("", name)
    return (schema, name) not in relations and not known.is_outside(schema, name)


def view_cycles(known: Known) -> Iterator[Diagnostic]:
    """No view reads itself, in the end."""
    graph = {ref: {r.owner or r for r in refs_in(view.query)} for ref, view in _views(known)}
    graph = {ref: {r for r in read if r in graph} for ref, read in graph.items()}
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            around: list[Ref] = error.args[1]
            message = circle(around, "reads")
            yield problem("view-cycle", message, around[0], known.objects[around[0]], "break the circle")
            graph.pop(around[0])  # there may be another
        else:
            return


def storage_parameters(known: Known) -> Iterator[Diagnostic]:
    """A storage parameter that Postgres does not know."""
    for ref, obj in known.all:
        place = getattr(obj, "method", "") if obj.kind == "index" else obj.kind
        names = STORAGE.get(place)
        given = getattr(obj, "storage", ()) or getattr(obj, "options", ())
        if (
            names is None
            or not isinstance(given, tuple)
            or getattr(obj, "method", "heap") not in (place, "heap")
        ):
            continue
        for name, _ in given:
            if name not in names:
                help = or_nearest("take it out", name, names)
                yield warning("storage-parameter", f"no storage parameter named {name}", ref, obj, help)
