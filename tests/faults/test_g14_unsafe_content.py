"""G14: what cannot be run safely is refused with its line, before anything connects; nothing ever hangs."""

from pathlib import Path

import pytest

from tests.faults.folders import PLAIN, folder
from tests.faults.oracle import state
from tests.faults.reference import References
from tests.faults.runners import Runners
from tests.faults.servers import Harmed

LEAD = "CREATE TABLE fine (n int);\n\n"  # what is refused stands in line 3
REFUSED = {
    "copy-from-stdin": b"COPY fine FROM STDIN;\n1\n\\.\n",
    "copy-with-options": b"COPY fine (n) FROM STDIN WITH (FORMAT csv);\n",
    "copy-in-lower-case": b"copy fine from stdin;\n",
    "copy-with-a-comment": b"COPY /* here */ fine FROM /* it */ STDIN;\n",
    "meta-command": b"\\i other.sql\n",
    "meta-command-connect": b"\\connect other\n",
    "meta-command-shell": b"\\! rm -rf something\n",
    "meta-command-after-sql": b"SELECT 1 \\gexec\n",
    "meta-command-restrict-later": b"SELECT 1; \\set n 1\n",
    "nul": b"SELECT 'a\0b';\n",
    "not-utf-8": b"SELECT '\xff\xfe';\n",
    "quote-without-end": b"SELECT 'abc;\n",
    "name-without-end": b'SELECT "abc;\n',
    "dollar-quote-without-end": b"DO $$ BEGIN NULL; END;\n",
    "comment-without-end": b"/* a /* b */ SELECT 1;\n",
    "no-sql": b"SELCT 1;\n",
    "half-a-statement": b"CREATE TABLE x (\n",
}
SAFE = {
    "restrict": "\\restrict abc\nCREATE TABLE t (n int);\n\\unrestrict abc\n",
    "copy-in-a-string": "CREATE TABLE t AS SELECT 'COPY t FROM STDIN;'::text AS x;\n",
    "copy-in-a-comment": "-- COPY t FROM STDIN;\nCREATE TABLE t (n int);\n",
    "backslash-in-a-string": "CREATE TABLE t AS SELECT E'\\\\i \\'x' AS x;\n",
    "commit-in-a-body": "CREATE PROCEDURE t() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$;\n",
    "nothing": "",
    "only-a-comment": "-- Custom SQL migration file, put your code below! --\n",
    "only-semicolons": ";;\n;",
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(victim: Harmed, run: Runners, references: References, tmp_path: Path, name: str) -> None:
    """Within three seconds, with the file and its line; nothing before it in the folder is run either."""
    made = folder(tmp_path / "folder", {**PLAIN, "0003_unsafe": ""})
    made.file("0003_unsafe").write_bytes(LEAD.encode() + REFUSED[name])
    with victim.database() as url:
        before = state(url)
        ended = run.start(made, url).wait(3)
        assert ended.code == 3, ended.said
        if name not in ("not-utf-8",):  # there is no text to count lines in
            assert any(f"0003_unsafe.sql:{line}" in ended.stderr for line in (3, 4, 5)), ended.said
        assert "0003_unsafe" in ended.stderr
        assert "connected" not in ended.points()
        assert state(url) == before


@pytest.mark.parametrize("name", SAFE)
def test_not_refused(victim: Harmed, run: Runners, tmp_path: Path, name: str) -> None:
    """What only looks like it runs."""
    made = folder(tmp_path / "folder", {**PLAIN, "0003_safe": SAFE[name]})
    with victim.database() as url:
        ended = run.start(made, url).wait(5)
        assert ended.code == 0, ended.said
        assert state(url).applied() == made.tags()


def test_copy_hidden_from_the_parser(
    victim: Harmed, run: Runners, references: References, tmp_path: Path
) -> None:
    """A procedure cannot bring a COPY FROM STDIN in by the back door: the server refuses it, and nothing hangs."""
    made = folder(
        tmp_path / "folder",
        {**PLAIN, "0003_hidden": "DO $$ BEGIN EXECUTE 'COPY account FROM STDIN'; END $$;\n"},
    )
    with victim.database() as url:
        ended = run.start(made, url).wait(5)
        assert ended.code == 4, ended.said
        references.check(url, PLAIN)


def test_a_transaction_ended_behind_its_back(
    victim: Harmed, run: Runners, references: References, tmp_path: Path
) -> None:
    """A block that commits inside the runner's transaction fails there, and is rolled back."""
    made = folder(
        tmp_path / "folder",
        {**PLAIN, "0003_hidden": "CREATE TABLE x (n int);\nDO $$ BEGIN COMMIT; END $$;\n"},
    )
    with victim.database() as url:
        ended = run.start(made, url).wait(5)
        assert ended.code == 4, ended.said
        assert "2D000" in ended.stderr
        references.check(url, PLAIN)
