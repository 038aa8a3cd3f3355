"""What is printed in TypeScript and Zod of the applications compiles, is formatted, and eslint has no word on it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from pgkit.backends.options import ModelOptions
from tests.realworld.applications import APPLICATIONS
from tests.toolchains import eslint, link_packages, prettier_check, tsc
from tests.toolchains.test_ts_styles import ISOLATED, write_explicit, write_inferred
from tests.toolchains.typescript_folders import write_targets


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All applications in every style; what is in `explicit` says all its types."""
    folder = tmp_path_factory.mktemp("applications")
    for application in APPLICATIONS:
        catalog, options = application.catalog, ModelOptions()
        write_targets(folder / "plain" / application.name, catalog, options)
        write_inferred(folder / "inferred" / application.name, catalog, options)
        write_explicit(folder / "explicit" / application.name, catalog, options)
    link_packages(folder)
    return folder


@pytest.mark.parametrize("version", ["5.5", "7.0"])
@pytest.mark.parametrize("kind", ["plain", "inferred", "explicit"])
def test_compiles(generated: Path, kind: str, version: Literal["5.5", "7.0"]) -> None:
    """Under every strict flag, and isolatedDeclarations where it can be."""
    tsc(version, generated / kind, ISOLATED if kind == "explicit" else None).check()


def test_is_formatted(generated: Path) -> None:
    """Prettier and typescript-eslint's strict rules find nothing to change."""
    prettier_check(generated).check()
    eslint(generated).check()
