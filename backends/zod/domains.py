"""The schemas of domains: of new values, with the checks that translate, and of those that are there already.

A domain's values may be older than its checks (NOT VALID), and a server takes a check for valid although rows
came in while it was added; so what is selected is held to the type below the domain, and no more.
"""

from collections.abc import Iterator, Sequence

from pgkit.backends.typescript import syntax
from pgkit.backends.values import CompositeModel, DomainModel
from pgkit.backends.zod.checks import checked
from pgkit.backends.zod.expressions import Chain
from pgkit.backends.zod.schemas import is_looser, schema_names, types_in, value_schema
from pgkit.backends.zod.styles import Style, constant


def domain_chains(domain: DomainModel) -> list[Chain]:
    """The expressions of a domain's schemas."""
    new = checked(value_schema(domain.given, insert=True), domain.given, domain.checks)
    return [new, *([value_schema(domain.value)] if is_looser(domain) else [])]


def domain_schemas(domain: DomainModel, style: Style) -> Iterator[str]:
    """The schemas of a domain as constants."""
    ref = syntax.visible(str(domain.ref))
    said = (f"A new value of the domain `{ref}`.", f"A value of the domain `{ref}` that is there already.")
    for name, chain, doc in zip(schema_names(domain), domain_chains(domain), said, strict=False):
        yield "\n".join([*syntax.comment([doc]), constant(style, f"export const {name}", chain)])


def in_order(
    types: Sequence[CompositeModel | DomainModel],
) -> tuple[CompositeModel | DomainModel, ...]:
    """Types, each after those that it is made of: a constant must be there when it is used."""
    found: dict[str, CompositeModel | DomainModel] = {}

    def visit(type: CompositeModel | DomainModel) -> None:
        values = [type.value, type.given] if isinstance(type, DomainModel) else [f.value for f in type.fields]
        for value in values:
            for inner in types_in(value):
                visit(inner)
        found.setdefault(str(type.ref), type)

    given = {str(type.ref) for type in types}
    for type in types:
        visit(type)
    return tuple(type for name, type in found.items() if name in given)
