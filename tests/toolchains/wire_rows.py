"""Random rows from the generated insert schemas through generated Rust into Postgres, and back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import asyncpg
from attrs import frozen

from pgkit.backends.model import model
from pgkit.backends.options import ModelOptions
from pgkit.backends.rows import RowModel
from pgkit.backends.typescript.files import lower_first
from pgkit.backends.values import ArrayValue, CompositeValue, ScalarValue, TextValue, Value
from pgkit.backends.zod import Zod
from pgkit.ir.catalog import Catalog
from pgkit.ir.type_text import type_text
from pgkit.ir.types import Named
from tests.backends.pg_texts import TYPES_SQL, differences_sql, field_text
from tests.backends.wire_program import has_key, wire_lines
from tests.toolchains.cargo import Crate
from tests.toolchains.npm import run_typescript
from tests.toolchains.typescript_folders import write

SCRIPTS: Final = Path(__file__).resolve().parent / "wire"
Row = dict[str, Any]
Hint = str | dict[str, Any]


@frozen
class Wired:
    """A catalog's schemas in a folder, and a program of its rows with a database to put them in."""

    folder: Path
    catalog: Catalog
    options: ModelOptions
    program: Crate
    url: str
    name: str = "db"

    @property
    def rows(self) -> dict[str, RowModel]:
        """The tables that the program can insert into, by module."""
        return {row.module: row for row in model(self.catalog, self.options).rows if has_key(row)}

    def prepare(self) -> None:
        """Writes the schemas, and the scripts beside them."""
        shutil.copytree(SCRIPTS, self.folder, dirs_exist_ok=True)
        write(self.folder / "zod", Zod(options=self.options).emit(self.catalog))

    def script(self, name: str, stdin: object) -> str:
        """What one of the scripts prints."""
        return run_typescript(self.folder / name, stdin=json.dumps(stdin)).check()

    def insert(self, lines: str) -> list[dict[str, Any]]:
        """What the program says of each line."""
        env = {"DATABASE_URL": self.url}
        return wire_lines(self.program.run(self.name, "insert", env=env, stdin=lines).check())


def accepted(
    wired: Wired, counts: Mapping[str, int], most: int, seed: int, untold: Sequence[str] = ()
) -> list[tuple[str, Row, Row]]:
    """Rows that the insert schemas accept: they land, and the select schemas accept what comes back.

    Each comes with its table, as it was sent and as it was printed. `untold` is what errors say of what no
    schema knows: rows that are refused for that are left out.
    """
    known = tables(wired, counts, most)
    drawn = wired.script("draw.ts", {"seed": seed, "tables": known})
    sent = [line.split("\t") for line in drawn.split("\n") if line]
    said = wired.insert(drawn)
    errors = [line for line in said if "error" in line]
    refused = [line for line in errors if not any(why in line["error"] for why in untold)]
    assert not refused, refused[:5]
    assert [line["table"] for line in said] == [table for table, _ in sent]
    landed = [line for line in said if "row" in line]
    printed = "\n".join(map(json.dumps, landed))
    names = {table: each["select"] for table, each in known.items()}
    found = json.loads(wired.script("check.ts", {"names": names, "printed": printed}))
    assert found["count"] == len(landed)
    assert not found["wrong"], found["wrong"][:5]
    pairs = zip(sent, said, strict=True)
    return [(table, json.loads(row), line["row"]) for (table, row), line in pairs if "row" in line]


def tables(wired: Wired, counts: Mapping[str, int], most: int) -> dict[str, dict[str, Any]]:
    """What the scripts need to know of each table, and how many values they are to draw."""
    return {
        module: {
            "schema": f"{lower_first(row.stem)}InsertSchema",
            "select": f"{lower_first(row.stem)}SelectSchema",
            "hints": {f.key: hint(f.value) for f in row.fields},
            "key": next(f.key for f in row.fields if f.name == key_of(row)),
            "count": counts.get(module, most),
        }
        for module, row in wired.rows.items()
    }


def key_of(row: RowModel) -> str:
    """The first column of the primary key."""
    return row.relation.primary_keys[0].columns[0].member  # type: ignore[union-attr]


def hint(value: Value) -> Hint:
    """The name of a value's type, for what its schema does not tell."""
    match value:
        case ArrayValue(of):
            return hint(of)
        case ScalarValue(type):
            return type.name
        case CompositeValue(composite):
            return {f.key: hint(f.value) for f in composite.fields}
        case TextValue(Named(ref)):
            return ref.member or ref.name
        case TextValue(type):
            return type_text(type)
        case _:
            return ""


def type_of(known: Mapping[str, Mapping[str, Any]], table: str, key: str) -> str:
    """The type of a column as its hint says it; what is no scalar has none."""
    found = known[table]["hints"].get(key, "")
    return found if isinstance(found, str) else ""


async def differences(wired: Wired, rows: list[tuple[str, Row]]) -> list[str]:
    """Where a table holds something else than its rows say, as Postgres reads them."""
    connection = await asyncpg.connect(wired.url)
    found = []
    try:
        for module, row in wired.rows.items():
            mine = [each for table, each in rows if table == module]
            types = dict(await connection.fetch(TYPES_SQL, row.ref.schema, row.ref.name))
            for field in row.fields:
                ids = [each["id"] for each in mine]
                texts = [field_text(field, each) for each in mine]
                wrong = await connection.fetch(differences_sql(row, field, types[field.name]), ids, texts)
                found += [f"{module}.{field.key}: {dict(each)}" for each in wrong]
    finally:
        await connection.close()
    return found
