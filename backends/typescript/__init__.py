"""Prints a catalog as TypeScript: an interface a row, its insert and its update, enums and composites.

Invariant: it knows the IR and TypeScript's syntax, and what Rust prints only through pgkit.ir.wire.
"""

from typing import ClassVar

from attrs import field, frozen, validators

from pgkit.backends import Files
from pgkit.backends.model import Model, ModelOptions, RowModel, model
from pgkit.backends.typescript import files
from pgkit.backends.typescript.interfaces import (
    composite_interface,
    enum_declaration,
    needed_types,
    row_interfaces,
)
from pgkit.diag import PgkitError
from pgkit.ir.catalog import Catalog

JSON = """\
export interface JsonObject {
  [key: string]: Json;
}

/** What a `json` or `jsonb` column holds. */
export type Json = null | boolean | number | string | Json[] | JsonObject;"""


@frozen(kw_only=True)
class TypeScript:
    """The TypeScript backend; `import_extension` is what imports of sibling files end in."""

    name: ClassVar = "typescript"
    options: ModelOptions = field(factory=ModelOptions)
    import_extension: str = field(default=".js", validator=validators.in_(("", ".js", ".ts")))

    def emit(self, catalog: Catalog) -> Files:
        """A file a table or view, enums.ts, composites.ts, _pg.ts and index.ts."""
        shown = model(catalog, self.options)
        if problems := list(files.problems(shown, files.exported_types(shown))):
            raise PgkitError(problems)
        found = {f"{files.file_name(row)}.ts": self._row(row) for row in shown.rows}
        found |= self._types(shown)
        modules = [path.removesuffix(".ts") for path in found]
        found["_pg.ts"] = files.file_text(files.header(self.name, "the JSON that Rust prints"), [], [JSON])
        found["index.ts"] = files.index_text(self.name, modules, self.import_extension, types=True)
        return dict(sorted(found.items()))

    def _row(self, row: RowModel) -> str:
        head = files.header(self.name, str(row.ref), row.redacted)
        imported = files.imports(needed_types(row.fields), self.import_extension, types=True)
        return files.file_text(head, imported, row_interfaces(row))

    def _types(self, shown: Model) -> Files:
        found: Files = {}
        if shown.enums:
            head = files.header(self.name, "the enum types")
            found["enums.ts"] = files.file_text(head, [], map(enum_declaration, shown.enums))
        if shown.composites:
            head = files.header(self.name, "the composite types")
            needed = [n for c in shown.composites for n in needed_types(c.fields) if n.from_ != "composites"]
            imported = files.imports(needed, self.import_extension, types=True)
            blocks = map(composite_interface, shown.composites)
            found["composites.ts"] = files.file_text(head, imported, blocks)
        return found
