"""Frontends read a source (I/O) and lower it (pure) into a Catalog.

Invariant: `lower` never raises on bad input, it gives diagnostics; expressions leave here as plain
`opaque(text)`, and the bind pass finds the mentions inside them.
"""

from attrs import frozen

from pgkit.diag import Diagnostic
from pgkit.ir.catalog import Catalog
from pgkit.ir.hints import Hints


@frozen
class Lowered:
    """What a source declares, what was odd about it, and which renames it tells of."""

    catalog: Catalog
    diagnostics: tuple[Diagnostic, ...] = ()
    hints: Hints = Hints()
