"""The Drizzle backend: a catalog as the snapshots that drizzle-kit keeps, and what changes between them.

Invariant: texts are those that drizzle-kit itself makes of a schema.ts, so that it finds nothing to do; what
its format cannot say is left out here, and kept elsewhere.
"""

from pgkit.backends.drizzle.deltas import Delta, deltas, key_text
from pgkit.backends.drizzle.footprints import footprints
from pgkit.backends.drizzle.merge import merged, rekeyed, rows_rekeyed
from pgkit.backends.drizzle.rows import Key, Rows, key_of, ref_of, rows
from pgkit.backends.drizzle.v7 import v7

__all__ = [
    "Delta",
    "Key",
    "Rows",
    "deltas",
    "footprints",
    "key_of",
    "key_text",
    "merged",
    "ref_of",
    "rekeyed",
    "rows",
    "rows_rekeyed",
    "v7",
]
