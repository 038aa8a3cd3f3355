"""Which column holds the key of which table: primary keys of one column, and what refers to them.

orders.id            =>  orders.id
lines.order_id       =>  orders.id      (order_id references orders)
details.line_id      =>  orders.id      (and the primary key it references, references orders)
"""

from collections.abc import Iterator, Mapping

from pgkit.ir.names import Ref
from pgkit.ir.relations import Table


def key_columns(tables: tuple[Table, ...]) -> Mapping[Ref, Ref]:
    """Each column that holds a key, and the only column of the primary key whose values they are."""
    keys = {table.primary_key.columns[0] for table in tables if _is_single(table) and table.primary_key}
    targets = {column: target for column, target in _references(tables) if target in keys}
    return {column: _root(column, targets) for column in keys | targets.keys()}


def with_tenants(keys: Mapping[Ref, Ref], columns: frozenset[Ref]) -> Mapping[Ref, Ref]:
    """The same, where tenant columns that refer to nothing hold the key that all others refer to.

    documents.org_id     =>  orgs.id        (org_id references orgs)
    settings.org_id      =>  orgs.id        (it references nothing, and is the tenant's as well)
    """
    referred = {keys[column] for column in columns if keys.get(column, column) != column}
    if len(referred) != 1:
        return keys
    (tenant,) = referred
    held = {column: tenant if key in columns else key for column, key in keys.items()}
    return {**held, **dict.fromkeys(columns, tenant)}


def _is_single(table: Table) -> bool:
    return table.primary_key is not None and len(table.primary_key.columns) == 1


def _references(tables: tuple[Table, ...]) -> Iterator[tuple[Ref, Ref]]:
    """Each column and what it refers to; where there are several, the simplest key comes last, and counts."""
    found = [
        (-len(key.columns), column, target)
        for table in tables
        for key in table.foreign_keys
        for column, target in zip(key.columns, key.references, strict=True)
    ]
    return ((column, target) for _, column, target in sorted(found))


def _root(column: Ref, targets: Mapping[Ref, Ref]) -> Ref:
    """Where the references end; of a circle, the first by name."""
    seen = [column]
    while (following := targets.get(seen[-1])) is not None:
        if following in seen:
            return min(seen[seen.index(following) :])
        seen.append(following)
    return seen[-1]
