"""check: read -> lower -> validate."""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from pgkit.diag import Diagnostic
from pgkit.frontends.dsl import lower, read
from pgkit.ir.catalog import Catalog
from pgkit.passes.normalize import normalize


def check(files: Sequence[Path]) -> tuple[Diagnostic, ...]:
    """Every mistake in a schema; what it means is judged only where all of it could be read."""
    declared = lower(read(*files))
    return declared.diagnostics or _validated(normalize(declared.catalog))


def _validated(catalog: Catalog) -> tuple[Diagnostic, ...]:
    if find_spec("pgkit.passes.validate") is None:
        return ()
    validate = getattr(import_module("pgkit.passes.validate"), "validate", None)
    found: tuple[Diagnostic, ...] = validate(catalog) if validate else ()
    return found
