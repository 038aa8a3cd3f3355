"""Prints a catalog as TypeScript: an interface a row, its insert and its update, enums and composites.

Invariant: it knows the IR and TypeScript's syntax, and what Rust prints only through pgkit.ir.wire.
"""

from collections.abc import Iterator
from typing import ClassVar

from attrs import field, frozen

from pgkit.backends import Files
from pgkit.backends.model import Model, model
from pgkit.backends.options import ModelOptions
from pgkit.backends.rows import RowModel
from pgkit.backends.typescript import files
from pgkit.backends.typescript.domains import by_file, domain_type
from pgkit.backends.typescript.ids import id_types
from pgkit.backends.typescript.interfaces import (
    composite_interface,
    elsewhere,
    enum_declaration,
    needed_types,
    row_interfaces,
    zod_types,
)
from pgkit.backends.typescript.layout import Layout, Module
from pgkit.backends.typescript.types import SOURCES, pg_names, pg_types
from pgkit.diag import PgkitError
from pgkit.ir.catalog import Catalog
from pgkit.ir.wire import Client


@frozen(kw_only=True)
class TypeScript(Layout):
    """The TypeScript backend."""

    name: ClassVar = "typescript"
    options: ModelOptions = field(factory=ModelOptions)

    def emit(self, catalog: Catalog) -> Files:
        """A file a table or view, enums.ts, composites.ts, _pg.ts and index.ts."""
        shown = model(catalog, self.options.for_typescript)
        if problems := list(files.problems(shown, files.exported_types(shown), one_file=self.files == "one")):
            raise PgkitError(problems)
        return self.lay_out(_modules(shown, self.options.client))


def _modules(shown: Model, client: Client) -> Iterator[Module]:
    yield Module(name="_pg", source=SOURCES[client], blocks=pg_types(client), exports=pg_names(client))
    if shown.ids:
        yield Module(name="ids", source="the primary keys", blocks=[*id_types(shown.ids)])
    if shown.enums:
        blocks = [enum_declaration(e) for e in shown.enums]
        yield Module(name="enums", source="the enum types", blocks=blocks)
    yield from _with_domains(shown)
    yield from map(_row, shown.rows)


def _with_domains(shown: Model) -> Iterator[Module]:
    for name, (composites, domains) in by_file(shown).items():
        fields = [*(f for c in composites for f in c.fields), *(domain.as_field for domain in domains)]
        yield Module(
            name=name,
            source="the composite types" if composites else "the domains",
            blocks=[*map(composite_interface, composites), *map(domain_type, domains)],
            types=elsewhere(name, needed_types(fields)),
            packages=zod_types(fields),
        )


def _row(row: RowModel) -> Module:
    return Module(
        name=files.file_name(row),
        source=str(row.ref),
        blocks=[*row_interfaces(row)],
        types=needed_types(row.fields, row.inserted),
        packages=zod_types((*row.fields, *row.inserted)),
        redacted=tuple(row.ref.of("column", name) for name in row.redacted),
    )
