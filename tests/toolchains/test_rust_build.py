"""In a build: the Cargo lines that mod.rs names are enough, and a build script works offline from a snapshot."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

import pytest
from attrs import evolve

from pgkit.backends.rust import Rust, cargo_lines
from pgkit.frontends import drizzle
from pgkit.ir.json import dumps
from tests.backends.every_type import catalog
from tests.backends.rust.adversarial import widest
from tests.toolchains import Run, crate, run
from tests.toolchains.cargo import BUILT, cargo, dependencies, environment, write_tree

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "toolchains"
DRIZZLE = drizzle.lower(drizzle.read(ROOT / "corpus" / "projects" / "shop" / "drizzle")).catalog
# As a snapshot of a database has it: a server would have to be asked for columns that Drizzle leaves out.
SHOP = evolve(DRIZZLE, views=tuple(v for v in DRIZZLE.views if v.columns), materialized_views=())
CATALOGS = {"every-type": catalog(contrib=False), "plain": widest()}
# What they depend on is compiled from scratch for each, which takes minutes: `make proof` does both.
COMPILED = [*CATALOGS] if os.environ.get("PGKIT_PROOF") else ["every-type"]
MAIN = "#[allow(dead_code)]\nmod db;\n\nfn main() {}\n"


def manifest(lines: str, name: str) -> str:
    """A Cargo.toml of these dependencies, at the versions that the tests have, and of a runtime."""
    pinned = (dependencies("0.9") / "Cargo.toml").read_text()
    versions = dict(re.findall(r'^(\w+) = (?:\{ version = )?"=([^"]+)"', pinned, re.MULTILINE))
    exact = re.sub(
        r'^(\w+) = \{ version = "[^"]+"',
        lambda m: f'{m[1]} = {{ version = "={versions[m[1]]}"',
        lines,
        flags=re.M,
    )
    return f'[package]\nname = "{name}"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n[dependencies]\n{exact}'


@pytest.mark.parametrize("name", COMPILED)
def test_cargo_lines_are_enough(name: str) -> None:
    """A crate that depends on what the comment in mod.rs says, and on nothing else, compiles."""
    made = Rust().emit(CATALOGS[name])
    said = [
        line.removeprefix("// ")
        for line in made["mod.rs"].splitlines()
        if " = " in line and line[:3] == "// "
    ]
    lines = cargo_lines(CATALOGS[name])
    assert said == lines.splitlines()
    home = BUILD / "cargo-lines" / name
    files = {f"src/db/{path}": text for path, text in made.items()}
    write_tree(home, {"src/main.rs": MAIN, "Cargo.toml": manifest(lines, f"lines-{name}"), **files})
    shutil.copy(dependencies("0.9") / "Cargo.lock", home / "Cargo.lock")
    env = environment(home) | {
        "RUSTFLAGS": "-D warnings",
        "CARGO_BUILD_BUILD_DIR": str(BUILT / "lines"),
    }
    run([cargo(), "check", "--quiet", "--offline"], home, env).check()


@pytest.mark.parametrize("name", CATALOGS)
def test_each_cargo_line_is_needed(name: str) -> None:
    """No crate is asked for that no module names, and no feature of sqlx without its crate."""
    text = "\n".join(Rust().emit(CATALOGS[name]).values())
    for line in cargo_lines(CATALOGS[name]).splitlines():
        assert f"::{line.split(' = ')[0]}::" in text


def test_build_script() -> None:
    """It generates from a snapshot without a server, and what has not changed is neither written nor compiled."""
    sources = {
        "src/main.rs": MAIN,
        "pgkit.toml": 'source = "catalog.json"\n\n[rust]\ndir = "src/db"\n',
        "catalog.json": dumps(SHOP),
        "build.rs": (ROOT / "corpus" / "examples" / "build-script" / "build.rs").read_text(),
    }
    home = crate(BUILD / "build-script", "0.9", "2024", sources).directory
    (home / "pgkit.toml").touch()
    assert "Compiling rows-" in built(home).stderr
    first = times(home)
    assert first.keys() == Rust().emit(SHOP).keys()
    assert "rows-" not in built(home).stderr
    (home / "catalog.json").write_text(dumps(SHOP) + "\n")
    built(home)
    assert times(home) == first
    assert "rows-" not in built(home).stderr


def built(home: Path) -> Run:
    """The build, with pgkit on PATH."""
    env = environment(home)
    env["PATH"] = f"{Path(sys.executable).parent}:{env['PATH']}"
    env["PGKIT_SERVER"] = "postgresql://127.0.0.1:1/none"  # which is not there
    done = run([cargo(), "check", "--locked", "--offline"], home, env)
    done.check()
    return done


def times(home: Path) -> dict[str, int]:
    """When each generated file was written."""
    return {path.name: path.stat().st_mtime_ns for path in (home / "src" / "db").iterdir()}
