"""What the cases of `corpus/gen/` print compiles: all of them in one program, with each sqlx in each edition."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import pytest

from pgkit.runtime.embedded import Server
from tests.corpus.gen_cases import GenCase, generated, parse, paths
from tests.toolchains import crate

# The types of the projects in the cases' configurations, for JSON.
JSON_TYPES = """
#[derive(Debug, Clone, PartialEq, ::serde::Serialize, ::serde::Deserialize)]
pub struct Meta {}

#[derive(Debug, Clone, PartialEq, ::serde::Serialize, ::serde::Deserialize)]
pub struct Settings {}
"""
BUILD = Path(__file__).resolve().parents[2] / "build" / "toolchains"


def cases() -> list[GenCase]:
    """The cases that print something."""
    found = [parse(path, path.read_text("utf-8")) for path in paths()]
    return [case for case in found if "rust out" in case.blocks]


@pytest.fixture(scope="module")
def sources(test_server: Server) -> Mapping[str, str]:
    """A program with the modules of each case in a folder of their own, none of them used."""
    files: dict[str, str] = {}
    names = []
    for case in cases():
        name = "case_" + case.path.stem.replace("-", "_")
        names.append(name)
        printed = generated(case, test_server)["rust"]
        files |= {f"src/{name}/{path}": text for path, text in printed.items()}
    mods = [f"mod {name};" for name in sorted(names)]
    main = ["#![deny(dead_code)]", "", *mods, "", JSON_TYPES.strip(), "", "fn main() {}\n"]
    return files | {"src/main.rs": "\n".join(main)}


@pytest.mark.parametrize(("sqlx", "edition"), [("0.9", "2024"), ("0.8", "2021")])
def test_compiles(
    sqlx: Literal["0.8", "0.9"], edition: Literal["2021", "2024"], sources: Mapping[str, str]
) -> None:
    """No warning, and not a byte that rustfmt would move."""
    made = crate(BUILD / "gen", sqlx, edition, sources)
    made.fmt_check().check()
    made.check().check()
