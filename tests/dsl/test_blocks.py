"""`sql` blocks: SQL that pgkit does not model runs where the block says, on a real server."""

import asyncio
from pathlib import Path

import pytest

from pgkit.frontends.dsl import lower, read
from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.jobs.ddl import create_sql
from pgkit.runtime.connect import open_, running
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch

SCHEMA = """
table t {
  id  int check (positive(id))

  row level security
  policy p using (allowed(id))
}

sql checks before tables $$
  create function positive(n int) returns boolean language sql immutable as 'select n > 0'
$$
sql watched after table t $$
  create trigger watch before update on t for each row execute function suppress_redundant_updates_trigger();
  create view ids as select id from t;
$$
sql rights $$ create function allowed(n int) returns boolean language sql as 'select count(*) > n from t' $$
"""


def catalog(tmp_path: Path, text: str) -> Catalog:
    """The catalog of a text that holds no mistake."""
    path = tmp_path / "schema.pgkit"
    path.write_text(text)
    declared = lower(read(path))
    assert declared.diagnostics == ()
    return declared.catalog


async def _made(server: Server, script: str) -> Catalog:
    async with scratch(server, purpose="blocks") as url:
        async with open_(url, settings=running()) as session:
            await session.execute(script)
        async with open_(url) as session:
            return (await read_catalog(session)).catalog


@pytest.mark.parametrize(
    "text", [SCHEMA, "\n\nsql".join(["", *SCHEMA.split("\nsql")[:0:-1]]) + SCHEMA.split("\nsql")[0]]
)
def test_blocks_run_at_their_place(test_server: Server, tmp_path: Path, text: str) -> None:
    """Before tables, after one table, and by default after tables and before policies, however they are declared."""
    made = asyncio.run(_made(test_server, create_sql(catalog(tmp_path, text))))
    assert {(u.kind, u.name, u.member) for u in made.unmodelled} == {
        ("function", "positive(integer)", ""),
        ("function", "allowed(integer)", ""),
        ("trigger", "t", "watch"),
    }
    assert [v.name for v in made.views] == ["ids"]
    assert [p.name for p in made.tables[0].policies] == ["p"]


def test_a_block_that_contradicts_itself(tmp_path: Path) -> None:
    """A place that cannot be is one clear error that names who needs whom."""
    from pgkit.diag import PgkitError

    text = "table t { id int }\n\nsql odd after table t before tables $$ select 1 $$\n"
    with pytest.raises(PgkitError, match="need each other"):
        create_sql(catalog(tmp_path, text))
