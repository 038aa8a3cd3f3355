"""Every way to print the same: in one file, for zod/mini, with types for isolatedDeclarations; and eslint."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, Literal

import pytest

from pgkit.backends.options import ModelOptions
from pgkit.backends.typescript import TypeScript
from pgkit.backends.zod import Zod
from pgkit.ir.catalog import Catalog
from tests.toolchains import eslint, prettier_check, tsc
from tests.toolchains.typescript_folders import catalogs, write

ISOLATED: Final = {"isolatedDeclarations": True, "declaration": True}
ALL: Final = bool(os.environ.get("PGKIT_PROOF"))
NAMES: Final = ("every_type", "small", "empty")
INFERRED: Final = ("small", "empty")  # what is printed without types as well


def write_explicit(folder: Path, catalog: Catalog, options: ModelOptions) -> None:
    """Zod and zod/mini with types of constants, in many files and in one, on types of TypeScript's and alone."""
    one = TypeScript(options=options, files="one", source_name="a \u202e name", header="// a header\n//")
    write(folder / "types", one.emit(catalog))
    shared = Zod(options=options, types_import="../types", types_files="one", explicit_schema_types=True)
    write(folder / "zod", shared.emit(catalog))
    alone = Zod(options=options, mini=True, files="one", explicit_schema_types=True, header="// eslint")
    write(folder / "mini", alone.emit(catalog))


def write_inferred(folder: Path, catalog: Catalog, options: ModelOptions) -> None:
    """The other way round, and without the types."""
    write(folder / "types", TypeScript(options=options).emit(catalog))
    shared = Zod(options=options, types_import="../types", mini=True)
    write(folder / "mini", shared.emit(catalog))
    write(folder / "zod", Zod(options=options, files="one").emit(catalog))


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Catalogs in every style, a few or under PGKIT_PROOF all; those of `explicit` say all their types."""
    folder = tmp_path_factory.mktemp("styles")
    for name, (catalog, options) in catalogs().items():
        if ALL or name in NAMES:
            write_explicit(folder / "explicit" / name, catalog, options)
        if ALL or name in INFERRED:
            write_inferred(folder / "inferred" / name, catalog, options)
    return folder


@pytest.mark.parametrize("version", ["5.5", "7.0"])
def test_explicit(generated: Path, version: Literal["5.5", "7.0"]) -> None:
    """Where schemas say their types, no declaration has to be inferred."""
    tsc(version, generated / "explicit", ISOLATED).check()


@pytest.mark.parametrize("version", ["5.5", "7.0"])
def test_inferred(generated: Path, version: Literal["5.5", "7.0"]) -> None:
    """Where they do not, they still have the types of the rows."""
    tsc(version, generated / "inferred").check()


def test_is_prettier(generated: Path) -> None:
    """Prettier finds nothing to change."""
    prettier_check(generated).check()


def test_is_eslint(generated: Path) -> None:
    """Nor does eslint find anything, by the strict rules for TypeScript."""
    eslint(generated).check()
