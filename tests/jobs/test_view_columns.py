"""Generating from a source that does not name the columns of its views."""

import os
import subprocess
import sys
from pathlib import Path

SHOP = Path(__file__).parents[2] / "corpus/projects/shop/drizzle"
NOWHERE = {**os.environ, "PGKIT_SERVER": "moon"}

SCHEMA = """
enum mood { sad, ok }

table people {
  id    bigint generated always as identity
  name  text not null
  mood  mood
  near  vector(3)

  primary key (id)
}

view moods as $$ select mood, count(*) as people, max(name) as name from people group by mood $$
materialized view nearest as $$ select id, near from people $$
"""


def gen(folder: Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """`pgkit gen` of the file in the folder."""
    command = [sys.executable, "-m", "pgkit", "gen", "schema.pgkit", "--typescript", "out"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=env)


def test_postgres_says_what_a_view_gives(tmp_path: Path) -> None:
    """The row of a view has the columns and types that Postgres gives it, nullable all."""
    (tmp_path / "schema.pgkit").write_text(SCHEMA)
    ran = gen(tmp_path)
    assert ran.returncode == 0, ran.stderr
    row = (tmp_path / "out" / "moods.ts").read_text()
    for line in ("mood: Mood | null;", "people: string | null;", "name: string | null;"):
        assert line in row
    assert "near: number[] | null;" in (tmp_path / "out" / "nearest.ts").read_text()


def test_a_view_that_cannot_be_made_is_left_out(tmp_path: Path) -> None:
    """Nothing is generated for a view that no server can make, and a finding says why."""
    (tmp_path / "schema.pgkit").write_text(SCHEMA + "view odd as $$ select nowhere(id) as x from people $$\n")
    ran = gen(tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert "warning[view-without-columns]: nothing is generated for view public.odd" in ran.stderr
    assert (tmp_path / "out" / "moods.ts").exists()
    assert not (tmp_path / "out" / "odd.ts").exists()


def test_snapshots_leave_out_what_is_computed(tmp_path: Path) -> None:
    """A view of the shop has its counts and sums, which Drizzle's snapshot does not hold."""
    command = [sys.executable, "-m", "pgkit", "gen", str(SHOP), "--typescript", "out"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    row = (tmp_path / "out" / "orderSummaries.ts").read_text()
    assert "email: string | null;" in row
    assert "/** `bigint` */\n  items: string | null;\n  /** `numeric` */\n  itemsTotal: string | null;" in row


def test_no_server(tmp_path: Path) -> None:
    """Without a server to ask nothing is written, and it says which views want one; excluded ones do not."""
    (tmp_path / "schema.pgkit").write_text(SCHEMA)
    ran = gen(tmp_path, NOWHERE)
    assert ran.returncode == 2
    assert "does not say all columns of public.moods and 1 more view, and there is no server" in ran.stderr
    assert not (tmp_path / "out").exists()
    (tmp_path / "pgkit.toml").write_text('exclude = ["public.moods", "public.nearest"]\n')
    ran = gen(tmp_path, NOWHERE)
    assert ran.returncode == 0, ran.stderr
    assert {p.name for p in (tmp_path / "out").iterdir()} >= {"people.ts"}
    assert not (tmp_path / "out" / "moods.ts").exists()
