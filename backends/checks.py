"""What SQL checks ask of one value, as constraints that mean the same outside Postgres, or nothing at all.

CHECK (VALUE ~ '^[a-z]+$')            =>   Matches("/^[a-z]+$/u")
CHECK (price > 0 AND length(b) < 9)   =>   of price Ordered(">", "0"), of b Sized("<", 9)

A constraint is of a value that is not null: NULL passes every check. What is left out says nothing: what
depends on a collation or a locale, on another column, on a type or function that is not known here.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Final

from attrs import evolve, frozen

from pgkit.backends.constraints import Constraint, Listed, Matches, Ordered, Ordering, Seen, Sized
from pgkit.backends.decimals import Kind, bound, of_integers
from pgkit.backends.outcomes import Found, all_of, any_of, none_of
from pgkit.backends.regexes import DIGITS, javascript, like
from pgkit.backends.values import ArrayValue, EnumValue, ScalarValue, Value
from pgkit.grammar.conditions import (
    AnyOf,
    Apply,
    Condition,
    Const,
    IsNull,
    Logic,
    Name,
    To,
    condition,
    conjuncts,
    names,
)
from pgkit.ir.constraints import Check
from pgkit.ir.expr import Expr
from pgkit.ir.scalars import Shape

_MIRRORED: Final[dict[Ordering, Ordering]] = {
    "<": ">",
    ">": "<",
    "<=": ">=",
    ">=": "<=",
    "=": "=",
    "<>": "<>",
}
_LENGTHS: Final = ("length", "char_length", "character_length")
_SIZES: Final = (*_LENGTHS, "cardinality", "array_length")
_REGEXES: Final = {"~": (False, False), "!~": (True, False), "~*": (False, True), "!~*": (True, True)}
_TEXTS: Final = ("text", "varchar")
_BITS: Final = {"int2": 16, "int4": 32, "int8": 64}


Known = Callable[[str], tuple[Value, bool] | None]
"""Of a name, its value and whether its collation is plain; None for one whose checks say nothing."""


def of_domain(checks: Iterable[Check], value: Value, *, plain: bool = True) -> tuple[Constraint, ...]:
    """What the checks of a domain ask of its values."""
    found = _by_name(checks, lambda name: (value, plain) if name == "value" else None)
    return found.get("value", ())


def of_columns(checks: Iterable[Check], column: Known) -> Mapping[str, tuple[Constraint, ...]]:
    """What the checks of a table ask of each column by itself.

    A check that is not inherited does not hold for all rows that an update of the table changes.
    """
    return _by_name((check for check in checks if not check.no_inherit), column)


@lru_cache(1 << 12)
def _parts(expr: Expr) -> tuple[tuple[str, Condition], ...]:
    """What must hold each by itself, of those that are about one name."""
    named = [(names(part), part) for part in conjuncts(condition(expr))]
    return tuple((next(iter(found)), part) for found, part in named if found is not None and len(found) == 1)


def _by_name(checks: Iterable[Check], known: Known) -> Mapping[str, tuple[Constraint, ...]]:
    found: dict[str, tuple[Constraint, ...]] = {}
    for name, part in (pair for check in checks if check.enforced for pair in _parts(check.expr)):
        if (of := known(name)) is not None:
            asked = _Reader(*of).read(part)
            found[name] = (*found.get(name, ()), *(asked if isinstance(asked, tuple) else ()))
    return found


@frozen
class _Text:
    """A text made of the value."""

    seen: Seen


@frozen
class _Reader:
    value: Value
    plain: bool

    def read(self, tree: Condition) -> Found:
        match tree:
            case Logic("and", args):
                return all_of([self.read(arg) for arg in args])
            case Logic("or", args):
                return any_of([self.read(arg) for arg in args])
            case Logic("not", (arg,)):
                return none_of(self.read(arg))
            case IsNull(Name()):
                return "never"
            case AnyOf(arg, items, array_type):
                return self.listed(arg, items, array_type)
            case Apply(name, (left, right)):
                return self.operation(name, left, right)
            case _:
                return "unknown"

    def operation(self, name: str, left: Condition, right: Condition) -> Found:
        if isinstance(left, Const | To) and _constant(left) is not None and name in _MIRRORED:
            return self.compared(_MIRRORED[name], right, left)
        if name in _MIRRORED:
            return self.compared(name, left, right)
        text, pattern = self.text(left), _string(right)
        if text is None or pattern is None or not self.plain:
            return "unknown"
        if text.seen == "unpadded" and isinstance(left, Name):  # these operators see the padding of a char(n)
            return "unknown"
        if name in ("~~", "!~~"):
            regex, negated = like(pattern), name == "!~~"
            return (Matches(regex, negated, text.seen),) if regex else "unknown"
        if name not in _REGEXES:
            return "unknown"
        negated, ignore_case = _REGEXES[name]
        regex = javascript(pattern, ignore_case=ignore_case)
        if regex is None or (negated and DIGITS in regex):
            return "unknown"
        return (Matches(regex, negated, text.seen),)

    def compared(self, op: Ordering, left: Condition, right: Condition) -> Found:
        if isinstance(left, Apply) and left.name in _SIZES:
            return self.sized(op, left, right)
        if op in ("=", "<>") and (found := self.listed(left, (right,))) != "unknown":
            return found if op == "=" else none_of(found)
        return self.ordered(op, left, right)

    def ordered(self, op: Ordering, left: Condition, right: Condition) -> Found:
        """A number against a constant; both are converted to what both can be, if nothing is lost by that."""
        if not isinstance(self.value, ScalarValue):
            return "unknown"
        kind = _number_kind(self.value)
        if any(mod.startswith("-") for mod in self.value.type.mods):
            return "unknown"  # rounded to tens or hundreds
        arg = left.arg if isinstance(left, To) and _widens(self.value, kind, left) else left
        digits = bound(right, kind)
        if not isinstance(arg, Name) or not kind or digits is None:
            return "unknown"
        if kind != "int":
            return (Ordered(op, digits),)
        whole = of_integers(op, digits)
        return (Ordered(*whole),) if whole else "unknown"

    def sized(self, op: Ordering, left: Apply, right: Condition) -> Found:
        digits = bound(right, "int")
        whole = of_integers(op, digits) if digits is not None else None
        if whole is None:
            return "unknown"
        op, count = whole[0], int(whole[1])
        if left.name in _LENGTHS and len(left.args) == 1:
            text = self.text(left.args[0], any_length=True)
            return (Sized(op, count, text.seen),) if text else "unknown"
        if not isinstance(self.value, ArrayValue) or self.value.dims > 1:
            return "unknown"
        match left:
            case Apply("cardinality", (Name(),)):
                return (Sized(op, count),)
            case Apply("array_length", (Name(), Const("number", "1"))):
                return (Sized(op, count, or_empty=True),)
            case _:
                return "unknown"

    def listed(self, arg: Condition, items: tuple[Condition, ...], array_type: str = "") -> Found:
        values = [_string(item, enum=isinstance(self.value, EnumValue)) for item in items]
        texts = tuple(value for value in values if value is not None)
        if not items or len(texts) < len(values):
            return self.numbers(arg, items, array_type)
        if isinstance(self.value, EnumValue):
            return (Listed(texts),) if isinstance(arg, Name) and not array_type else "unknown"
        text = self.text(arg)
        if text is None or not self.plain or array_type not in ("", "_text", "_varchar"):
            return "unknown"
        if text.seen == "unpadded" and any(value.endswith(" ") for value in texts):
            return "unknown"  # whether they lose it depends on their type
        return (Listed(texts, seen=text.seen),)

    def numbers(self, arg: Condition, items: tuple[Condition, ...], array_type: str) -> Found:
        if array_type:
            return "unknown"
        return any_of([self.ordered("=", arg, item) for item in items])

    def text(self, tree: Condition, *, any_length: bool = False) -> _Text | None:
        """What a text is of the value; `any_length`: where all that counts is how long it is."""
        match tree:
            case Name():
                return self.own_text(citext=any_length)
            case To(Name(), type, has_mods) if type in _TEXTS and not has_mods:
                return self.own_text(citext=True)
            case To(arg, type, has_mods) if type in _TEXTS and not has_mods:
                return self.text(arg)
            case Apply("btrim", (arg,)) if (text := self.text(arg, any_length=any_length)) is not None:
                return evolve(text, seen="trimmed")
            case _:
                return None

    def own_text(self, *, citext: bool) -> _Text | None:
        if not isinstance(self.value, ScalarValue):
            return None
        match self.value.type.row.name:
            case "text" | "character varying":
                return _Text("whole")
            case "character" | "bpchar":
                return _Text("unpadded")
            case "citext" if citext:
                return _Text("whole")
            case _:
                return None


def _constant(tree: Condition) -> Const | None:
    while isinstance(tree, To):
        tree = tree.arg
    return tree if isinstance(tree, Const) else None


def _string(tree: Condition, *, enum: bool = False) -> str | None:
    """The text of a constant that is one, through casts that leave it as it is."""
    while isinstance(tree, To) and not tree.has_mods and (enum or tree.type in (*_TEXTS, "bpchar")):
        tree = tree.arg
    return tree.text if isinstance(tree, Const) and tree.kind == "string" else None


def _number_kind(value: ScalarValue) -> Kind:
    match value.type.row.shape:
        case Shape.INT:
            return "int"
        case Shape.DECIMAL:
            return "numeric"
        case Shape.FLOAT:
            return "float" if value.type.row.bits == 64 else "real"
        case _:
            return ""


def _widens(value: ScalarValue, kind: Kind, cast: To) -> bool:
    """Whether a cast of the value changes nothing of it: to its own type below a domain, or a wider one."""
    if cast.has_mods:
        return False
    match kind:
        case "int":
            return cast.type == "numeric" or _BITS.get(cast.type, 0) >= value.type.row.bits
        case "numeric":
            return cast.type == "numeric"
        case _:
            return cast.type == "float8" or (kind == "real" and cast.type == "float4")
