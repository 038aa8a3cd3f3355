"""G5: a disk that is full in the middle of a file leaves nothing of it, and the run says so."""

from pathlib import Path

import pytest

from tests.faults.disks import small_tablespace
from tests.faults.folders import BREAK, PLAIN, folder
from tests.faults.oracle import state
from tests.faults.reference import References, settled
from tests.faults.runners import Runners
from tests.faults.servers import Harmed, ask

BIG = f"""CREATE TABLE big (n int, filler text) TABLESPACE small;
{BREAK}UPDATE account SET balance = 0;
{BREAK}INSERT INTO big SELECT n, repeat('x', 1000) FROM generate_series(1, 12000) n;
"""
INDEX = f"""CREATE TABLE big (n int, filler text);
{BREAK}INSERT INTO big SELECT n, string_agg(md5(n || '.' || m), '') FROM generate_series(1, 10000) n, generate_series(1, 30) m GROUP BY n;
{BREAK}CREATE INDEX CONCURRENTLY big_filler ON big (filler, n) TABLESPACE small;
{BREAK}INSERT INTO account VALUES (100, 'after', 0);
"""
LOCKS = "SELECT count(*)::int FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())"


def test_in_a_transaction(victim: Harmed, run: Runners, references: References, tmp_path: Path) -> None:
    """The file is rolled back with its row, the lock is free, and with room it goes through."""
    made = folder(tmp_path / "folder", {**PLAIN, "0003_big": BIG})
    with small_tablespace(victim, "small"), victim.database() as url:
        ended = run.run(made, url)
        assert ended.code == 4, ended.said
        assert "53100" in ended.stderr or "No space left on device" in ended.stderr
        assert "0003_big" in ended.stderr
        assert ask(url, LOCKS) == 0
        references.check(url, PLAIN)
        made.file("0003_big").write_text(BIG.replace("12000", "400"))
        assert run.run(made, url).code == 0
        assert ask(url, "SELECT count(*)::int FROM big") == 400


def test_in_an_index_made_concurrently(victim: Harmed, run: Runners, tmp_path: Path) -> None:
    """The index that could not be finished is told of, is not counted as made, and is made on the next run."""
    made = folder(tmp_path / "folder", {**PLAIN, "0003_index": INDEX})
    with small_tablespace(victim, "small"), victim.database() as url:
        for _ in range(2):  # also when an invalid index is there already
            ended = run.run(made, url)
            assert ended.code == 4, ended.said
            assert "0003_index" in ended.stderr
            settled(url)
            assert ask(url, LOCKS) == 0
            assert "0003_index" not in state(url).applied()
        ask(url, "WITH gone AS (DELETE FROM big WHERE n > 400 RETURNING 1) SELECT count(*) FROM gone")
        ended = run.run(made, url)
        assert ended.code == 0, ended.said
        found = state(url)
        assert found.invalid == []
        assert found.applied()[-1] == "0003_index"
        assert ask(url, "SELECT count(*)::int FROM big") == 400
        assert ask(url, "SELECT count(*)::int FROM account WHERE id = 100") == 1


@pytest.fixture(autouse=True)
def _nothing_left(victim: Harmed) -> None:
    """The tablespace has one name; a test that failed may have left it."""
    if ask(victim.url, "SELECT count(*)::int FROM pg_catalog.pg_tablespace WHERE spcname = 'small'"):
        pytest.fail("the tablespace of a former test is left")
