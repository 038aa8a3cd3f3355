"""What every language backend prints: rows, their fields and the value types in them, names resolved.

Domains are seen through, enums and composites are found, names collide here or nowhere.
"""

from collections.abc import Iterator, Mapping
from typing import assert_never

from attrs import evolve, field, frozen

from pgkit.backends.collisions import collisions, odd_names
from pgkit.backends.forms import formed
from pgkit.backends.ids import key_columns
from pgkit.backends.names import Case, json_key, pascal, short, snake
from pgkit.backends.values import (
    ArrayValue,
    CompositeModel,
    CompositeValue,
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
from pgkit.ir.walk import Declared, index
from pgkit.ir.wire import Client

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

    @property
    def types(self) -> tuple[EnumModel | CompositeModel, ...]:
        """The enums and the composite types."""
        return (*self.enums, *self.composites)

    @property
    def owners(self) -> tuple[RowModel | CompositeModel, ...]:
        """Everything that has fields."""
        return (*self.rows, *self.composites)


@frozen(kw_only=True)
class ModelOptions:
    """What a configuration says of names and columns; Refs are columns or relations."""

    case: Case = "camel"
    main_schema: str = "public"  # names from other schemas are prefixed with theirs
    client: Client = "json"  # where rows come from
    exclude: frozenset[Ref] = frozenset()
    write_only: frozenset[Ref] = frozenset()
    ids: bool = True  # whether keys have types of their own
    tenants: Mapping[Ref, str] = field(factory=dict)  # table or view -> the column that says whose a row is
    keys: Mapping[Ref, str] = field(factory=dict)  # column -> its JSON key
    stems: Mapping[Ref, str] = field(factory=dict)  # table, view or type -> the stem of its type names
    members: Mapping[Ref, str] = field(factory=dict)  # enum label -> its identifier
    own: Mapping[Ref | str, Own] = field(factory=dict)  # column, declared type, or a scalar's name


def model(catalog: Catalog, options: ModelOptions) -> Model:
    """The model of a catalog. Raises PgkitError with every collision and every unknown excluded name."""
    extensions = {e.name: e.schema for e in catalog.extensions if e.schema is not None}
    keys = key_columns(catalog.tables) if options.ids else {}
    builder = _Builder(index(catalog), extensions, keys, options)
    enums = tuple(sorted((builder.enum(e) for e in catalog.enums if e.labels), key=_place))
    composites = tuple(sorted(map(builder.composite, catalog.composites), key=_place))
    relations: tuple[Relation, ...] = (*catalog.tables, *catalog.views, *catalog.materialized_views)
    rows = tuple(sorted(map(builder.row, relations), key=_place))
    found = Model(rows, enums, composites, _ids(rows))
    chosen = {**options.stems, **options.members}
    if problems := [*builder.unknown_excludes(), *odd_names(chosen), *collisions(found)]:
        raise PgkitError(problems)
    return found


def _ids(rows: tuple[RowModel, ...]) -> tuple[IdModel, ...]:
    values = (f.value for row in rows for f in (*row.fields, *row.write_only))
    return tuple(sorted({v.id for v in values if isinstance(v, ScalarValue) and v.id}, key=_place))


def _place(model: RowModel | EnumModel | CompositeModel | IdModel) -> tuple[str, str]:
    return model.ref.schema, model.ref.name


@frozen
class _Builder:
    objects: dict[Ref, Declared]
    extensions: dict[str, str]  # an extension -> its schema
    keys: Mapping[Ref, Ref]  # a column -> the only column of the primary key that it holds
    options: ModelOptions
    values: dict[tuple[PgType, int], Value] = field(factory=dict)
    ids: dict[tuple[Ref, Value], Value] = field(factory=dict)

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

    def row(self, relation: Relation) -> RowModel:
        ref = Ref(relation.kind, relation.schema, relation.name)
        columns = [(ref.of("column", c.name), c) for c in relation.columns]
        unread = self.options.exclude | self.options.write_only
        fields = tuple(self.field(r, c) for r, c in columns if r not in unread)
        redacted = tuple(c.name for r, c in columns if r in unread)
        written = tuple(self.field(r, c) for r, c in columns if r in self.options.write_only)
        stem, module = self.stem(ref), self.module(ref)
        return RowModel(relation, ref, stem, module, fields, redacted, written, relation.comment)

    def field(self, ref: Ref, column: Column) -> Field:
        always = column.identity is not None and column.identity.always
        domain_default, required = self.of_domain(column.type)
        value = self.of_column(ref, column.type)
        own = own_of(value)
        said = own.nullable
        nullable = column.nullable and not required if said is None else said
        return Field(
            ref,
            column.name,
            self.options.keys.get(ref) or json_key(column.name, self.options.case),
            column.type,
            owned(value, Own(nullable=nullable)) if own.rust else value,
            nullable=nullable,
            has_default=column.default is not None or column.identity is not None or domain_default,
            computed=always or column.generated is not None,
            comment=column.comment,
        )

    def of_domain(self, type: PgType) -> tuple[bool, bool]:
        """Whether a domain (or one below it) gives a default, and whether one forbids nulls."""
        default = required = False
        while isinstance(type, Named) and isinstance(domain := self.objects.get(type.ref), Domain):
            default, required = default or domain.default is not None, required or not domain.nullable
            type = domain.type
        return default, required

    def of_column(self, ref: Ref, type: PgType) -> Value:
        value = owned(self.shared(type), self.options.own.get(ref))
        key = self.keys.get(ref)
        if not isinstance(value, ScalarValue) or value.own.rust or key is None:
            return value
        found = self.shared(self.column(key).type)
        if not isinstance(found, ScalarValue) or not _can_be_id(found, value):
            return value
        if (key, value) not in self.ids:
            owner = owner_of(key)
            self.ids[key, value] = evolve(value, id=IdModel(owner, self.stem(owner), found))
        return self.ids[key, value]

    def shared(self, type: PgType) -> Value:
        """The value of a type: one for all columns of it, so that what is made of it is made once."""
        key = type, type.dims if isinstance(type, Array) else 0  # which are no part of a type's equality
        if key not in self.values:
            self.values[key] = formed(self.value(type), self.options.client)
        return self.values[key]

    def column(self, ref: Ref) -> Column:
        found = self.objects[ref]
        assert isinstance(found, Column)
        return found

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
                return self.value(domain.type, through=True)
            case Enum(labels=labels) as enum if labels:
                return EnumValue(self.enum(enum), through)
            case Composite() as composite:
                return CompositeValue(self.composite(composite), through)
            case _:
                return TextValue(type, through)

    def unknown_excludes(self) -> Iterator[Diagnostic]:
        for ref in sorted(self.options.exclude - self.objects.keys()):
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
    same = (key.type.name, key.type.schema) == (value.type.name, value.type.schema)
    return same and not key.own.rust and shape(key) in (Shape.INT, Shape.UUID, Shape.TEXT)


def label_ref(enum: Ref, label: str) -> Ref:
    """The Ref of one label of an enum."""
    return enum.of("enum_value", label)


def _no_digit_first(name: str) -> str:
    return f"V{name}" if name[0].isdigit() else name
