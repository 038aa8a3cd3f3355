"""check: read -> lower -> validate."""

from collections.abc import Sequence
from pathlib import Path

from pgkit.diag import Diagnostic
from pgkit.frontends.dsl import lower, read
from pgkit.passes.normalize import normalize
from pgkit.passes.validate import validate


def check(files: Sequence[Path]) -> tuple[Diagnostic, ...]:
    """Every mistake in a schema; what it means is judged only where all of it could be read."""
    declared = lower(read(*files))
    return declared.diagnostics or tuple(validate(normalize(declared.catalog)))
