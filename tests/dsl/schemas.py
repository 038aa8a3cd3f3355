"""Reads text of the schema language in tests."""

from pgkit.diag import Source
from pgkit.frontends import Lowered
from pgkit.frontends.dsl import Raw, lower
from pgkit.ir.catalog import Catalog
from pgkit.passes.normalize import normalize


def declared(text: str) -> Lowered:
    """What a text declares, mistakes and all."""
    return lower(Raw((Source("schema.pgkit", text),)))


def catalog(text: str) -> Catalog:
    """The normalized catalog of a text without mistakes."""
    found = declared(text)
    assert found.diagnostics == (), "\n".join(d.render() for d in found.diagnostics)
    return normalize(found.catalog)
