"""Case files are read strictly, and `--update` writes nothing that has not been proven."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.corpus.cases import ROOT, Malformed, parse, read
from tests.corpus.checking import check, update
from tests.corpus.conftest import Servers
from tests.corpus.proofs import Refuted
from tests.corpus.rows import expected

GOOD = """\
# A column comes

It may be null.

```pgkit before
table t { a integer }
```

```pgkit after
table t {
  a integer
  b integer
}
```

```sql seed
INSERT INTO t VALUES (1);
```

```sql plan
```
"""
BAD = {
    "no title": GOOD.replace("# A", "A"),
    "no paragraph": GOOD.replace("It may be null.\n\n", ""),
    "no before": GOOD.replace("```pgkit before\ntable t { a integer }\n```\n", ""),
    "two before": GOOD.replace("```sql seed", "```sql before"),
    "no plan": GOOD.replace("```sql plan\n```\n", ""),
    "plan and diagnostics": GOOD + "\n```diagnostics\n```\n",
    "unknown block": GOOD.replace("sql seed", "sql sead"),
    "unknown version": GOOD.replace("sql plan", "sql plan 16"),
    "block twice": GOOD + "\n```sql seed\n```\n",
    "open fence": GOOD + "\n```sql rows\n",
    "toml last": GOOD + "\n```toml\n```\n",
    "unknown key": GOOD.replace("```pgkit before", '```toml\ncover = ["tables 1"]\n```\n\n```pgkit before'),
    "broken toml": GOOD.replace("```pgkit before", "```toml\ncovers = [\n```\n\n```pgkit before"),
    "broken version": GOOD.replace("```pgkit before", '```toml\npostgres = "17+"\n```\n\n```pgkit before'),
    "no such version": GOOD.replace("```pgkit before", '```toml\npostgres = ">=19"\n```\n\n```pgkit before'),
}


@pytest.mark.parametrize("text", BAD.values(), ids=list(BAD))
def test_what_is_not_as_the_readme_says_is_refused(text: str) -> None:
    """An unknown block, an unknown key, a case without its expected block: none passes unseen."""
    with pytest.raises(Malformed):
        parse(Path("corpus/column/comes.md"), text)


def test_the_example_of_the_readme_is_a_case() -> None:
    """Whoever copies it has a case that can be read."""
    (example,) = re.findall(r"^````markdown\n(.*?)^````$", (ROOT / "README.md").read_text(), re.M | re.S)
    assert parse(Path("corpus/column/example.md"), example).needs.covers == ("columns 3",)


def test_rows_need_their_query() -> None:
    """A query without rows says so; rows without a query are a mistake."""
    found = list(expected("SELECT 1;\n--\n-- 1\n\nSELECT 2\nWHERE false\n-- no rows\n"))
    assert [(e.query, e.rows) for e in found] == [("SELECT 1", ("1",)), ("SELECT 2\nWHERE false", ())]
    for block in ("SELECT 1;\n", "-- 1\n", ""):
        with pytest.raises(Malformed):
            list(expected(block))


def test_update_fills_in_what_is_proven(tmp_path: Path, servers: Servers) -> None:
    """The plan of 18, and one of 15 only where it differs; then the case holds."""
    path = tmp_path / "comes.md"
    path.write_text(GOOD)
    updated: set[Path] = set()
    for version in (18, 15):
        with pytest.raises(Refuted, match=r"^text: "):
            check(path, version, servers(read(path), version))
        update(path, version, servers(read(path), version), updated)
        check(path, version, servers(read(path), version))
        path.write_text(path.read_text() + ("\n```sql plan 15\nstale\n```\n" if version == 18 else ""))
    assert read(path).blocks["sql plan"] == "ALTER TABLE public.t ADD COLUMN b integer;\n"
    assert "sql plan 15" not in read(path).blocks


def test_update_writes_no_plan_that_is_refused(tmp_path: Path, servers: Servers) -> None:
    """The file stays as it was, and 15 is not asked when 18 has refused."""
    path = tmp_path / "comes.md"
    text = GOOD.replace("a integer\n  b", "a integer not null\n  b").replace("VALUES (1)", "VALUES (NULL)")
    path.write_text(text)
    updated: set[Path] = set()
    for version in (18, 15):
        with pytest.raises(AssertionError, match=r"^(works|nothing is written)"):
            update(path, version, servers(read(path), version), updated)
    assert path.read_text() == text


def test_update_is_refused_under_ci() -> None:
    """What is expected is read by a person before it is committed."""
    command = [sys.executable, "-m", "pytest", "--update", "--collect-only", __file__]
    env = {**os.environ, "CI": "true"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, cwd=ROOT.parent)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "refused under CI" in done.stderr
