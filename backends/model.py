"""What every language backend prints: rows, their fields and the value types in them, names resolved.

Domains are seen through, enums and composites are found, names collide here or nowhere.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import assert_never

from attrs import evolve, field, frozen

from pgkit.backends.asked import Asked, altered
from pgkit.backends.collisions import collisions, odd_names
from pgkit.backends.forms import formed, given, reformed
from pgkit.backends.ids import key_columns, with_tenants
from pgkit.backends.modes import is_text, label_enum, labelled, moded
from pgkit.backends.names import json_key, pascal, short, snake
from pgkit.backends.options import ModelOptions
from pgkit.backends.values import (
    ArrayValue,
    CompositeModel,
    CompositeValue,
    DomainModel,
    EnumModel,
    EnumValue,
    Field,
    IdModel,
    Own,
    ScalarValue,
    TextValue,
    Value,
    own_of,
    owned,
    shape,
)
from pgkit.diag import Diagnostic, PgkitError
from pgkit.ir.catalog import Catalog
from pgkit.ir.kinds import Composite, Domain, Enum
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, MaterializedView, Table, View
from pgkit.ir.scalars import Shape
from pgkit.ir.types import Array, Named, PgType, Scalar
from pgkit.ir.walk import Declared, index, members_of, ref_of
from pgkit.ir.wire import DRIVERS, Client

Relation = Table | View | MaterializedView


@frozen
class RowModel:
    """A table or view with its fields in column order."""

    relation: Relation
    ref: Ref
    stem: str  # LineItem
    module: str  # line_item
    fields: tuple[Field, ...]
    redacted: tuple[str, ...] = ()  # columns that are never selected: excluded, or written only
    write_only: tuple[Field, ...] = ()  # columns that are written, and never read
    comment: str | None = None
    client: Client = "json"  # where rows come from
    tenant: str | None = None  # the column that says whose a row is, and tells rows apart

    @property
    def writable(self) -> bool:
        """Whether rows can be inserted: a table, not a view."""
        return isinstance(self.relation, Table)


@frozen
class Model:
    """Everything to print, sorted by schema and name."""

    rows: tuple[RowModel, ...]
    enums: tuple[EnumModel, ...]
    composites: tuple[CompositeModel, ...]
    ids: tuple[IdModel, ...] = ()
    domains: tuple[DomainModel, ...] = ()

    @property
    def types(self) -> tuple[EnumModel | CompositeModel, ...]:
        """The enums and the composite types."""
        return (*self.enums, *self.composites)

    @property
    def owners(self) -> tuple[RowModel | CompositeModel, ...]:
        """Everything that has fields."""
        return (*self.rows, *self.composites)


@frozen(eq=False)
class _Asked:
    """A catalog, by its identity, and options: what a model is remembered by."""

    catalog: Catalog
    options: ModelOptions

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self.catalog is other.catalog and self.options == other.options

    def __hash__(self) -> int:
        return id(self.catalog)


def model(catalog: Catalog, options: ModelOptions) -> Model:
    """The model of a catalog. Raises PgkitError with every collision and every unknown excluded name.

    Backends that are told the same share it.
    """
    has_checks = any(table.checks for table in catalog.tables) or any(d.checks for d in catalog.domains)
    return _model(_Asked(catalog, evolve(options, checks=options.checks and has_checks)))


@lru_cache(4)
def _model(of: _Asked) -> Model:
    catalog, options = of.catalog, of.options
    extensions = {e.name: e.schema for e in catalog.extensions if e.schema is not None}
    tables = tuple(t for t in catalog.tables if t.ref not in options.exclude)
    whose = frozenset(table.of("column", name) for table, name in options.tenants.items())
    keys = with_tenants(key_columns(tables), whose) if options.ids else {}
    objects = dict(members_of(catalog))
    asked = Asked(
        objects, altered(catalog) if options.checks else frozenset(), options.rewritten, options.checks
    )
    told = frozenset().union(keys, options.keys, options.properties, options.own, options.modes)
    builder = _Builder(objects, extensions, keys, told, asked, options)
    declared = [builder.enum(e) for e in catalog.enums if e.labels]
    # Drivers hand composites over as text.
    declared_composites = () if options.client in DRIVERS else catalog.composites
    composites = tuple(sorted(map(builder.composite, declared_composites), key=_place))
    relations: tuple[Relation, ...] = (*catalog.tables, *catalog.views, *catalog.materialized_views)
    kept = (r for r in relations if not options.exclude or ref_of(r) not in options.exclude)
    rows = tuple(sorted(map(builder.row, kept), key=_place))
    enums = tuple(sorted((*declared, *builder.listed.values()), key=_place))
    domains = tuple(sorted(map(builder.domain, catalog.domains), key=_place))
    found = Model(rows, enums, composites, _ids(rows), domains)
    chosen = {**options.stems, **options.members}
    if problems := [*_unknown_excludes(catalog, options.exclude), *odd_names(chosen), *collisions(found)]:
        raise PgkitError(problems)
    return found


def _ids(rows: tuple[RowModel, ...]) -> tuple[IdModel, ...]:
    values = (f.value for row in rows for f in (*row.fields, *row.write_only))
    return tuple(sorted({v.id for v in values if isinstance(v, ScalarValue) and v.id}, key=_place))


def _place(model: RowModel | EnumModel | CompositeModel | DomainModel | IdModel) -> tuple[str, str]:
    return model.ref.schema, model.ref.name


@frozen
class _Builder:
    objects: dict[Ref, Declared]
    extensions: dict[str, str]  # an extension -> its schema
    keys: Mapping[Ref, Ref]  # a column -> the only column of the primary key that it holds
    told: frozenset[Ref | str]  # columns that are not what any other of their type is
    asked: Asked
    options: ModelOptions
    values: dict[tuple[PgType, int], Value] = field(factory=dict)
    ids: dict[tuple[Ref, Value], Value] = field(factory=dict)
    listed: dict[Ref, EnumModel] = field(factory=dict)  # text columns whose values schema.ts lists
    domains: dict[Ref, DomainModel] = field(factory=dict)

    def stem(self, ref: Ref) -> str:
        if chosen := self.options.stems.get(ref):
            return chosen
        own = pascal(ref.name)
        prefix = "" if ref.schema == self.options.main_schema else pascal(ref.schema)
        return _no_digit_first(prefix + own)

    def module(self, ref: Ref) -> str:
        if chosen := self.options.stems.get(ref):
            return short(snake(chosen))
        own = snake(ref.name)
        return short(own if ref.schema == self.options.main_schema else f"{snake(ref.schema)}_{own}")

    def enum(self, enum: Enum) -> EnumModel:
        ref = Ref("enum", enum.schema, enum.name)
        members = tuple(self.member(ref, label) for label in enum.labels)
        return EnumModel(ref, self.stem(ref), enum.labels, members, enum.comment)

    def member(self, enum: Ref, label: str) -> str:
        return self.options.members.get(label_ref(enum, label)) or _no_digit_first(pascal(label))

    def composite(self, composite: Composite) -> CompositeModel:
        ref = Ref("composite", composite.schema, composite.name)
        fields = tuple(
            self.field(ref.of("attribute", a.name), Column(name=a.name, type=a.type, comment=a.comment))
            for a in composite.attributes
        )
        # A domain's NOT NULL does not reach into a composite: ROW() and outer joins make nulls all the same.
        nullable = tuple(evolve(f, nullable=True) for f in fields)
        return CompositeModel(ref, self.stem(ref), nullable, composite.comment)

    def domain(self, domain: Domain) -> DomainModel:
        ref = Ref("domain", domain.schema, domain.name)
        if ref not in self.domains:
            client = self.options.client
            value = formed(self.value(domain.type, through=True), client)
            sent = given(value, client)
            checks = self.asked.of_domain(domain, sent)
            self.domains[ref] = DomainModel(ref, self.stem(ref), value, sent, checks, domain.comment)
        return self.domains[ref]

    def row(self, relation: Relation) -> RowModel:
        ref = Ref(relation.kind, relation.schema, relation.name)
        columns = [(ref.of("column", c.name), c) for c in relation.columns]
        unread = self.options.exclude | self.options.write_only
        fields = tuple(self.field(r, c) for r, c in columns if not unread or r not in unread)
        redacted = tuple(c.name for r, c in columns if unread and r in unread)
        written = tuple(self.field(r, c) for r, c in columns if unread and r in self.options.write_only)
        stem, module = self.stem(ref), self.module(ref)
        fields, written = (self.asked.of_fields(relation, found) for found in (fields, written))
        tenant = self.options.tenants.get(ref)
        apart = [f for f in fields if f.name == tenant and not f.nullable and not f.computed]
        return RowModel(
            relation,
            ref,
            stem,
            module,
            fields,
            redacted,
            written,
            relation.comment,
            self.options.client,
            apart[0].name if apart else None,
        )

    def field(self, ref: Ref, column: Column) -> Field:
        always = column.identity is not None and column.identity.always
        computed = always or column.generated is not None
        is_written = ref.within == "table" and not computed
        domain_default, required = self.of_domain(column.type)
        told = ref in self.told
        value = self.of_column(ref, column.type) if told else self.shared(column.type)
        own = own_of(value)
        said = own.nullable
        nullable = column.nullable and not required if said is None else said
        value = owned(value, Own(nullable=nullable)) if own.rust else value
        return Field(
            ref,
            column.name,
            self.key(ref) if told else json_key(column.name, self.options.case),
            column.type,
            value,
            nullable=nullable,
            has_default=(
                column.default is not None
                or column.identity is not None
                or domain_default
                or (told and self.is_filled_in(ref))
            ),
            computed=computed,
            comment=column.comment,
            given=given(value, self.options.client) if is_written else value,
        )

    def key(self, ref: Ref) -> str:
        chosen = self.options.keys.get(ref) or self.options.properties.get(ref)
        return chosen or json_key(ref.member, self.options.case)

    def is_filled_in(self, ref: Ref) -> bool:
        """Whether Drizzle gives a column its value where an insert leaves it out."""
        mode = self.options.modes.get(ref)
        return self.options.client == "drizzle" and mode is not None and mode.default

    def of_domain(self, type: PgType) -> tuple[bool, bool]:
        """Whether a domain (or one below it) gives a default, and whether one forbids nulls."""
        default = required = False
        while isinstance(type, Named) and isinstance(domain := self.objects.get(type.ref), Domain):
            default, required = default or domain.default is not None, required or not domain.nullable
            type = domain.type
        return default, required

    def of_column(self, ref: Ref, type: PgType) -> Value:
        value = self.read(ref, type)
        key = self.keys.get(ref)
        if not isinstance(value, ScalarValue) or value.own.replaces or key is None:
            return value
        found = self.read(key, self.column(key).type)
        if not isinstance(found, ScalarValue) or not _can_be_id(found, value):
            return value
        if (key, value) not in self.ids:
            owner = owner_of(key)
            self.ids[key, value] = evolve(value, id=IdModel(owner, self.stem(owner), found))
        return self.ids[key, value]

    def read(self, ref: Ref, type: PgType) -> Value:
        """The value of a column as it is said to be read, key or not."""
        value, own = self.handed_over(ref, type), self.options.own.get(ref)
        return reformed(value, own, self.options.client) if own else value

    def handed_over(self, ref: Ref, type: PgType) -> Value:
        """The value of a column, in the mode that Drizzle has for it."""
        mode = self.options.modes.get(ref)
        if mode is None or self.options.client != "drizzle":
            return self.shared(type)
        value = moded(self.shared(type), type, mode)
        if not mode.values or not is_text(value):
            return value
        stem = self.stem(owner_of(ref)) + pascal(ref.member)
        self.listed[ref] = label_enum(ref, stem, mode.values)
        return labelled(value, self.listed[ref])

    def shared(self, type: PgType) -> Value:
        """The value of a type: one for all columns of it, so that what is made of it is made once."""
        key = type, type.dims if isinstance(type, Array) else 0  # which are no part of a type's equality
        if key not in self.values:
            self.values[key] = formed(self.value(type), self.options.client)
        return self.values[key]

    def column(self, ref: Ref) -> Column:
        table = self.objects[owner_of(ref)]
        assert isinstance(table, Table)
        return next(column for column in table.columns if column.name == ref.member)

    def value(self, type: PgType, through: bool = False) -> Value:
        match type:
            case Scalar(name, _, schema):
                value = ScalarValue(type, through, self.extensions.get(type.row.extension, ""))
                return owned(value, self.options.own.get(f"{schema}.{name}" if schema else name))
            case Array(of, dims):
                value_of = self.element(of)
                return ArrayValue(value_of, dims, through, own_of(value_of).array_nulls or False)
            case Named(ref):
                return self.named(type, ref, through)
            case _:
                assert_never(type)

    def element(self, type: PgType) -> Value:
        # Through a domain, elements can be arrays of any length: no client reads that but as text.
        value = self.value(type)
        return TextValue(type, through_domain=True) if isinstance(value, ArrayValue) else value

    def named(self, type: Named, ref: Ref, through: bool) -> Value:
        return owned(self.declared(type, ref, through), self.options.own.get(ref))

    def declared(self, type: Named, ref: Ref, through: bool) -> Value:
        match self.objects.get(ref):
            case Domain() as domain:
                return evolve(self.value(domain.type, through=True), domain=self.domain(domain))
            case Enum(labels=labels) as enum if labels:
                return EnumValue(self.enum(enum), through)
            case Composite() as composite:
                return CompositeValue(self.composite(composite), through)
            case _:
                return TextValue(type, through)


def _unknown_excludes(catalog: Catalog, exclude: frozenset[Ref]) -> Iterator[Diagnostic]:
    known = index(catalog) if exclude else {}
    for ref in sorted(ref for ref in exclude if ref not in known):
        yield Diagnostic(
            "unknown-exclude",
            f"exclude names {ref}, which does not exist",
            where="pgkit.toml",
            help="names are schema.table.column, and case counts",
        )


def owner_of(member: Ref) -> Ref:
    """What a column belongs to."""
    assert member.owner is not None
    return member.owner


def _can_be_id(key: ScalarValue, value: ScalarValue) -> bool:
    """Whether keys of this type have a type of their own, and the column's type is the same."""
    same = (key.type.name, key.type.schema, key.form) == (value.type.name, value.type.schema, value.form)
    return same and not key.own.replaces and shape(key) in (Shape.INT, Shape.UUID, Shape.TEXT)


def label_ref(enum: Ref, label: str) -> Ref:
    """The Ref of one label of an enum."""
    return enum.of("enum_value", label)


def _no_digit_first(name: str) -> str:
    return f"V{name}" if name[0].isdigit() else name
