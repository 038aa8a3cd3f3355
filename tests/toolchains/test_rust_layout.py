"""Whatever the length of a name, the lines are broken where rustfmt breaks them, in each of its styles."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgkit.backends.options import ModelOptions
from pgkit.backends.rust import Rust
from pgkit.ir.catalog import Catalog
from pgkit.ir.kinds import Enum
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Table
from pgkit.ir.type_text import parse_type
from tests.toolchains import run
from tests.toolchains.cargo import cargo

LENGTHS = range(1, 63)
TYPES = ("text", "bigint[]", "timestamptz", "citext", "interval[][][]")
QUOTES = Ref("table", "public", "quotes")
"""Columns whose names double twice, in SQL and in Rust, beside fields of the user's own, short names."""


def every_length() -> Catalog:
    """Tables, columns, enums and labels with names of each length, and enums of each width."""
    columns = tuple(
        Column(name="c" * n, type=parse_type(TYPES[n % len(TYPES)]), nullable=n % 2 == 0) for n in LENGTHS
    )
    quotes = tuple(Column(name='"' * n, type=parse_type("text")) for n in LENGTHS)
    widths = (("a" * (n % 12), "b" * (n // 12), "c" * 14, "d" * (n // 20)) for n in range(12, 160))
    return Catalog(
        enums=(
            *(Enum(name="e" * n, labels=("f" * n,)) for n in LENGTHS),
            *(Enum(name=f"g{i}", labels=tuple(sorted({*w} - {""}))) for i, w in enumerate(widths)),
        ),
        tables=(
            *(Table(name="t" * n, columns=columns) for n in LENGTHS),
            Table(name="quotes", columns=quotes),
        ),
    )


@pytest.mark.parametrize(("edition", "style"), [("2021", "2015"), ("2021", "2024"), ("2024", "2024")])
def test_layout(edition: str, style: str, tmp_path: Path) -> None:
    """rustfmt has nothing to change."""
    keys = {QUOTES.of("column", '"' * n): f"k{n}" for n in LENGTHS}
    for path, text in Rust(options=ModelOptions(keys=keys)).emit(every_length()).items():
        (tmp_path / path).write_text(text)
    rustfmt = Path(cargo()).with_name("rustfmt")
    run(
        [rustfmt, "--check", "--edition", edition, "--style-edition", style, tmp_path / "mod.rs"], tmp_path
    ).check()
