"""Pairs of scripts, each pair in a schema of its own: one plan for all, run, and what comes of it compared."""

from collections.abc import Iterable, Mapping

import attrs

from pgkit.backends.ddl import emit
from pgkit.backends.ddl.script import settings
from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.ir.hints import Hints
from pgkit.passes.diff import diff
from pgkit.passes.normalize import normalize
from pgkit.passes.plan import plan
from pgkit.runtime.connect import open_, running
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch

Pairs = Mapping[str, tuple[str, str]]
State = tuple[Catalog, set[tuple[str, ...]]]

# What no catalog of ours holds: where columns and constraints come from, and what is attached to what.
FACTS = """
    SELECT 'column', c.oid::regclass::text, a.attname::text, concat_ws(' ', attislocal, attinhcount, attnotnull,
        attidentity, attgenerated, attstorage, attcompression, attstattarget, format_type(atttypid, atttypmod),
        (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum))
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname LIKE 'case%' AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    UNION ALL SELECT 'constraint', conrelid::regclass::text, CASE WHEN contype <> 'n' THEN conname::text ELSE '' END,
        concat_ws(' ', contype, conislocal, coninhcount, convalidated, conparentid <> 0, condeferrable, condeferred,
            pg_get_constraintdef(oid))
    FROM pg_constraint WHERE conrelid >= 16384 AND NOT (contype = 'f' AND conparentid <> 0)
    UNION ALL SELECT 'index', indrelid::regclass::text, indexrelid::regclass::text, concat_ws(' ', indisvalid,
        indisclustered, indisreplident, pg_get_indexdef(indexrelid),
        (SELECT inhparent::regclass FROM pg_inherits WHERE inhrelid = indexrelid))
    FROM pg_index JOIN pg_class t ON t.oid = indrelid WHERE t.oid >= 16384 AND t.relkind <> 't'
    UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname::text, concat_ws(' ', tgenabled, tgparentid <> 0)
    FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'routine', oid::regprocedure::text, prokind::text, concat_ws(' ', pg_get_function_result(oid),
        md5(prosrc)) FROM pg_proc WHERE oid >= 16384
    UNION ALL SELECT 'comment', pg_describe_object(classoid, objoid, objsubid), '', description
    FROM pg_description WHERE objoid >= 16384
"""
EVERYWHERE = "CREATE EXTENSION btree_gist SCHEMA public; CREATE EXTENSION postgres_fdw SCHEMA public"


async def reaches(server: Server, pairs: Pairs, hints: Hints = Hints()) -> list[str]:
    """The statements of the plan for all pairs, which do what they should, so that nothing is left to do."""
    async with scratch(server, purpose="test") as here, scratch(server, purpose="test") as there:
        before, _ = await _made(here, [sql for sql, _ in pairs.values()])
        after, wanted = await _made(there, [sql for _, sql in pairs.values()])
        found = plan(before, after, hints, version=server.version or 0)
        statements = [s.sql.text for s in emit(found.changes)]
        async with open_(here, settings=running()) as session:
            for statement in (*(s.text for s in settings(found)), *statements):
                await session.execute(statement)
        reached, facts = await _state(here)
        assert (sorted(facts - wanted), sorted(wanted - facts)) == ([], [])
        assert not diff(reached, after)
        return statements


async def _made(url: str, scripts: Iterable[str]) -> State:
    async with open_(url, settings=running()) as session:
        await session.execute(f"SET check_function_bodies = off; {EVERYWHERE}")
        for i, script in enumerate(scripts, 1):
            schema = f"case_{i:02}"
            start = f"CREATE SCHEMA {schema}; SET search_path = {schema}, public;"
            await session.execute(start + script.replace("{s}", schema))
    return await _state(url)


async def _state(url: str) -> State:
    async with open_(url) as session:
        catalog = attrs.evolve((await read_catalog(session)).catalog, roles=())  # the server's, not ours
        return normalize(catalog), {tuple(row) for row in await session.fetch(FACTS)}
