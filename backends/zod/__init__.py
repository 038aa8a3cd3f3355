"""Prints a catalog as Zod 4 schemas: what a select gives, what an insert and an update take.

Invariant: it knows the IR and Zod, and what Rust prints only through pgkit.ir.wire. It prints TypeScript, and
so is the one backend that stands on another.
"""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import repeat
from typing import ClassVar, Literal

from attrs import evolve, field, frozen

from pgkit.backends import Files
from pgkit.backends.model import Model, model
from pgkit.backends.options import ModelOptions
from pgkit.backends.rows import RowModel
from pgkit.backends.typescript import files, interfaces
from pgkit.backends.typescript.domains import by_file, domain_type
from pgkit.backends.typescript.ids import id_types
from pgkit.backends.typescript.interfaces import Needed, type_name
from pgkit.backends.typescript.layout import Layout, Module
from pgkit.backends.typescript.types import SOURCES, pg_names, pg_types
from pgkit.backends.values import CompositeModel, DomainModel, Field
from pgkit.backends.zod import domains, objects
from pgkit.backends.zod.drop_in import DROP_IN, relations_text
from pgkit.backends.zod.expressions import Chain
from pgkit.backends.zod.helpers import HELPERS
from pgkit.backends.zod.ids import id_chain, id_schema
from pgkit.backends.zod.runtime import helpers
from pgkit.backends.zod.schemas import (
    id_schema_name,
    needed_casts,
    needed_schemas,
    roots_of,
    schema_names,
)
from pgkit.backends.zod.styles import Style
from pgkit.diag import PgkitError
from pgkit.ir.catalog import Catalog
from pgkit.ir.names import Ref


@frozen(kw_only=True)
class Zod(Layout):
    """The Zod backend. `types_import`: the folder of the TypeScript output, seen from this one.

    Without it the files hold the interfaces themselves. Needs Zod 4.5 or newer, where the length of a string
    counts code points as Postgres does.
    """

    name: ClassVar = "zod"
    options: ModelOptions = field(factory=ModelOptions)
    types_import: str | None = None
    types_files: Literal["many", "one"] = "many"  # how many that folder has
    mini: bool = False  # schemas of zod/mini
    explicit_schema_types: bool = False  # constants with their types, as isolatedDeclarations wants them

    def emit(self, catalog: Catalog) -> Files:
        """A file a table or view, enums.ts, composites.ts, _pg.ts and index.ts."""
        shown = model(catalog, evolve(self.options.for_typescript, checks=True))
        one_file = self.files == "one"
        if problems := list(files.problems(shown, self._exported(shown), HELPERS, one_file=one_file)):
            raise PgkitError(problems)
        return self.lay_out(_Modules(self, Style(self.mini, self.explicit_schema_types)).of(shown))

    def _exported(self, shown: Model) -> Iterator[tuple[str, Ref]]:
        for row in shown.rows:
            yield from ((name, row.ref) for name, _ in objects.row_names(row))
        for enum in shown.enums:
            yield from ((name, enum.ref) for name in schema_names(enum))
        types: tuple[CompositeModel | DomainModel, ...] = (*shown.composites, *shown.domains)
        for type in types:
            yield from ((name, type.ref) for name in schema_names(type))
        for id in shown.ids:
            yield id_schema_name(id), id.ref
        if self.types_import is None:
            yield from files.exported_types(shown)


@frozen
class _Modules:
    """The modules of a model, each after what it stands on."""

    zod: Zod
    style: Style

    def of(self, shown: Model) -> list[Module]:
        found = [*self.types(shown), *map(self.row, shown.rows)]
        used = {need.name for module in found for need in module.values if need.from_ == "_pg"}
        return [*self.pg(used), *found, *self.drop_in(shown)]

    def types(self, shown: Model) -> Iterator[Module]:
        if shown.enums:
            yield self.enums(shown)
        if shown.ids:
            yield self.ids(shown)
        yield from self.with_domains(shown)

    def row(self, row: RowModel) -> Module:
        members = objects.row_members(row, self.style)
        roots = frozenset[str]().union(*[member.schema.roots for some in members for member in some])
        name, names = files.file_name(row), objects.row_names(row)
        mentioned = [Needed(type, name) for _, type in names]
        return Module(
            name=name,
            source=str(row.ref),
            packages=self.packages,
            values=needed_schemas(roots, (*row.fields, *row.inserted)),
            types=self.mentioned(mentioned, roots, row.fields, row.inserted),
            blocks=[
                *self.own(interfaces.row_interfaces(row)),
                *objects.row_schemas(row, names, members, self.style),
            ],
            redacted=tuple(row.ref.of("column", name) for name in row.redacted),
        )

    def ids(self, shown: Model) -> Module:
        chains = [*map(id_chain, shown.ids)]
        schemas = map(id_schema, shown.ids, chains, repeat(self.style))
        return Module(
            name="ids",
            source="the primary keys",
            packages=self.packages_of(chains),
            values=needed_schemas(roots_of(chains), ()),
            types=self.shared(Needed(interfaces.id_name(id), "ids") for id in shown.ids),
            blocks=[*self.own(id_types(shown.ids)), *schemas],
        )

    def enums(self, shown: Model) -> Module:
        blocks = [
            block
            for e in shown.enums
            for block in (*self.own([interfaces.enum_declaration(e)]), *objects.enum_schemas(e, self.style))
        ]
        return Module(
            name="enums",
            source="the enum types",
            packages=self.packages,
            values=self.shared(Needed(type_name(e), "enums") for e in shown.enums),
            blocks=blocks,
        )

    def with_domains(self, shown: Model) -> Iterator[Module]:
        for name, (composites, types) in by_file(shown).items():
            members = [m for c in composites for ms in objects.composite_members(c, self.style) for m in ms]
            chains = [m.schema for m in members]
            chains += [chain for domain in types for chain in domains.domain_chains(domain)]
            roots = roots_of(chains)
            fields = [*(f for c in composites for f in c.fields), *(domain.as_field for domain in types)]
            declared = [*map(interfaces.composite_interface, composites), *map(domain_type, types)]
            mentioned = [Needed(type_name(c), name) for c in composites]
            yield Module(
                name=name,
                source="the composite types" if composites else "the domains",
                packages=self.packages if composites else self.packages_of(chains),
                values=interfaces.elsewhere(name, needed_schemas(roots, fields)),
                types=interfaces.elsewhere(name, self.mentioned(mentioned, roots, fields)),
                blocks=[*self.own(declared), *self.schemas((*composites, *types))],
            )

    def schemas(self, types: Sequence[CompositeModel | DomainModel]) -> Iterator[str]:
        for type in domains.in_order(types):
            if isinstance(type, DomainModel):
                yield from domains.domain_schemas(type, self.style)
            else:
                yield from objects.composite_schemas(type, self.style)

    def pg(self, used: set[str]) -> Iterator[Module]:
        """_pg.ts, unless it would be empty."""
        alone = self.zod.types_import is None
        blocks = [*helpers(self.style, used, exported=self.zod.files == "many")]
        if blocks or alone:
            client, text = self.zod.options.client, "\n".join(blocks)
            mentioned = [Needed(n, "_pg") for n in pg_names(client) if re.search(rf"\b{n}\b", text)]
            yield Module(
                name="_pg",
                source=SOURCES[client],
                packages=self.packages if blocks else (),
                types=self.shared(mentioned),
                blocks=[*self.own(pg_types(client)), *blocks],
                exports=pg_names(client) if alone else (),
            )

    def drop_in(self, shown: Model) -> Iterator[Module]:
        """drizzle.ts, which stands in for drizzle-zod, and so is no part of the index."""
        if self.zod.options.client == "drizzle" and not self.style.mini:
            json = Needed("Json", "_pg")
            yield Module(
                name="drizzle",
                source="the whole catalog",
                packages=self.packages,
                values=[
                    Needed(name, files.file_name(r)) for r in shown.rows for name, _ in objects.row_names(r)
                ],
                types=self.shared([json]) or [json],
                blocks=[relations_text(shown.rows), DROP_IN],
                exports=(),
            )

    def own(self, declarations: Iterable[str]) -> Iterable[str]:
        """Declarations of types, where they are not TypeScript's."""
        return declarations if self.zod.types_import is None else ()

    def mentioned(
        self, given: list[Needed], roots: Set[str], read: Iterable[Field], written: Iterable[Field] = ()
    ) -> list[Needed]:
        """The types that a file mentions: where TypeScript has them, those `given` and those of casts."""
        if self.zod.types_import is None:
            return [*interfaces.needed_types(read, written)]
        casts = needed_casts(roots, read, written)
        return [
            *self.shared([*given, *(c for c in casts if c.sibling)]),
            *(c for c in casts if not c.sibling),
        ]

    def shared(self, types: Iterable[Needed]) -> list[Needed]:
        """Types as they are imported from the TypeScript output, where there is one."""
        if self.zod.types_import is None:
            return []
        folder, one = self.zod.types_import.rstrip("/"), self.zod.types_files == "one"
        return [Needed(need.name, "index" if one else need.from_, folder) for need in types]

    def packages_of(self, chains: Iterable[Chain]) -> tuple[str, ...]:
        """Zod, where schemas are not made of helpers alone."""
        used = any("z" in self.style.written(chain).roots for chain in chains) or (
            self.style.explicit and any("z." in str(self.style.type(chain)) for chain in chains)
        )
        return self.packages if used else ()

    @property
    def packages(self) -> tuple[str, ...]:
        return (f'import * as z from "{self.style.module}";',)
