"""How values get into a statement and out of it: the SQL around a parameter, and around a column.

Casts name a type without its length: an explicit cast to varchar(3) or bit(3) cuts the value in silence, and
the assignment to the column refuses what does not fit.
"""

from collections.abc import Callable, Mapping
from typing import Final, assert_never

from attrs import frozen

from pgkit.ir.kinds import Domain, Extension
from pgkit.ir.names import Ref
from pgkit.ir.type_text import spell
from pgkit.ir.types import Array, Named, PgType, Scalar
from pgkit.ir.walk import Declared
from pgkit.sql.text import Sql, quoted, sql

Objects = Mapping[Ref, Declared]
Wrap = Callable[[Sql], Sql]


def as_is(expr: Sql) -> Sql:
    """The expression itself."""
    return expr


@frozen
class Form:
    """The SQL around a column that is read, around a parameter, and around one that holds many values."""

    read: Wrap = as_is
    write: Wrap = as_is
    write_many: Wrap = as_is


# Without a length, bit and character have one of 1. A cast to name cuts at 63 bytes; it compares with text
_UNBOUNDED: Final = {"bit": "bit varying", "character": "bpchar", "name": "text"}
_TEXT: Final = Sql("text")
_TEXTS: Final = Sql("text[]")
_NUMERIC: Final = Sql("numeric")


def base(type: PgType, objects: Objects) -> PgType:
    """The type below all domains, also below those of an array's elements."""
    match type:
        case Named(ref) if isinstance(domain := objects.get(ref), Domain):
            return base(domain.type, objects)
        case Array(of, dims):
            below = base(of, objects)
            return type if isinstance(below, Array) else Array(below, dims)
        case _:
            return type


def typed_form(type: PgType, objects: Objects) -> Form:
    """For clients that have a value of the type: the parameter says its type, no more."""
    under = base(type, objects)
    name = type_sql(under, objects)
    # The server says of a column what is below its domain, but not of the elements of an array
    read = _cast(name) if isinstance(under, Array) and under != type else as_is
    return Form(read, _cast(name), _cast(_many(name)))


def text_form(type: PgType, objects: Objects) -> Form:
    """For clients that have the value as Postgres prints it; an array as an array of such texts."""
    under = base(type, objects)
    if isinstance(under, Array):
        return _array_of_text(under, objects)
    name = type_sql(under, objects)
    match under:
        case Scalar("money", _, ""):  # its own text depends on lc_monetary
            steps, many = (_TEXT, _NUMERIC, name), (_TEXTS, Sql("numeric[]"), _many(name))
            return Form(_cast(_NUMERIC, _TEXT), _cast(*steps), _cast(*many))
        case Scalar("inet", _, ""):  # a cast to text adds the netmask /32
            return Form(_abbreviated, _cast(_TEXT, name), _cast(_TEXTS, _many(name)))
        case _:
            return Form(_cast(_TEXT), _cast(_TEXT, name), _cast(_TEXTS, _many(name)))


def oid_form(type: PgType, objects: Objects) -> Form:
    """For oid, and arrays of it, as a bigint: few clients know the type."""
    under = base(type, objects)
    name, as_array = type_sql(under, objects), isinstance(under, Array)
    own, many = (Sql("bigint[]"), ()) if as_array else (Sql("bigint"), (Sql("bigint[]"), _many(name)))
    return Form(_cast(own), _cast(own, name), _cast(*many))


def type_sql(type: PgType, objects: Objects) -> Sql:
    """A type by its full name, in quotes, without its length; an extension's with its schema, if known."""
    match type:
        case Named(ref):
            return Sql(f"{quoted(ref.schema)}.{quoted(ref.member or ref.name)}")
        case Array(of):
            return _many(type_sql(of, objects))
        case Scalar(name, _, schema) if schema:
            return Sql(f"{quoted(schema)}.{quoted(name)}")
        case Scalar(name):
            schema = extension_schema(type, objects)
            prefix = f"{quoted(schema)}." if schema else ""
            known = Scalar(_UNBOUNDED.get(name, name))
            return Sql(prefix + spell(known.row.spelling or quoted(name), ()))
        case _:
            assert_never(type)


def extension_schema(type: PgType, objects: Objects) -> str:
    """Where the extension of a type is installed, if it is an extension's and that is known."""
    if not isinstance(type, Scalar) or not type.row.extension:
        return ""
    found = objects.get(Ref("extension", "", type.row.extension))
    return (found.schema or "") if isinstance(found, Extension) else ""


def _array_of_text(type: Array, objects: Objects) -> Form:
    name = type_sql(type, objects)
    match type.of:
        case Scalar("money", _, ""):
            numerics = Sql("numeric[]")
            return Form(_cast(numerics, _TEXTS), _cast(_TEXTS, numerics, name))
        case Scalar("inet", _, ""):
            return Form(_cast(_TEXT, _TEXTS), _cast(_TEXTS, name))
        case _:
            return Form(_cast(_TEXTS), _cast(_TEXTS, name))


def _many(type: Sql) -> Sql:
    return Sql(f"{type}[]")


def _cast(*types: Sql) -> Wrap:
    """One cast after the other; `text::text` is said once."""
    steps = tuple(type for at, type in enumerate(types) if at == 0 or type != types[at - 1])

    def cast(expr: Sql) -> Sql:
        for type in steps:
            expr = sql("{expr}::{type}", expr=expr, type=type)
        return expr

    return cast


def _abbreviated(expr: Sql) -> Sql:
    return sql("pg_catalog.abbrev({expr})", expr=expr)
