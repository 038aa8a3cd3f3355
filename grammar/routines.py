"""Whether one definition of a routine can take the place of another by CREATE OR REPLACE."""

from collections.abc import Iterator
from typing import Any

import postgast
from attrs import frozen
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from postgast import pg_query_pb2 as pg

_INPUTS = (pg.FUNC_PARAM_IN, pg.FUNC_PARAM_INOUT, pg.FUNC_PARAM_VARIADIC, pg.FUNC_PARAM_DEFAULT)


@frozen
class _Parameter:
    name: str
    input: bool
    output: bool
    type: str
    has_default: bool


@frozen
class _Routine:
    """What a replacement may not change, the manual, CREATE FUNCTION, notes on overloading."""

    parameters: tuple[_Parameter, ...]
    returns: str
    window: bool
    procedure: bool


def can_take_place(new: str, old: str) -> bool:
    """Whether CREATE OR REPLACE, as in `new`, works over the function or procedure that `old` made.

    It must return the same, keep the names of parameters that have one, and keep every default.
    """
    a, b = _routine(old), _routine(new)
    if a is None or b is None or (a.returns, a.window, a.procedure) != (b.returns, b.window, b.procedure):
        return False
    before, after = ([p for p in r.parameters if p.input] for r in (a, b))
    if [p.type for p in before] != [p.type for p in after] or _outputs(a) != _outputs(b):
        return False
    return all(_fits(p, q) for p, q in zip(before, after, strict=True))


def _fits(old: _Parameter, new: _Parameter) -> bool:
    return old.name in ("", new.name) and (new.has_default or not old.has_default)


def _outputs(routine: _Routine) -> tuple[tuple[str, str], ...]:
    return tuple((p.name, p.type) for p in routine.parameters if p.output)


def _routine(definition: str) -> _Routine | None:
    try:
        found = postgast.parse(definition).stmts
    except (postgast.PgQueryError, ValueError, DecodeError):
        return None
    if not found or found[0].stmt.WhichOneof("node") != "create_function_stmt":
        return None
    statement = found[0].stmt.create_function_stmt
    return _Routine(
        tuple(_parameters(statement)),
        _type(statement.return_type),
        any(option.def_elem.defname == "window" for option in statement.options),
        statement.is_procedure,
    )


def _parameters(statement: Any) -> Iterator[_Parameter]:
    for node in statement.parameters:
        p = node.function_parameter
        yield _Parameter(
            name=p.name,
            input=p.mode in _INPUTS,
            output=p.mode in (pg.FUNC_PARAM_OUT, pg.FUNC_PARAM_INOUT, pg.FUNC_PARAM_TABLE),
            type=_type(p.arg_type),
            has_default=p.HasField("defexpr"),
        )


def _type(name: Any) -> str:
    """A type as text, wherever it stands in its statement."""
    copy = type(name)()
    copy.CopyFrom(name)
    copy.ClearField("location")
    return str(copy)
