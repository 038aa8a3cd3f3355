"""How a schema is written: Zod's own way or zod/mini's, and the type that it has."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from attrs import frozen

from pgkit.backends.typescript import syntax
from pgkit.backends.typescript.docs import LINE, SOFT, WIDTH, Doc, Group, Indent, lay_out, width
from pgkit.backends.typescript.type_docs import arguments
from pgkit.backends.zod.expressions import Call, Chain, doc, value_of, z
from pgkit.backends.zod.helpers import BY_NAME
from pgkit.backends.zod.parts import Helper

_KNOWN: Final = 1 << 14  # how many expressions are remembered
_WRAPPERS: Final = frozenset(("nullable", "optional"))
_CHECKS: Final = frozenset(("regex", "refine", "min", "max", "length"))
_SIZED: Final = frozenset(("string", "array"))  # where min and max are of the length
_OF_SIZE: Final = {"min": "minLength", "max": "maxLength"}
_OF_VALUE: Final = {"min": "minimum", "max": "maximum"}
_CLASSES: Final = {
    "guid": "GUID",
    "int32": "Int32",
    "uint32": "UInt32",
    "nan": "NaN",
    "bigint": "BigInt",
    "instanceof": "Custom",
}
"""The names of Zod's classes that are not just those of their functions."""


@frozen
class Type:
    """A type with its arguments."""

    name: str
    args: "tuple[Type, ...]" = ()

    def __str__(self) -> str:
        return f"{self.name}<{', '.join(map(str, self.args))}>" if self.args else self.name


class Style(NamedTuple):
    """Which Zod the schemas are for, and whether constants say their types."""

    mini: bool = False
    explicit: bool = False

    @property
    def module(self) -> str:
        """Where Zod is imported from."""
        return "zod/mini" if self.mini else "zod"

    def written(self, chain: Chain) -> Chain:
        """A schema, as its calls are written."""
        return mini(chain) if self.mini else chain

    def zod(self, name: str) -> str:
        """A class of Zod's: `z.ZodString`, `z.ZodMiniString`."""
        return f"z.ZodMini{name}" if self.mini else f"z.Zod{name}"

    def type(self, chain: Chain) -> Type:
        """The type of a schema."""
        return _type(self, chain)


@lru_cache(_KNOWN)
def mini(chain: Chain) -> Chain:
    """A schema in functions.

    z.string().max(5).nullable()   =>   z.nullable(z.string().check(z.maxLength(5)))
    """
    sized = _constructor(chain) in _SIZED
    found = Chain(chain.root, items=tuple(map(mini, chain.items)))
    checks: list[Chain] = []
    for call in chain.calls:
        args = tuple(map(mini, call.args))
        if call.name in _CHECKS:
            checks.append(_check(call.name, args, sized))
            continue
        found, checks = _checked(found, checks), []
        found = z(call.name, found, *args) if call.name in _WRAPPERS else _then(found, call.name, args)
    return _checked(found, checks)


def _constructor(chain: Chain) -> str:
    """The function of Zod's that a schema comes from, through helpers."""
    while isinstance(part := BY_NAME.get(chain.root), Helper):
        chain = part.schema
    return chain.calls[0].name if chain.root == "z" else ""


def _check(name: str, args: tuple[Chain, ...], sized: bool) -> Chain:
    return z((_OF_SIZE if sized else _OF_VALUE).get(name, name), *args)


def _checked(chain: Chain, checks: list[Chain]) -> Chain:
    return chain.then("check", *checks) if checks else chain


def _then(chain: Chain, name: str, args: tuple[Chain, ...]) -> Chain:
    if name == "preprocess":
        return z("pipe", z("transform", args[0]), args[1])
    return chain.then(name, *args)


@lru_cache(_KNOWN)
def _type(style: Style, chain: Chain) -> Type:
    found = _root_type(style, chain)
    for call in chain.calls:
        if call.name in _WRAPPERS:
            found = Type(style.zod(call.name.capitalize()), (found,))
    return found


def _root_type(style: Style, chain: Chain) -> Type:
    """The type of a chain's root and the call that makes a schema of it."""
    made = chain.calls[0] if chain.calls else Call("")
    part = BY_NAME.get(chain.root)
    if chain.root == "z":
        return _made_type(style, made)
    if chain.root.startswith("typed<"):
        given = [*map(Type, arguments(chain.root))]
        return Type(style.zod("Type"), (given[0], given[-1]))
    if not isinstance(part, Helper):
        return Type(f"typeof {chain.root}")
    if part.generics:
        return _made_type(style, Call("preprocess", (part.schema, *made.args)))
    found = _type(style, part.schema)
    is_short = not found.args and not found.name.startswith("typeof ")  # another helper is not imported
    return found if part.params or is_short else Type(f"typeof {part.name}")


def _made_type(style: Style, call: Call) -> Type:
    """The type of what a function of Zod's gives."""
    function, _, generic = call.name.partition("<")
    name = style.zod(_CLASSES.get(function, function[:1].upper() + function[1:]))
    match function:
        case "preprocess" if style.mini:
            unknown = (Type("unknown"), Type("unknown"))
            return Type(style.zod("Pipe"), (Type(style.zod("Transform"), unknown), style.type(call.args[1])))
        case "preprocess":
            return Type(name, (style.type(call.args[1]),))
        case "custom":
            return Type(name, (Type(generic[:-1]), Type(generic[:-1])))
        case _:
            return Type(name, _TYPE_ARGS[function](style, *call.args) if function in _TYPE_ARGS else ())


def _listed(style: Style, items: Chain) -> str:
    return f"[{', '.join(str(style.type(item)) for item in items.items)}]"


def _fields(style: Style, fields: Chain) -> str:
    """The type of an object of helpers: `{ x: double, y: double }`."""
    return re.sub(r": (\w+)", lambda m: f": {style.type(Chain(m[1]))}", fields.root).replace(",", ";")


_TYPE_ARGS: Final[Mapping[str, Callable[[Style, Chain], tuple[Type, ...]]]] = {
    "array": lambda style, of: (style.type(of),),
    "enum": lambda style, of: (Type(f"typeof {of}"),),
    "instanceof": lambda style, of: (Type(str(of)), Type(str(of))),
    "literal": lambda style, of: (Type("number"),),
    "object": lambda style, of: (Type(_fields(style, of)), Type("z.core.$strip")),
    "tuple": lambda style, of: (Type(_listed(style, of)), Type("null")),
    "union": lambda style, of: (Type(f"readonly {_listed(style, of)}"),),
}
"""The arguments of the type of a schema, by the function that makes it."""


def constant(style: Style, left: str, schema: Chain) -> str:
    """A constant with its schema, and with its type where that is asked for."""
    written = style.written(schema)
    if not style.explicit:
        return value_of(f"{left} =", written, ";", 0)
    type = style.type(schema)
    if any(arg.name.startswith("{") for arg in type.args):
        return lay_out((Group((f"{left}: ", type_doc(type))), " = ", doc(written), ";"))
    return value_of(Group((f"{left}: ", type_doc(type), " =")), written, ";", 0)


def type_doc(type: Type) -> Doc:
    """A type as a document: prettier breaks no argument that is a plain name."""
    if not type.args:
        return type.name
    if not breaks(type):
        return str(type)
    inner = syntax.joined(tuple(map(type_doc, type.args)), (",", LINE))
    return Group((f"{type.name}<", Indent((SOFT, inner)), SOFT, ">"))


def breaks(type: Type) -> bool:
    """Whether there is a place in a type where prettier would break it."""
    return bool(type.args) and not (len(type.args) == 1 and re.fullmatch(r"[\w.]+", str(type.args[0])))


def typed_member(key: str, type: Type, indent: int) -> str:
    """A property of an object type."""
    flat = f"{' ' * indent}{key}: {type};"
    if width(flat) <= WIDTH:
        return flat
    return " " * indent + lay_out((f"{key}: ", type_doc(type), ";"), indent)
