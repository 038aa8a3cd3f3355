"""Which values a change of type refuses, with a query that finds them where one can be written.

A number is compared with the bounds of its new type, a length with the new length, a text with the labels of
an enum; other texts are given to pg_input_is_valid, which is there from 16 on.
"""

from collections.abc import Iterator
from typing import Final

from attrs import frozen

from pgkit.ir.cast_lengths import widens
from pgkit.ir.casts import Casts, Conversion, is_json, is_number, is_text, type_key
from pgkit.ir.change import Alter
from pgkit.ir.expr import Cast, Expr, Hole, Lit, Opaque
from pgkit.ir.kinds import Enum
from pgkit.ir.relations import Column
from pgkit.ir.types import Array, Named, PgType, Scalar, element
from pgkit.passes.plan.hazards import queries
from pgkit.passes.plan.hazards.ground import Ground
from pgkit.sql import Sql, join, literal, render, sql

_SOFT_INPUT: Final = 16
_BITS: Final = {"smallint": 15, "integer": 31, "bigint": 63}
# The longest text of a value.
_LONGEST: Final = {"uuid": 36, "boolean": 5, "smallint": 6, "integer": 11, "bigint": 20, "macaddr": 17}
# Changes by assignment that refuse some values, and that no simple query tells.
_PICKY: Final = frozenset(
    {("macaddr8", "macaddr"), ("path", "polygon"), ("text", "regclass"), ("character varying", "regclass")}
)
# The input of these raises an error where pg_input_is_valid should say no.
_HARD: Final = ("reg", "geometry", "geography", "box", "raster", "vector", "halfvec", "sparsevec", "xml")


@frozen
class Unfit:
    """The values that do not fit: in words after `whose column ...`, and the query that finds them."""

    what: str
    query: str | None = None


def failing(change: Alter, ground: Ground) -> Unfit | None:
    """The values of a column that its new type refuses; None if it takes all."""
    old, new = change.old, change.new
    assert isinstance(old, Column)
    assert isinstance(new, Column)
    column = ground.called(change.ref)
    value = Opaque(("", ""), (Hole(column),))
    found = _refused(old.type, new.type, value, change.using, ground)
    if found is None:
        return None
    query = queries.rows(column.owner or column, found.test) if found.test is not None else None
    return Unfit(found.what, query)


@frozen
class _Refused:
    what: str
    test: Sql | None = None


def _refused(old: PgType, new: PgType, value: Expr, using: Expr | None, ground: Ground) -> _Refused | None:
    casts = ground.casts
    if casts.conversion(old, new) is Conversion.NONE:
        return _Refused(f"is not null: no {_name(old)} becomes {_name(new)}", sql("{v} IS NOT NULL", v=value))
    if using is not None:
        return _read(casts.base(old), new, value, using, ground)
    if casts.refuses(new) and not _within(old, new, casts):
        return _Refused(f"{_name(new)} refuses", _domain_test(old, new, value, ground))
    return _assigned(casts.base(old), casts.base(new), value, ground)


def _within(old: PgType, new: PgType, casts: Casts) -> bool:
    """Whether a domain is over the other one, so that its values pass already."""
    while isinstance(old, Named) and old.ref in casts.domains:
        if old == new:
            return True
        old = casts.domains[old.ref].type
    return False


def _domain_test(old: PgType, new: PgType, value: Expr, ground: Ground) -> Sql | None:
    """What a domain's checks say of values of its base type; of others, whether they are read as its own."""
    a, b = ground.casts.base(old), ground.casts.base(new)
    if type_key(a) == type_key(b) and widens(a, b):
        tests: list[Sql | None] = [_check_test(check, value, ground) for check in _checks(new, ground.casts)]
    else:
        tests = [_input_test(_as_text(value, a), new, ground)]
    if _refuses_null(new, ground.casts):
        tests.insert(0, sql("{v} IS NULL", v=value))
    known = [test for test in tests if test is not None]
    return queries.either(known) if len(known) == len(tests) else None


def _checks(type: PgType, casts: Casts) -> Iterator[Expr]:
    while isinstance(type, Named) and (domain := casts.domains.get(type.ref)) is not None:
        yield from (check.expr for check in domain.checks)
        type = domain.type


def _check_test(check: Expr, value: Expr, ground: Ground) -> Sql:
    """A domain's check calls the value VALUE, as a column of the FROM clause may be called."""
    return sql("NOT (SELECT {check} FROM (SELECT {v} AS value) v)", check=ground.first(check), v=value)


def _refuses_null(type: PgType, casts: Casts) -> bool:
    while isinstance(type, Named) and (domain := casts.domains.get(type.ref)) is not None:
        if not domain.nullable:
            return True
        type = domain.type
    return False


def _read(a: PgType, new: PgType, value: Expr, using: Expr, ground: Ground) -> _Refused | None:
    """Values that are read from a text, or cast."""
    b = ground.casts.base(new)
    expr = ground.first(using)
    if isinstance(element(b), Named) and (enum := _labels(element(b), ground)) is not None:
        return _no_label(a, b, expr, enum, ground)
    if is_json(a) and (is_number(b) or type_key(b) == "boolean") and isinstance(using, Cast):
        word = "boolean" if type_key(b) == "boolean" else "number"
        test = sql("jsonb_typeof({v}) <> {word}", v=value, word=Lit("string", word))
        return _Refused(f"is no {word}", test if type_key(a) == "jsonb" else None)
    if isinstance(expr, Cast) and _is_read(a, expr.arg):
        return _Refused(f"is no {_name(new)}", _input_test(_as_text(expr.arg, a), new, ground))
    if type_key(a) == "money" and type_key(b) in _BITS:
        return _Refused(f"is too large for {_name(new)}")
    return None


def _is_read(a: PgType, arg: Expr) -> bool:
    """Whether it is a text that is cast to the new type."""
    return is_text(element(a)) or isinstance(arg, Cast) or (isinstance(arg, Opaque) and not _plain(arg))


def _plain(arg: Opaque) -> bool:
    return arg.text == ("", "")


def _as_text(value: Expr, type: PgType, suffix: str = "::text") -> Sql:
    """The text of a value of a type, or of what USING makes of one first."""
    text = render(value)
    is_already = (
        isinstance(value, Opaque) and _plain(value) and type_key(type) in ("text", "character varying")
    )
    return Sql(text if text.endswith(suffix) or (is_already and suffix == "::text") else f"{text}{suffix}")


def _labels(type: PgType, ground: Ground) -> tuple[str, ...] | None:
    found = ground.after.get(type.ref) if isinstance(type, Named) else None
    return found.labels if isinstance(found, Enum) else None


def _no_label(a: PgType, b: PgType, expr: Expr, labels: tuple[str, ...], ground: Ground) -> _Refused | None:
    text = render(expr)
    old = _old_labels(element(a), ground)
    gone = [label for label in old or () if label not in labels and literal(label) not in text]
    if old is not None and not gone:
        return None
    inner = expr.arg if isinstance(expr, Cast) else expr
    kept = join(", ", [Lit("string", label) for label in labels])
    what = f"is {' or '.join(gone)}" if gone else f"is no label of {_name(element(b))}"
    if isinstance(b, Array):
        texts = _as_text(inner, a, "::text[]")
        test = sql("NOT array_remove({e}, NULL) <@ ARRAY[{kept}]::text[]", e=texts, kept=kept)
        return _Refused(what.replace("is ", "holds ", 1), test)
    return _Refused(what, sql("{e} NOT IN ({kept})", e=_as_text(inner, a), kept=kept) if labels else None)


def _old_labels(type: PgType, ground: Ground) -> tuple[str, ...] | None:
    found = ground.before.get(type.ref) if isinstance(type, Named) else None
    return found.labels if isinstance(found, Enum) else None


def _input_test(text: Sql, new: PgType, ground: Ground) -> Sql | None:
    """That a text is not read as a value, if the server can be asked for it before the plan runs."""
    inner = element(new)
    if ground.version < _SOFT_INPUT or type_key(inner).startswith(_HARD):
        return None
    if isinstance(inner, Named) and (inner.ref in ground.changed or inner.ref not in ground.before):
        return None
    name = Lit("string", render(ground.first(new)))
    return sql("NOT pg_input_is_valid({text}, {name})", text=text, name=name)


def _assigned(a: PgType, b: PgType, value: Expr, ground: Ground) -> _Refused | None:
    """Values that are assigned: their range, their length."""
    if isinstance(a, Array) and isinstance(b, Array):
        inner = _assigned(ground.casts.base(a.of), ground.casts.base(b.of), value, ground)
        return _Refused(f"has an element that {inner.what}") if inner else None
    if not isinstance(b, Scalar) or (type_key(a) == type_key(b) and widens(a, b)):
        return None
    if (type_key(a), type_key(b)) in _PICKY:
        return _Refused(f"is no {_name(b)}")
    if is_number(a) and is_number(b):
        return _too_large(a, b, value)
    return _too_long(a, b, value, ground)


def _too_large(a: PgType, b: Scalar, value: Expr) -> _Refused | None:
    assert isinstance(a, Scalar)
    if b.name in _BITS:
        if a.name in _BITS and _BITS[a.name] <= _BITS[b.name]:
            return None
        if a.name == "numeric" and a.mods and _power(int(a.mods[0]) - int(a.mods[1])) <= 2 ** _BITS[b.name]:
            return None
        limit = 2 ** _BITS[b.name]
        whole = value if a.name in _BITS else Sql(f"round({render(value)})")
        bounds = Sql(f"BETWEEN {-limit} AND {limit - 1}")
        return _Refused(f"is too large for {b.name}", sql("{v} NOT {bounds}", v=whole, bounds=bounds))
    if b.name == "numeric" and b.mods:
        return _too_many_digits(a, b, value)
    return None


def _too_many_digits(a: Scalar, b: Scalar, value: Expr) -> _Refused | None:
    before = int(b.mods[0]) - int(b.mods[1])
    if a.name in _BITS and _power(before) > 2 ** _BITS[a.name]:
        return None
    if a.name == "numeric" and a.mods and _fits(a, b):
        return None
    number = Sql(f"{render(value)}::numeric") if a.name in ("real", "double precision") else value
    limit = Sql(str(10**before) if before >= 0 else f"0.{'0' * (-before - 1)}1")
    test = "abs(round({v}, {scale})) >= {limit} AND {v} <> 'NaN'"
    if a.name in _BITS:
        test = "abs(round({v}::numeric, {scale})) >= {limit}"
    return _Refused(
        f"is too large for {_name(b)}",
        Sql(test.format(v=render(number), scale=b.mods[1], limit=limit.text)),
    )


def _fits(a: Scalar, b: Scalar) -> bool:
    """Whether rounding to fewer digits after the point leaves room before it."""
    room, used = (int(t.mods[0]) - int(t.mods[1]) for t in (b, a))
    return room > used or (room == used and int(b.mods[1]) >= int(a.mods[1]))


def _power(digits: int) -> float:
    return 10.0**digits


def _too_long(a: PgType, b: Scalar, value: Expr, ground: Ground) -> _Refused | None:
    if not b.mods or b.name not in _LENGTHS:
        return None
    length = int(b.mods[0])
    what, test = _LENGTHS[b.name]
    if b.name in ("character varying", "character") and _longest(a, ground) <= length:
        return None
    text = value if is_text(a) or type_key(a).startswith("bit") else Sql(f"{render(value)}::text")
    return _Refused(f"{what} {length}", Sql(f"{test.format(v=render(text))} {length}"))


_LENGTHS: Final = {
    # Blanks past the length are cut in silence
    "character varying": ("is longer than", "length(rtrim({v})) >"),
    "character": ("is longer than", "length(rtrim({v})) >"),
    "bit": ("has a length other than", "length({v}) <>"),
    "bit varying": ("is longer than", "length({v}) >"),
}


def _longest(type: PgType, ground: Ground) -> float:
    """The length of the longest text of a type."""
    if isinstance(type, Scalar) and type.name in ("character varying", "character") and type.mods:
        return int(type.mods[0])
    if (labels := _old_labels(type, ground)) is not None:
        return max((len(label) for label in labels), default=0)
    return _LONGEST.get(type_key(type), float("inf"))


def _name(type: PgType) -> str:
    return render(type)
