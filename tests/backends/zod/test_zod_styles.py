"""The ways to print schemas: zod/mini, types of constants, one file; asserted by their meaning."""

import re

import pytest

from pgkit.backends.options import ModelOptions
from pgkit.backends.zod import Zod
from pgkit.backends.zod.helpers import HELPERS
from pgkit.backends.zod.runtime import helpers
from pgkit.backends.zod.styles import Style
from pgkit.diag import PgkitError
from pgkit.ir.catalog import Catalog
from pgkit.ir.relations import Table
from tests.backends.typescript.samples import CATALOG, LINE_ITEM, column

OPTIONS = ModelOptions(
    main_schema="app", ids=False, exclude=frozenset({LINE_ITEM.of("column", "secret_token")})
)
STYLES = [Style(mini=mini, explicit=explicit) for mini in (False, True) for explicit in (False, True)]


def column_of(type: str, *, nullable: bool = True) -> Catalog:
    """A table of one column."""
    return Catalog(tables=(Table(name="t", columns=(column("c", type, nullable=nullable),)),))


def written(type: str) -> str:
    """The insert schema of a column that may be null, for zod/mini."""
    text = Zod(mini=True).emit(column_of(type))["t.ts"]
    found = re.search(r"InsertSchema = z\.strictObject\(\{\n  c: (.*),\n\}\)", text)
    assert found, text
    return found[1]


def held(type: str, *, mini: bool = False) -> str:
    """The type that the insert schema of such a column is said to have."""
    text = Zod(mini=mini, explicit_schema_types=True).emit(column_of(type))["t.ts"]
    found = re.search(r"InsertSchema: z\.\w+<\n  \{\n    c: (.*);\n  \},\n  z\.core\.\$strict\n> = z", text)
    assert found, text
    return found[1]


@pytest.mark.parametrize(
    ("type", "schema"),
    [
        ("boolean", "z.optional(z.nullable(z.boolean()))"),
        ("integer", "z.optional(z.nullable(z.int32()))"),
        ("bigint", "z.optional(z.nullable(int8))"),
        ("bigint[]", "z.optional(z.nullable(z.array(int8)))"),
        ("numeric(10,2)[]", "z.optional(z.nullable(z.array(numeric(10, 2))))"),
    ],
)
def test_mini(type: str, schema: str) -> None:
    """Where Zod has methods, zod/mini has functions."""
    assert written(type) == schema


def test_mini_checks() -> None:
    """What Zod calls max is a length or a value to zod/mini, and several checks are one call."""
    assert "z.maxLength(5)" in written("varchar(5)")
    text = Zod(mini=True).emit(column_of("smallint"))["_pg.ts"]
    assert "z.int().check(z.minimum(-32768), z.maximum(32767));" in text


def test_mini_imports() -> None:
    """Nothing of Zod's own comes with zod/mini."""
    files = Zod(options=OPTIONS, mini=True).emit(CATALOG)
    assert 'import * as z from "zod/mini";' in files["lineItem.ts"]
    assert not any('"zod"' in text or "z.ZodType" in text for text in files.values())
    assert "satisfies z.ZodMiniType<LineItemRow>;" in files["lineItem.ts"]


@pytest.mark.parametrize(
    ("type", "zod"),
    [
        ("boolean", "ZodBoolean"),
        ("integer", "ZodInt32"),
        ("smallint", "ZodInt"),
        ("oid", "ZodUInt32"),
        ("double precision", "ZodNumber"),
        ("uuid", "ZodGUID"),
        ("bytea", "ZodBase64"),
        ("bigint", "ZodString"),
        ("numeric(10,2)", "ZodString"),
        ("date", "ZodString"),
    ],
)
def test_explicit(type: str, zod: str) -> None:
    """The type of a schema is told by how it is made, through helpers too."""
    assert held(type) == f"z.ZodOptional<z.ZodNullable<z.{zod}>>"
    mini = zod.replace("Zod", "ZodMini")
    assert held(type, mini=True) == f"z.ZodMiniOptional<z.ZodMiniNullable<z.{mini}>>"


def test_explicit_of_others() -> None:
    """A schema that another file holds has the type that it has there."""
    text = Zod(options=OPTIONS, explicit_schema_types=True).emit(CATALOG)
    assert "    mood: typeof moodSchema;\n" in text["lineItem.ts"]
    assert "    place: z.ZodNullable<typeof placeSchema>;\n" in text["lineItem.ts"]
    assert "export const moodSchema: z.ZodEnum<typeof Mood> = z.enum(Mood);" in text["enums.ts"]


@pytest.mark.parametrize("style", STYLES)
def test_every_helper(style: Style) -> None:
    """Each helper can be printed in each style; where types are said, each says its own."""
    text = "\n".join(helpers(style, HELPERS, exported=True))
    assert set(re.findall(r"^export const (\w+)", text, re.M)) == HELPERS
    assert not style.explicit or not re.search(r"^export const \w+ = [^<(]", text, re.M)
    assert not style.mini or not re.search(
        r"z\.Zod(?!Mini)|(?<!z)(?<!Math)\.(nullable|optional|regex|refine|min|max)\(", text
    )


def test_one_file() -> None:
    """Everything is in index.ts, each thing above what stands on it; helpers are nobody else's."""
    files = Zod(options=OPTIONS, files="one").emit(CATALOG)
    assert list(files) == ["index.ts"]
    text = files["index.ts"]
    assert re.findall(r"^import .*", text, re.M) == ['import * as z from "zod";']
    order = [text.index(f"const {name} ") for name in ("int8", "Mood", "moodSchema", "placeSchema")]
    assert order == sorted(order)
    assert order[-1] < text.index("const lineItemSelectSchema ")
    assert "export const int8" not in text
    assert "// REDACTED, never selected: app.line_item.secret_token\n" in text


def test_one_file_of_types() -> None:
    """The types come from that file, too, if it is one; no name is imported twice."""
    shared = Zod(options=OPTIONS, files="one", types_import="../types", types_files="one")
    imports = re.findall(r"^import .*?;$", shared.emit(CATALOG)["index.ts"], re.M | re.S)
    assert len(imports) == 3
    assert imports[1] == 'import { Mood } from "../types/index.js";'
    assert "Mood" not in imports[2]


def test_header_and_source() -> None:
    """The header stands below the first line of each file, and the first line says where it is from."""
    zod = Zod(options=OPTIONS, header="// Ours.\n//  All of it. \n", source_name="shop")
    for text in zod.emit(CATALOG).values():
        first, *rest = text.split("\n")
        assert first.startswith("// @generated by pgkit (zod) from shop: ")
        assert rest[:2] == ["// Ours.", "//  All of it."]


@pytest.mark.parametrize("header", ["code();", "// a\ncode();", "// a\u2028code();", "/* a */"])
def test_header_is_a_comment(header: str) -> None:
    """No line of a header is anything but a comment."""
    with pytest.raises(PgkitError) as error:
        Zod(header=header).emit(CATALOG)
    assert [d.code for d in error.value.diagnostics] == ["header"]


def test_only_helpers_in_use() -> None:
    """_pg.ts has the helpers that schemas are made of, and what those need; without any, no Zod."""
    assert re.findall(r"const (\w+)", Zod().emit(column_of("smallint"))["_pg.ts"]) == ["int2"]
    assert "zod" not in Zod().emit(Catalog())["_pg.ts"].replace("(zod)", "")
    assert "_pg.ts" not in Zod(types_import="../types").emit(Catalog())
