"""Where the catalogs have what the IR has a kind for."""

from collections.abc import Iterable, Iterator, Mapping

from pgkit.frontends.live import constraints, indexes, policies
from pgkit.frontends.live.links import Place
from pgkit.frontends.live.names import Names
from pgkit.frontends.live.rows import Raw, rows
from pgkit.ir.names import Ref

_KINDS = {"p": "primary_key", "u": "unique", "f": "foreign_key", "c": "check"}


def places(raw: Raw, names: Names, declared: Mapping[int, Ref]) -> Mapping[Place, Ref]:
    """Relations, columns, types, constraints, indexes and policies by their places."""
    found: dict[Place, Ref] = {("pg_class", oid, 0): ref for oid, ref in names.relations.items()}
    for (oid, number), row in names.attributes.items():
        if oid in names.relations:
            found["pg_class", oid, number] = names.relations[oid].of("column", row.name)
    found |= {("pg_type", oid, 0): ref for oid, ref in declared.items()}
    found |= dict(_constraints(rows(raw, constraints.query), names, declared))
    for index in rows(raw, indexes.query):
        found["pg_class", index.oid, 0] = names.relations[index.table].of("index", index.name)
    for policy in rows(raw, policies.query):
        found["pg_policy", policy.oid, 0] = names.relations[policy.table].of("policy", policy.name)
    return found


def _constraints(
    found: Iterable[constraints.ConstraintRow], names: Names, declared: Mapping[int, Ref]
) -> Iterator[tuple[Place, Ref]]:
    for row in found:
        owner = declared.get(row.domain) if row.domain else names.relations.get(row.table)
        if owner is None:
            continue
        ref = owner.of(_KINDS[row.kind], row.name)
        yield ("pg_constraint", row.oid, 0), ref
        if row.kind in ("p", "u"):
            yield ("pg_class", row.key_index, 0), ref
