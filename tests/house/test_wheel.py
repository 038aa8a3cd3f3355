"""The wheel: what users install holds every package and every file that the code reads."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house.test_house import CONFIG, LAYERS, ROOT, SOURCES


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's content, nothing else of the project around it."""
    out = tmp_path_factory.mktemp("wheel")
    for top in LAYERS:
        shutil.copytree(ROOT / top, out / "source" / top, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, out / "source")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    subprocess.run([*command, str(out / "source")], check=True, capture_output=True)
    (wheel,) = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(out / "site")
    return out / "site"


def test_it_holds_every_source(installed: Path) -> None:
    """Each module of the tree is in the wheel, under its import name, and no top-level package but pgkit."""
    for source in SOURCES:
        top, *rest = source.relative_to(ROOT).parts
        assert (installed / Path(*LAYERS[top].split("."), *rest)).read_bytes() == source.read_bytes()
    assert {p.name for p in installed.iterdir() if not p.name.endswith(".dist-info")} == {"pgkit"}
    assert (installed / "pgkit" / "py.typed").exists()


def test_it_runs_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    """The command works from the wheel alone, and every package can be imported."""
    packages = CONFIG["tool"]["setuptools"]["packages"]
    script = f"import importlib\nfor p in {packages!r}:\n    assert importlib.import_module(p).__file__.startswith({str(installed)!r}), p\n"
    script += "from pgkit.cli import main\nimport sys\nsys.argv = ['pgkit', 'show', 'empty', '--as', 'json']\nsys.exit(main())\n"
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    assert '"pgkit": 1' in ran.stdout
