"""One plan for many pairs of schemas brings each to what it would be if made by hand."""

import attrs

from pgkit.backends.ddl import emit
from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.ir.hints import Hints
from pgkit.ir.names import Ref
from pgkit.passes.normalize import normalize
from pgkit.passes.plan import plan
from pgkit.runtime.connect import open_, running
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch
from tests.backends.ddl.partition_cases import ALL, PAIRS
from tests.live.reading import run

# What no catalog of ours holds: where columns and constraints come from, and what is attached to what.
FACTS = """
    SELECT 'column', c.oid::regclass::text, a.attname::text, concat_ws(' ', attislocal, attinhcount, attnotnull,
        attidentity, attgenerated, format_type(atttypid, atttypmod), (SELECT pg_get_expr(d.adbin, d.adrelid)
            FROM pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum))
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname LIKE 'case%' AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v')
    UNION ALL SELECT 'constraint', conrelid::regclass::text, CASE WHEN contype <> 'n' THEN conname::text ELSE '' END,
        concat_ws(' ', contype, conislocal, coninhcount, convalidated, conparentid <> 0, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE conrelid >= 16384 AND NOT (contype = 'f' AND conparentid <> 0)
    UNION ALL SELECT 'index', indrelid::regclass::text, indexrelid::regclass::text, concat_ws(' ', indisvalid,
        pg_get_indexdef(indexrelid), (SELECT inhparent::regclass FROM pg_inherits WHERE inhrelid = indexrelid))
    FROM pg_index JOIN pg_class t ON t.oid = indrelid WHERE t.oid >= 16384 AND t.relkind <> 't'
    UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname::text, concat_ws(' ', tgenabled, tgparentid <> 0)
    FROM pg_trigger WHERE NOT tgisinternal
"""


def test_pairs(contrib: Server) -> None:
    """Statements about a parent are made once; a partition comes and goes with all that it has from it."""
    run(_reaches(contrib, PAIRS, Hints()))


def test_renames(contrib: Server) -> None:
    """A column is renamed in its table and so in all partitions; triggers and the like follow by themselves."""
    more = """
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE FUNCTION g(x t) RETURNS SETOF t LANGUAGE sql AS 'SELECT 1, 2, NULL::int4range';
        CREATE TRIGGER x BEFORE UPDATE OF c ON t FOR EACH ROW WHEN (new.c > 1) EXECUTE FUNCTION f('c');
        CREATE STATISTICS s ON a, c FROM t; ALTER TABLE t ALTER c SET STATISTICS 4, REPLICA IDENTITY FULL;
        CREATE RULE r AS ON DELETE TO t DO INSTEAD UPDATE t SET c = old.c + 1;
        CREATE FUNCTION h() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT sum(c) FROM t; END;
        COMMENT ON FUNCTION g(t) IS 't.c';
    """
    table = "CREATE TABLE t (a int, c int, d int4range, CONSTRAINT e EXCLUDE USING gist (d WITH &&) WHERE (c > 0));"
    renamed = "ALTER TABLE t RENAME c TO other; ALTER TABLE t RENAME TO u;"
    pairs = {
        "partitions": (ALL, ALL + "ALTER TABLE p RENAME c TO other"),
        "more": (table + more, table + more + renamed),
    }
    p, t = Ref("table", "case_01", "p"), Ref("table", "case_02", "t")
    u = attrs.evolve(t, name="u")
    hints = (
        (p.of("column", "c"), p.of("column", "other")),
        (t, u),
        (t.of("column", "c"), u.of("column", "other")),
    )
    statements = run(_reaches(contrib, pairs, Hints(hints)))
    assert sorted(statements) == [
        "ALTER TABLE case_01.p RENAME COLUMN c TO other",
        "ALTER TABLE case_02.t RENAME TO u",
        "ALTER TABLE case_02.u RENAME COLUMN c TO other",
    ]


async def _reaches(server: Server, pairs: dict[str, tuple[str, str]], hints: Hints) -> list[str]:
    async with scratch(server, purpose="test") as here, scratch(server, purpose="test") as there:
        before, _ = await _made(here, [sql for sql, _ in pairs.values()])
        after, wanted = await _made(there, [sql for _, sql in pairs.values()])
        changes = plan(before, after, hints, version=server.version or 0).changes
        statements = [s.sql.text for s in emit(changes)]
        async with open_(here, settings=running()) as session:
            await session.execute(";\n".join(("SET check_function_bodies = off", *statements)))
        reached, found = await _state(here)
        assert sorted(found - wanted) == sorted(wanted - found), "\n".join(statements)
        assert reached == after, "\n".join(statements)
        assert not plan(reached, after, version=server.version or 0).changes
        return statements


async def _made(url: str, scripts: list[str]) -> tuple[Catalog, set[tuple[str, ...]]]:
    async with open_(url, settings=running()) as session:
        for i, script in enumerate(scripts, 1):
            await session.execute(f"CREATE SCHEMA case_{i:02}; SET search_path = case_{i:02};" + script)
    return await _state(url)


async def _state(url: str) -> tuple[Catalog, set[tuple[str, ...]]]:
    async with open_(url) as session:
        catalog = attrs.evolve((await read_catalog(session)).catalog, roles=())
        return normalize(catalog), {tuple(row) for row in await session.fetch(FACTS)}
