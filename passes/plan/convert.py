"""Says how values get from a column's old type to its new one, and which rows must not be there.

Alter(column c: text -> integer)   =>   Alter(column c: text -> integer, using c::integer)
"""

import re
from collections.abc import Mapping

import attrs
from attrs import define, field

from pgkit.diag import fail
from pgkit.ir.casts import Casts
from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Alter, Change
from pgkit.ir.expr import Expr, Hole, Lit, Opaque
from pgkit.ir.hints import Hints
from pgkit.ir.kinds import Composite, Enum
from pgkit.ir.names import Ref
from pgkit.ir.plan import Guard
from pgkit.ir.relations import Column
from pgkit.ir.types import Array, Named, PgType
from pgkit.ir.walk import index, ref_of
from pgkit.passes.renames.names import new_names
from pgkit.sql import Sql, join, quote, sql
from pgkit.sql.using import using


@define
class Conversions:
    """The conversions of one plan; `aside` are the types set aside, by their names in `after`."""

    before: Catalog
    renamed: Catalog
    after: Catalog
    hints: Hints
    aside: Mapping[Ref, Ref]
    version: int
    casts: Casts = field(init=False)
    composites: Mapping[Ref, Composite] = field(init=False)
    enums: Mapping[Ref, Enum] = field(init=False)
    anew: Mapping[Ref, Ref] = field(init=False)
    first: Mapping[Ref, Ref] = field(init=False)  # the names in `before`, by those in `after`

    def __attrs_post_init__(self) -> None:
        both = (self.renamed, self.after)
        self.casts = Casts({ref_of(d): d for catalog in both for d in catalog.domains}, self.version)
        self.composites = {ref_of(c): c for catalog in both for c in catalog.composites}
        self.enums = {ref_of(e): e for catalog in both for e in catalog.enums}
        self.anew = {old: new for new, old in self.aside.items()}
        names = new_names(self.before, self.hints)
        self.first = {names.of(ref): ref for ref in index(self.before)} if self.aside else {}

    def with_using(self, change: Change) -> Change:
        """The change with the expression for its values, if it takes one.

        Where there is no way but for null, the values go through text: Postgres refuses every other.
        """
        match change:
            case Alter(ref, Column(type=old), Column(type=new)) if old != new:
                self._must_not_divide(ref)
                row = self._row(ref, old, new)
                kept = self._kept(old) if self._moves(old, new) else {}
                return attrs.evolve(change, using=row or using(old, new, ref, self.casts, kept))
            case _:
                return change

    def guard(self, change: Change) -> Guard | None:
        """What must not be there before a column moves to an enum without some of its labels."""
        match change:
            case Alter(ref, Column(type=old), Column(type=new)) if old != new:
                removed = self._removed(old) if self._moves(old, new) else []
                return self._guard(ref, old, removed) if removed else None
            case _:
                return None

    def _must_not_divide(self, ref: Ref) -> None:
        """Raises for a column of a partition key: Postgres does not change its type."""
        name = re.compile(rf'(?<![\w"]){re.escape(quote(ref.member))}(?![\w"])')
        keys = (u for u in self.renamed.unmodelled if u.kind == "partition_key")
        if any(
            (u.schema, u.name) == (ref.schema, ref.name) and name.search(u.definition or "") for u in keys
        ):
            help = "make a new table, partitioned by a column of the new type, and copy the rows"
            raise fail("partition-key", f"the type of {ref} divides the partitions", help=help)

    def _row(self, ref: Ref, old: PgType, new: PgType) -> Expr | None:
        """A composite value by the names of its attributes, where their places are not the same.

        A cast to the composite would cut texts short in silence; reading them from JSON refuses that.
        """
        a, b = self._composite(old), self._composite(new)
        if a is None or b is None or [x.name for x in a.attributes] == [x.name for x in b.attributes]:
            return None
        whole = sql("json_populate_record(NULL::{t}, row_to_json(", t=new)
        return Opaque((whole.text, "))"), (Hole(ref),))

    def _composite(self, type: PgType) -> Composite | None:
        base = self.casts.base(type)
        return self.composites.get(base.ref) if isinstance(base, Named) else None

    def _enum(self, type: PgType) -> Ref | None:
        """The enum that a column of this type holds labels of, if it is set aside."""
        base = self.casts.base(type)
        inner = self.casts.base(base.of) if isinstance(base, Array) else base
        return inner.ref if isinstance(inner, Named) and inner.ref in self.anew else None

    def _moves(self, old: PgType, new: PgType) -> bool:
        """Whether values move from an enum set aside to the one in its place."""
        enum = self._enum(old)
        base = self.casts.base(new)
        inner = self.casts.base(base.of) if isinstance(base, Array) else base
        return enum is not None and isinstance(inner, Named) and inner.ref == self.anew[enum]

    def _kept(self, type: PgType) -> dict[str, str]:
        """What becomes of removed labels, as the hints say."""
        enum = self._enum(type)
        wanted = self.anew.get(enum) if enum else None
        return {old.member: new.member for old, new in self.hints.labels if new.owner == wanted}

    def _removed(self, type: PgType) -> list[str]:
        """The labels that no row may hold, in the names of `before`."""
        enum = self._enum(type)
        if enum is None or enum not in self.enums or self.anew[enum] not in self.enums:
            return []
        gone = [label for label in self.enums[enum].labels if label not in self.enums[self.anew[enum]].labels]
        return [label for label in gone if label not in self._kept(type)]

    def _guard(self, ref: Ref, type: PgType, removed: list[str]) -> Guard:
        column = self.first.get(ref, ref)
        labels = join(", ", [Lit("string", label) for label in removed])
        array = isinstance(self.casts.base(type), Array)
        test = sql("{c}::text[] && ARRAY[{all}]", c=column, all=labels) if array else _is_one(column, labels)
        table = column.owner or column
        query = sql("SELECT * FROM {table} WHERE {test}", table=table, test=test)
        words = ", ".join(removed)
        return Guard(query.text, f"{column} still holds {words}, which its enum is to lose")


def _is_one(column: Ref, labels: Sql) -> Sql:
    return sql("{c}::text IN ({all})", c=column, all=labels)
