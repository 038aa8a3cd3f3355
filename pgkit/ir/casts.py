"""How a column's values get from one type to another, and what it costs.

Facts: the manual, ALTER TABLE and CREATE CAST; parse_coerce.c for which cast is found, and
ATColumnChangeRequiresRewrite for when rows are rewritten. `pgkit.sql.using` writes the expressions.
"""

from collections.abc import Iterable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

from attrs import evolve, frozen

from pgkit.ir.cast_facts import (
    ASSIGNED,
    BINARY,
    EXPLICIT,
    EXPLICIT_18,
    JSON,
    NUMBERS,
    OPCLASSES,
    TEXTS,
    TEXTUAL,
)
from pgkit.ir.cast_lengths import unlimited, widens
from pgkit.ir.kinds import Domain
from pgkit.ir.names import Ref
from pgkit.ir.types import Array, Named, PgType, Scalar

_VECTORS: Final = {"int2vector": Scalar("smallint"), "oidvector": Scalar("oid")}
# 20240131 is a date as well, 90 an interval, 10 a network; zero is false.
_READ_NUMBERS: Final = frozenset({"moment", "clock", "address", "truth"})


class Conversion(Enum):
    """How ALTER COLUMN TYPE gets from one type to another."""

    ASSIGNMENT = "assignment"  # by itself
    EXPLICIT = "explicit"  # USING c::new
    THROUGH = "through"  # USING a longer expression
    NONE = "none"  # the same, and every value but null fails it


@frozen
class Casts:
    """The conversions between types of a catalog with these domains, on a server of that major version."""

    domains: Mapping[Ref, Domain] = MappingProxyType({})
    version: int = 18

    def conversion(self, old: PgType, new: PgType) -> Conversion:
        """How a column of one type becomes one of the other."""
        a, b = self.base(old), self.base(new)
        return self.direct(a, b) or (Conversion.THROUGH if self._reads(a, b) else Conversion.NONE)

    def direct(self, old: PgType, new: PgType) -> Conversion | None:
        """The one cast from type to type, as find_coercion_pathway finds it; None when there is none."""
        a, b = self.base(old), self.base(new)
        pair = (type_key(a), type_key(b))
        if pair[0] == pair[1] or pair in ASSIGNED:
            return Conversion.ASSIGNMENT
        if pair in EXPLICIT or (pair in EXPLICIT_18 and self.version >= 18) or _multirange_of(a, b):
            return Conversion.EXPLICIT
        if isinstance(b, Array) and (element := _element(a)) is not None:
            return self.direct(element, b.of)
        if is_text(b):
            return Conversion.ASSIGNMENT
        return Conversion.EXPLICIT if is_text(a) else None

    def rewrites(self, old: PgType, new: PgType) -> bool:
        """Whether every row is written anew, by assignment or with USING.

        Between timestamp and timestamptz Postgres need not, if the session's time zone is UTC.
        """
        if self.direct(old, new) is not Conversion.ASSIGNMENT or self.refuses(new):
            return True
        a, b = self.base(old), self.base(new)
        if type_key(a) != type_key(b):
            return not ((type_key(a), type_key(b)) in BINARY and unlimited(b))
        # The planner forgets the length that a domain brings.
        known = evolve(a, mods=()) if isinstance(a, Scalar) and isinstance(old, Named) else a
        return not widens(known, b)

    def keeps_indexes(self, old: PgType, new: PgType) -> bool:
        """Whether an index on the column stays as it is; its operator class is the type's own."""
        if self.rewrites(old, new):
            return False
        a, b = self.base(old), self.base(new)
        if not isinstance(a, Scalar):
            # Operator classes of arrays, enums and the like are for anyarray, anyenum: there the name counts
            return type_key(old) == type_key(new)
        one, other = type_key(a), type_key(b)
        return OPCLASSES.get(one, one) == OPCLASSES.get(other, other)

    def base(self, type: PgType) -> PgType:
        """The type under domains."""
        while isinstance(type, Named) and type.ref in self.domains:
            type = self.domains[type.ref].type
        return type

    def refuses(self, type: PgType) -> bool:
        """Whether a domain, or one that it is over, refuses some values of its base type."""
        while isinstance(type, Named) and (domain := self.domains.get(type.ref)) is not None:
            if domain.checks or not domain.nullable:
                return True
            type = domain.type
        return False

    def _reads(self, a: PgType, b: PgType) -> bool:
        """Whether some values get across that have no cast, as far as one can tell from the types."""
        if type_key(b) in JSON:
            return True
        if isinstance(b, Array) and not isinstance(a, Array):
            return type_key(a) not in JSON and (
                self.direct(a, b.of) is not None or self._reads(a, self.base(b.of))
            )
        old, new = _texts(a), _texts(b)
        if old is None or new is None or old == new:
            return True
        return (old == "number" and new in _READ_NUMBERS) or (old, new) == ("truth", "number")


def domains_of(domains: Iterable[Domain]) -> Mapping[Ref, Domain]:
    """Domains by their Ref."""
    return {Ref("domain", d.schema, d.name): d for d in domains}


def type_key(type: PgType) -> str:
    """What identifies a type without its modifiers; a type of a catalog is no scalar's namesake."""
    match type:
        case Array(of):
            return f"{type_key(of)}[]"
        case Named(ref):
            return f"{ref.kind} {ref}"
        case Scalar("bpchar", _, ""):
            return "character"
        case Scalar(name, _, schema):
            return f"{schema}.{name}" if schema else name


def is_text(type: PgType) -> bool:
    """Whether everything is assigned to a type by its text, and it is cast to everything."""
    return type_key(type) in TEXTUAL


def is_number(type: PgType) -> bool:
    """Whether a type is one of the plain numbers."""
    return type_key(type) in NUMBERS


def is_json(type: PgType) -> bool:
    """Whether a type is json or jsonb."""
    return type_key(type) in JSON


def _texts(type: PgType) -> str | None:
    return "array" if isinstance(type, Array) else TEXTS.get(type_key(type))


def _element(type: PgType) -> PgType | None:
    return type.of if isinstance(type, Array) else _VECTORS.get(type_key(type))


def _multirange_of(a: PgType, b: PgType) -> bool:
    return (
        isinstance(a, Named) and isinstance(b, Named) and b.ref.kind == "multirange" and b.ref.owner == a.ref
    )
