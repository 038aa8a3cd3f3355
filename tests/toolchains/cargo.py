"""Rust crates compiled against the real sqlx, 0.8 and 0.9, with dependencies that are compiled once."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from attrs import frozen

from tests.toolchains.shell import HERE, Run, missing, must, once, run

RUST = HERE / "rust"
BUILT = RUST / "target"
OLDEST = (1, 94)  # for sqlx 0.9; a build directory apart from the target directory needs 1.91
INSTALL = "install Rust {}.{} or newer with rustup".format(*OLDEST)


@frozen
class Crate:
    """A program on disk, ready to be compiled."""

    directory: Path

    def check(self) -> Run:
        """Type-checks it; a warning is an error."""
        return self._cargo("check", "--quiet", "--locked", "--offline")

    def check_tests(self) -> Run:
        """Type-checks what is there for `cargo test` alone."""
        return self._cargo("check", "--tests", "--quiet", "--locked", "--offline")

    def build(self) -> Run:
        """Compiles it, for `run`."""
        return self._cargo("build", "--quiet", "--locked", "--offline")

    def test(self, *names: str, env: Mapping[str, str] | None = None) -> Run:
        """Compiles and runs its tests: those whose names hold one of these, or all."""
        command = [cargo(), "test", "--quiet", "--locked", "--offline", "--", *names]
        return run(command, self.directory, environment(self.directory) | {**(env or {})})

    def run(self, *args: str, env: Mapping[str, str] | None = None, stdin: str = "") -> Run:
        """Compiles it and runs it; what it printed is all that is in the result."""
        built = self.build()
        program = self.directory / "target" / "debug" / "rows"
        return run([program, *args], self.directory, env, stdin) if built.ok else built

    def fmt_check(self) -> Run:
        """Asks rustfmt, in the style of the crate's edition, whether it would print it just as it is."""
        if not run([cargo(), "fmt", "--version"], self.directory).ok:
            missing("rustfmt", "cargo has no fmt; run `rustup component add rustfmt`")
        return self._cargo("fmt", "--check")

    def _cargo(self, *args: str) -> Run:
        return run([cargo(), *args], self.directory, environment(self.directory))


def crate(
    directory: Path,
    sqlx: Literal["0.8", "0.9"],
    edition: Literal["2021", "2024"],
    sources: Mapping[str, str],
    features: Sequence[str] = (),
) -> Crate:
    """Writes a program below a folder; `sources` holds its files, `src/main.rs` and whatever else.

    `features` are those that its code may ask for; they are on.

    Give a folder that stays the same from run to run (under `build/`, not a temporary one): what is
    compiled is kept by path, so that the same crate is compiled once, and others do not pile up.
    """
    home = directory / f"sqlx-{sqlx}-{edition}"
    pinned = dependencies(sqlx)
    # To cargo, packages of one name that share a build directory are one package, wherever they are: it
    # would take what another has compiled for this one's.
    package = f'name = "rows-{hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]}"'
    manifest = (pinned / "Cargo.toml").read_text().replace('edition = "2021"', f'edition = "{edition}"')
    manifest = manifest.replace('name = "rows"', package) + PROGRAM + declared(features)
    lock = (pinned / "Cargo.lock").read_text().replace('name = "rows"', package)
    write_tree(home, {**sources, "Cargo.toml": manifest, "Cargo.lock": lock})
    return Crate(home)


def declared(features: Sequence[str]) -> str:
    """The section of Cargo.toml that has these features, all of them on."""
    if not features:
        return ""
    names = ", ".join(f'"{feature}"' for feature in features)
    return "\n".join(["", "[features]", f"default = [{names}]", *(f"{f} = []" for f in features), ""])


def write_tree(home: Path, files: Mapping[str, str]) -> None:
    """Makes a folder hold these files; what is the same keeps its time, so that cargo sees nothing new."""
    for path, text in files.items():
        file = home / path
        if not file.is_file() or file.read_bytes() != text.encode():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())
    for stale in set((home / "src").rglob("*.rs")) - {home / path for path in files}:
        stale.unlink()


@cache
def cargo() -> str:
    """The cargo to call: on PATH, or where rustup puts it."""
    path = shutil.which("cargo") or shutil.which("cargo", path=str(Path.home() / ".cargo" / "bin"))
    if path is None:
        missing("cargo", f"cargo is not on PATH; {INSTALL}")
    version = run([path, "--version"], RUST).stdout.strip()
    found = re.match(r"cargo (\d+)\.(\d+)", version)
    if found is None or (int(found[1]), int(found[2])) < OLDEST:
        missing("cargo", f"{version or 'cargo'} is too old; {INSTALL}")
    return path


def environment(directory: Path) -> dict[str, str]:
    """One place for all that is compiled, and the crate's own folder for the program that comes of it."""
    return {
        "PATH": os.pathsep.join([str(Path(cargo()).parent), os.environ.get("PATH", "")]),
        "CARGO_BUILD_BUILD_DIR": str(BUILT),
        "CARGO_TARGET_DIR": str(directory / "target"),
        "CARGO_TERM_COLOR": "never",
        "RUSTFLAGS": "",  # flags of the user's would compile every dependency again
    }


@cache
def dependencies(sqlx: Literal["0.8", "0.9"]) -> Path:
    """The folder of the crates that go with one sqlx, locked, downloaded and compiled on first need."""
    home = RUST / f"sqlx-{sqlx}"
    pins = b"".join((home / name).read_bytes() for name in ("Cargo.toml", "Cargo.pins"))
    compiler = must(run([cargo(), "--version"], home)).encode()
    key = hashlib.sha256(pins + compiler).hexdigest()
    once(BUILT / f"sqlx-{sqlx}.stamp", key, lambda: compile_dependencies(home))
    return home


def compile_dependencies(home: Path) -> None:
    """Restores the lock from its pins and compiles all, for `cargo check` and for `cargo build`."""
    (home / "Cargo.lock").write_text(locked_by((home / "Cargo.pins").read_text(), registry()))
    for command in ("check", "build"):
        must(run([cargo(), command, "--quiet", "--locked"], home, environment(home)))


def locked_by(pins: str, source: str) -> str:
    """The text of a Cargo.lock: the pins, and after each version that was published, where it is from.

    version = "1.0.0"            version = "1.0.0"
    checksum = "ab12"      =>    source = "registry"
                                 checksum = "ab12"
    """
    return re.sub(r"^checksum = ", f"{source}\nchecksum = ", pins, flags=re.MULTILINE)


def registry() -> str:
    """The line by which this cargo's lock files name its registry, learned from a lock that it writes."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        write_tree(home, {"Cargo.toml": PROBE, "src/lib.rs": ""})
        must(run([cargo(), "generate-lockfile", "--quiet"], home))
        lock = (home / "Cargo.lock").read_text()
    return next(line for line in lock.splitlines() if line.startswith("source = "))


PROGRAM = '\n[[bin]]\nname = "rows"\npath = "src/main.rs"\n'
PROBE = '[package]\nname = "probe"\nedition = "2021"\n[workspace]\n[dependencies]\nitoa = "1"\n'
