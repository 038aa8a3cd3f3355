"""A table or view as every language backend sees it: its fields, which are its key, which are written.

What a new row and a change of one are given is one rule for all languages.
"""

from collections.abc import Sequence
from functools import cached_property

from attrs import frozen

from pgkit.backends.values import ArrayValue, CompositeModel, Field
from pgkit.ir.constraints import PrimaryKey, Unique
from pgkit.ir.names import Ref
from pgkit.ir.relations import MaterializedView, Table, View
from pgkit.ir.wire import Client

Relation = Table | View | MaterializedView


@frozen(eq=False)
class RowModel:
    """A table or view with its fields in column order; it equals itself alone."""

    relation: Relation
    ref: Ref
    stem: str  # LineItem
    module: str  # line_item
    fields: tuple[Field, ...]
    redacted: tuple[str, ...] = ()  # columns that are never selected: excluded, or written only
    write_only: tuple[Field, ...] = ()  # columns that are written, and never read
    comment: str | None = None
    client: Client = "json"  # where rows come from
    tenant: str | None = None  # the column that says whose a row is, and tells rows apart

    @property
    def writable(self) -> bool:
        """Whether rows can be inserted: a table, not a view."""
        return isinstance(self.relation, Table)

    @cached_property
    def columns(self) -> tuple[Field, ...]:
        """What is read and what is written, in column order."""
        if not self.write_only:
            return self.fields
        order = {c.name: at for at, c in enumerate(self.relation.columns)}
        return tuple(sorted((*self.fields, *self.write_only), key=lambda f: order[f.name]))

    @cached_property
    def key(self) -> tuple[Field, ...] | None:
        """The primary key, or else the only unique constraint over columns that are never null."""
        table = self.relation
        if not isinstance(table, Table):
            return None
        fields = {f.name: f for f in self.fields}
        found: Sequence[PrimaryKey | Unique] = table.primary_keys
        found = found or [u for u in table.uniques if _all_required(u.columns, fields)]
        chosen = [fields.get(ref.member) for ref in found[0].columns] if len(found) == 1 else [None]
        known = tuple(f for f in chosen if f is not None and not isinstance(f.value, ArrayValue))
        return known if len(known) == len(chosen) else None

    @cached_property
    def inserted(self) -> tuple[Field, ...]:
        """What an insert holds: all but what Postgres computes, and in JSON the tenant, which Rust knows."""
        if not self.writable:
            return ()
        hidden = self.tenant if self.client == "json" else None
        return tuple([f for f in self.columns if not f.computed and f.name != hidden])

    @cached_property
    def updated(self) -> tuple[Field, ...]:
        """What an update holds: as an insert, but the key and the tenant stay, if it is not Drizzle's."""
        if self.client == "drizzle":
            return self.inserted
        fixed = {f.name for f in self.key or ()} | {self.tenant}
        return tuple([f for f in self.inserted if f.name not in fixed])


def field_ref(owner: RowModel | CompositeModel, field: Field) -> Ref:
    """The column or attribute that a field of a row or of a composite type is."""
    return owner.ref.of("column" if isinstance(owner, RowModel) else "attribute", field.name)


def _all_required(columns: tuple[Ref, ...], fields: dict[str, Field]) -> bool:
    return all(c.member in fields and not fields[c.member].nullable for c in columns)
