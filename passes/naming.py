"""What Postgres calls what a source leaves unnamed: the rule, in one place.

Sources: makeObjectName, ChooseConstraintName, ChooseIndexName, ChooseIndexColumnNames and
makeMultirangeTypeName in Postgres. `passes/normalize/implied_names.py` gives these names,
`passes/align_names.py` recognizes them.
"""

from collections.abc import Callable, Iterable, Iterator

from attrs import evolve, frozen

from pgkit.ir.constraints import Check, ForeignKey, Index, PrimaryKey, Unique
from pgkit.ir.expr import Expr, Opaque
from pgkit.ir.kinds import Domain
from pgkit.ir.names import MAX_BYTES, Ref, object_name, truncate
from pgkit.ir.relations import MaterializedView, Table

Owner = Domain | Table | MaterializedView
Nameable = PrimaryKey | Unique | ForeignKey | Check | Index


@frozen
class NameParts:
    """The parts of a name that Postgres makes: what it is of, what it is on, what kind of thing it is."""

    first: str
    second: str
    label: str
    number: int = 0

    @property
    def name(self) -> str:
        """The parts joined and cut to 63 bytes; the label and its number are never cut."""
        return object_name(self.first, self.second, f"{self.label}{self.number or ''}")

    def free(self, taken: Callable[[str], bool]) -> str:
        """The first of these names, numbered on a clash, that is not taken."""
        parts = self
        while taken(name := parts.name):
            parts = evolve(parts, number=parts.number + 1)
        return name


def name_parts(owner: Owner, obj: Nameable) -> NameParts:
    """What the name of an unnamed constraint or index of `owner` is made of."""
    match obj:
        case PrimaryKey():
            return NameParts(owner.name, "", "pkey")
        case Unique(columns=columns, include=include):
            return NameParts(owner.name, _joined(c.member for c in (*columns, *include)), "key")
        case ForeignKey(columns=columns):
            # Unlike an index, a foreign key does not number a column that comes twice.
            return NameParts(owner.name, "_".join(c.member for c in columns), "fkey")
        case Index():
            return NameParts(owner.name, _joined(_index_columns(obj)), "idx")
        case Check(expr=expr):
            return NameParts(owner.name, _only_column(expr, owner), "check")


def sequence_parts(column: Ref) -> NameParts:
    """What the name of the sequence of an identity or serial column is made of."""
    return NameParts(column.name, column.member, "seq")


def _index_columns(index: Index) -> Iterator[str]:
    for key in index.keys:
        if key.column is not None:
            yield key.column.member
        else:
            yield (_figured(key.expr) if key.expr is not None else None) or "expr"
    yield from (c.member for c in index.include)


def _figured(expr: Expr) -> str | None:
    from pgkit.grammar.figured import figured_name  # costs 0.1 s, and a catalog of plain tables needs none

    return figured_name(expr)


def _joined(columns: Iterable[str]) -> str:
    """The columns of an index, each called apart from those before it."""
    found: list[str] = []
    for column in columns:
        name, number = column, 0
        while name in found:
            number += 1
            name = truncate(column, MAX_BYTES - len(str(number))) + str(number)
        found.append(name)
    return "_".join(found)


def _only_column(expr: Expr, owner: Owner) -> str:
    """The column that a check mentions, if it mentions exactly one and nothing else of the row."""
    if not isinstance(expr, Opaque) or isinstance(owner, Domain):
        return ""
    from pgkit.grammar.figured import columns_mentioned

    mentioned = columns_mentioned(expr, owner.name, {c.name for c in owner.columns})
    return next(iter(mentioned)) if len(mentioned) == 1 else ""
