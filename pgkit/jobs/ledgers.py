"""The ledgers of migration runners, which are never part of a catalog: those that a project has named itself.

Reading a database leaves out those under their usual names (`pgkit.frontends.live.scope`).
"""

import attrs

from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Drop
from pgkit.ir.names import Ref
from pgkit.ir.walk import index, members_of
from pgkit.jobs.config import MigrateConfig
from pgkit.passes.apply import apply
from pgkit.runtime.migrate.drizzle_ledger import PROGRESS


def without_ledgers(catalog: Catalog, config: MigrateConfig) -> Catalog:
    """The catalog without the ledgers, and without a schema that holds nothing else."""
    drizzle = config.drizzle_schema
    named = ((config.schema, config.table), (drizzle, config.drizzle_table), (drizzle, PROGRESS))
    there = index(catalog)
    refs = [ref for schema, name in named if (ref := Ref("table", schema, name)) in there]
    if not refs:
        return catalog
    left = apply(catalog, [Drop(ref, there[ref]) for ref in refs])
    used = {ref.schema for ref, _ in members_of(left)}
    empty = {ref.schema for ref in refs} - used
    return attrs.evolve(left, schemas=tuple(s for s in left.schemas if s.name not in empty))
