"""Backends print a catalog: DDL, Rust, TypeScript, Zod.

Invariant: a backend knows its target language and the IR; it does no I/O and knows no other backend.
"""

from typing import Protocol

from pgkit.ir.catalog import Catalog

Files = dict[str, str]
"""Generated text by path, relative to the target folder, `/` between its parts."""


class Backend(Protocol):
    """Prints a catalog as files. Its attributes are its options."""

    @property
    def name(self) -> str:
        """The word for it on the command line and in pgkit.toml."""
        ...

    def emit(self, catalog: Catalog) -> Files:
        """The files for a catalog, the same bytes on every run.

        Raises PgkitError with every name that the target cannot hold or that collides.
        """
        ...
