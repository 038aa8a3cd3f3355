"""`pgkit show --print-after`: the catalog between two passes, as compilers show it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SHOP = Path(__file__).parents[2] / "corpus" / "projects" / "shop" / "drizzle"


def show(*arguments: str) -> subprocess.CompletedProcess[str]:
    """What the command says."""
    command = [sys.executable, "-m", "pgkit", "show", str(SHOP), *arguments]
    return subprocess.run(command, capture_output=True, text=True)


def default(text: str, table: str, column: str) -> object:
    """The default of a column in a snapshot."""
    tables = {t["name"]: t for t in json.loads(text)["tables"]}
    return next(c for c in tables[table]["columns"] if c["name"] == column)["default"]


def test_the_catalog_changes_from_pass_to_pass() -> None:
    """Read, a default is text; after `bind` it is a constant with its cast; the last pass takes that off."""
    read = show("--as", "json")
    bound = show("--as", "json", "--print-after", "bind")
    last = show("--as", "json", "--print-after", "column_constants")
    where = ("organizations", "settings")
    settings = '{"locale":"en","taxIncluded":true}'
    constant = {"is": "lit", "kind": "string", "text": settings}
    assert default(read.stdout, *where) == {"is": "opaque", "text": [f"'{settings}'::jsonb"]}
    assert default(bound.stdout, *where) == {"is": "cast", "arg": constant, "to": "jsonb"}
    assert default(last.stdout, *where) == constant


@pytest.mark.parametrize("language", ["sql", "pgkit"])
def test_every_language_can_be_printed(language: str) -> None:
    """SQL and the schema language are printed from there too."""
    shown = show("--as", language, "--print-after", "bind")
    assert shown.returncode == 0, shown.stderr
    assert "orders" in shown.stdout


def test_an_unknown_pass_is_refused() -> None:
    """A pass that does not exist is a wrong call, with the nearest name."""
    shown = show("--print-after", "bnd")
    assert shown.returncode == 2
    assert "did you mean bind?" in shown.stderr
