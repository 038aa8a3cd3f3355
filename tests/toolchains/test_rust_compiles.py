"""Generated Rust compiles without a warning, and is as rustfmt prints it, with each sqlx in each edition."""

from __future__ import annotations

import json
import os
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
from tests.backends.typescript import samples
from tests.toolchains import crate, run
from tests.toolchains.cargo import cargo, environment

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "toolchains"
SQLX_EDITIONS = list(product(("0.9", "0.8"), ("2021", "2024")))
# rustfmt is asked of each; the compiler of two, and of the others by `make proof`.
COMPILED = SQLX_EDITIONS if os.environ.get("PGKIT_PROOF") else [("0.9", "2024"), ("0.8", "2021")]
INCLUDED = 'mod included {\n    include!("small/mod.rs");\n}\n'
OF_NAMES = {
    *(f"clippy::{of}" for of in ("doc_markdown", "doc_lazy_continuation", "unicode_not_nfc")),
    *(f"clippy::{of}" for of in ("pub_underscore_fields", "used_underscore_binding")),
    *(f"clippy::{of}" for of in ("too_many_lines", "type_complexity")),  # of a wide table, of a deep array
    "clippy::needless_pass_by_value",  # of what takes a new row apart, which the traits have by value
}
"""What clippy says of odd names, of comments in a database, and of the shapes of tables."""


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
    if (sqlx, edition) in COMPILED:
        made.check().check()


@pytest.mark.skipif(not os.environ.get("PGKIT_PROOF"), reason="two runs of clippy: make proof")
def test_clippy(everything: Mapping[str, str]) -> None:
    """At its most pedantic it has nothing to say; without the modules' `allow`, only of names and shapes."""
    lib = everything["src/main.rs"].replace("\nmod ", "\npub mod ").replace("fn main() {}\n", "")
    library = {**everything, "src/lib.rs": lib, "src/main.rs": "fn main() {}\n"}
    assert linted(library, "asked") == set()
    allowed = ", clippy::all, clippy::pedantic"
    heard = {path: text.replace(allowed, "") for path, text in library.items()}
    assert linted(heard, "heard") <= OF_NAMES


def linted(sources: Mapping[str, str], name: str) -> set[str]:
    """The lints that a library does not pass."""
    made = crate(BUILD / f"clippy-{name}", "0.9", "2024", sources)
    words = ["clippy", "--lib", "--offline", "--locked", "--message-format=json", "--", "-Wclippy::pedantic"]
    ran = run([cargo(), *words], made.directory, environment(made.directory))
    messages = [json.loads(line).get("message") or {} for line in ran.stdout.splitlines()]
    lints = {message["code"]["code"] for message in messages if message.get("code")}
    assert ran.ok or lints, ran.stderr
    return lints


def test_widest() -> None:
    """1600 columns are no more than serde, sqlx and rustc can take; 400, past every limit of arity, by default."""
    count = 1600 if os.environ.get("PGKIT_PROOF") else 400
    crate(BUILD / "widest", "0.9", "2024", program(widest=widest(count))).check().check()


def test_can_be_included() -> None:
    """A build script may write the modules elsewhere: include! takes mod.rs, and it finds the others."""
    sources = program(small=samples.CATALOG) | {"src/main.rs": f"{INCLUDED}\nfn main() {{}}\n"}
    crate(BUILD / "included", "0.9", "2024", sources).check().check()


def test_documentation_is_inert() -> None:
    """No comment in the database becomes a doctest, and rustdoc has nothing to warn of."""
    lib = {"src/lib.rs": "pub mod odd;\n"}
    made = crate(BUILD / "documented", "0.9", "2024", program(odd=adversarial()) | lib)
    env = environment(made.directory) | {"RUSTDOCFLAGS": "-D warnings"}
    run([cargo(), "doc", "--quiet", "--no-deps", "--lib", "--offline"], made.directory, env).check()
    tested = run([cargo(), "test", "--doc", "--offline"], made.directory, env).check()
    assert "running 0 tests" in tested
