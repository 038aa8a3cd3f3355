"""Domains as types of their own, each another name for the type below it."""

from collections.abc import Mapping

from pgkit.backends.model import Model
from pgkit.backends.typescript import syntax
from pgkit.backends.typescript.interfaces import domain_file, type_name, value_type
from pgkit.backends.values import CompositeModel, DomainModel


def by_file(shown: Model) -> Mapping[str, tuple[tuple[CompositeModel, ...], tuple[DomainModel, ...]]]:
    """The composite types and the domains by their files, each file after what it stands on."""
    found = {
        "domains": ((), tuple(d for d in shown.domains if domain_file(d) == "domains")),
        "composites": (
            shown.composites,
            tuple(d for d in shown.domains if domain_file(d) == "composites"),
        ),
    }
    return {name: parts for name, parts in found.items() if any(parts)}


def domain_type(domain: DomainModel) -> str:
    """A domain as a type."""
    doc = syntax.comment([f"A value of the domain `{syntax.visible(str(domain.ref))}`.", domain.comment])
    return "\n".join([*doc, syntax.named(type_name(domain), value_type(domain.value))])
