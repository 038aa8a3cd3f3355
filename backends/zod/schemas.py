"""The Zod schema of each value: accepts all that Rust prints for it, and on insert no more than fits."""

import re
from collections.abc import Iterable, Set
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
from pgkit.backends.typescript.own import own_type, schema_import
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

_HELPERS: Final = {name: Needed(name, "_pg") for name in HELPERS}
_MOMENTS: Final = {Wire.LOCAL_DATETIME: "timestamp", Wire.DATETIME: "timestamptz"}


def schema_name(model: EnumModel | CompositeModel | DomainModel) -> str:
    """The name of the schema of an enum, a composite or a domain; of new values, where is_looser."""
    return f"{lower_first(type_name(model))}Schema"


def select_name(model: EnumModel | CompositeModel | DomainModel) -> str:
    """The name of the schema of values that are there, which is_looser."""
    return f"{lower_first(type_name(model))}SelectSchema"


def schema_names(model: EnumModel | CompositeModel | DomainModel) -> tuple[str, ...]:
    """The names of all schemas of an enum, a composite or a domain."""
    return (schema_name(model), select_name(model)) if is_looser(model) else (schema_name(model),)


def is_looser(model: EnumModel | CompositeModel | DomainModel) -> bool:
    """Whether there may be values that could not be written: checks inside, other labels, or another form."""
    if isinstance(model, EnumModel):
        return model.open
    if isinstance(model, CompositeModel):
        return any(is_checked(field.value) for field in model.fields)
    return bool(model.checks) or model.value != model.given or is_checked(model.value)


def is_checked(value: Value) -> bool:
    """Whether a type inside a value is_looser."""
    if isinstance(value, EnumValue) and value.open:
        return True
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
            return _key_schema(value, id, insert=insert)
        case _:
            return plain_schema(value, insert=insert)


def _key_schema(value: ScalarValue, id: IdModel, *, insert: bool) -> Chain:
    """The schema of a table's keys, but for a column of another length, which has one of its own."""
    same = value.type == id.value.type and value.form is id.value.form
    # What can be inserted is what there can be.
    if same or plain_schema(value, insert=True) == plain_schema(id.value, insert=True):
        return Chain(id_schema_name(id))
    return of_key(id, plain_schema(value, insert=insert))


def of_key(id: IdModel, schema: Chain) -> Chain:
    """A schema of what keys are in the database, held to give their type."""
    return typed(schema, id_name(id), wire_type(id.value.form))


@lru_cache(KNOWN)
def plain_schema(
    value: ScalarValue | EnumValue | CompositeValue | TextValue, *, insert: bool = False
) -> Chain:
    """The schema of a value's type, whatever the project says of it and whether or not it is a key."""
    match value:
        case ScalarValue(type, form=form):
            return _scalar(type, form, insert)
        case EnumValue(enum, open=is_open):
            return Chain(select_name(enum) if is_open and not insert else schema_name(enum))
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


def needed_schemas(roots: Set[str], fields: Iterable[Field]) -> list[Needed]:
    """The schemas and helpers of other files that the schemas of `fields`, which have these roots, need."""
    helpers = [_HELPERS[name] for name in {root.partition("<")[0] for root in roots} if name in _HELPERS]
    others = frozenset[Needed]().union(*map(_others, fields))
    return [*helpers, *(need for need in others if not need.sibling or need.name in roots)]


@lru_cache(KNOWN)
def _others(field: Field) -> tuple[Needed, ...]:
    """The schemas of other files that a column may have, unless the project or the column says otherwise."""
    own = schema_import(field)
    found = [Needed(own.name, own.module, folder="")] if own else []
    for value in (field.value,) if field.given is field.value else (field.value, field.given):
        found += (*_of_types(value), *_of_leaf(innermost(value)))
    return tuple(found)


def _of_leaf(value: Value) -> tuple[Needed, ...]:
    """The schema of a table's keys or of an enum."""
    match value:
        case ScalarValue(id=IdModel() as id):
            return (Needed(id_schema_name(id), "ids"),)
        case EnumValue(enum):
            return tuple(Needed(name, "enums") for name in schema_names(enum))
        case _:
            return ()


def _of_types(value: Value) -> list[Needed]:
    """The schemas of domains and composite types."""
    return [
        Needed(name, domain_file(model) if isinstance(model, DomainModel) else "composites")
        for model in types_in(value)
        for name in (schema_name(model), select_name(model))
    ]


def types_in(value: Value) -> tuple[CompositeModel | DomainModel, ...]:
    """The domain and the composite type that a value is of, or an array's elements."""
    found = () if value.domain is None else (value.domain,)
    if isinstance(value, ArrayValue):
        return (*found, *types_in(value.of))
    return (*found, value.composite) if isinstance(value, CompositeValue) else found


def needed_casts(roots: Set[str], read: Iterable[Field], written: Iterable[Field]) -> list[Needed]:
    """The types that some schemas of fields, which have these roots, are held to have."""
    generics = [root.partition("<")[2] for root in roots if "<" in root]
    casts = {word for generic in generics for word in re.findall(r"[\w$]+", generic)}
    return [need for need in needed_types(read, written) if need.name in casts] if casts else []


def roots_of(chains: Iterable[Chain]) -> frozenset[str]:
    """The names that expressions are made of."""
    return frozenset[str]().union(*[chain.roots for chain in chains])


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
