"""What a new row and a change of one are given: one rule for all languages."""

from collections.abc import Sequence

from pgkit.backends.model import RowModel
from pgkit.backends.values import ArrayValue, Field
from pgkit.ir.constraints import PrimaryKey, Unique
from pgkit.ir.names import Ref
from pgkit.ir.relations import Table


def key_of(row: RowModel) -> tuple[Field, ...] | None:
    """The primary key, or else the only unique constraint over columns that are never null."""
    table = row.relation
    if not isinstance(table, Table):
        return None
    fields = {f.name: f for f in row.fields}
    found: list[PrimaryKey | Unique] = [*table.primary_keys]
    found = found or [u for u in table.uniques if _all_required(u.columns, fields)]
    chosen = [fields.get(ref.member) for ref in found[0].columns] if len(found) == 1 else [None]
    known = tuple(f for f in chosen if f is not None and not isinstance(f.value, ArrayValue))
    return known if len(known) == len(chosen) else None


def inserted(row: RowModel) -> tuple[Field, ...]:
    """What an insert may hold: all but what Postgres computes, and in JSON the tenant, which Rust knows."""
    fields: Sequence[Field] = row.fields
    if row.write_only:
        order = {c.name: at for at, c in enumerate(row.relation.columns)}
        fields = sorted((*row.fields, *row.write_only), key=lambda f: order[f.name])
    hidden = row.tenant if row.client == "json" else None
    return tuple(f for f in fields if not f.computed and f.name != hidden)


def updated(row: RowModel) -> tuple[Field, ...]:
    """What an update may hold: as an insert, but the key and the tenant stay, if it is not Drizzle's."""
    if row.client == "drizzle":
        return inserted(row)
    fixed = {f.name for f in key_of(row) or ()} | {row.tenant}
    return tuple(f for f in inserted(row) if f.name not in fixed)


def _all_required(columns: tuple[Ref, ...], fields: dict[str, Field]) -> bool:
    return all(c.member in fields and not fields[c.member].nullable for c in columns)
