"""The Zod schema of each value: accepts all that Rust prints for it, and on insert no more than fits."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, Literal, assert_never

from pgkit.backends.typescript.files import lower_first
from pgkit.backends.typescript.interfaces import (
    Needed,
    domain_file,
    id_name,
    innermost,
    needed_types,
    type_name,
)
from pgkit.backends.typescript.own import own_schemas, own_type
from pgkit.backends.typescript.types import wire_type
from pgkit.backends.values import (
    KNOWN,
    ArrayValue,
    CompositeModel,
    CompositeValue,
    DomainModel,
    EnumModel,
    EnumValue,
    Field,
    IdModel,
    ScalarValue,
    TextValue,
    Value,
    domain_of,
    own_of,
)
from pgkit.backends.zod.drivers import FORMS, driver_schema, json_element
from pgkit.backends.zod.expressions import Chain, helper, typed, z
from pgkit.backends.zod.helpers import HELPERS
from pgkit.backends.zod.modes import mode_schema
from pgkit.ir.scalars import Shape
from pgkit.ir.types import Named, Scalar
from pgkit.ir.wire import Wire, fits_decimal

_MOMENTS: Final = {Wire.LOCAL_DATETIME: "timestamp", Wire.DATETIME: "timestamptz"}


def schema_name(model: EnumModel | CompositeModel | DomainModel) -> str:
    """The name of the schema of an enum, a composite or a domain; of new values, where is_looser."""
    return f"{lower_first(type_name(model))}Schema"


def select_name(model: CompositeModel | DomainModel) -> str:
    """The name of the schema of values that are there, which is_looser."""
    return f"{lower_first(type_name(model))}SelectSchema"


def schema_names(model: CompositeModel | DomainModel) -> tuple[str, ...]:
    """The names of all schemas of a composite or a domain."""
    return (schema_name(model), select_name(model)) if is_looser(model) else (schema_name(model),)


def is_looser(model: CompositeModel | DomainModel) -> bool:
    """Whether there may be values that could not be written: checks inside, or another form."""
    if isinstance(model, CompositeModel):
        return any(is_checked(field.value) for field in model.fields)
    return bool(model.checks) or model.value != model.given or is_checked(model.value)


def is_checked(value: Value) -> bool:
    """Whether a domain inside a value is_looser."""
    if value.domain is not None and is_looser(value.domain):
        return True
    if isinstance(value, ArrayValue):
        return is_checked(value.of)
    return isinstance(value, CompositeValue) and is_looser(value.composite)


def _of_type(model: CompositeModel | DomainModel, *, insert: bool) -> Chain:
    return Chain(schema_name(model) if insert or not is_looser(model) else select_name(model))


def id_schema_name(id: IdModel) -> str:
    """The name of the schema of a table's keys."""
    return f"{lower_first(id_name(id))}Schema"


def value_schema(value: Value, *, insert: bool = False) -> Chain:
    """The schema of a value that is not null."""
    match value:
        case _ if (domain := domain_of(value, given=insert)) and not own_type(own_of(value)):
            return _of_type(domain, insert=insert)
        case ArrayValue(raw=True):
            return helper("arrayText")
        case ArrayValue(of, dims, nulls=nulls):
            schema = json_element(of, insert=insert) or value_schema(of, insert=insert)
            schema = schema.then("nullable") if nulls else schema
            for _ in range(dims):
                schema = z("array", schema)
            return schema
        case _ if value.own.zod:
            return Chain(value.own.zod)
        case _ if value.own.ts:
            return typed(plain_schema(value, insert=insert), value.own.ts)
        case ScalarValue(id=IdModel() as id):
            # What can be inserted is what there can be: of another length, a column has a schema of its own.
            same = plain_schema(value, insert=True) == plain_schema(id.value, insert=True)
            return Chain(id_schema_name(id)) if same else of_key(id, plain_schema(value, insert=insert))
        case _:
            return plain_schema(value, insert=insert)


def of_key(id: IdModel, schema: Chain) -> Chain:
    """A schema of what keys are in the database, held to give their type."""
    return typed(schema, id_name(id), wire_type(id.value.form))


def plain_schema(
    value: ScalarValue | EnumValue | CompositeValue | TextValue, *, insert: bool = False
) -> Chain:
    """The schema of a value's type, whatever the project says of it and whether or not it is a key."""
    match value:
        case ScalarValue(type, form=form):
            return _scalar(type, form, insert)
        case EnumValue(enum):
            return Chain(schema_name(enum))
        case CompositeValue(composite):
            return _of_type(composite, insert=insert)
        case TextValue(form=Wire.ANY):
            return z("unknown")
        case TextValue(Named(ref)) if insert and ref.kind == "enum":
            return z("never")  # an enum without labels
        case TextValue():
            return helper("text") if insert else z("string")
        case _:
            assert_never(value)


def needed_schemas(chains: Iterable[Chain], fields: Sequence[Field]) -> Iterator[Needed]:
    """The schemas and helpers of other files that `chains`, the schemas of `fields`, are made of."""
    roots = roots_of(chains)
    for root in roots:
        if (name := root.partition("<")[0]) in HELPERS:
            yield Needed(name, "_pg")
    for own in own_schemas(fields):
        yield Needed(own.name, own.module, folder="")
    values = dict.fromkeys(value for field in fields for value in (field.value, field.given))
    yield from (need for value in values for need in _siblings(value) if need.name in roots)


@lru_cache(KNOWN)
def _siblings(value: Value) -> tuple[Needed, ...]:
    """The schemas of other files that a value may have, unless the project or its column says otherwise."""
    return (*_of_types(value), *_sibling(innermost(value)))


def _sibling(value: Value) -> Iterator[Needed]:
    match value:
        case ScalarValue(id=IdModel() as id):
            yield Needed(id_schema_name(id), "ids")
        case EnumValue(enum):
            yield Needed(schema_name(enum), "enums")
        case _:
            pass


def _of_types(value: Value) -> Iterator[Needed]:
    """The schemas of domains and composite types."""
    for model in types_in(value):
        file = domain_file(model) if isinstance(model, DomainModel) else "composites"
        yield from (Needed(name, file) for name in (schema_name(model), select_name(model)))


def types_in(value: Value) -> Iterator[CompositeModel | DomainModel]:
    """The domain and the composite type that a value is of, or an array's elements."""
    if value.domain is not None:
        yield value.domain
    if isinstance(value, ArrayValue):
        yield from types_in(value.of)
    elif isinstance(value, CompositeValue):
        yield value.composite


def needed_casts(chains: Iterable[Chain], fields: Sequence[Field]) -> Iterator[Needed]:
    """The types that some of `chains`, the schemas of `fields`, are held to have."""
    casts = frozenset(word for root in roots_of(chains) for word in _cast_words(root))
    if casts:
        yield from (need for need in needed_types(fields) if need.name in casts)


@lru_cache(KNOWN)
def _cast_words(root: str) -> frozenset[str]:
    return frozenset(re.findall(r"[\w$]+", root.partition("<")[2]))


def roots_of(chains: Iterable[Chain]) -> frozenset[str]:
    """The names that expressions are made of: Zod's own, helpers' and other schemas'."""
    return frozenset[str]().union(*map(roots_in, chains))


@lru_cache(KNOWN)
def roots_in(chain: Chain) -> frozenset[str]:
    """The names that one expression is made of."""
    parts = (*chain.items, *(arg for call in chain.calls for arg in call.args))
    return frozenset((chain.root,)).union(*map(roots_in, parts))


def _scalar(type: Scalar, form: Wire, insert: bool) -> Chain:
    if form in FORMS:
        return driver_schema(type, form, insert=insert)
    match form:
        case Wire.BOOLEAN | Wire.GUID | Wire.BASE64:
            return z(form.value)
        case Wire.INTEGER | Wire.INT64 | Wire.NUMBER | Wire.DECIMAL:
            return _number(type, form)
        case Wire.NUMBERS | Wire.BITS:
            return _vector(type) if form is Wire.NUMBERS else _bits(type)
        case Wire.STRING:
            return _string(type, insert)
        case Wire.DATE | Wire.TIME | Wire.LOCAL_DATETIME | Wire.DATETIME | Wire.INTERVAL | Wire.JSON:
            return helper("storedJson" if insert and form is Wire.JSON else _MOMENTS.get(form, form.value))
        case _:
            return mode_schema(type, form, insert=insert)


def _number(type: Scalar, form: Literal[Wire.INTEGER, Wire.INT64, Wire.NUMBER, Wire.DECIMAL]) -> Chain:
    match form:
        case Wire.INT64:
            return helper("int8")
        case Wire.INTEGER if type.row.shape is Shape.OID:
            return z("uint32")
        case Wire.INTEGER:
            return z("int32") if type.row.bits == 32 else helper("int2")
        case Wire.NUMBER:
            return z("number") if type.row.bits == 64 else helper("float4")
        case Wire.DECIMAL:
            return _decimal(type.mods)
        case _:
            assert_never(form)


def _decimal(mods: tuple[str, ...]) -> Chain:
    if not mods:
        return helper("anyNumeric")
    precision, scale = (*map(int, mods), 0)[:2]
    return helper("numeric" if fits_decimal(mods) else "longNumeric", precision, scale)


def _vector(type: Scalar) -> Chain:
    half = type.row.bits == 16
    if type.mods:
        return helper("halfvec" if half else "vector", int(type.mods[0]))
    return z("array", helper("float2" if half else "float4")).then("min", Chain("1"))


def _string(type: Scalar, insert: bool) -> Chain:
    if insert and type.row.name == "gtsvector":
        return z("never")  # what an index is made of: Postgres takes no value of it
    text = helper("text") if insert else z("string")
    padded = type.row.name == "character"  # Postgres pads what it gives back
    if type.mods and (type.row.name == "character varying" or (padded and insert)):
        return text.then("max", Chain(type.mods[0]))
    return text


def _bits(type: Scalar) -> Chain:
    if not type.mods:
        return helper("bits")
    return helper("bit" if type.row.name == "bit" else "varbit", int(type.mods[0]))
