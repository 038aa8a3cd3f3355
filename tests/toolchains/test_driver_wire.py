"""What node-postgres and postgres.js hand over, the schemas accept; what those accept, the drivers store."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from pgkit.backends.model import model
from pgkit.backends.options import ModelOptions
from pgkit.backends.typescript.files import lower_first
from pgkit.backends.values import ArrayValue, EnumValue, ScalarValue, TextValue, Value
from pgkit.backends.zod import Zod
from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.ir.types import Named
from pgkit.ir.wire import Client
from pgkit.runtime.connect import open_
from pgkit.runtime.embedded import Server, local_server
from pgkit.runtime.scratch import scratch
from tests.backends.every_type import every_type_catalog_sql, refused_sql, rows_sql
from tests.toolchains import contrib_server
from tests.toolchains.npm import link_packages
from tests.toolchains.shell import HERE, run
from tests.toolchains.typescript_folders import write

# What the selects refuse, as in JSON: elements that are NULL, without array_nulls, and other than the declared
# dimensions. postgres.js makes NaN of a NULL, and a dimension more of bounds: [0:1]={1,2}.
GRID: Final = ("grid.0", "grid.0.0", "grid.1")
UNREAD: Final[dict[str, list[tuple[str, str]]]] = {
    "pg": [("refused", "f8s.1"), *(("refused", path) for path in GRID)],
    "postgres": [("nested", "floats.0.0"), *(("refused", path) for path in (*GRID, "numbers.0"))],
}
MOST: Final = 1000 if os.environ.get("PGKIT_PROOF") else 6  # values that are inserted into a column
# What inserts refuse although a driver would store it, for the types of values of the same kind in JavaScript:
STRICT: Final = {
    "oid",  # below zero, which wraps around
    "numeric",  # .5, 1. and 1e5
    "text",  # half of a surrogate pair, which the drivers make U+FFFD
    "character varying",
    "bpchar",
    "citext",
    "character",  # the same, and blanks that are cut off
    "time without time zone",  # 23:59:60
    "date",  # the first day that Postgres has, which another zone has not
    "timestamp without time zone",
    "timestamp with time zone",
    "interval",  # objects without toPostgres, of which Postgres reads the numbers; the very longest
    "json",  # U+0000; NaN and infinities, which become null; 1e400; null among elements, which becomes NULL
    "jsonb",
    "double precision",  # null among elements, without array_nulls
}
MAJORS: Final = (15, 18) if os.environ.get("PGKIT_PROOF") else (15,)
COLUMNS: Final = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
 WHERE c.relnamespace = 'app'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
"""


def base(value: Value) -> str:
    """The type at the bottom of a value, which says how its text is written."""
    match value:
        case ArrayValue(of):
            return base(of)
        case ScalarValue(type):
            return str(type.row.name)
        case TextValue(Named(ref)):
            return ref.member or ref.name
        case EnumValue():
            return "enum"
        case _:
            return ""


def dimensions(value: Value) -> int:
    """How deep an array is."""
    return value.dims if isinstance(value, ArrayValue) else 0


async def prepare(url: str, *, contrib: bool) -> tuple[Catalog, list[tuple[str, str, str]]]:
    """Fills a database; its catalog as it is read back, and its columns."""
    connection = await asyncpg.connect(url)
    for script in (every_type_catalog_sql(contrib), rows_sql(contrib), refused_sql()):
        await connection.execute(script)
    async with open_(url) as session:
        catalog = (await read_catalog(session)).catalog
    columns = [tuple(row) for row in await connection.fetch(COLUMNS)]
    probes = (
        f'CREATE TABLE given.p{i} AS SELECT "{column}" AS c FROM app."{table}" WITH NO DATA'
        for i, (table, column, _) in enumerate(columns)
    )
    await connection.execute(";".join(["CREATE SCHEMA given", *probes]))
    await connection.close()
    return catalog, columns


def where(url: str) -> dict[str, Any]:
    """A server as drivers have it told."""
    parts, query = urlsplit(url), parse_qs(urlsplit(url).query)
    port = int(query["port"][0]) if "port" in query else parts.port or 5432
    return {"database": parts.path[1:], "host": query["host"][0], "user": query["user"][0], "port": port}


def plan(
    catalog: Catalog, columns: list[tuple[str, str, str]], client: Client
) -> tuple[ModelOptions, dict[str, Any]]:
    """What the program needs to know of tables and columns."""
    options = ModelOptions(client=client, case="preserve", ids=False)
    types = {(table, column): type for table, column, type in columns}
    tables = {
        row.ref.name: {
            "select": f"{lower_first(row.stem)}SelectSchema",
            "insert": f"{lower_first(row.stem)}InsertSchema" if row.writable else None,
            "columns": {
                f.key: {
                    "type": types[row.ref.name, f.name],
                    "base": base(f.given),
                    "dimensions": dimensions(f.given),
                }
                for f in row.fields
                if row.writable
            },
        }
        for row in model(catalog, options).rows
    }
    probes = {f"{table}.{column}": f"p{i}" for i, (table, column, _) in enumerate(columns)}
    return options, {"client": client, "tables": tables, "probes": probes, "most": MOST}


def drive(
    folder: Path, url: str, catalog: Catalog, columns: Any, client: Client, zone: str
) -> dict[str, Any]:
    """What the program says of a database, in a zone."""
    options, told = plan(catalog, columns, client)
    shutil.copytree(HERE / "drivers", folder, dirs_exist_ok=True)
    shutil.copy(HERE / "wire" / "forms.ts", folder)
    (folder / "package.json").write_text('{"type": "module"}\n')
    write(folder / "zod", Zod(options=options).emit(catalog))
    link_packages(folder)
    command: list[str | Path] = ["node", "--import", "tsx", folder / "drive.ts"]
    said = run(command, folder, {"TZ": zone}, json.dumps({**told, "where": where(url)}))
    found: dict[str, Any] = json.loads(said.check())
    return found


def check_found(found: dict[str, Any], client: Client) -> None:
    """Nothing is wrong but the selects of what is known to be read otherwise, and nothing went by unseen."""
    unread = sorted({(table, path) for what, table, path, *_ in found["wrong"] if what == "read"})
    assert unread == sorted(UNREAD[client])
    assert [wrong for wrong in found["wrong"] if wrong[0] != "read"] == []
    assert found["unsent"] == ["named.nothing", "optional.c_gtsvector"]  # of which there are no values
    assert {base for base, _ in found["strict"]} <= STRICT
    assert found["read"] > 50
    assert found["sent"] > 1200


async def check(server: Server, folder: Path, zone: str, *, contrib: bool) -> None:
    """Both drivers on one database."""
    clients: tuple[Client, ...] = ("pg", "postgres")
    async with scratch(server) as url:
        catalog, columns = await prepare(url, contrib=contrib)
        tasks = (
            asyncio.to_thread(drive, folder / client, url, catalog, columns, client, zone)
            for client in clients
        )
        for client, found in zip(clients, await asyncio.gather(*tasks), strict=True):
            check_found(found, client)


def test_wire(test_server: Server, tmp_path: Path) -> None:
    """All of Postgres 18's own types, where clocks have gone back."""
    asyncio.run(check(test_server, tmp_path, "America/New_York", contrib=False))


@pytest.mark.parametrize("major", MAJORS)
def test_wire_of_contrib(major: Literal[15, 18], tmp_path: Path) -> None:
    """The types of the contrib extensions, on the oldest server; where there is time, on the newest, too."""
    with local_server(contrib_server(major)) as server:
        asyncio.run(check(server, tmp_path, "UTC", contrib=True))
