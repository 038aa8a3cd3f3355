"""Checks of expressions: what may not stand in a check, a default, a generated column, an index, a policy."""

from collections.abc import Collection, Iterator
from typing import Any

from attrs import frozen

from pgkit.diag import Diagnostic
from pgkit.grammar.features import Features, FunctionCall, features
from pgkit.ir.expr import Expr
from pgkit.ir.kinds import Domain
from pgkit.ir.names import Ref
from pgkit.ir.relations import Table
from pgkit.passes.validate.facts import AGGREGATES, CHANGING, SET_RETURNING
from pgkit.passes.validate.known import Known, article, index_owners, nearest, path, problem
from pgkit.passes.validate.names import SYSTEM_COLUMNS
from pgkit.sql import quote


@frozen
class _Place:
    """An expression, what it is for, and the columns that it can mention."""

    expr: Expr
    what: str
    ref: Ref
    obj: Any
    table: str = ""
    columns: Collection[str] | None = None  # None: not known
    subqueries: bool = False
    changing: bool = True


def expressions(known: Known) -> Iterator[Diagnostic]:
    """What Postgres's grammar does not take, or takes elsewhere only."""
    for place in _places(known):
        found = features(place.expr)
        if found is None:
            message = f"Postgres cannot read the {place.what}"
            yield problem("syntax", message, place.ref, place.obj, "correct it: it must be one expression")
            continue
        yield from _restricted(place, found)
        yield from _changing(known, place, found)
        yield from _columns(known, place, found)


def _places(known: Known) -> Iterator[_Place]:
    for domain in known.catalog.domains:
        yield from _of_domain(domain)
    for table in known.catalog.tables:
        yield from _of_table(table)
    for place, owner in index_owners(known):
        columns = {c.name for c in owner.columns} if owner.columns or owner.kind == "table" else None
        for index in owner.indexes:
            ref = place.of("index", index.name)
            if index.where is not None:
                yield _Place(index.where, "index predicate", ref, index, owner.name, columns, changing=False)
            for key in index.keys:
                if key.expr is not None:
                    yield _Place(
                        key.expr, "index expression", ref, index, owner.name, columns, changing=False
                    )


def _of_domain(domain: Domain) -> Iterator[_Place]:
    ref = Ref("domain", domain.schema, domain.name)
    for check in domain.checks:
        yield _Place(check.expr, "check constraint", ref.of("check", check.name), check, "", ("value",))
    if domain.default is not None:
        yield _Place(domain.default, "default", ref, domain)


def _of_table(table: Table) -> Iterator[_Place]:
    names = {c.name for c in table.columns}
    for column in table.columns:
        ref = table.ref.of("column", column.name)
        if column.default is not None:
            yield _Place(column.default, "default", ref, column)
        if column.generated is not None:
            what = "generated column"
            yield _Place(column.generated.expr, what, ref, column, table.name, names, changing=False)
    for check in table.checks:
        ref = table.ref.of("check", check.name)
        yield _Place(check.expr, "check constraint", ref, check, table.name, names)
    for policy in table.policies:
        ref = table.ref.of("policy", policy.name)
        for expr in (policy.using, policy.check):
            if expr is not None:
                yield _Place(expr, "policy", ref, policy, table.name, names, subqueries=True)


def _restricted(place: _Place, found: Features) -> Iterator[Diagnostic]:
    where = article(place.what)
    if found.subqueries and not place.subqueries:
        help = "put the query into a function, or into a trigger"
        yield problem("subquery", f"{where} cannot hold a subquery", place.ref, place.obj, help)
    for call in found.calls:
        if kind := _kind_of(call):
            message = f"{where} cannot call {article(kind.replace('-function', ' function'))}: {call.name}"
            help = "in a subquery it can" if place.subqueries else "compute it where the rows are read"
            yield problem(kind, message, place.ref, place.obj, help)
    if place.what == "default" and found.columns:
        message = f"a default cannot mention a column: {'.'.join(found.columns[0])}"
        help = "make it a generated column, or quote it as a string"
        yield problem("column-in-default", message, place.ref, place.obj, help)


def _kind_of(call: FunctionCall) -> str | None:
    if call.is_window:
        return "window-function"
    if call.is_aggregate:
        return "aggregate-function"
    if call.schema not in ("", "pg_catalog"):
        return None
    if call.name in AGGREGATES:
        return "aggregate-function"
    return "set-returning-function" if call.name in SET_RETURNING else None


def _changing(known: Known, place: _Place, found: Features) -> Iterator[Diagnostic]:
    if place.changing:
        return
    own = known.functions
    called = [
        c.name
        for c in found.calls
        if c.schema in ("", "pg_catalog") and c.name in CHANGING and c.name not in own
    ]
    if called or found.changes:
        what = f": {called[0]}" if called else ""
        message = f"{article(place.what)} cannot call what is not immutable{what}"
        help = "it must give the same for the same row, always; use a default or a trigger"
        yield problem("not-immutable", message, place.ref, place.obj, help)


def _columns(known: Known, place: _Place, found: Features) -> Iterator[Diagnostic]:
    if place.columns is None or place.what == "default":
        return
    for parts in dict.fromkeys(found.columns):
        name = _unknown(parts, place)
        if name is not None and name not in known.functions:
            near = nearest(name, place.columns)
            help = f"did you mean {quote(near)}?" if near else f"add the column, or correct the {place.what}"
            if place.columns == ("value",):
                help = "a domain's check is about VALUE"
            owner = place.ref.owner or Ref(place.ref.within, place.ref.schema, place.ref.name)
            message = f"{path(owner)} has no column {quote(name)}"
            yield problem("unknown-column", message, place.ref, place.obj, help)


def _unknown(parts: tuple[str, ...], place: _Place) -> str | None:
    """The column that is not there; None if it is, or if only Postgres can tell."""
    there = (*(place.columns or ()), *SYSTEM_COLUMNS, "")
    match parts:
        case (name,) if name not in there and name != place.table:
            return name
        case (table, name) if table == place.table and name not in there:
            return name
        case _:
            return None


def generated_columns(known: Known) -> Iterator[Diagnostic]:
    """A generated column mentions no generated column, itself included, and not its row as a whole."""
    for table in known.catalog.tables:
        generated = {c.name for c in table.columns if c.generated is not None}
        names = {c.name for c in table.columns}
        for column in table.columns:
            found = features(column.generated.expr) if column.generated is not None else None
            ref = table.ref.of("column", column.name)
            for name in sorted({_mentioned(p, table.name, names) for p in (found.columns if found else ())}):
                if name in generated:
                    what = "itself" if name == column.name else f"{quote(name)}, which is generated"
                    message = f"the generated column {quote(column.name)} mentions {what}"
                    help = "write out what it is generated from"
                    yield problem("generated-from-generated", message, ref, column, help)
                elif not name:
                    message = f"the generated column {quote(column.name)} mentions its whole row"
                    yield problem(
                        "generated-from-row", message, ref, column, "name the columns that it needs"
                    )


def _mentioned(parts: tuple[str, ...], table: str, columns: Collection[str]) -> str:
    """The column that a name stands for; "" for the whole row."""
    whole = len(parts) == 1 and parts[0] == table and table not in columns
    return "" if whole else parts[-1]
