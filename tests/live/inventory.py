"""What a database declares, told by Postgres's catalogs without a word from pgkit: the oracle of drift.

One query a kind gives each object and its properties as text. What differs between two inventories is what
drift has to tell of, no more and no less.
"""

from __future__ import annotations

import json
from typing import Any

import asyncpg

from tests.live.inventory_queries import QUERIES

Key = tuple[str, str, str, str]  # kind, schema, name, member
Inventory = dict[Key, dict[str, Any]]
Said = tuple[str, str, str, str | None]  # class, kind, dotted name, field

# These go without saying when what they belong to is on one side only.
MEMBERS = ("column", "primary_key", "unique", "foreign_key", "check", "index", "policy", "attribute")
OWNERS = ("table", "materialized_view", "composite", "domain")


async def inventory(connection: asyncpg.Connection) -> Inventory:
    """All objects and their properties, as text that depends on no setting of the session."""
    path = await connection.fetchval("SHOW search_path")
    await connection.execute("SET search_path = ''")
    found: Inventory = {}
    for query in QUERIES:
        for kind, schema, name, member, properties in await connection.fetch(query):
            found[kind, schema, name, member] = json.loads(properties)
    await connection.execute(f"SELECT pg_catalog.set_config('search_path', '{path}', false)")
    return found


def compared(expected: Inventory, actual: Inventory) -> set[Said]:
    """What is on one side only, and what differs."""
    missing = _alone(expected, actual)
    extra = _alone(actual, expected)
    said: set[Said] = {("missing", key[0], dotted(key), None) for key in missing}
    said |= {("extra", key[0], dotted(key), None) for key in extra}
    for key in expected.keys() & actual.keys():
        mine, theirs = expected[key], actual[key]
        said |= {("different", key[0], dotted(key), field) for field in mine if mine[field] != theirs[field]}
    return said


def _alone(here: Inventory, there: Inventory) -> set[Key]:
    gone = here.keys() - there.keys()
    owners = {(schema, name) for kind, schema, name, _ in gone if kind in OWNERS}
    return {k for k in gone if k[0] not in MEMBERS or (k[1], k[2]) not in owners}


def dotted(key: Key) -> str:
    """The name of an object, as drift tells it."""
    return ".".join(part for part in key[1:] if part)
