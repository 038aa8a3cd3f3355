"""Makes the rows, fields and value types of a model: names by rule or as chosen, domains seen through."""

from collections.abc import Iterable, Mapping, Set
from typing import Final, assert_never

from attrs import evolve, field, frozen

from pgkit.backends.asked import Asked, altered
from pgkit.backends.forms import formed, given, reformed
from pgkit.backends.ids import key_columns, with_tenants
from pgkit.backends.modes import is_text, label_enum, labelled, moded
from pgkit.backends.names import json_key, pascal, short, snake
from pgkit.backends.options import ModelOptions
from pgkit.backends.rows import Relation, RowModel
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
from pgkit.ir.catalog import Catalog
from pgkit.ir.kinds import Composite, Domain, Enum
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Table
from pgkit.ir.scalars import Shape
from pgkit.ir.types import Array, Named, PgType, Scalar
from pgkit.ir.walk import Declared, members_of, ref_of

_WRITTEN: Final = ("table", "composite")
_NONE: Final[Set[str]] = frozenset()


@frozen
class Builder:
    """Makes the parts of one model. What columns or types have alike is made once."""

    objects: dict[Ref, Declared]
    extensions: dict[str, str]  # an extension -> its schema
    keys: Mapping[Ref, Ref]  # a column -> the only column of the primary key that it holds
    keyed: Mapping[Ref, Set[str]]  # the same columns by their owners
    told: Mapping[Ref, Set[str]]  # by their owners, columns that are not what any other of their type is
    excluded: Mapping[Ref, Set[str]]
    write_only: Mapping[Ref, Set[str]]
    asked: Asked
    options: ModelOptions
    values: dict[tuple[PgType, int], Value] = field(factory=dict)
    fields: dict[tuple[object, ...], Field] = field(factory=dict)
    ids: dict[Ref, IdModel] = field(factory=dict)  # by the columns of the primary keys
    with_id: dict[tuple[Ref, Value], ScalarValue] = field(factory=dict)  # what has such a type
    listed: dict[Ref, EnumModel] = field(factory=dict)  # text columns whose values schema.ts lists
    composites: dict[Ref, CompositeModel] = field(factory=dict)
    domains: dict[Ref, DomainModel] = field(factory=dict)

    @classmethod
    def of(cls, catalog: Catalog, options: ModelOptions) -> "Builder":
        """The builder for a catalog."""
        extensions = {e.name: e.schema for e in catalog.extensions if e.schema is not None}
        tables = tuple(t for t in catalog.tables if t.ref not in options.exclude)
        whose = frozenset(table.of("column", name) for table, name in options.tenants.items())
        keys = with_tenants(key_columns(tables), whose) if options.ids else {}
        objects = dict(members_of(catalog))
        asked = Asked(
            objects, altered(catalog) if options.checks else frozenset(), options.rewritten, options.checks
        )
        told = (*options.keys, *options.properties, *options.own, *options.modes)
        return cls(
            objects,
            extensions,
            keys,
            _by_owner(keys),
            _by_owner(ref for ref in told if isinstance(ref, Ref)),
            _by_owner(options.exclude),
            _by_owner(options.write_only),
            asked,
            options,
        )

    def stem(self, ref: Ref) -> str:
        """What the names of an object's types begin with."""
        if chosen := self.options.stems.get(ref):
            return chosen
        own = pascal(ref.name)
        prefix = "" if ref.schema == self.options.main_schema else pascal(ref.schema)
        return _no_digit_first(prefix + own)

    def module(self, ref: Ref) -> str:
        """The name of a relation's file."""
        if chosen := self.options.stems.get(ref):
            return short(snake(chosen))
        own = snake(ref.name)
        return short(own if ref.schema == self.options.main_schema else f"{snake(ref.schema)}_{own}")

    def enum(self, enum: Enum) -> EnumModel:
        """An enum."""
        ref = Ref("enum", enum.schema, enum.name)
        members = tuple(self.member(ref, label) for label in enum.labels)
        is_open = ref in self.options.open_enums
        return EnumModel(ref, self.stem(ref), enum.labels, members, enum.comment, is_open)

    def member(self, enum: Ref, label: str) -> str:
        """The identifier of a label."""
        return self.options.members.get(label_ref(enum, label)) or _no_digit_first(pascal(label))

    def composite(self, composite: Composite) -> CompositeModel:
        """A composite type."""
        ref = Ref("composite", composite.schema, composite.name)
        if ref not in self.composites:
            fields = tuple(
                self.field(ref.of("attribute", a.name), Column(name=a.name, type=a.type, comment=a.comment))
                for a in composite.attributes
            )
            # A domain's NOT NULL does not reach in here: ROW() and outer joins make nulls all the same.
            fields = tuple(evolve(f, nullable=True) for f in fields)
            self.composites[ref] = CompositeModel(ref, self.stem(ref), fields, composite.comment)
        return self.composites[ref]

    def domain(self, domain: Domain) -> DomainModel:
        """A domain."""
        ref = Ref("domain", domain.schema, domain.name)
        if ref not in self.domains:
            client = self.options.client
            value = formed(self.value(domain.type, through=True), client)
            sent = given(value, client)
            checks = self.asked.of_domain(domain, sent)
            self.domains[ref] = DomainModel(ref, self.stem(ref), value, sent, checks, domain.comment)
        return self.domains[ref]

    def row(self, relation: Relation) -> RowModel:
        """A table or view."""
        ref = ref_of(relation)
        excluded, secret = self.excluded.get(ref, _NONE), self.write_only.get(ref, _NONE)
        unread = {*excluded, *secret}
        fields = self.columns(ref, [c for c in relation.columns if c.name not in unread])
        redacted = tuple(c.name for c in relation.columns if c.name in unread) if unread else ()
        written = self.columns(ref, [c for c in relation.columns if c.name in secret]) if secret else ()
        fields, written = (self.asked.of_fields(relation, found) for found in (fields, written))
        tenant = self.options.tenants.get(ref)
        apart = tenant is not None and any(
            f.name == tenant and not f.nullable and not f.computed for f in fields
        )
        return RowModel(
            relation,
            ref,
            self.stem(ref),
            self.module(ref),
            fields,
            redacted,
            written,
            relation.comment,
            self.options.client,
            tenant if apart else None,
        )

    def columns(self, owner: Ref, columns: Iterable[Column]) -> tuple[Field, ...]:
        """The fields of a relation; columns that are alike, and that nothing is told of, share one."""
        told, keyed, is_written = self.told.get(owner), self.keyed.get(owner), owner.kind in _WRITTEN
        if told is None and keyed is None:
            return tuple([self.alike(c, is_written) for c in columns])
        fields = []
        for c in columns:
            is_told = told is not None and c.name in told
            field = self.field(owner.of("column", c.name), c) if is_told else self.alike(c, is_written)
            is_key = keyed is not None and c.name in keyed
            fields.append(self.as_key(owner.of("column", c.name), field) if is_key else field)
        return tuple(fields)

    def alike(self, column: Column, is_written: bool) -> Field:
        """The field of a column that nothing is told of."""
        type = column.type
        key = (
            column.name,
            type,
            type.dims if isinstance(type, Array) else 0,  # which are no part of a type's equality
            column.nullable,
            column.default is None,
            column.identity,
            column.generated is None,
            column.comment,
            is_written,
        )
        found = self.fields.get(key)
        if found is None:
            found = self.fields[key] = self.made(column, self.shared(type), is_written)
        return found

    def field(self, ref: Ref, column: Column) -> Field:
        """The field of a column or attribute that is like no other, or that something is told of."""
        field = self.made(column, self.read(ref, column.type), ref.within in _WRITTEN)
        options, filled = self.options, self.is_filled_in(ref)
        chosen = options.keys.get(ref) or options.properties.get(ref)
        if not (chosen or filled):
            return field
        return evolve(
            field,
            key=chosen or field.key,
            has_default=field.has_default or filled,
            renamed=ref in options.keys,
        )

    def as_key(self, ref: Ref, field: Field) -> Field:
        """The field of a column that holds keys, of their type, if they have one."""
        key, value = self.keys[ref], field.value
        if not isinstance(value, ScalarValue) or value.own.replaces:
            return field
        of_key = value if key == ref else self.read(key, self.column(key).type)
        if not isinstance(of_key, ScalarValue) or not _can_be_id(of_key, value):
            return field
        if (key, value) not in self.with_id:
            owner = owner_of(key)
            id = self.ids.setdefault(key, IdModel(owner, self.stem(owner), of_key))
            self.with_id[key, value] = evolve(value, id=id)
        read = self.with_id[key, value]
        sent = read if field.given is value else given(read, self.options.client)
        return evolve(field, value=read, given=sent, without_id=field)

    def made(self, column: Column, value: Value, is_written: bool) -> Field:
        """A field of this value, named by rule."""
        always = column.identity is not None and column.identity.always
        computed = always or column.generated is not None
        domain_default, required = self.of_domain(column.type)
        own = own_of(value)
        said = own.nullable
        nullable = column.nullable and not required if said is None else said
        value = owned(value, Own(nullable=nullable)) if own.rust else value
        return Field(
            column.name,
            json_key(column.name, self.options.case),
            column.type,
            value,
            nullable=nullable,
            has_default=column.default is not None or column.identity is not None or domain_default,
            computed=computed,
            comment=column.comment,
            given=given(value, self.options.client) if is_written and not computed else value,
        )

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
                found = self.enum(enum)
                return EnumValue(found, through, open=found.open)
            case Composite() as composite:
                return CompositeValue(self.composite(composite), through)
            case _:
                return TextValue(type, through)


def _by_owner(members: Iterable[Ref]) -> dict[Ref, set[str]]:
    """The names of members by what they belong to."""
    found: dict[Ref, set[str]] = {}
    for ref in members:
        if ref.member:
            found.setdefault(owner_of(ref), set()).add(ref.member)
    return found


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
