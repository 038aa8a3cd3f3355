"""Values of the IR in a few words, for a person who compares two of them."""

from enum import StrEnum
from typing import Any, Final

from pgkit.backends.ddl import emit
from pgkit.backends.ddl.column import column_clause
from pgkit.backends.ddl.index import key_clause
from pgkit.ir.change import Create
from pgkit.ir.constraints import IndexKey
from pgkit.ir.expr import Call, Cast, Lit, Opaque
from pgkit.ir.kinds import Attribute, Multirange, Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Generated, Identity, SequenceOptions
from pgkit.ir.types import Array, Named, Scalar
from pgkit.ir.walk import Declared
from pgkit.sql import render

_FLAGS: Final = {
    "nullable": ("null", "not null"),
    "validated": ("valid", "not valid"),
    "enforced": ("enforced", "not enforced"),
    "permissive": ("permissive", "restrictive"),
    "unlogged": ("unlogged", "logged"),
}


def describe_field(field: str, value: Any) -> str:
    """The value of a field, in the words that SQL has for it."""
    if field in _FLAGS:
        return _FLAGS[field][0 if value else 1]
    if field in ("storage", "options") and isinstance(value, tuple) and value:
        return ", ".join(f"{name} = {setting}" for name, setting in value)
    if field == "roles" and not value:
        return "public"
    return describe(value)


def describe(value: Any) -> str:
    """A value as SQL where it has such a form, else in plain words."""
    match value:
        case None | () | "":
            return "none"
        case bool():
            return "yes" if value else "no"
        case Scalar() | Array() | Named() | Lit() | Call() | Cast() | Opaque():
            return render(value)
        case StrEnum():
            return str(value)
        case tuple():
            return ", ".join(map(describe, value))
        case _:
            return _object(value)


def _object(value: Any) -> str:
    match value:
        case Ref():
            return str(value)
        case Generated(expr=expr, stored=stored):
            return f"({render(expr)}) {'stored' if stored else 'virtual'}"
        case Identity(always=always, options=options):
            return f"{'always' if always else 'by default'} ({_object(options)})"
        case SequenceOptions():
            return _numbers(value)
        case IndexKey():
            return key_clause(value).text
        case _:
            return str(value)


def _numbers(options: SequenceOptions) -> str:
    said = f"increment {options.increment}, start {options.start}, {options.min_value} to {options.max_value}"
    said += f", cache {options.cache}" if options.cache != 1 else ""
    return said + (", cycle" if options.cycle else "")


def whole(obj: Unmodelled) -> str:
    """The SQL of what is not modelled; a snapshot holds its hash alone."""
    return obj.definition or f"a definition with the hash {obj.hash[:12]}"


def definition(ref: Ref, obj: Declared) -> str:
    """What would create an object, cut to its first line."""
    match obj:
        case Unmodelled(definition=text):
            return (text or whole(obj)).split("\n")[0]
        case Column():
            return column_clause(obj).text
        case Attribute() | Multirange():
            return obj.name
        case _:
            first = next(emit([Create(ref, obj)])).sql.text.split("\n")[0]
            return first.removesuffix("(").rstrip()
