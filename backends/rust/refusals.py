"""What a project has said of types that generated Rust could not keep to: told before rustc would tell."""

from collections.abc import Iterator

from pgkit.backends.model import Model
from pgkit.backends.rust.types import is_nested, leaf, usual
from pgkit.backends.values import Field, own_of
from pgkit.diag import Diagnostic


def refusals(model: Model) -> Iterator[Diagnostic]:
    """A diagnostic for each type of the project's where only types of pgkit's, or JSON, can be."""
    for composite in model.composites:
        for field in composite.fields:
            yield from _in_composite(field)
    for row in model.rows:
        for field in (*row.fields, *row.write_only):
            if is_nested(field.value) and leaf(field.value).reader == "own":
                yield _no_type(field, "an array of more than one dimension")


def _in_composite(field: Field) -> Iterator[Diagnostic]:
    if leaf(field.value).reader == "own":
        yield _no_type(field, "a composite type")
    if own_of(field.value).write_sql is not None:
        yield Diagnostic(
            "write-sql-in-composite",
            f"write_sql is said of the type of {field.ref}, and a composite type is written as one text",
            where=str(field.ref),
            help="say read_sql and write_sql of the columns that have the type, not of the type itself",
        )


def _no_type(field: Field, place: str) -> Diagnostic:
    said = own_of(field.value).rust
    return Diagnostic(
        "rust-type-inside",
        f"{field.ref} cannot be {said}, as its type is said to be: it is inside of {place}",
        where=str(field.ref),
        help=f'set rust = "{usual(field.value)}" in [overrides."{field.ref}"], or rust for the whole',
    )
