"""Generated Zod schemas, run: what they accept, what they refuse, and that they hand on what they got."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from pgkit.backends.options import ModelOptions
from pgkit.backends.zod import Zod
from pgkit.ir.catalog import Catalog
from pgkit.ir.relations import Table
from tests.backends.typescript.hostile import NAMES, hostile, label_members
from tests.backends.typescript.samples import CATALOG, column
from tests.toolchains import run_typescript
from tests.toolchains.typescript_folders import OPTIONS, for_oldest, write

Case = tuple[str, Any, str]  # a schema, a value, and what becomes of it

# By type: what a select accepts as well as an insert, and what both refuse.
VALUES: Final[dict[str, tuple[list[Any], list[Any]]]] = {
    "boolean": ([True, False], [None, 0, "t"]),
    "smallint": ([-32768, 32767], [-32769, 32768, 1.5, "1"]),
    "integer": ([-2147483648, 2147483647], [2147483648, 0.5, "1", None]),
    "bigint": (
        ["-9223372036854775808", "9223372036854775807", "9007199254740993", "0"],
        ["9223372036854775808", "-9223372036854775809", "1.5", "", "abc", " 1", "1\n", 1, "9" * 100],
    ),
    "oid": ([0, 4294967295], [-1, 4294967296]),
    "real": ([3.4028235e38, -3.4028235e38, 1e-45], [3.5e38, "NaN"]),
    "double precision": ([1.7976931348623157e308, 5e-324, -0.5], ["1", None]),
    "numeric": (
        ["0.00", "NaN", "Infinity", "-Infinity", "9" * 131072 + ".5"],
        ["1e5", "", ".5", "1.", "+1", 1],
    ),
    "numeric(10,2)": (
        ["99999999.99", "-0.01", "1.23456", "00012", "0"],
        ["123456789", "NaN", "Infinity", "1e5", "-", "", ".5", 10.5],
    ),
    "numeric(3,5)": (["0.00999", "-0.00001", "0"], ["1", "10.0"]),
    "numeric(5,-2)": (["9999900"], ["12345678"]),
    "numeric(1000,500)": (["9" * 500, "NaN"], ["9" * 501, "Infinity"]),
    "text": (["", "\u0001\u202e", "\U0001f600"], [None, 1]),
    "varchar(2)": (["", "\U0001f600\U0001f600", "e\u0301"], ["abc"]),
    "uuid": (
        ["11111111-1111-1111-1111-111111111111", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
        ["1", "11111111111111111111111111111111"],
    ),
    "bytea": (["", "AA==", "//8="], ["AA", "\\x00", [0, 255]]),
    "date": (
        ["2024-02-29", "0000-02-29", "-0043-03-15", "-4712-01-01", "+12345-06-07", "+262142-12-31"],
        [
            "2023-02-29",
            "1900-02-29",
            "-0001-02-29",
            "2024-13-01",
            "2024-00-01",
            "2024-04-31",
            "2024-1-2",
            "infinity",
        ],
    ),
    "time": (
        ["00:00:00", "24:00:00", "23:59:59.999999", "03:04:05.1", "03:04"],
        ["24:00:01", "25:00:00", "03:60:00", "3:04:05", "03:04:05.1234567", "03:04:05Z"],
    ),
    "timestamp": (
        ["2024-01-02T03:04:05.123456", "-4712-01-01T00:00:00", "+12345-06-07T23:59:59.999"],
        ["2024-01-02 03:04:05", "2024-01-02T03:04:05Z", "2024-02-30T03:04:05", "2024-01-02T24:00:00"],
    ),
    "timestamptz": (
        ["2024-01-02T03:04:05.000001Z", "2024-01-02T03:04:05+05:30", "-4712-01-01T00:00:00Z"],
        ["2024-01-02T03:04:05", "2024-01-02T03:04:05z", "2023-02-29T00:00:00Z", 0],
    ),
    "interval": (
        ["P0M0DT0S", "P-1M2DT-0.000001S", "P0M2147483647DT9223372036854.775807S"],
        ["P1Y", "1 day", "P0M0DT0.0000001S", "PT1S"],
    ),
    "jsonb": (
        [0, "x", False, [], {}, [None, {"a": [1e300]}], {"__proto__": {"x": 1}, "constructor": 1}],
        [],
    ),
    "bit(3)": (["101"], ["10", "1010", "102"]),
    "varbit(3)": (["", "101"], ["1010", "2"]),
    "varbit": (["", "10" * 100], ["2"]),
    "vector(3)": ([[1.0, -2.5, 3e38]], [[1.0, 2.0], "[1,2,3]", [1, 2, None]]),
    "int4range": (["empty", "[1,)", "(,)"], [None]),
    "bigint[]": ([[], ["1", "-1"]], [[1], [None], "{}", ["9223372036854775808"]]),
    "bigint[][]": ([[], [["1"], ["2"]]], [["1"]]),
}

# What becomes of each case; if the oldest Zod or zod/mini answers otherwise, that is told.
CHECK: Final = """\
import * as classic from "./zod/index.js";
import * as mini from "./mini/index.js";
import * as oldest from "./oldest/index.js";
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { ZodType } from "zod";

const cases = JSON.parse(readFileSync(0, "utf8")) as [string, unknown][];
type Schemas = Record<string, Pick<ZodType, "safeParse">>;
const answer = (found: Schemas, name: string, row: unknown) => {
  const parsed = found[name]!.safeParse(row);
  return parsed.success ? (isDeepStrictEqual(parsed.data, row) ? "same" : "other") : "refused";
};
const answers = cases.map(([name, row]) => {
  const one = answer(classic as unknown as Schemas, name, row);
  const others = [mini, oldest].map((found) => answer(found as unknown as Schemas, name, row));
  return others.every((other) => other === one) ? one : `${one}, of zod/mini and the oldest ${others}`;
});
console.log(JSON.stringify(answers));
"""


def wrong(
    folder: Path, catalog: Catalog, options: ModelOptions, cases: Sequence[Case]
) -> list[tuple[Case, str]]:
    """The cases that come out otherwise: a value may come back the `same` or `other`, or be `refused`."""
    classic = Zod(options=options).emit(catalog)
    write(folder / "zod", classic)
    write(folder / "oldest", for_oldest(classic))
    write(folder / "mini", Zod(options=options, mini=True, files="one").emit(catalog))
    (folder / "check.ts").write_text(CHECK)
    done = run_typescript(folder / "check.ts", stdin=json.dumps([case[:2] for case in cases]))
    found: list[str] = json.loads(done.check())
    return [(case, answer) for case, answer in zip(cases, found, strict=True) if answer != case[2]]


def test_values(tmp_path: Path) -> None:
    """Each type takes what Postgres holds and Rust prints, unchanged, and refuses what is no such value."""
    tables = tuple(Table(name=f"t{i}", columns=(column("c", type),)) for i, type in enumerate(VALUES))
    cases = [
        (f"t{i}{kind}Schema", {"c": value}, "same" if n < len(accepted) else "refused")
        for i, (accepted, refused) in enumerate(VALUES.values())
        for kind in ("Select", "Insert", "Update")
        for n, value in enumerate((*accepted, *refused))
    ]
    assert wrong(tmp_path, Catalog(tables=tables), ModelOptions(), cases) == []


ROW: Final = {
    "id": "1",
    "position": 1,
    "price": "1.50",
    "createdAt": "2024-01-02T03:04:05Z",
    "note": None,
    "total": None,
    "mood": "in-review",
    "moods": ["", "2nd pass"],
    "place": {"zipCode": None, "mood": "sad"},
    "data": None,
    "code": "a",
}
NEW: Final = {"price": "1.50", "code": "a"}


def without(row: dict[str, Any], key: str) -> dict[str, Any]:
    """A row that lacks a key."""
    return {k: v for k, v in row.items() if k != key}


def test_rows(tmp_path: Path) -> None:
    """A select wants every key and drops what it does not know; inserts and updates refuse that."""
    cases: list[Case] = [
        ("Select", ROW, "same"),
        *(("Select", without(ROW, key), "refused") for key in ROW),
        ("Select", ROW | {"secretToken": "x"}, "other"),
        ("Select", ROW | {"price": None}, "refused"),
        ("Select", ROW | {"mood": "glad"}, "refused"),
        ("Select", ROW | {"moods": [None]}, "refused"),
        ("Select", ROW | {"place": {"zipCode": None}}, "refused"),
        ("Insert", NEW, "same"),
        ("Insert", NEW | {"id": "7", "note": None, "mood": "sad", "data": {"a": 1}}, "same"),
        *(("Insert", without(NEW, key), "refused") for key in NEW),
        *(("Insert", NEW | {key: ROW[key]}, "refused") for key in ("position", "total")),
        ("Insert", NEW | {"secretToken": "x"}, "refused"),
        ("Insert", NEW | {"mood": None}, "refused"),
        ("Insert", NEW | {"code": "ten letter"}, "refused"),
        ("Update", {}, "same"),
        ("Update", {"note": None, "price": "2"}, "same"),
        ("Update", {"price": None}, "refused"),
        ("Update", {"id": "1"}, "refused"),
        ("Update", {"total": "1"}, "refused"),
    ]
    named = [(f"lineItem{kind}Schema", row, answer) for kind, row, answer in cases]
    assert wrong(tmp_path, CATALOG, OPTIONS, named) == []


def test_hostile_keys(tmp_path: Path) -> None:
    """Whatever its name, a column is read under it."""
    options = ModelOptions(case="preserve", members=label_members())
    texts, numbers = {name: name for name in NAMES}, {name: "1" for name in NAMES}
    cases: list[Case] = [
        ("namesSelectSchema", texts, "same"),
        ("optionalSelectSchema", numbers, "same"),
        ("optionalInsertSchema", numbers, "same"),
        *(("thingSchema", texts | {name: None}, "same") for name in NAMES),
        *(("labelSchema", name, "same") for name in ("", *NAMES)),
    ]
    assert wrong(tmp_path, hostile(), options, cases) == []


def test_hostile_keys_left_out(tmp_path: Path) -> None:
    """It may be left out where it may be null, even if every object inherits something of that name."""
    options = ModelOptions(case="preserve", members=label_members())
    cases: list[Case] = [("optionalInsertSchema", {name: None}, "other") for name in NAMES]
    assert wrong(tmp_path, hostile(), options, cases) == []
