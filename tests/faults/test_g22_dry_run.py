"""G22: `--dry-run` leaves the database as it was, whatever the files do."""

from pathlib import Path

import pytest

from tests.faults.folders import APART, BREAK, EVERYTHING, PLAIN, folder
from tests.faults.oracle import state
from tests.faults.runners import Runners
from tests.faults.servers import Harmed, fetch

# Everything that a statement could have left in the catalogs, system tables included, and in the sequences.
DIGEST = """
SELECT 'class', count(*)::text, md5(string_agg(c::text, '|' ORDER BY c.oid)), '' FROM pg_catalog.pg_class c
  WHERE c.oid >= 16384
UNION ALL SELECT 'attribute', count(*)::text, md5(string_agg(a.attrelid || '.' || a.attnum || a.attname, '|' ORDER BY attrelid, attnum)), ''
  FROM pg_catalog.pg_attribute a WHERE a.attrelid >= 16384
UNION ALL SELECT 'type', count(*)::text, '', '' FROM pg_catalog.pg_type WHERE oid >= 16384
UNION ALL SELECT 'enum', count(*)::text, '', '' FROM pg_catalog.pg_enum
UNION ALL SELECT 'proc', count(*)::text, '', '' FROM pg_catalog.pg_proc WHERE oid >= 16384
UNION ALL SELECT 'namespace', count(*)::text, '', '' FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_t'
UNION ALL SELECT 'depend', count(*)::text, '', '' FROM pg_catalog.pg_depend
ORDER BY 1
"""


@pytest.mark.parametrize("start", [None, "0001_double"], ids=["fresh", "half-way"])
@pytest.mark.parametrize("ledger", ["pgkit", "drizzle"])
def test_files_that_are_transactions(
    victim: Harmed, run: Runners, tmp_path: Path, start: str | None, ledger: str
) -> None:
    """It tells what would run, and not a row of a catalog differs afterwards."""
    made = folder(tmp_path / "folder", PLAIN)
    with victim.database() as url:
        if start:
            assert run.run(made, url, "--to", start, "--ledger", ledger).code == 0
        before, digest = state(url), fetch(url, DIGEST)
        ended = run.run(made, url, "--dry-run", "--ledger", ledger)
        assert ended.code == 0, ended.said
        assert "0002_function" in ended.stdout + ended.stderr
        assert (state(url), fetch(url, DIGEST)) == (before, digest)


@pytest.mark.parametrize("tag", APART)
def test_files_that_run_apart(victim: Harmed, run: Runners, tmp_path: Path, tag: str) -> None:
    """What no transaction can hold is told, and not run."""
    made = folder(tmp_path / "folder", EVERYTHING)
    with victim.database() as url:
        for applied in ("0002_function", tag):
            before, digest = state(url), fetch(url, DIGEST)
            ended = run.run(made, url, "--dry-run", "--to", tag)
            assert ended.code == 0, ended.said
            assert (state(url), fetch(url, DIGEST)) == (before, digest)
            assert run.run(made, url, "--to", applied).code == 0


def test_one_that_would_fail(victim: Harmed, run: Runners, tmp_path: Path) -> None:
    """It says with what, exits as the real run would, and leaves nothing."""
    made = folder(
        tmp_path / "folder",
        {**PLAIN, "0003_bad": f"CREATE TABLE x (n int);\n{BREAK}ALTER TABLE nowhere ADD y int;\n"},
    )
    with victim.database() as url:
        before, digest = state(url), fetch(url, DIGEST)
        ended = run.run(made, url, "--dry-run")
        assert ended.code == 4, ended.said
        assert "0003_bad" in ended.stderr
        assert (state(url), fetch(url, DIGEST)) == (before, digest)


def test_one_that_ends_its_transaction(victim: Harmed, run: Runners, tmp_path: Path) -> None:
    """A COMMIT in a file would make the dry run real: it is not run at all."""
    files = {"0000_a": f"CREATE TABLE x (n int);\n{BREAK}COMMIT;\n{BREAK}CREATE TABLE y (n int);\n"}
    made = folder(tmp_path / "folder", files)
    with victim.database() as url:
        before, digest = state(url), fetch(url, DIGEST)
        run.run(made, url, "--dry-run")
        assert (state(url), fetch(url, DIGEST)) == (before, digest)
