"""From the names in a configuration to the objects of a catalog: what to leave out, what to call things."""

from collections.abc import Iterator, Mapping

from attrs import frozen

from pgkit.backends.model import ModelOptions, label_ref
from pgkit.diag import Diagnostic, PgkitError, Severity, Span
from pgkit.ir.catalog import Catalog
from pgkit.ir.kinds import Enum
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, MaterializedView, View
from pgkit.ir.walk import Declared, index, refs_in
from pgkit.jobs.config import Config, Override
from pgkit.jobs.toml import nearest, place
from pgkit.passes.bind import bind

NAMED = ("table", "view", "materialized_view", "enum", "composite")
VALUES = ("column", "attribute")


def model_options(config: Config, catalog: Catalog) -> ModelOptions:
    """What every backend is told. Raises with each name in the configuration that is not in the catalog."""
    known = _Known(index(catalog), config)
    problems = [*known.bad_excludes(), *known.bad_overrides()]
    if problems:
        raise PgkitError(problems)
    keys, stems, members = known.names()
    return ModelOptions(
        case=config.rust.case,
        main_schema=config.schema,
        exclude=frozenset(r for r in known.objects if r.kind == "column" and str(r) in config.exclude),
        keys=keys,
        stems=stems,
        members=members,
    )


def exposed(catalog: Catalog, exclude: frozenset[Ref]) -> Iterator[Diagnostic]:
    """What excluding these columns does not do by itself: views show them on, and rows need them."""
    if not exclude:
        return
    catalog = bind(catalog)
    views: tuple[View | MaterializedView, ...] = (*catalog.views, *catalog.materialized_views)
    for view in views:
        for ref in sorted(exclude & set(refs_in(view.query))):
            yield _warning(
                "excluded-in-view",
                f"{view.kind.replace('_', ' ')} {view.schema}.{view.name} reads {ref}, which is excluded",
                "exclude the view's own column too, if it shows the value",
            )
    for table in catalog.tables:
        for column in table.columns:
            if table.ref.of("column", column.name) in exclude and _needed(column):
                yield _warning(
                    "excluded-but-needed",
                    f"rows of {table.schema}.{table.name} cannot be inserted without {column.name}, "
                    "which is excluded",
                    "give the column a default, or insert by other means",
                )


def _needed(column: Column) -> bool:
    given = (column.default, column.identity, column.generated)
    return not column.nullable and all(value is None for value in given)


def _warning(code: str, message: str, help: str) -> Diagnostic:
    return Diagnostic(code, message, help=help, severity=Severity.WARNING)


@frozen
class _Known:
    objects: Mapping[Ref, Declared]
    config: Config

    @property
    def columns(self) -> dict[str, Ref]:
        """The columns of tables and views by their dotted names."""
        return {str(ref): ref for ref in self.objects if ref.kind == "column"}

    @property
    def values(self) -> dict[str, Ref]:
        """Whatever has a key in JSON."""
        return {str(ref): ref for ref in self.objects if ref.kind in VALUES}

    @property
    def named(self) -> dict[str, Ref]:
        """Whatever gives generated types their names."""
        return {str(ref): ref for ref in self.objects if ref.kind in NAMED}

    def bad_excludes(self) -> Iterator[Diagnostic]:
        columns = self.columns
        for name in self.config.exclude:
            if name not in columns:
                yield self.unknown("exclude", name, columns, ("exclude",))

    def bad_overrides(self) -> Iterator[Diagnostic]:
        values, named = self.values, self.named
        for name, override in self.config.overrides.items():
            at = ("overrides", name)
            if override.json_name == "":
                help = "leave it out, and the name follows `case`"
                yield self.problem(
                    "bad-name", "expected a name, found an empty one", (*at, "json_name"), help
                )
            if name in values:
                yield from self.misplaced(at, name=override.name, labels=override.labels or None)
            elif name in named:
                is_enum = named[name].kind == "enum"
                labels = None if is_enum else override.labels or None
                yield from self.misplaced(at, json_name=override.json_name, labels=labels)
                yield from self.bad_names(at, override, self.objects[named[name]])
            else:
                yield self.unknown("overrides", name, {**values, **named}, at)

    def bad_names(self, at: tuple[str, ...], override: Override, obj: Declared) -> Iterator[Diagnostic]:
        for name in filter(None, (override.name, *override.labels.values())):
            if not (name.isascii() and name.isidentifier() and name[0].isupper()):
                message = f"expected a name like LineItem, found {name}"
                yield self.problem("bad-name", message, at, "it becomes part of type names")
        if isinstance(obj, Enum):
            for label in override.labels.keys() - set(obj.labels):
                near = nearest(label, list(obj.labels))
                help = f"did you mean {near}?" if near else f"its labels are {', '.join(obj.labels)}"
                message = f'enum {obj.schema}.{obj.name} has no label "{label}"'
                yield self.problem("unknown-name", message, (*at, "labels", label), help)

    def misplaced(self, at: tuple[str, ...], **given: object) -> Iterator[Diagnostic]:
        fits = {"json_name": "columns", "name": "tables, views and types", "labels": "enums"}
        for key, value in given.items():
            if value is not None:
                help = f"{key} is for {fits[key]}"
                yield self.problem("misplaced-key", f"{key} means nothing to {at[1]}", (*at, key), help)

    def unknown(self, key: str, name: str, known: Mapping[str, Ref], at: tuple[str, ...]) -> Diagnostic:
        near = nearest(name, known)
        help = f"did you mean {near}?" if near else "names are schema.table.column, and case counts"
        if name in self.named:
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
        values, named = self.values, self.named
        keys, stems, members = {}, {}, {}
        for name, override in self.config.overrides.items():
            if override.json_name is not None:
                keys[values[name]] = override.json_name
            if override.name is not None:
                stems[named[name]] = override.name
            for label, chosen in override.labels.items():
                members[label_ref(named[name], label)] = chosen
        return keys, stems, members
