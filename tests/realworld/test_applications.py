"""What pgkit generates for the applications, held against the real compilers and formatters."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Literal

import pytest

from tests.realworld.applications import APPLICATIONS, files, pgkit, project
from tests.toolchains import crate, prettier_check, run_typescript, tsc

BUILD = Path(__file__).resolve().parents[2] / "build" / "toolchains"
TARGETS = {"rust": "generated/rust", "typescript": "generated/types", "zod": "generated/zod"}


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The project of each application after a user has run `pgkit gen` in it."""
    home = tmp_path_factory.mktemp("projects")
    projects = {application.name: project(application, home) for application in APPLICATIONS}
    for folder in projects.values():
        pgkit(
            folder, "gen", *(word for name, path in TARGETS.items() for word in (f"--{name}", path))
        ).check()
    return projects


@pytest.fixture(scope="module")
def typescript(generated: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The TypeScript and Zod of all, and Zod that stands alone, in one folder."""
    home = tmp_path_factory.mktemp("typescript")
    for name, folder in generated.items():
        pgkit(folder, "gen", "--zod", "generated/alone").check()
        for part in ("types", "zod", "alone"):
            (home / name / part).mkdir(parents=True)
            for file, text in files(folder / "generated" / part).items():
                (home / name / part / file).write_text(text, "utf-8")
    return home


@pytest.mark.parametrize(("sqlx", "edition"), [*product(("0.9", "0.8"), ("2021", "2024"))])
def test_rust(
    generated: dict[str, Path], sqlx: Literal["0.8", "0.9"], edition: Literal["2021", "2024"]
) -> None:
    """cargo finds no warning and rustfmt nothing to move."""
    modules = {name.replace("-", "_"): files(folder / TARGETS["rust"]) for name, folder in generated.items()}
    main = "".join(f"mod {name};\n" for name in modules) + "\nfn main() {}\n"
    sources = {f"src/{name}/{file}": text for name, found in modules.items() for file, text in found.items()}
    made = crate(BUILD / "realworld", sqlx, edition, {"src/main.rs": main, **sources})
    made.fmt_check().check()
    made.check().check()


@pytest.mark.parametrize("version", ["7.0", "5.5"])
def test_typescript(typescript: Path, version: Literal["5.5", "7.0"]) -> None:
    """Both compilers accept it as strictly as they can."""
    tsc(version, typescript).check()


def test_prettier(typescript: Path) -> None:
    """Prettier has nothing to change."""
    prettier_check(typescript).check()


def test_zod_can_be_imported(typescript: Path) -> None:
    """Every module loads under node, by itself and through the index."""
    folders = [typescript / application.name for application in APPLICATIONS]
    found = (path for folder in folders for part in ("zod", "alone") for path in (folder / part).iterdir())
    modules = sorted(path.relative_to(typescript) for path in found)
    imports = "\n".join(f'console.log(Object.keys(await import("./{path}")).length);' for path in modules)
    (typescript / "load.mts").write_text(imports)
    counts = run_typescript(typescript / "load.mts").check().split()
    (typescript / "load.mts").unlink()
    assert len(counts) == len(modules) > 2 * (112 + 25 + 9)
    empty = {str(path) for path, count in zip(modules, counts, strict=True) if count == "0"}
    assert {Path(path).name for path in empty} <= {"_pg.ts", "composites.ts"}, empty


def test_again_changes_nothing(generated: dict[str, Path]) -> None:
    """The same bytes come out of a second run, and it touches none of them."""
    for folder in generated.values():
        args = [word for name, path in TARGETS.items() for word in (f"--{name}", path)]
        times = {path: path.stat().st_mtime_ns for path in (folder / "generated").rglob("*.*")}
        said = pgkit(folder, "gen", *args).check()
        assert said.count(": 0 written") == len(TARGETS)
        assert times == {path: path.stat().st_mtime_ns for path in (folder / "generated").rglob("*.*")}
