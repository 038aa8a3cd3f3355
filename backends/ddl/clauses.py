"""Clauses that several statements share: comments, options, sequences, deferral."""

from collections.abc import Iterable, Iterator

from pgkit.ir.constraints import Deferral
from pgkit.ir.expr import Lit
from pgkit.ir.names import Ref
from pgkit.ir.relations import SequenceOptions, sequence_options
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
    written = [
        sql("{name} = {value}", name=_parameter(name), value=Lit("string", value)) for name, value in pairs
    ]
    return sql("WITH ({all})", all=join(", ", written)) if written else NOTHING


def sequence(options: SequenceOptions, type: str) -> Sql:
    """The options of a sequence that are not the defaults of its type."""
    usual = sequence_options(type, increment=options.increment)
    clauses = []
    if options.increment != 1:
        clauses.append(sql("INCREMENT BY {n}", n=_number(options.increment)))
    if options.min_value != usual.min_value:
        clauses.append(sql("MINVALUE {n}", n=_number(options.min_value)))
    if options.max_value != usual.max_value:
        clauses.append(sql("MAXVALUE {n}", n=_number(options.max_value)))
    first = options.min_value if options.increment > 0 else options.max_value
    if options.start != first:
        clauses.append(sql("START WITH {n}", n=_number(options.start)))
    if options.cache != 1:
        clauses.append(sql("CACHE {n}", n=_number(options.cache)))
    if options.cycle:
        clauses.append(Sql("CYCLE"))
    return words(*clauses)


def deferral(value: Deferral) -> Sql:
    """The clause for when a constraint is checked."""
    return NOTHING if value is Deferral.NO else Sql(value.upper())


def _number(value: int) -> Sql:
    return Sql(str(value))


def _parameter(name: str) -> Sql:
    return join(".", [Ident(part) for part in name.split(".", 1)])
