"""From the names in a configuration to the objects of a catalog: what to leave out, what to call things."""

from collections.abc import Iterator, Mapping

from attrs import frozen

from pgkit.backends.builder import label_ref
from pgkit.backends.options import ModelOptions
from pgkit.backends.values import Own
from pgkit.diag import Diagnostic, PgkitError, Severity, Span
from pgkit.ir.catalog import Catalog
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, MaterializedView, View
from pgkit.ir.walk import Declared, index, ref_of, refs_in
from pgkit.jobs.config import Config, Override
from pgkit.jobs.names import Chosen
from pgkit.jobs.overrides import RELATIONS, Overrides, is_known_type, own
from pgkit.jobs.toml import nearest, place
from pgkit.passes.bind import bind

NAMED = ("table", "view", "materialized_view", "enum", "composite", "domain")


def model_options(config: Config, catalog: Catalog, chosen: Chosen = Chosen()) -> ModelOptions:
    """What every backend is told. Raises with each name in the configuration that is not in the catalog."""
    objects = index(catalog)
    known = _Known(objects, config, Overrides.of(catalog, objects))
    problems = [*known.bad_excludes(), *known.bad_overrides(), *known.bad_tenants()]
    if problems:
        raise PgkitError(problems)
    keys, stems, members = known.names()
    return ModelOptions(
        case=config.rust.case,
        main_schema=config.schema,
        exclude=known.listed(config.exclude),
        write_only=known.listed(config.write_only),
        ids=config.rust.ids,
        tenants=known.tenants(),
        own=known.owns(),
        keys=keys,
        properties=chosen.properties,
        exports=chosen.exports,
        modes=chosen.modes,
        stems=stems,
        members=members,
        open_enums=known.open_enums(),
    )


def exposed(catalog: Catalog, exclude: frozenset[Ref]) -> Iterator[Diagnostic]:
    """What excluding these columns does not do by itself: views show them on, and rows need them."""
    if not exclude:
        return
    catalog = bind(catalog)
    views: tuple[View | MaterializedView, ...] = (*catalog.views, *catalog.materialized_views)
    for view in views:
        for ref in sorted(_excluded_in(view, exclude)):
            what = "own column" if ref.kind == "column" else "columns"
            yield _warning(
                "excluded-in-view",
                f"{view.kind.replace('_', ' ')} {view.schema}.{view.name} reads {ref}, which is excluded",
                f"exclude the view's {what} too, if it shows the value",
            )
    for table in (t for t in catalog.tables if t.ref not in exclude):
        for column in table.columns:
            if table.ref.of("column", column.name) in exclude and _needed(column):
                yield _warning(
                    "excluded-but-needed",
                    f"rows of {table.schema}.{table.name} cannot be inserted without {column.name}, "
                    "which is excluded",
                    "name it in write_only, to be inserted and never read, or give it a default",
                )


def _excluded_in(view: View | MaterializedView, exclude: frozenset[Ref]) -> frozenset[Ref]:
    """The excluded columns and relations that a view reads; nothing, if it is excluded itself."""
    if ref_of(view) in exclude:
        return frozenset()
    refs = {*refs_in(view.query)}
    return exclude & (refs | {ref.owner for ref in refs if ref.owner})


def _needed(column: Column) -> bool:
    given = (column.default, column.identity, column.generated)
    return not column.nullable and all(value is None for value in given)


def _warning(code: str, message: str, help: str) -> Diagnostic:
    return Diagnostic(code, message, help=help, severity=Severity.WARNING)


@frozen
class _Known:
    objects: Mapping[Ref, Declared]
    config: Config
    overrides: Overrides

    @property
    def columns(self) -> dict[str, Ref]:
        """The columns of tables and views by their dotted names."""
        return {str(ref): ref for ref in self.objects if ref.kind == "column"}

    @property
    def named(self) -> dict[str, Ref]:
        """Whatever gives generated types their names."""
        return {str(ref): ref for ref in self.objects if ref.kind in NAMED}

    @property
    def excludable(self) -> dict[str, Ref]:
        """The columns, and the tables and views as a whole."""
        return {**{n: ref for n, ref in self.named.items() if ref.kind in RELATIONS}, **self.columns}

    def listed(self, names: tuple[str, ...]) -> frozenset[Ref]:
        """The columns and relations of these names."""
        return frozenset(ref for name, ref in self.excludable.items() if name in names)

    def bad_excludes(self) -> Iterator[Diagnostic]:
        known = {"exclude": self.excludable, "write_only": self.columns}
        lists = {"exclude": self.config.exclude, "write_only": self.config.write_only}
        for key, name in ((key, name) for key, names in lists.items() for name in names):
            if name not in known[key]:
                yield self.unknown(key, name, known[key], (key,))

    def tenants(self) -> dict[Ref, str]:
        """The tenant column of each table and view that has one."""
        everywhere = self.config.rust.tenant_column
        columns = [ref for ref in self.columns.values() if ref.member == everywhere]
        found = {owner: ref.member for ref in columns if (owner := ref.owner) is not None}
        chosen = {ref: o.tenant_column for ref, o in self.of_objects() if o.tenant_column is not None}
        return {ref: column for ref, column in {**found, **chosen}.items() if column}

    def bad_tenants(self) -> Iterator[Diagnostic]:
        """A tenant column that no table has, or that is not generated with its table."""
        everywhere = self.config.rust.tenant_column
        if everywhere is not None and everywhere not in {ref.member for ref in self.columns.values()}:
            near = nearest(everywhere, [ref.member for ref in self.columns.values()])
            help = f"did you mean {near}?" if near else "leave it out if rows have no tenants"
            message = f"no table has the tenant column {everywhere}"
            yield self.problem("unknown-name", message, ("rust", "tenant_column"), help)
        for table, column in self.tenants().items():
            for key in ("exclude", "write_only"):
                if f"{table}.{column}" in getattr(self.config, key):
                    message = f"{key} names {table}.{column}, which says whose a row is"
                    yield self.problem("excluded-tenant", message, (key,), "leave it in", f"{table}.{column}")

    def bad_overrides(self) -> Iterator[Diagnostic]:
        for name, override in self.config.overrides.items():
            target = self.overrides.find(name)
            if target is None:
                yield self.no_target(name)
                continue
            for key, code, message, help in self.overrides.problems(target, override):
                yield self.problem(code, message, ("overrides", name, key), help)

    def no_target(self, name: str) -> Diagnostic:
        at = ("overrides", name)
        if is_known_type(name):
            help = "leave it out: it would have no effect"
            return self.problem(
                "unknown-name", f"overrides names {name}, and nothing is of it", at, help, name
            )
        return self.unknown("overrides", name, self.overrides.names, at)

    def unknown(self, key: str, name: str, known: Mapping[str, object], at: tuple[str, ...]) -> Diagnostic:
        near = nearest(name, known)
        help = f"did you mean {near}?" if near else "names are schema.table.column, and case counts"
        if name in self.named and key == "write_only":
            help = f"name its columns, as in {name}.id"
        return self.problem("unknown-name", f"{key} names {name}, which does not exist", at, help, name)

    def problem(
        self, code: str, message: str, at: tuple[str, ...], help: str, name: str | None = None
    ) -> Diagnostic:
        file = self.config.file
        span = place(file, at) if file else None
        if file and span and name:
            start = file.text.find(name, span.start)
            span = Span(file, start, start + len(name)) if start >= 0 else span
        return Diagnostic(code, message, span, help, where=file.name if file else "")

    def names(self) -> tuple[dict[Ref, str], dict[Ref, str], dict[Ref, str]]:
        """The chosen JSON keys, stems and names of labels."""
        keys: dict[Ref, str] = {}
        stems: dict[Ref, str] = {}
        members: dict[Ref, str] = {}
        for ref, override in self.of_objects():
            if override.json_name is not None:
                keys[ref] = override.json_name
            if override.name is not None:
                stems[ref] = override.name
            members |= {label_ref(ref, label): chosen for label, chosen in override.labels.items()}
        return keys, stems, members

    def open_enums(self) -> frozenset[Ref]:
        """The enums whose unknown labels are read as what they are."""
        said = {ref: override.enum_unknown for ref, override in self.of_objects() if override.enum_unknown}
        everywhere = self.config.enum_unknown
        enums = (ref for ref in self.objects if ref.kind == "enum")
        return frozenset(ref for ref in enums if said.get(ref, everywhere) == "other")

    def of_objects(self) -> Iterator[tuple[Ref, Override]]:
        """The overrides of what the catalog declares."""
        for name, override in self.config.overrides.items():
            target = self.overrides.find(name)
            if target is not None and isinstance(target.key, Ref):
                yield target.key, override

    def owns(self) -> dict[Ref | str, Own]:
        """What is said of the types of columns, and of types."""
        said = ((self.overrides.find(n), own(o)) for n, o in self.config.overrides.items())
        return {target.key: value for target, value in said if target is not None and value is not None}
