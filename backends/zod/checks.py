"""Checks on a schema: in Zod's own words where it has them, else by the tests of _pg.ts.

length(v) <= 9 and v ~ '^a'   =>   .max(9).regex(/^a/u)
price > 0 or price = -1       =>   .refine(anyOf(numericIs(">", "0", 2), numericIs("=", "-1", 2)))
"""

import re
from collections.abc import Sequence
from typing import Final, assert_never

from attrs import evolve

from pgkit.backends.constraints import Constraint, Either, Listed, Matches, Ordered, Seen, Sized
from pgkit.backends.typescript import syntax
from pgkit.backends.values import ArrayValue, EnumValue, ScalarValue, Value, domain_of, own_of
from pgkit.backends.zod.expressions import Chain, called
from pgkit.ir.scalars import Shape
from pgkit.ir.wire import Wire

_NUMBERS: Final = (Wire.INTEGER, Wire.SAFE_INTEGER, Wire.NUMBER, Wire.FLOAT, Wire.BIG_INTEGER)
_SIZES: Final = {"<=": ("max", 0), "<": ("max", -1), ">=": ("min", 0), ">": ("min", 1), "=": ("length", 0)}
_PLAIN_TEXT: Final = ("z.string()", "text")
_COUNTED: Final = re.compile(r"z\.(string|array)\(.*|text")
_INTEGERS: Final = ("z.int32()", "z.int()", "int2")
_BOUNDS: Final = {"<=": "max", ">=": "min"}


def checked(schema: Chain, value: Value, constraints: Sequence[Constraint]) -> Chain:
    """The schema of a value that must pass these, too; without those that its form cannot be held to."""
    for constraint in constraints:
        schema = _native(schema, constraint) or _refined(schema, value, constraint)
    return schema


def hidden_checks(value: Value) -> tuple[Constraint, ...]:
    """What the domains of a value ask whose schema is not theirs: of a key, or in a mode of Drizzle's."""
    if value.domain is None or own_of(value).replaces or domain_of(value, given=True):
        return ()
    return (*hidden_checks(evolve(value, domain=value.domain.given.domain)), *value.domain.checks)


def _native(schema: Chain, constraint: Constraint) -> Chain | None:
    root = Chain(schema.root, schema.calls[:1] if schema.root == "z" else ()).flat
    match constraint:
        case Sized(op, count, "whole", False) if _COUNTED.fullmatch(root) and op in _SIZES:
            name, more = _SIZES[op]
            return schema.then(name, Chain(str(count + more))) if count + more >= 0 else None
        case Matches(regex, False, "whole") if root in _PLAIN_TEXT:
            return schema.then("regex", Chain(regex))
        case Ordered(">" | "<" as op, bound) if root in _INTEGERS:
            return schema.then(_BOUNDS[f"{op}="], Chain(str(int(bound) + (1 if op == ">" else -1))))
        case Ordered(op, bound) if root in (*_INTEGERS, "z.number()") and op in _BOUNDS:
            return schema.then(_BOUNDS[op], Chain(bound))
        case _:
            return None


def _refined(schema: Chain, value: Value, constraint: Constraint) -> Chain:
    test = _test(value, constraint)
    return schema if test is None else schema.then("refine", test)


def _test(value: Value, constraint: Constraint) -> Chain | None:
    """The test that says whether a value passes; None where its form is not one that can be told."""
    match constraint:
        case Ordered():
            return _ordered(value, constraint)
        case Sized(op, count, seen, or_empty):
            test = called("lengthIs", _string(op), Chain(str(count)))
            return called("emptyOr", test) if or_empty else _of(value, seen, test)
        case Listed(values, negated, seen):
            return _of(value, seen, called("isNoneOf" if negated else "isOneOf", *map(_string, values)))
        case Matches(regex, negated, seen):
            return _of(value, seen, called("matchesNot" if negated else "matches", Chain(regex)))
        case Either(of):
            tests = [_all(value, all_of) for all_of in of]
            found = [test for test in tests if test is not None]
            return called("anyOf", *found) if len(found) == len(tests) else None
        case _:
            assert_never(constraint)


def _all(value: Value, constraints: Sequence[Constraint]) -> Chain | None:
    tests = [_test(value, constraint) for constraint in constraints]
    found = [test for test in tests if test is not None]
    if len(found) == 1 or not found:  # without some of what must hold together, more passes
        return found[0] if found else None
    return called("allOf", *found)


def _ordered(value: Value, ordered: Ordered) -> Chain | None:
    if not isinstance(value, ScalarValue):
        return None
    op, bound, row = _string(ordered.op), ordered.bound, value.type.row
    if row.shape is Shape.INT and value.form is Wire.INT64:
        return called("int8Is", op, Chain(f"{bound}n"))
    if row.shape is Shape.DECIMAL:
        return _decimal(value, op, bound)
    if value.form not in _NUMBERS or row.shape not in (Shape.INT, Shape.FLOAT):
        return None
    if row.shape is Shape.FLOAT:
        return called("realIs" if row.bits == 32 else "numberIs", op, Chain(bound))
    return called("numberIs", op, Chain(bound if abs(int(bound)) < 2**53 else f"{bound}n"))


def _decimal(value: ScalarValue, op: Chain, bound: str) -> Chain | None:
    if value.form not in (Wire.DECIMAL, Wire.NUMERIC):
        return None
    scale = [Chain((*value.type.mods, "0")[1])] if value.type.mods else []
    return called("numericIs", op, _string(bound), *scale)


def _of(value: Value, seen: Seen, test: Chain) -> Chain | None:
    """A test of what is seen of a text."""
    match value:
        case ArrayValue() | EnumValue() | ScalarValue(form=Wire.STRING):
            return test if seen == "whole" else called(seen, test)
        case _:
            return None


def _string(text: str) -> Chain:
    return Chain(syntax.string(text))
