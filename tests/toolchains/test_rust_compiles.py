"""Generated Rust compiles without a warning, and is as rustfmt prints it, with each sqlx in each edition."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Literal

import pytest

from pgkit.backends.rust import Rust
from pgkit.frontends import drizzle
from pgkit.ir.catalog import Catalog
from tests.backends.every_type import catalog, compiled_only
from tests.backends.rust.adversarial import adversarial, every_scalar, widest
from tests.toolchains import crate, run
from tests.toolchains.cargo import cargo, environment

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "toolchains"
SQLX_EDITIONS = list(product(("0.9", "0.8"), ("2021", "2024")))
INCLUDED = 'mod included {\n    include!("scalars/mod.rs");\n}\n'


def program(**catalogs: Catalog) -> dict[str, str]:
    """A program with the modules of each catalog in a folder of their own, none of them used."""
    mods = [f"mod {name};" for name in sorted(catalogs)]
    main = ["#![deny(dead_code)]", "", *mods, "", "fn main() {}\n"]
    sources = {"src/main.rs": "\n".join(main)}
    for name, each in catalogs.items():
        sources |= {f"src/{name}/{path}": text for path, text in Rust().emit(each).items()}
    return sources


@pytest.fixture(scope="module")
def everything() -> Mapping[str, str]:
    """Every scalar type, every declared type, those no server here has, every odd name, and the demo."""
    shop = drizzle.lower(drizzle.read(ROOT / "corpus" / "projects" / "shop" / "drizzle")).catalog
    return program(
        scalars=every_scalar(), elsewhere=compiled_only(), named=catalog(False), odd=adversarial(), shop=shop
    )


@pytest.mark.parametrize(("sqlx", "edition"), SQLX_EDITIONS)
def test_compiles(
    sqlx: Literal["0.8", "0.9"], edition: Literal["2021", "2024"], everything: Mapping[str, str]
) -> None:
    """No warning, in a program that uses none of it; and not a byte that rustfmt would move."""
    made = crate(BUILD / "everything", sqlx, edition, everything)
    made.fmt_check().check()
    made.check().check()


def test_widest() -> None:
    """1600 columns are no more than serde, sqlx and rustc can take."""
    crate(BUILD / "widest", "0.9", "2024", program(widest=widest())).check().check()


def test_can_be_included() -> None:
    """A build script may write the modules elsewhere: include! takes mod.rs, and it finds the others."""
    sources = program(scalars=every_scalar()) | {"src/main.rs": f"{INCLUDED}\nfn main() {{}}\n"}
    crate(BUILD / "included", "0.9", "2024", sources).check().check()


def test_documentation_is_inert() -> None:
    """No comment in the database becomes a doctest, and rustdoc has nothing to warn of."""
    lib = {"src/lib.rs": "pub mod odd;\n"}
    made = crate(BUILD / "documented", "0.9", "2024", program(odd=adversarial()) | lib)
    env = environment(made.directory) | {"RUSTDOCFLAGS": "-D warnings"}
    run([cargo(), "doc", "--quiet", "--no-deps", "--lib", "--offline"], made.directory, env).check()
    tested = run([cargo(), "test", "--doc", "--offline"], made.directory, env).check()
    assert "running 0 tests" in tested
