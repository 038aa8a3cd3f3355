"""Clauses that several statements share: comments, names, parameters, deferral."""

from collections.abc import Iterable, Iterator

from pgkit.ir.constraints import Deferral
from pgkit.ir.expr import Lit
from pgkit.ir.names import Ref
from pgkit.sql import Ident, Sql, join, sql

NOTHING = Sql("")


def words(*parts: Sql) -> Sql:
    """The parts that are not empty, a space between them."""
    return join(" ", [p for p in parts if p.text])


def comment(noun: Sql, name: Sql, text: str | None) -> Iterator[Sql]:
    """COMMENT ON, if there is a comment."""
    if text is not None:
        yield sql("COMMENT ON {noun} {name} IS {text}", noun=noun, name=name, text=Lit("string", text))


def names(refs: Iterable[Ref]) -> Sql:
    """A list of columns in parentheses."""
    return sql("({names})", names=join(", ", refs))


def parameters(pairs: Iterable[tuple[str, str]]) -> Sql:
    """WITH (name = value, ...), or nothing."""
    written = [parameter_value(name, value) for name, value in pairs]
    return sql("WITH ({all})", all=join(", ", written)) if written else NOTHING


def parameter(name: str) -> Sql:
    """The name of a storage parameter or an option, `toast.fillfactor`."""
    return join(".", [Ident(part) for part in name.split(".", 1)])


def parameter_value(name: str, value: str) -> Sql:
    """name = 'value'."""
    return sql("{name} = {value}", name=parameter(name), value=Lit("string", value))


def deferral(value: Deferral) -> Sql:
    """The clause for when a constraint is checked."""
    return NOTHING if value is Deferral.NO else Sql(value.upper())


def number(value: int) -> Sql:
    """A whole number."""
    return Sql(str(value))
