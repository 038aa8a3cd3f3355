"""Reads a database: a fixed number of statements in one read-only snapshot, read again if it was torn."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final

from pgkit.diag import fail
from pgkit.executor import Executor
from pgkit.frontends.live.queries import QUERIES
from pgkit.frontends.live.rows import Raw, Text, uncollected
from pgkit.frontends.live.scope import SCOPE

ATTEMPTS: Final = 3

# What Postgres prints depends on these; an empty path also keeps hostile functions from being found.
PINS: Final = {
    "search_path": "''",
    "timezone": "'UTC'",
    "datestyle": "'ISO, MDY'",
    "intervalstyle": "'postgres'",
    "extra_float_digits": "1",
    "bytea_output": "'hex'",
    "quote_all_identifiers": "off",
    "standard_conforming_strings": "on",
    "lc_monetary": "'C'",
    "xmloption": "'content'",
}
# Without statistics, after a migration, the planner takes a big catalog for a small one and loops over it.
PLANNER: Final = {
    "jit": "off",
    "enable_nestloop": "off",
    "max_parallel_workers_per_gather": "0",
    "work_mem": "'32MB'",
}
PINNED: Final = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; " + " ".join(
    f"SET LOCAL {name} = {value};" for name, value in (PINS | PLANNER).items()
)

# Deparsing looks at the newest rows of these catalogs, whatever the snapshot (pg_get_expr and its kin). Each
# with the column that tells what initdb made, which nobody alters, from the rest.
DEPARSED: Final = {
    "pg_namespace": "oid",
    "pg_class": "oid",
    "pg_attribute": "attrelid",
    "pg_attrdef": "oid",
    "pg_constraint": "oid",
    "pg_index": "indexrelid",
    "pg_type": "oid",
    "pg_enum": "oid",
    "pg_proc": "oid",
    "pg_aggregate": "aggfnoid",
    "pg_operator": "oid",
    "pg_opclass": "oid",
    "pg_opfamily": "oid",
    "pg_cast": "oid",
    "pg_collation": "oid",
    "pg_language": "oid",
    "pg_rewrite": "oid",
    "pg_trigger": "oid",
    "pg_policy": "oid",
    "pg_statistic_ext": "oid",
    "pg_range": "rngtypid",
    "pg_sequence": "seqrelid",
    "pg_inherits": "inhrelid",
    "pg_partitioned_table": "partrelid",
    "pg_ts_config": "oid",
    "pg_ts_dict": "oid",
}
DIGEST: Final = " UNION ALL ".join(
    f"SELECT '{name}'::pg_catalog.text, pg_catalog.count(*)::pg_catalog.text, "
    "pg_catalog.sum((c.xmin::pg_catalog.text)::pg_catalog.int8)::pg_catalog.text "
    f"FROM pg_catalog.{name} c WHERE c.{oid} >= 16384::pg_catalog.oid"
    + (" AND c.attnum > 0" if name == "pg_attribute" else "")
    for name, oid in DEPARSED.items()
)
VERSION: Final = "SELECT 'version', pg_catalog.current_setting('server_version_num'), NULL::pg_catalog.text"


async def read(executor: Executor) -> Raw:
    """Everything that the database declares, as it stood at one moment.

    Catalog rows come from the snapshot, deparsed text from the moment it is made: a read is good when no
    catalog changed from its beginning to after its end, or when it says the same as the one before it.
    """
    previous: Raw | None = None
    for attempt in range(ATTEMPTS):
        try:
            raw, stable = await _attempt(executor)
        except Exception as error:
            if getattr(error, "sqlstate", None) != "XX000" or attempt == ATTEMPTS - 1:
                raise
            continue  # what was to be deparsed has been dropped meanwhile
        if stable or (previous is not None and _same(previous, raw)):
            return raw
        previous = raw
    raise fail(
        "catalog-changing",
        f"the database was altered during each of {ATTEMPTS} attempts to read it",
        help="read it when no migration is running",
    )


async def _attempt(executor: Executor) -> tuple[Raw, bool]:
    async with _snapshot(executor):
        before = await _digest(executor)
        version = int(before.pop("version")[0])
        with uncollected():
            sets = _sets(await executor.fetch(statement(version)))
    # The snapshot cannot see what others did since it was taken; only another one can.
    async with _snapshot(executor):
        after = await _digest(executor)
    return Raw(version, sets), before == {k: v for k, v in after.items() if k != "version"}


@asynccontextmanager
async def _snapshot(executor: Executor) -> AsyncIterator[None]:
    async with executor.transaction():
        await executor.execute(PINNED)
        yield


async def _digest(executor: Executor) -> dict[str, tuple[Any, ...]]:
    return {row[0]: tuple(row[1:]) for row in await executor.fetch(f"{VERSION} UNION ALL {DIGEST}")}


def statement(version: int) -> str:
    """The one statement that reads everything from a server of this version."""
    return SCOPE + "\nUNION ALL\n".join(query(version).sql() for query in QUERIES)


def _sets(found: Iterable[Any]) -> dict[str, list[Text]]:
    sets: dict[str, list[Text]] = {}
    for tag, values in found:
        sets.setdefault(tag, []).append(list(values))
    return sets


def _same(a: Raw, b: Raw) -> bool:
    return _counted(a) == _counted(b)


def _counted(raw: Raw) -> dict[str, Counter[tuple[str | None, ...]]]:
    return {tag: Counter(map(tuple, texts)) for tag, texts in raw.sets.items()}
