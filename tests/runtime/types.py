"""Tables of every type, and whether what is written to them comes back."""

from typing import Any

from pgkit.executor import Executor
from pgkit.ir.catalog import Catalog
from pgkit.ir.scalars import SCALARS
from pgkit.runtime.binding import Binding, Call, bind
from pgkit.runtime.tenant import TenantTable
from pgkit.sql.statements import Role, patch
from tests.runtime.samples import SAMPLES

EXTENSIONS = {row.name: row.extension for row in SCALARS}
PREFIX = "CREATE SCHEMA ext; "


def installed(names: list[str]) -> str:
    """The extensions of these types, in a schema that is on no path; isn is weak where it must be."""
    there = sorted({EXTENSIONS[name] for name in names} - {""})
    return PREFIX + "".join(f"CREATE EXTENSION {name} SCHEMA ext; " for name in there)


def written(name: str) -> str:
    """A type in DDL."""
    row = next(row for row in SCALARS if row.name == name)
    return f"ext.{name}" if row.extension else row.spelling


def of_server(server: str) -> list[str]:
    """The types that a server has: pgvector is in the embedded one, the rest of contrib is not."""
    return [name for name in SAMPLES if (EXTENSIONS[name] == "vector") == (server == "test_server")]


def tables_of(names: list[str]) -> str:
    """The SQL of a table of each type: by itself, in arrays, under a domain."""
    return installed(names) + "".join(
        f"CREATE DOMAIN d{at} AS {written(name)}; CREATE TABLE t{at} (org int NOT NULL, id int PRIMARY KEY, "
        f"v {written(name)}, vs {written(name)}[], d d{at}, ds d{at}[]);"
        for at, name in enumerate(names)
    )


async def different(session: Executor, catalog: Catalog, names: list[str]) -> list[object]:
    """Of all values of these types, those that do not come back as they were given."""
    found: list[object] = []
    for at, name in enumerate(names):
        table = TenantTable(catalog, f"t{at}", tenant="org")
        for id, value in enumerate(SAMPLES[name]):
            found += [(name, value, bad) for bad in await differing(table, session, id, value)]
            found += [(name, value, bad) for bad in await patched(catalog, f"t{at}", session, id, value)]
    return found


async def differing(table: TenantTable, session: Executor, id: int, value: Any) -> list[object]:
    """What is not as it was given, of one value in all the places where it can be."""
    values = {"v": value, "vs": [value, None], "d": value, "ds": [value]}
    empty = dict.fromkeys(values)
    row = await table.insert(session, 1, {"id": id, **values})
    seen = [row, await table.find_by_id(session, 1, id)]
    emptied = await table.update(session, 1, id, empty)
    again = await table.update(session, 1, id, values)
    expected = {"org": 1, "id": id, **values}
    wrong = [found for found in (*seen, again) if found != expected]
    return wrong + ([emptied] if emptied != {"org": 1, "id": id, **empty} else [])


async def patched(catalog: Catalog, name: str, session: Executor, id: int, value: Any) -> list[object]:
    """What is not as it should be after the constant statement that changes some columns and keeps others."""
    binding = bind(catalog, name, "org", None)
    values = {"v": value, "vs": [value, None], "d": value, "ds": [value]}
    call = Call(tenant=1, key={"id": id}, values=dict.fromkeys(values))
    emptied = await run_patch(binding, session, call, {"v", "ds"})
    kept = await run_patch(binding, session, call, set())
    expected = {"org": 1, "id": id, **values, "v": None, "ds": None}
    return [found for found in (emptied, kept) if found != expected]


async def run_patch(binding: Binding, session: Executor, call: Call, given: set[str]) -> dict[str, Any]:
    """The row after a patch of these columns."""
    made = patch(binding.scope)
    args = binding.bound(made, call)
    for at, parameter in enumerate(made.parameters):
        if parameter.role is Role.GIVEN and parameter.column is not None:
            args[at] = parameter.column.name in given
    (row,) = binding.rows(made, await session.fetch(made.text, *args))
    return row
