"""Whatever a configuration says, what is printed compiles without a warning and is formatted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final, Literal

import pytest
from attrs import evolve

from pgkit.backends import Files
from pgkit.backends.rust import Rust
from pgkit.backends.typescript import TypeScript
from pgkit.backends.zod import Zod
from pgkit.diag import PgkitError
from pgkit.frontends.drizzle import lower, read
from pgkit.ir.catalog import Catalog
from tests.backends import every_type
from tests.backends.odd_names import odd_names
from tests.backends.random_options import META_RS, META_TS, random_options
from tests.backends.typescript import samples
from tests.toolchains import crate, prettier_check, tsc
from tests.toolchains.typescript_folders import SHOP, write

BUILD: Final = Path(__file__).resolve().parents[2] / "build" / "toolchains"
PROOF: Final = bool(os.environ.get("PGKIT_PROOF"))
NAMES: Final = {"json-key-collision", "type-name-collision"}
"""What some options are refused for."""


def catalogs() -> tuple[Catalog, ...]:
    """The demo's, odd names, every type, and a small one of everything else."""
    return lower(read(SHOP)).catalog, odd_names(), every_type.catalog(contrib=True), samples.CATALOG


def printed(seed: int, count: int) -> Iterator[tuple[int, Files, Files, Files]]:
    """TypeScript, Zod and Rust by so many options; what is refused says that names are the same."""
    found, number, all_of = 0, 0, catalogs()
    while found < count:
        number += 1
        dice = Random(seed * 1_000_003 + number)
        catalog = dice.choice(all_of)
        options = random_options(dice, catalog)
        one: Literal["many", "one"] = dice.choice(("many", "one"))
        zod = Zod(
            options=options,
            files=dice.choice(("many", "one")),
            mini=dice.random() < 0.3,
            explicit_schema_types=dice.random() < 0.4,
            types_import="../ts" if dice.random() < 0.6 else None,
            types_files=one,
        )
        rust = Rust(options=evolve(options, client="json"))
        try:
            files = (
                TypeScript(options=options, files=one).emit(catalog),
                zod.emit(catalog),
                rust.emit(catalog),
            )
        except PgkitError as error:
            if not {d.code for d in error.diagnostics} <= NAMES or number > 2 * count:
                raise
            continue
        found += 1
        yield number, *files


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """TypeScript and Zod, a folder for each options."""
    home = tmp_path_factory.mktemp("random")
    for number, ts, zod, _ in printed(1, 120 if PROOF else 12):
        write(home / str(number) / "ts", ts)
        write(home / str(number) / "zod", zod)
        (home / str(number) / "meta.ts").write_text(META_TS)
    return home


def test_typescript(folder: Path) -> None:
    """Under every strict flag."""
    tsc("7.0", folder).check()


def test_is_prettier(folder: Path) -> None:
    """Prettier finds nothing to change."""
    prettier_check(folder).check()


def test_rust() -> None:
    """A program of a module for each options, in which a warning is an error, as rustfmt would print it."""
    modules = {f"c{number}": rust for number, _, _, rust in printed(2, 60 if PROOF else 4)}
    declared = "".join(f"#[allow(dead_code)]\nmod {name};\n" for name in sorted(modules))
    sources = {f"src/{name}/{path}": text for name, rust in modules.items() for path, text in rust.items()}
    main = f"#![deny(warnings)]\n{declared}{META_RS}\nfn main() {{}}\n"
    made = crate(BUILD / "random-options", "0.9", "2024", {"src/main.rs": main, **sources})
    made.check().check()
    made.fmt_check().check()
