"""What a project has said of types that generated Rust could not keep to: told before rustc would tell."""

from collections.abc import Iterator

from pgkit.backends.model import Model
from pgkit.backends.rows import field_ref
from pgkit.backends.rust.types import is_nested, leaf, usual
from pgkit.backends.values import Value, own_of
from pgkit.diag import Diagnostic
from pgkit.ir.names import Ref


def refusals(model: Model) -> Iterator[Diagnostic]:
    """A diagnostic for each type of the project's where only types of pgkit's, or JSON, can be."""
    for composite in model.composites:
        for field in composite.fields:
            yield from _in_composite(field_ref(composite, field), field.value)
    for row in model.rows:
        for field in row.columns:
            if is_nested(field.value) and leaf(field.value).reader == "own":
                yield _no_type(field_ref(row, field), field.value, "an array of more than one dimension")


def _in_composite(ref: Ref, value: Value) -> Iterator[Diagnostic]:
    if leaf(value).reader == "own":
        yield _no_type(ref, value, "a composite type")
    if own_of(value).write_sql is not None:
        yield Diagnostic(
            "write-sql-in-composite",
            f"write_sql is said of the type of {ref}, and a composite type is written as one text",
            where=str(ref),
            help="say read_sql and write_sql of the columns that have the type, not of the type itself",
        )


def _no_type(ref: Ref, value: Value, place: str) -> Diagnostic:
    said = own_of(value).rust
    return Diagnostic(
        "rust-type-inside",
        f"{ref} cannot be {said}, as its type is said to be: it is inside of {place}",
        where=str(ref),
        help=f'set rust = "{usual(value)}" in [overrides."{ref}"], or rust for the whole',
    )
