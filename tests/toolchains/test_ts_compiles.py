"""Generated TypeScript and Zod compile, and prettier would print them just so."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from pgkit.backends.zod import Zod
from tests.backends.typescript import samples
from tests.toolchains import prettier_check, tsc
from tests.toolchains.typescript_folders import OPTIONS, catalogs, for_oldest, write, write_targets


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every target of every catalog, and of one of them with the other endings of imports."""
    folder = tmp_path_factory.mktemp("generated")
    for name, (catalog, options) in catalogs().items():
        write_targets(folder / name, catalog, options)
    write(folder / "oldest", for_oldest(Zod(options=OPTIONS).emit(samples.CATALOG)))
    for ending in ("", ".ts"):
        write_targets(folder / f"small{ending or '.none'}", samples.CATALOG, OPTIONS, ending)
    return folder


@pytest.mark.parametrize("version", ["5.5", "7.0"])
def test_compiles(generated: Path, version: Literal["5.5", "7.0"]) -> None:
    """Both compilers accept every file under the strictest flags."""
    tsc(version, generated).check()


@pytest.mark.parametrize("version", ["5.5", "7.0"])
def test_compiles_loosely(tmp_path: Path, version: Literal["5.5", "7.0"]) -> None:
    """So do they where undefined may stand for what is absent."""
    write_targets(tmp_path, samples.CATALOG, OPTIONS)
    loose = {"exactOptionalPropertyTypes": False, "noUncheckedIndexedAccess": False}
    tsc(version, tmp_path, loose).check()


def test_is_prettier(generated: Path) -> None:
    """Prettier finds nothing to change."""
    prettier_check(generated).check()


USES = """\
import { Mood } from "./types/index.js";
import type { CheapRow, Json, LineItemId, LineItemInsert, LineItemRow, LineItemUpdate, Place } from "./types/index.js";
import { lineItemInsertSchema, lineItemSelectSchema, moodSchema } from "./zod/index.js";

export const place: Place = { zipCode: null, mood: Mood.InReview };
export const insert: LineItemInsert = { price: "1.50", code: "a" };
export const full: LineItemInsert = { ...insert, id: "1" as LineItemId, mood: "sad", data: { a: [1, null] }, note: null };
export const update: LineItemUpdate = { note: null, price: undefined };
export const cheap: CheapRow = { price: "NaN" };
export const row: LineItemRow = lineItemSelectSchema.parse({});
export const parsed: LineItemInsert = lineItemInsertSchema.parse({});
export const moods: readonly Mood[] = moodSchema.options;
export const label: "in-review" = Mood.InReview;
export const data: Json | null = row.data;
export const note: string | null = lineItemSelectSchema.shape.note.parse("");
"""
MISUSES = (
    'export const a: LineItemInsert = { price: "1" };',  # code is required
    'export const a: LineItemInsert = { price: null, code: "a" };',  # not null
    'export const a: LineItemInsert = { price: "1", code: "a", position: 1 };',  # always computed
    'export const a: LineItemInsert = { price: "1", code: "a", total: "1" };',  # generated
    'export const a: LineItemInsert = { price: "1", code: "a", secretToken: "x" };',  # redacted
    'export const a: LineItemUpdate = { id: "1" };',  # the primary key
    "export const a: LineItemInsert = { price: 1.5, code: 'a' };",  # a number would lose digits
    'export const a: Mood = "glad";',  # no such label
    "export const a: CheapRow = {};",  # a row has every key
    "export const a: Place = { zipCode: undefined, mood: null };",  # null, not undefined
    "export const a = Mood.Glad;",
    "export const a: string = ({} as LineItemRow).note;",  # may be null
)


def test_uses(tmp_path: Path) -> None:
    """The types and schemas take what they should."""
    write_targets(tmp_path, samples.CATALOG, OPTIONS)
    (tmp_path / "use.ts").write_text(USES)
    tsc("7.0", tmp_path).check()
    tsc("5.5", tmp_path).check()


def test_misuses(tmp_path: Path) -> None:
    """And each thing that they should refuse is an error."""
    write_targets(tmp_path, samples.CATALOG, OPTIONS)
    imports = (
        'import { Mood } from "./types/index.js";\n'
        "import type { CheapRow, LineItemInsert, LineItemRow, LineItemUpdate, Place } "
        'from "./types/index.js";\nexport type { CheapRow, LineItemInsert, LineItemRow, LineItemUpdate, Place };\n'
        "export const mood: Mood = Mood.Sad;\n"
    )
    for number, misuse in enumerate(MISUSES):
        (tmp_path / f"misuse{number}.ts").write_text(imports + misuse + "\n")
    said = tsc("7.0", tmp_path).said
    assert [n for n in range(len(MISUSES)) if f"misuse{n}.ts(" not in said] == []
    assert said.count("error TS") == len(MISUSES)
