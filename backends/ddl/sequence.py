"""Sequences that stand alone, and the options of those inside identity columns."""

from collections.abc import Iterator

import attrs

from pgkit.backends.ddl.clauses import NOTHING, comment, number, words
from pgkit.backends.ddl.emitter import Emitter
from pgkit.backends.ddl.statements import comment_changed, dropper, renamer
from pgkit.ir.change import Alter
from pgkit.ir.expr import Lit
from pgkit.ir.names import Ref
from pgkit.ir.relations import Sequence, SequenceOptions, sequence_options
from pgkit.ir.types import PgType, Scalar
from pgkit.sql import Sql, render, sql


def sequence_type(type: PgType) -> str:
    """The name of the type of a sequence, which decides its usual bounds."""
    return type.name if isinstance(type, Scalar) else "bigint"


def options_clause(options: SequenceOptions, type: str) -> Sql:
    """The options of a sequence that are not the defaults of its type."""
    usual = sequence_options(type, increment=options.increment)
    clauses = []
    if options.increment != 1:
        clauses.append(sql("INCREMENT BY {n}", n=number(options.increment)))
    if options.min_value != usual.min_value:
        clauses.append(sql("MINVALUE {n}", n=number(options.min_value)))
    if options.max_value != usual.max_value:
        clauses.append(sql("MAXVALUE {n}", n=number(options.max_value)))
    first = options.min_value if options.increment > 0 else options.max_value
    if options.start != first:
        clauses.append(sql("START WITH {n}", n=number(options.start)))
    if options.cache != 1:
        clauses.append(sql("CACHE {n}", n=number(options.cache)))
    if options.cycle:
        clauses.append(Sql("CYCLE"))
    return words(*clauses)


def options_changed(old: SequenceOptions, new: SequenceOptions) -> Iterator[Sql]:
    """The options that differ, and RESTART where no value of the old sequence is one of the new."""
    if old.increment != new.increment:
        yield sql("INCREMENT BY {n}", n=number(new.increment))
    if old.min_value != new.min_value:
        yield sql("MINVALUE {n}", n=number(new.min_value))
    if old.max_value != new.max_value:
        yield sql("MAXVALUE {n}", n=number(new.max_value))
    if old.start != new.start:
        yield sql("START WITH {n}", n=number(new.start))
    if old.cache != new.cache:
        yield sql("CACHE {n}", n=number(new.cache))
    if old.cycle != new.cycle:
        yield Sql("CYCLE" if new.cycle else "NO CYCLE")


def restarts(old: SequenceOptions, new: SequenceOptions) -> bool:
    """Whether no value of the old sequence can be one of the new, so that it must begin anew."""
    return old.max_value < new.min_value or new.max_value < old.min_value


def with_type(options: SequenceOptions, old: str, new: str) -> SequenceOptions:
    """The options after AS `new`: a bound that was the old type's becomes the new type's (init_params)."""
    return attrs.evolve(
        options,
        min_value=_lowest(new) if options.min_value == _lowest(old) else options.min_value,
        max_value=_highest(new) if options.max_value == _highest(old) else options.max_value,
    )


def fits(options: SequenceOptions, type: str) -> bool:
    """Whether a sequence of that type can have these bounds and this start."""
    numbers = (options.min_value, options.start, options.max_value)
    return all(_lowest(type) <= n <= _highest(type) for n in numbers)


def _lowest(type: str) -> int:
    return sequence_options(type, increment=-1).min_value


def _highest(type: str) -> int:
    return sequence_options(type).max_value


def into_bounds(name: Sql, old: SequenceOptions, new: SequenceOptions) -> Iterator[Sql]:
    """Moves a sequence that has not come as far as its new bounds to its new start.

    Postgres refuses bounds that leave out where the sequence is. One that is past them already stays where
    it is, and is refused: no number may be given twice.
    """
    rising = new.increment > 0
    behind = old.min_value < new.min_value if rising else old.max_value > new.max_value
    if restarts(old, new) or not (behind or not new.min_value <= old.start <= new.max_value):
        return
    short = sql("last_value < {n}", n=number(new.min_value))
    past = sql("last_value > {n}", n=number(new.max_value))
    where = sql(
        "{behind} OR (NOT is_called AND {ahead})",
        behind=short if rising else past,
        ahead=past if rising else short,
    )
    yield sql(
        "SELECT pg_catalog.setval({literal}, {n}, false) FROM {name} WHERE {where}",
        literal=Lit("string", name.text),
        n=number(_first_shared(old, new)),
        name=name,
        where=where,
    )


def _first_shared(old: SequenceOptions, new: SequenceOptions) -> int:
    """The first value within both bounds, the new start if it is: setval() heeds the old bounds."""
    low, high = max(old.min_value, new.min_value), min(old.max_value, new.max_value)
    if low <= new.start <= high:
        return new.start
    return low if new.increment > 0 else high


def _create(ref: Ref, new: Sequence) -> Iterator[Sql]:
    type = sequence_type(new.type)
    yield words(
        Sql("CREATE UNLOGGED SEQUENCE" if new.unlogged else "CREATE SEQUENCE"),
        Sql(render(ref)),
        NOTHING if type == "bigint" else sql("AS {type}", type=new.type),
        options_clause(new.options, type),
    )
    yield from comment(Sql("SEQUENCE"), Sql(render(ref)), new.comment)


def _alter(change: Alter) -> Iterator[Sql]:
    ref, old, new = change.ref, change.old, change.new
    assert isinstance(old, Sequence)
    assert isinstance(new, Sequence)
    name = sql("{name}", name=ref)
    yield from _numbers(name, old, new)
    if old.unlogged != new.unlogged:
        yield sql("ALTER SEQUENCE {name} SET {how}", name=name, how=_persistence(new))
    if old.owned_by != new.owned_by:
        yield sql("ALTER SEQUENCE {name} OWNED BY {column}", name=name, column=_owner(new))
    yield from comment_changed(Sql("SEQUENCE"), name, old, new)


def _numbers(name: Sql, old: Sequence, new: Sequence) -> Iterator[Sql]:
    before = with_type(old.options, sequence_type(old.type), sequence_type(new.type))
    clauses = [*options_changed(before, new.options)]
    if old.type != new.type:
        clauses.insert(0, sql("AS {type}", type=new.type))
    if restarts(old.options, new.options):
        clauses.append(Sql("RESTART"))
    if clauses:
        yield from into_bounds(name, old.options, new.options)
        yield sql("ALTER SEQUENCE {name} {clauses}", name=name, clauses=words(*clauses))


def _persistence(sequence: Sequence) -> Sql:
    return Sql("UNLOGGED" if sequence.unlogged else "LOGGED")


def _owner(sequence: Sequence) -> Sql:
    column = sequence.owned_by
    if column is None or column.owner is None:
        return Sql("NONE")
    return sql("{table}.{column}", table=column.owner, column=column)


EMITTERS = (
    Emitter(
        kind=Sequence,
        create=_create,
        drop=dropper(Sql("SEQUENCE")),
        rename=renamer(Sql("SEQUENCE")),
        alter=_alter,
        fields=frozenset(("type", "options", "unlogged", "owned_by", "comment")),
    ),
)
