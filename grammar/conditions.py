"""Reads SQL conditions as small trees: names, constants, calls, casts, and/or/not, IN and IS NULL.

`((VALUE)::text ~ '^a'::text)`   =>   Apply("~", (To(Name("value"), "text"), To(Const("^a"), "text")))
`a BETWEEN 1 AND 5`              =>   Logic("and", (Apply(">=", (a, 1)), Apply("<=", (a, 5))))

What is none of these is Other, so that a condition is never taken for less than it is.
"""

from collections.abc import Iterator
from typing import Any, Final, Literal

from attrs import frozen
from postgast import pg_query_pb2 as pg

from pgkit.grammar.tree import parsed_expression, strings
from pgkit.ir.expr import Expr

_PLAIN: Final = (pg.AEXPR_OP, pg.AEXPR_LIKE)
_BETWEEN: Final = (pg.AEXPR_BETWEEN, pg.AEXPR_NOT_BETWEEN)
_OPPOSITES: Final = {pg.AEXPR_NOT_BETWEEN: ("<", "or", ">"), pg.AEXPR_BETWEEN: (">=", "and", "<=")}
_BOOLS: Final[dict[int, Literal["and", "or", "not"]]] = {
    pg.AND_EXPR: "and",
    pg.OR_EXPR: "or",
    pg.NOT_EXPR: "not",
}


@frozen
class Name:
    """A column by its bare name; in a domain's check, `value`."""

    name: str


@frozen
class Const:
    """A constant, unquoted: `kind` says what is written, a string may stand for a value of any type."""

    kind: Literal["number", "string", "bool", "null"]
    text: str = ""


@frozen
class To:
    """A cast to a type, by its name in pg_catalog or with its schema: `int4`, `_text`, `app.mood`."""

    arg: "Condition"
    type: str
    has_mods: bool = False


@frozen
class Apply:
    """An operator or a plain function of these arguments."""

    name: str
    args: "tuple[Condition, ...]"


@frozen
class Logic:
    """AND, OR or NOT."""

    word: Literal["and", "or", "not"]
    args: "tuple[Condition, ...]"


@frozen
class IsNull:
    """Whether something is NULL."""

    arg: "Condition"


@frozen
class AnyOf:
    """`arg = ANY (ARRAY[...])`, as IN is too; `array_type` is what the array is cast to."""

    arg: "Condition"
    items: "tuple[Condition, ...]"
    array_type: str = ""


@frozen
class Other:
    """Anything else; which columns are in it cannot be told."""


Condition = Name | Const | To | Apply | Logic | IsNull | AnyOf | Other
OTHER: Final = Other()


def condition(expr: Expr) -> Condition:
    """An expression as a tree."""
    parsed = parsed_expression(expr)
    return OTHER if parsed is None else _read(parsed)


def conjuncts(tree: Condition) -> Iterator[Condition]:
    """What must hold each by itself: the parts of an AND, however nested."""
    if isinstance(tree, Logic) and tree.word == "and":
        for arg in tree.args:
            yield from conjuncts(arg)
    else:
        yield tree


def names(tree: Condition) -> frozenset[str] | None:
    """The columns in a tree; None if there may be others."""
    match tree:
        case Name(name):
            return frozenset((name,))
        case Const():
            return frozenset()
        case To(arg) | IsNull(arg):
            return names(arg)
        case Apply(_, args) | Logic(_, args):
            return _all(args)
        case AnyOf(arg, items):
            return _all((arg, *items))
        case Other():
            return None


def _all(trees: tuple[Condition, ...]) -> frozenset[str] | None:
    found = [names(tree) for tree in trees]
    known = [part for part in found if part is not None]
    return frozenset().union(*known) if len(known) == len(found) else None


def _read(node: Any) -> Condition:
    kind = node.WhichOneof("node")
    value = getattr(node, kind) if kind else None
    reader = _READERS.get(kind or "")
    return OTHER if reader is None else reader(value)


def _column(ref: Any) -> Condition:
    parts = strings(ref.fields)
    return Name(parts[-1]) if parts and len(parts) == len(ref.fields) else OTHER


def _constant(const: Any) -> Condition:
    match "null" if const.isnull else const.WhichOneof("val"):
        case "ival":
            return Const("number", str(const.ival.ival))
        case "fval":
            return Const("number", const.fval.fval)
        case "sval":
            return Const("string", const.sval.sval)
        case "boolval":
            return Const("bool", "true" if const.boolval.boolval else "false")
        case "null":
            return Const("null")
        case _:
            return OTHER


def _cast(cast: Any) -> Condition:
    type = _type(cast.type_name)
    arg = _read(cast.arg)
    return OTHER if type is None else To(arg, type, bool(cast.type_name.typmods))


def _type(name: Any) -> str | None:
    """The name of a type; of an array, its element's behind a `_`."""
    parts = strings(name.names)
    if name.setof or name.pct_type or not parts or len(name.array_bounds) > 1:
        return None
    found = ".".join(parts).removeprefix("pg_catalog.")
    return f"_{found}" if name.array_bounds else found


def _operation(expr: Any) -> Condition:
    name = strings(expr.name)
    operator = name[-1] if name else ""
    if len(name) > 1 and name[0] != "pg_catalog":
        return OTHER
    if expr.kind in _PLAIN:
        sides = [expr.lexpr, expr.rexpr] if expr.HasField("lexpr") else [expr.rexpr]
        return Apply(operator, tuple(map(_read, sides)))
    if expr.kind in _BETWEEN:
        return _between(expr)
    if expr.kind == pg.AEXPR_IN:
        found = AnyOf(_read(expr.lexpr), tuple(map(_read, expr.rexpr.list.items)))
        return found if operator == "=" else Logic("not", (found,))
    if expr.kind == pg.AEXPR_OP_ANY and operator == "=":
        return _of_array(expr.lexpr, expr.rexpr)
    if expr.kind == pg.AEXPR_OP_ALL and operator == "<>":
        found_all = _of_array(expr.lexpr, expr.rexpr)
        return OTHER if isinstance(found_all, Other) else Logic("not", (found_all,))
    return OTHER


def _between(expr: Any) -> Condition:
    low, word, high = _OPPOSITES[expr.kind]
    arg = _read(expr.lexpr)
    first, last = map(_read, expr.rexpr.list.items)
    both = (Apply(low, (arg, first)), Apply(high, (arg, last)))
    return Logic("and" if word == "and" else "or", both)


def _of_array(arg: Any, array: Any) -> Condition:
    type: str | None = ""
    if array.WhichOneof("node") == "type_cast":
        type, array = _type(array.type_cast.type_name), array.type_cast.arg
    if type is None or array.WhichOneof("node") != "a_array_expr":
        return OTHER
    return AnyOf(_read(arg), tuple(map(_read, array.a_array_expr.elements)), type)


def _logic(expr: Any) -> Condition:
    return Logic(_BOOLS[expr.boolop], tuple(map(_read, expr.args)))


def _null_test(test: Any) -> Condition:
    found = IsNull(_read(test.arg))
    return found if test.nulltesttype == pg.IS_NULL else Logic("not", (found,))


def _call(call: Any) -> Condition:
    name = strings(call.funcname)
    special = (
        *(call.agg_order, call.agg_filter.WhichOneof("node"), call.HasField("over")),
        *(call.agg_star, call.agg_distinct, call.func_variadic, call.agg_within_group),
    )
    if any(special) or (len(name) > 1 and name[0] != "pg_catalog"):
        return OTHER
    return Apply(name[-1], tuple(map(_read, call.args)))


_READERS: Final = {
    "column_ref": _column,
    "a_const": _constant,
    "type_cast": _cast,
    "a_expr": _operation,
    "bool_expr": _logic,
    "null_test": _null_test,
    "func_call": _call,
}
