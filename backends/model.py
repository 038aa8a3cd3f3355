"""What every language backend prints: rows, their fields and the value types in them, names resolved.

Domains are seen through, enums and composites are found, names collide here or nowhere.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar, assert_never

from attrs import evolve, field, frozen

from pgkit.backends.names import Case, json_key, pascal, snake
from pgkit.diag import Diagnostic, PgkitError
from pgkit.ir.catalog import Catalog
from pgkit.ir.kinds import Composite, Domain, Enum
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, MaterializedView, Table, View
from pgkit.ir.scalars import Shape
from pgkit.ir.types import Array, Named, PgType, Scalar
from pgkit.ir.walk import Declared, index

Relation = Table | View | MaterializedView


@frozen
class ScalarValue:
    """A scalar type; its row says the shape. `through_domain`: reached through a domain."""

    type: Scalar
    through_domain: bool = False


@frozen
class EnumValue:
    """An enum with at least one label."""

    enum: "EnumModel"
    through_domain: bool = False


@frozen
class ArrayValue:
    """An array, its element's value and the declared number of dimensions."""

    of: "Value"
    dims: int = 1
    through_domain: bool = False


@frozen
class CompositeValue:
    """A composite type; an object with its attributes as keys, each of them nullable."""

    composite: "CompositeModel"
    through_domain: bool = False


@frozen
class TextValue:
    """Anything read and written in its text form: ranges, multiranges, row types, enums without labels."""

    type: PgType
    through_domain: bool = False


Value = ScalarValue | EnumValue | ArrayValue | CompositeValue | TextValue


@frozen
class EnumModel:
    """An enum with the stem of its type's name."""

    ref: Ref
    stem: str
    labels: tuple[str, ...]
    members: tuple[str, ...]  # an identifier for each label: `in-review` is InReview
    comment: str | None = None


@frozen
class CompositeModel:
    """A composite type with the stem of its type's name and its attributes."""

    ref: Ref
    stem: str
    fields: "tuple[Field, ...]"
    comment: str | None = None


@frozen
class Field:
    """A column or attribute, as it is seen on the wire."""

    ref: Ref
    name: str  # in the database
    key: str  # in JSON
    type: PgType
    value: Value
    nullable: bool
    has_default: bool = False  # an insert may leave it out: a default, or identity by default
    computed: bool = False  # an insert must leave it out: generated, or identity always
    comment: str | None = None


@frozen
class RowModel:
    """A table or view with its fields in column order."""

    relation: Relation
    ref: Ref
    stem: str  # LineItem
    module: str  # line_item
    fields: tuple[Field, ...]
    redacted: tuple[str, ...] = ()  # excluded columns
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
    exclude: frozenset[Ref] = frozenset()
    keys: Mapping[Ref, str] = field(factory=dict)  # column -> its JSON key
    stems: Mapping[Ref, str] = field(factory=dict)  # table, view or type -> the stem of its type names
    members: Mapping[Ref, str] = field(factory=dict)  # enum label -> its identifier


def model(catalog: Catalog, options: ModelOptions) -> Model:
    """The model of a catalog. Raises PgkitError with every collision and every unknown excluded name."""
    builder = _Builder(index(catalog), options)
    enums = tuple(sorted((builder.enum(e) for e in catalog.enums if e.labels), key=_place))
    composites = tuple(sorted(map(builder.composite, catalog.composites), key=_place))
    relations: tuple[Relation, ...] = (*catalog.tables, *catalog.views, *catalog.materialized_views)
    rows = tuple(sorted(map(builder.row, relations), key=_place))
    found = Model(rows, enums, composites)
    if problems := [*builder.unknown_excludes(), *_odd_names(options), *_collisions(found)]:
        raise PgkitError(problems)
    return found


def _place(model: RowModel | EnumModel | CompositeModel) -> tuple[str, str]:
    return model.ref.schema, model.ref.name


@frozen
class _Builder:
    objects: dict[Ref, Declared]
    options: ModelOptions

    def stem(self, ref: Ref) -> str:
        if chosen := self.options.stems.get(ref):
            return chosen
        own = pascal(ref.name)
        prefix = "" if ref.schema == self.options.main_schema else pascal(ref.schema)
        return _no_digit_first(prefix + own)

    def module(self, ref: Ref) -> str:
        own = snake(ref.name)
        return own if ref.schema == self.options.main_schema else f"{snake(ref.schema)}_{own}"

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
        fields = tuple(self.field(r, c) for r, c in columns if r not in self.options.exclude)
        redacted = tuple(c.name for r, c in columns if r in self.options.exclude)
        return RowModel(relation, ref, self.stem(ref), self.module(ref), fields, redacted, relation.comment)

    def field(self, ref: Ref, column: Column) -> Field:
        always = column.identity is not None and column.identity.always
        domain_default, required = self.of_domain(column.type)
        return Field(
            ref,
            column.name,
            self.options.keys.get(ref) or json_key(column.name, self.options.case),
            column.type,
            self.value(column.type),
            nullable=column.nullable and not required,
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

    def value(self, type: PgType, through: bool = False) -> Value:
        match type:
            case Scalar():
                return ScalarValue(type, through)
            case Array(of, dims):
                return ArrayValue(self.element(of), dims, through)
            case Named(ref):
                return self.named(type, ref, through)
            case _:
                assert_never(type)

    def element(self, type: PgType) -> Value:
        # Through a domain, elements can be arrays of any length: no client reads that but as text.
        value = self.value(type)
        return TextValue(type, through_domain=True) if isinstance(value, ArrayValue) else value

    def named(self, type: Named, ref: Ref, through: bool) -> Value:
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


def shape(value: Value) -> Shape | None:
    """The shape of a scalar value; None for any other."""
    return value.type.row.shape if isinstance(value, ScalarValue) else None


def label_ref(enum: Ref, label: str) -> Ref:
    """The Ref of one label of an enum."""
    return enum.of("enum_value", label)


def _no_digit_first(name: str) -> str:
    return f"V{name}" if name[0].isdigit() else name


T = TypeVar("T")


def _duplicates(items: Iterable[tuple[str, T]]) -> Iterator[tuple[str, T, T]]:
    seen: dict[str, T] = {}
    for name, item in items:
        if name in seen:
            yield name, seen[name], item
        seen.setdefault(name, item)


def _collisions(model: Model) -> Iterator[Diagnostic]:
    for owner in model.owners:
        for key, a, b in _duplicates((f.key, f) for f in owner.fields):
            yield Diagnostic(
                "json-key-collision",
                f"{a.ref} and {b.ref} are both {key} in JSON",
                where=str(owner.ref),
                help=f'set json_name in [overrides."{b.ref}"]',
            )
    for enum in model.enums:
        yield from _label_collisions(enum)
    yield from name_collisions((r.stem, r.ref) for r in model.rows)
    yield from name_collisions((t.stem, t.ref) for t in model.types)


def _odd_names(options: ModelOptions) -> Iterator[Diagnostic]:
    for ref, name in sorted({**options.stems, **options.members}.items()):
        if not re.fullmatch(r"[A-Z][0-9A-Za-z]*", name):
            yield Diagnostic(
                "odd-name",
                f'"{name}" cannot name {ref}',
                where="pgkit.toml",
                help="a name is ASCII letters and digits, and begins with a capital",
            )


def _label_collisions(enum: EnumModel) -> Iterator[Diagnostic]:
    for name, a, b in _duplicates(zip(enum.members, enum.labels, strict=True)):
        yield Diagnostic(
            "label-name-collision",
            f'labels "{a}" and "{b}" would both be named {name}',
            where=str(enum.ref),
            help=f'give one another name in [overrides."{enum.ref}".labels]',
        )


def name_collisions(names: Iterable[tuple[str, Ref]]) -> Iterator[Diagnostic]:
    """A diagnostic for each two objects whose generated names are the same."""
    for name, first, second in _duplicates(names):
        yield Diagnostic(
            "type-name-collision",
            f"{first.kind} {first} and {second.kind} {second} would both be named {name}",
            where=str(second),
            help=f'set name in [overrides."{second}"]',
        )
