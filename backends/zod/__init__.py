"""Prints a catalog as Zod 4 schemas: what a select gives, what an insert and an update take.

Invariant: it knows the IR and Zod, and what Rust prints only through pgkit.ir.wire. It prints TypeScript, and
so is the one backend that stands on another.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from attrs import field, frozen, validators

from pgkit.backends import Files
from pgkit.backends.model import Model, ModelOptions, RowModel, model
from pgkit.backends.typescript import JSON, files, interfaces
from pgkit.backends.typescript.interfaces import Needed, type_name
from pgkit.backends.values import CompositeModel, EnumModel
from pgkit.backends.zod import objects
from pgkit.backends.zod.runtime import HELPERS
from pgkit.backends.zod.schemas import needed_schemas, schema_name
from pgkit.diag import PgkitError
from pgkit.ir.catalog import Catalog
from pgkit.ir.names import Ref


@frozen(kw_only=True)
class Zod:
    """The Zod backend. `types_import`: the folder of the TypeScript output, seen from this one.

    Without it the files hold the interfaces themselves. Needs Zod 4.5 or newer, where the length of a string
    counts code points as Postgres does.
    """

    name: ClassVar = "zod"
    options: ModelOptions = field(factory=ModelOptions)
    import_extension: str = field(default=".js", validator=validators.in_(("", ".js", ".ts")))
    types_import: str | None = None

    def emit(self, catalog: Catalog) -> Files:
        """A file a table or view, enums.ts, composites.ts, _pg.ts and index.ts."""
        shown = model(catalog, self.options)
        if problems := list(files.problems(shown, self._exported(shown))):
            raise PgkitError(problems)
        found = {f"{files.file_name(row)}.ts": self._row(row) for row in shown.rows}
        if shown.enums:
            found["enums.ts"] = self._enums(shown.enums)
        if shown.composites:
            found["composites.ts"] = self._composites(shown.composites)
        found["index.ts"] = self._index([path.removesuffix(".ts") for path in found])
        found["_pg.ts"] = self._pg()
        return dict(sorted(found.items()))

    def _exported(self, shown: Model) -> Iterator[tuple[str, Ref]]:
        for row in shown.rows:
            yield from ((name, row.ref) for name, _ in objects.row_names(row))
        for type in shown.types:
            yield schema_name(type), type.ref
        if self.types_import is None:
            yield from files.exported_types(shown)

    def _row(self, row: RowModel) -> str:
        members = [m for members in objects.row_members(row) for m in members]
        needed = needed_schemas((chain for _, chain in members), row.fields)
        if self.types_import is None:
            types = self._imports(interfaces.needed_types(row.fields), types=True)
            blocks = [*interfaces.row_interfaces(row), *objects.row_schemas(row)]
        else:
            mentioned = (Needed(type, files.file_name(row)) for _, type in objects.row_names(row))
            types = self._types_imports(mentioned)
            blocks = [*objects.row_schemas(row)]
        head = files.header(self.name, str(row.ref), row.redacted)
        return self._file(head, [*self._imports(needed, types=False), *types], blocks)

    def _enums(self, enums: Sequence[EnumModel]) -> str:
        head = files.header(self.name, "the enum types")
        if self.types_import is not None:
            needed = (Needed(type_name(e), "enums") for e in enums)
            imported = self._types_imports(needed, types=False)
            return self._file(head, imported, map(objects.enum_schema, enums))
        blocks = [b for e in enums for b in (interfaces.enum_declaration(e), objects.enum_schema(e))]
        return self._file(head, [], blocks)

    def _composites(self, composites: Sequence[CompositeModel]) -> str:
        head = files.header(self.name, "the composite types")
        chains = [chain for c in composites for _, chain in objects.composite_members(c)]
        fields = [f for c in composites for f in c.fields]
        needed = (n for n in needed_schemas(chains, fields) if n.from_ != "composites")
        schemas = [objects.composite_schema(c) for c in objects.in_order(composites)]
        if self.types_import is not None:
            types = self._types_imports(Needed(type_name(c), "composites") for c in composites)
            return self._file(head, [*self._imports(needed, types=False), *types], schemas)
        mentioned = (n for n in interfaces.needed_types(fields) if n.from_ != "composites")
        types = self._imports(mentioned, types=True)
        declared = map(interfaces.composite_interface, composites)
        return self._file(head, [*self._imports(needed, types=False), *types], [*declared, *schemas])

    def _pg(self) -> str:
        head = files.header(self.name, "the JSON that Rust prints")
        if self.types_import is None:
            return self._file(head, [], [JSON, HELPERS])
        return self._file(head, self._types_imports([Needed("Json", "_pg")]), [HELPERS])

    def _index(self, modules: Iterable[str]) -> str:
        types = self.types_import is None
        return files.index_text(self.name, modules, self.import_extension, types=types)

    def _imports(self, needed: Iterable[Needed], *, types: bool) -> list[str]:
        return files.imports(needed, self.import_extension, types=types)

    def _types_imports(self, needed: Iterable[Needed], *, types: bool = True) -> list[str]:
        folder = (self.types_import or ".").rstrip("/")
        return files.imports(needed, self.import_extension, folder, types=types)

    def _file(self, head: list[str], imported: list[str], blocks: Iterable[str]) -> str:
        return files.file_text(head, ['import * as z from "zod";'], ["\n".join(imported), *blocks])
