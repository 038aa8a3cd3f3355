"""The house: what holds for every source file and for the package as it is shipped."""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYERS = {
    "pgkit": "pgkit",
    "grammar": "pgkit.grammar",
    "passes": "pgkit.passes",
    "backends": "pgkit.backends",
}
SOURCES = sorted(p for top in LAYERS for p in (ROOT / top).rglob("*.py"))
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text())


def package(folder: Path) -> str:
    """The import name of a source folder."""
    top, *rest = folder.relative_to(ROOT).parts
    return ".".join((LAYERS[top], *rest))


def test_every_package_is_listed() -> None:
    """The package list in pyproject.toml is the tree: an unlisted one would be missing from the wheel."""
    found = sorted({package(p.parent) for p in SOURCES if p.name == "__init__.py"})
    assert sorted(CONFIG["tool"]["setuptools"]["packages"]) == found
    assert {p.parent for p in SOURCES} == {p.parent for p in SOURCES if p.name == "__init__.py"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_and_functions_stay_short(path: Path) -> None:
    """No file over 400 lines, no function over 60, and each module says what lives in it."""
    text = path.read_text()
    tree = ast.parse(text)
    assert text.count("\n") <= 400
    assert ast.get_docstring(tree), "no module docstring"
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = [f.name for f in functions if (f.end_lineno or 0) - f.lineno >= 60]
    assert not long


def test_imports_are_absolute() -> None:
    """No relative import, and no top-level module called passes, grammar or backends."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, path
                assert (node.module or "").split(".")[0] not in ("passes", "grammar", "backends"), path
