"""Checks of columns: one source for a value, of a type that can have it; one primary key, not null."""

from collections.abc import Iterator
from typing import Any, Final

from pgkit.diag import Diagnostic
from pgkit.grammar.features import features
from pgkit.ir.expr import Expr
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, SequenceOptions, Table
from pgkit.ir.types import PgType, Scalar
from pgkit.passes.validate.known import Known, constraints_of, elements, path, problem
from pgkit.passes.validate.types import is_integer
from pgkit.sql import quote, render

_LIMITS: Final = {"smallint": 2**15, "integer": 2**31, "bigint": 2**63}


def _columns(known: Known) -> Iterator[tuple[Table, Ref, Column]]:
    for table in known.catalog.tables:
        for column in table.columns:
            yield table, table.ref.of("column", column.name), column


def two_values(known: Known) -> Iterator[Diagnostic]:
    """A column is generated, or an identity, or has a default: one of them."""
    for _, ref, column in _columns(known):
        possible = {
            "is generated": column.generated,
            "is an identity": column.identity,
            "has a default": column.default,
        }
        sources = [what for what, value in possible.items() if value is not None]
        if len(sources) > 1:
            message = f"{quote(column.name)} {' and '.join(sources)}"
            yield problem("two-values", message, ref, column, "keep one of them")


def identity_columns(known: Known) -> Iterator[Diagnostic]:
    """An identity counts, and is never null."""
    for _, ref, column in _columns(known):
        if column.identity is None:
            continue
        if not is_integer(column.type):
            message = f"{quote(column.name)} is an identity of type {render(column.type)}"
            yield problem("identity-type", message, ref, column, "make it smallint, integer or bigint")
        if column.nullable:
            message = f"{quote(column.name)} is an identity that may be null"
            yield problem("identity-nullable", message, ref, column, "make it not null, as Postgres does")


def sequences(known: Known) -> Iterator[Diagnostic]:
    """The numbers of a sequence fit together, and its type counts."""
    for _, ref, column in _columns(known):
        if column.identity is not None:
            yield from _numbers(column.identity.options, column.type, ref, column)
    for sequence in known.catalog.sequences:
        ref = Ref("sequence", sequence.schema, sequence.name)
        if not is_integer(sequence.type):
            message = f"a sequence of type {render(sequence.type)} cannot count"
            yield problem("sequence-type", message, ref, sequence, "make it smallint, integer or bigint")
        yield from _numbers(sequence.options, sequence.type, ref, sequence)
        owner = sequence.owned_by
        if owner is not None and owner.schema != sequence.schema:
            message = f"{path(ref)} belongs to {path(owner)}, which is in another schema"
            yield problem("sequence-owner", message, ref, sequence, "put it in the schema of its table")


def _numbers(options: SequenceOptions, type: PgType, ref: Ref, obj: Any) -> Iterator[Diagnostic]:
    limit = _LIMITS.get(getattr(type, "name", ""), 2**63)
    low, high = options.min_value, options.max_value
    wrong = (
        (options.increment == 0, "increment", "an increment of 0", "count by 1, or by -1"),
        (low >= high, "bounds", f"a minimum of {low} and a maximum of {high}", "make the maximum greater"),
        (
            low < -limit or high > limit - 1,
            "bounds",
            f"bounds that {render(type)} cannot hold",
            "make the type greater",
        ),
        (
            low < high and not low <= options.start <= high,
            "start",
            f"a start of {options.start}",
            f"start at {low} to {high}",
        ),
        (options.cache < 1, "cache", f"a cache of {options.cache}", "keep 1 or more numbers"),
    )
    for is_wrong, what, has, help in wrong:
        if is_wrong:
            yield problem(f"sequence-{what}", f"the sequence of {path(ref)} has {has}", ref, obj, help)


def primary_keys(known: Known) -> Iterator[Diagnostic]:
    """A table has one primary key, over columns that are not null."""
    for table in known.catalog.tables:
        for key in table.primary_keys[1:]:
            message = f"{path(table.ref)} has two primary keys"
            help = "keep one; the other can be unique, over columns that are not null"
            yield problem("two-primary-keys", message, table.ref.of("primary_key", key.name), key, help)
        keyed = {c.member for key in table.primary_keys for c in key.columns}
        for column in table.columns:
            if column.name in keyed and column.nullable:
                message = f"{quote(column.name)} is in the primary key and may be null"
                ref = table.ref.of("column", column.name)
                yield problem("nullable-key", message, ref, column, "make it not null, as Postgres does")


def virtual_columns(known: Known) -> Iterator[Diagnostic]:
    """What Postgres does not do yet with generated columns that it does not store."""
    for table, ref, column in _columns(known):
        if column.generated is None or column.generated.stored:
            continue
        if _is_declared(column.type):
            message = f"{quote(column.name)} is virtual and of the declared type {render(column.type)}"
            yield problem("virtual-type", message, ref, column, "make it stored, or of a type of Postgres")
        for name in _declared_inside(known, table, column.generated.expr):
            message = f"{quote(column.name)} is virtual and mentions {quote(name)}, of a declared type"
            yield problem("virtual-type", message, ref, column, "make it stored")
        for obj in _standing_on(table, ref):
            message = f"{quote(obj.name)} stands on {quote(column.name)}, which is virtual"
            at = table.ref.of(obj.kind, obj.name)
            yield problem("virtual-key", message, at, obj, f"make {quote(column.name)} stored")


def _is_declared(type: PgType) -> bool:
    """Whether a type is none of Postgres's own."""
    of = elements(type)
    return not isinstance(of, Scalar) or bool(of.schema or of.row.extension)


def _declared_inside(known: Known, table: Table, expr: Expr) -> Iterator[str]:
    found = features(expr)
    columns = known.columns[table.ref]
    for name in dict.fromkeys(parts[-1] for parts in (found.columns if found else ())):
        if name in columns and _is_declared(columns[name].type):
            yield name


def _standing_on(table: Table, column: Ref) -> Iterator[Any]:
    for obj in constraints_of(table):
        if column in getattr(obj, "columns", ()) or column in getattr(obj, "include", ()):
            yield obj
    for index in table.indexes:
        if any(k.column == column for k in index.keys) or column in index.include:
            yield index


def versions(known: Known) -> Iterator[Diagnostic]:
    """What the version that the catalog is meant for does not have."""
    for ref, obj in known.all:
        for needed, what in _needs(obj):
            if known.version < needed:
                message = f"{quote(obj.name)} is {what}, which Postgres {known.version} does not have"
                yield problem("needs-version", message, ref, obj, f"it needs version {needed}")


def _needs(obj: Any) -> Iterator[tuple[int, str]]:
    generated = getattr(obj, "generated", None)
    if generated is not None and not generated.stored:
        yield 18, "virtual"
    if getattr(obj, "enforced", True) is False:
        yield 18, "not enforced"
    if getattr(obj, "nulls_not_distinct", False):
        yield 15, "nulls not distinct"
    if getattr(obj, "set_columns", ()):
        yield 15, "setting some of its columns"
    if obj.kind == "view" and any(name == "security_invoker" for name, _ in obj.options):
        yield 15, "run with the rights of its caller"
