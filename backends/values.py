"""What a value is to every language backend: a scalar, an enum, an array, a composite, or text."""

from typing import Final, Literal

from attrs import Factory, evolve, field, fields, frozen

from pgkit.backends.constraints import Constraint
from pgkit.ir.names import Ref
from pgkit.ir.scalars import Shape
from pgkit.ir.types import Named, PgType, Scalar
from pgkit.ir.wire import Wire, wire

KNOWN: Final = 1 << 14  # how much is remembered of what columns share with others
_INFINITE = (Shape.DATE, Shape.TIMESTAMP, Shape.INSTANT)


@frozen(kw_only=True, cache_hash=True)
class Own:
    """What a project has said of a type, for pgkit to print instead of its own; None where it has not.

    Types are those of an array's elements; `{}` in SQL is the whole column or parameter.
    """

    rust: str | None = None  # a type by its path, its own serde and sqlx; for JSON, what serde reads
    read_sql: str | None = None
    write_sql: str | None = None
    infinity: Literal["error", "text"] | None = None  # how dates and timestamps are read
    array_nulls: bool | None = None  # whether elements may be NULL
    nullable: bool | None = None  # whether a column may be NULL
    # Said all together, "" for none.
    ts: str | None = None  # a type as TypeScript has it
    ts_import: str | None = None  # the module that the first name in `ts` is from, as it is printed
    zod: str | None = None  # a schema, or a property of one: `schemas.settings`
    zod_import: str | None = None  # the module that its first name is from

    @property
    def replaces(self) -> bool:
        """Whether values are of a type of the project's, and so not keys of ours."""
        return bool(self.rust or self.ts or self.zod)

    @property
    def for_rust(self) -> "Own":
        """What of this is said to Rust."""
        return evolve(self, ts=None, ts_import=None, zod=None, zod_import=None)

    @property
    def for_typescript(self) -> "Own":
        """What of this is said to TypeScript and Zod."""
        return evolve(self, rust=None, read_sql=None, write_sql=None)

    def over(self, other: "Own") -> "Own":
        """What is said here, else there."""
        said = {f.name: getattr(self, f.name) for f in fields(Own)}
        return evolve(other, **{name: value for name, value in said.items() if value is not None})


@frozen(cache_hash=True)
class ScalarValue:
    """A scalar type; its row says the shape. `through_domain`: reached through a domain, at last `domain`."""

    type: Scalar
    through_domain: bool = False
    schema: str = ""  # where the type's extension is, if it is of one and that is known
    own: Own = Own()
    id: "IdModel | None" = None  # the table whose rows this is the key of
    form: Wire = field(default=Factory(lambda self: wire(self.type.row), takes_self=True))
    domain: "DomainModel | None" = None


@frozen(cache_hash=True)
class EnumValue:
    """An enum with at least one label."""

    enum: "EnumModel"
    through_domain: bool = False
    own: Own = Own()
    open: bool = False  # whether it is read, and so may have a label that is not listed
    domain: "DomainModel | None" = None


@frozen(cache_hash=True)
class ArrayValue:
    """An array, its element's value and the declared number of dimensions."""

    of: "Value"
    dims: int = 1
    through_domain: bool = False
    nulls: bool = False  # whether elements may be NULL
    raw: bool = False  # whether it is text as a whole: {a,"b c",NULL}
    domain: "DomainModel | None" = None


@frozen(cache_hash=True)
class CompositeValue:
    """A composite type; an object with its attributes as keys, each of them nullable."""

    composite: "CompositeModel"
    through_domain: bool = False
    own: Own = Own()
    domain: "DomainModel | None" = None


@frozen(cache_hash=True)
class TextValue:
    """Anything read and written in its text form: ranges, multiranges, row types, enums without labels."""

    type: PgType
    through_domain: bool = False
    own: Own = Own()
    form: Wire = Wire.STRING
    domain: "DomainModel | None" = None


Value = ScalarValue | EnumValue | ArrayValue | CompositeValue | TextValue


@frozen(cache_hash=True)
class DomainModel:
    """A domain with the stem of its type's name, and what its values are without it."""

    ref: Ref
    stem: str
    value: Value  # as it is read; its own domain is the one that this one is over
    given: Value  # as it is written
    checks: tuple[Constraint, ...] = ()  # of those that translate, what all of them ask of new values
    comment: str | None = None

    @property
    def as_field(self) -> "Field":
        """A field of the type below the domain."""
        name, type = self.ref.name, Named(self.ref)
        return Field(name, name, type, self.value, nullable=False, given=self.given)


@frozen(cache_hash=True)
class IdModel:
    """A type for the keys of one table, which the columns that refer to it have too."""

    ref: Ref  # the table
    stem: str  # LineItem, of LineItemId
    value: ScalarValue


OTHER: Final = "Other"
"""The identifier of whatever label is not listed."""


@frozen(cache_hash=True)
class EnumModel:
    """An enum with the stem of its type's name."""

    ref: Ref
    stem: str
    labels: tuple[str, ...]
    members: tuple[str, ...]  # an identifier for each label: `in-review` is InReview
    comment: str | None = None
    open: bool = False  # whether a label that is not listed is read as OTHER


@frozen(cache_hash=True)
class CompositeModel:
    """A composite type with the stem of its type's name and its attributes."""

    ref: Ref
    stem: str
    fields: "tuple[Field, ...]"
    comment: str | None = None

    @property
    def columns(self) -> "tuple[Field, ...]":
        """Its fields, as a row's."""
        return self.fields


@frozen(eq=False)
class Field:
    """A column or attribute, as it is seen on the wire; whose it is, its owner knows.

    Nearly every table has an `id` or a `created_at` that is like that of others. Columns that are alike in
    all of this share one object, which equals itself alone: what is printed of it is made once.
    """

    name: str  # in the database
    key: str  # in JSON
    type: PgType
    value: Value  # as it is read
    nullable: bool
    has_default: bool = False  # an insert may leave it out: a default, or identity by default
    computed: bool = False  # an insert must leave it out: generated, or identity always
    comment: str | None = None
    given: Value = field(default=Factory(lambda self: self.value, takes_self=True))  # as it is written
    checks: tuple[Constraint, ...] = ()  # what those of its table that translate ask of new values
    renamed: bool = False  # whether its key is the project's choice
    without_id: "Field | None" = None  # the same, were it no key

    @property
    def bare(self) -> "Field":
        """The same without a type of its own for a key; most keys are alike in it."""
        return self.without_id or self


def shape(value: Value) -> Shape | None:
    """The shape of a scalar value; None for any other."""
    return value.type.row.shape if isinstance(value, ScalarValue) else None


def domain_of(value: Value, *, given: bool = False) -> DomainModel | None:
    """The domain that a value came through, if it is just what the domain says: as read, or as `given`."""
    domain = value.domain
    if domain is None:
        return None
    plain = domain.given if given else domain.value
    if isinstance(value, ArrayValue):
        same = evolve(value, domain=plain.domain, through_domain=plain.through_domain)
        return domain if same == plain else None
    if isinstance(plain, ArrayValue):
        return None
    same_but = evolve(value, domain=plain.domain, through_domain=plain.through_domain, own=plain.own)
    return domain if same_but == plain else None


def own_of(value: Value) -> Own:
    """What a project has said of a value, or of an array's elements."""
    return own_of(value.of) if isinstance(value, ArrayValue) else value.own


def owned(value: Value, own: Own | None) -> Value:
    """The value with this said of it; what is said of a column wins over what is said of its type."""
    if own is None:
        return value
    if isinstance(value, ArrayValue):
        nulls = value.nulls if own.array_nulls is None else own.array_nulls
        return evolve(value, of=owned(value.of, own), nulls=nulls)
    said = own.over(value.own)
    if said.infinity == "text" and shape(value) in _INFINITE and isinstance(value, ScalarValue):
        return TextValue(value.type, value.through_domain, said)
    return evolve(value, own=said)
