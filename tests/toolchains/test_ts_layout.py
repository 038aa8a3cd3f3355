"""Lines too long for prettier are broken where it breaks them, whatever the lengths of the names."""

from __future__ import annotations

import os
from itertools import product
from pathlib import Path
from typing import Final

from pgkit.backends.options import ModelOptions
from pgkit.backends.typescript import TypeScript
from pgkit.backends.values import Own
from pgkit.backends.zod import Zod
from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import PrimaryKey
from pgkit.ir.expr import opaque
from pgkit.ir.kinds import Enum
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Table
from pgkit.ir.type_text import parse_type
from pgkit.ir.types import Array, Named, PgType
from tests.toolchains import prettier_check
from tests.toolchains.typescript_folders import write

LENGTHS: Final = range(1, 96)
ENUMS: Final = tuple(Enum(name=name, labels=("a",)) for name in ("e" * 14, "f" * 15, "g" * 60))
NAMED: Final = tuple(Named(Ref("enum", "public", enum.name)) for enum in ENUMS)
KINDS: Final = (
    Own(ts="Settings", ts_import="./own.js"),
    Own(ts='"small" | "large"'),
    Own(ts="Pair<string, number>", ts_import="./own.js", array_nulls=True),
    Own(zod="schemas.tag", zod_import="./own.js"),
    Own(ts="Settings", ts_import="./own.js", zod="settingsSchema", zod_import="./own.js"),
)
TYPES: Final[tuple[PgType, ...]] = (
    *map(parse_type, ("text", "bigint", "jsonb", "numeric(10,2)", "varchar(255)")),
    *map(parse_type, ("bigint[]", "bytea[]", "numeric(10,2)[][]", "varchar(255)[]")),
    *NAMED,
    *(Array(named, dims) for named in NAMED for dims in (1, 2)),
)
OWNED: Final = tuple(map(parse_type, ("jsonb", "varchar(9)[]")))


def keys_of_all_lengths(number: int, type: PgType) -> tuple[Table, dict[Ref, str]]:
    """A table with a column of a type for each length of its key, by turns with null and a default."""
    ref = Ref("table", "public", f"t{number}")
    columns, keys = [], {}
    for length in LENGTHS:
        for nullable in (True, False) if length % 3 else (length % 2 == 0,):
            name = f"{length}{nullable}"
            default = opaque("x") if length % 5 else None
            columns.append(Column(name=name, type=type, nullable=nullable, default=default))
            letter = "n" if nullable else "k"
            first = "-" if length % 7 == 0 else "\u65e5" if length % 11 == 0 else letter
            keys[ref.of("column", name)] = first + letter * (length - 1)
    return Table(name=f"t{number}", columns=tuple(columns)), keys


def names_of_all_lengths() -> tuple[Catalog, dict[Ref, str]]:
    """Tables, with columns and without, and enums whose names and labels have each length."""
    names: dict[Ref, str] = {}
    tables, enums = [], []
    for length in LENGTHS:
        full, empty = Ref("table", "public", f"full{length}"), Ref("table", "public", f"empty{length}")
        key_type = parse_type(("bigint", "uuid", "varchar(5)", "text")[length % 4])
        columns = (Column(name="a", type=key_type), Column(name="b", type=NAMED[1]))
        key = PrimaryKey(name="key", columns=(full.of("column", "a"),))
        tables += [Table(name=full.name, columns=columns, primary_keys=(key,)), Table(name=empty.name)]
        label = "l" * (length * 7 % 90)
        enum = Ref("enum", "public", f"enum{length}")
        enums.append(Enum(name=enum.name, labels=(label,)))
        names |= {full: f"F{'f' * length}", empty: f"N{'n' * length}", enum: f"Q{'q' * length}"}
        names[enum.of("enum_value", label)] = f"M{'m' * (length * 5 % 40)}"
    return Catalog(enums=(*ENUMS, *enums), tables=tuple(tables)), names


def write_alone(folder: Path, catalog: Catalog, options: ModelOptions) -> None:
    """Zod with its own types, and under PGKIT_PROOF zod/mini with types of constants."""
    write(folder / "alone", Zod(options=options).emit(catalog))
    if os.environ.get("PGKIT_PROOF"):
        explicit = Zod(options=options, mini=True, explicit_schema_types=True)
        write(folder / "explicit", explicit.emit(catalog))


def write_both(folder: Path, catalog: Catalog, options: ModelOptions) -> None:
    """Zod with its own types, Zod with those of a TypeScript folder, and under PGKIT_PROOF other styles."""
    write_alone(folder, catalog, options)
    write(folder / "types", TypeScript(options=options).emit(catalog))
    write(folder / "zod", Zod(options=options, types_import="../types").emit(catalog))


def test_keys(tmp_path: Path) -> None:
    """Members of interfaces and of schemas, with keys from 1 to 95 characters."""
    made = [keys_of_all_lengths(number, type) for number, type in enumerate(TYPES)]
    keys = {ref: key for _, of_table in made for ref, key in of_table.items()}
    catalog = Catalog(enums=ENUMS, tables=tuple(table for table, _ in made))
    write_alone(tmp_path, catalog, ModelOptions(keys=keys))
    prettier_check(tmp_path).check()


def test_own_types(tmp_path: Path) -> None:
    """The project's types and schemas, of columns and of what arrays are of."""
    tables, own, keys = [], {}, {}
    for number, (kind, type) in enumerate(product(KINDS, OWNED)):
        table, of_table = keys_of_all_lengths(number, type)
        own |= dict.fromkeys(of_table, kind)
        keys |= of_table
        tables.append(table)
    catalog = Catalog(tables=tuple(tables))
    write_alone(tmp_path, catalog, ModelOptions(keys=keys, own=own))
    prettier_check(tmp_path).check()


def test_names(tmp_path: Path) -> None:
    """Declarations and imports, with names from 1 to 95 characters."""
    catalog, names = names_of_all_lengths()
    members = {ref: name for ref, name in names.items() if ref.kind == "enum_value"}
    stems = {ref: name for ref, name in names.items() if ref.kind != "enum_value"}
    write_both(tmp_path, catalog, ModelOptions(stems=stems, members=members))
    prettier_check(tmp_path).check()
