"""check: read -> lower -> validate."""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from pgkit.diag import Diagnostic
from pgkit.frontends.dsl import lower, read
from pgkit.passes.normalize import normalize


def check(files: Sequence[Path]) -> tuple[Diagnostic, ...]:
    """Every mistake in a schema; what it means is judged only where all of it could be read."""
    declared = lower(read(*files))
    if declared.diagnostics:
        return declared.diagnostics
    if find_spec("pgkit.passes.validate") is None:
        return ()
    found: tuple[Diagnostic, ...] = import_module("pgkit.passes.validate").validate(normalize(declared.catalog))
    return found
