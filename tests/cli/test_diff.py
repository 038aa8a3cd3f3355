"""`pgkit diff` as a command: what it prints, in which form, and with which exit code."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from pgkit.ir.plan import HazardCode
from tests.toolchains import Run, run

BEFORE = "table users {\n  id bigint primary key\n  mail text\n}\n"
AFTER = "table users {\n  id bigint primary key\n  email text not null\n}\n"
HINT = "column users.mail -> users.email"
PLAN = """\
ALTER TABLE public.users RENAME COLUMN mail TO email;
-- hazard may-fail: fails on rows of public.users without email
--   SELECT * FROM public.users WHERE mail IS NULL
-- hazard scans-table: reads every row of public.users
-- hazard blocks-reads: holds ACCESS EXCLUSIVE on public.users meanwhile
ALTER TABLE public.users ALTER COLUMN email SET NOT NULL;
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with both schemas."""
    (tmp_path / "before.pgkit").write_text(BEFORE)
    (tmp_path / "after.pgkit").write_text(AFTER)
    return tmp_path


def diff(home: Path, *args: str) -> Run:
    """Runs the command on them."""
    sources = ("before.pgkit", "after.pgkit")
    return run([Path(sys.executable).with_name("pgkit"), "diff", *sources, *args], home)


def test_sql(home: Path) -> None:
    """The statements on stdout, their hazards above them; nothing else, and success."""
    said = diff(home, "--rename", HINT)
    assert (said.stdout, said.code) == (PLAN, 0)
    assert diff(home, "--rename", HINT, "--exit-code").code == 1


def test_hints_in_a_file(home: Path) -> None:
    """A file of hints says the same; one called pgkit.hints is found by itself."""
    (home / "names.hints").write_text(f"# renamed\n{HINT}\n")
    assert diff(home, "--hints", "names.hints").stdout == PLAN
    (home / "pgkit.hints").write_text(HINT)
    assert diff(home).stdout == PLAN


def test_likely_renames_are_only_suggested(home: Path) -> None:
    """Without a hint the column is dropped, and stderr says what it may be now."""
    said = diff(home)
    assert "ALTER TABLE public.users DROP COLUMN mail;" in said.stdout.splitlines()
    assert "maybe-renamed" in said.said
    assert f"--rename '{HINT.replace('users', 'public.users')}'" in said.said


def test_json(home: Path) -> None:
    """Each step with its statements and hazards, and the fingerprint of what it starts from."""
    said = json.loads(diff(home, "--rename", HINT, "--format", "json").stdout)
    assert (said["pgkit"], said["command"]) == (1, "diff")
    first, second = said["result"]["steps"]
    assert (first["change"], first["ref"]) == ("rename", ["column", "public", "users", "mail"])
    assert second["sql"] == ["ALTER TABLE public.users ALTER COLUMN email SET NOT NULL"]
    assert [h["code"] for h in second["hazards"]] == ["may-fail", "scans-table", "blocks-reads"]
    assert second["hazards"][0]["query"] == "SELECT * FROM public.users WHERE mail IS NULL"
    assert second["transactional"] is True
    assert len(said["result"]["base"]) == 64


def test_summary(home: Path) -> None:
    """A line a step."""
    said = diff(home, "--rename", HINT, "--format", "summary").stdout.splitlines()
    assert said[0] == "rename column public.users.mail -> public.users.email"
    assert said[1].startswith("alter column public.users.email: nullable  [may-fail,")


def test_a_wrong_hint(home: Path) -> None:
    """A hint that names nothing is an error, and there is no plan."""
    said = diff(home, "--rename", "column users.nothing -> users.email")
    assert (said.stdout, said.code) == ("", 3)
    assert "unknown-hint" in said.said


def test_a_text_that_is_no_hint(home: Path) -> None:
    """What cannot be read as a hint is a wrong call."""
    assert diff(home, "--rename", "nonsense").code == 2


def test_try(home: Path) -> None:
    """The plan is run on a scratch copy, and the result compared."""
    said = diff(home, "--rename", HINT, "--try")
    assert (said.stdout, said.code) == (PLAN, 0)
    assert "the result equals what is wanted" in said.said


def test_nothing_to_do(home: Path) -> None:
    """Equal schemas give an empty plan, whatever is asked for."""
    (home / "after.pgkit").write_text(BEFORE)
    said = diff(home, "--exit-code")
    assert (said.stdout, said.code) == ("", 0)


def test_hazards_have_stable_codes() -> None:
    """The codes that programs rely on."""
    assert {str(code) for code in HazardCode} == {
        "deletes-data", "may-fail", "rewrites-table", "scans-table", "blocks-writes", "blocks-reads",
        "loses-privileges", "loses-dependents", "not-transactional", "changes-meaning", "touches-unmodelled",
    }  # fmt: skip
