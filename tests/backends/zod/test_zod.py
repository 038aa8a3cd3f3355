"""What the Zod backend prints, asserted by its meaning; tests/toolchains runs it."""

import re

import pytest

from pgkit.backends.options import ModelOptions
from pgkit.backends.typescript import TypeScript
from pgkit.backends.zod import Zod
from pgkit.diag import PgkitError
from pgkit.ir.catalog import Catalog
from pgkit.ir.kinds import Attribute, Composite, Enum
from pgkit.ir.names import Ref
from pgkit.ir.relations import Table
from pgkit.ir.types import Array, Named, Scalar
from tests.backends.typescript.hostile import hostile, label_members
from tests.backends.typescript.samples import CATALOG, LINE_ITEM, column

OPTIONS = ModelOptions(main_schema="app", exclude=frozenset({LINE_ITEM.of("column", "secret_token")}))


def members(text: str, schema: str) -> dict[str, str]:
    """The members of a schema: key to expression."""
    body = re.search(rf"^export const {schema} = z\.\w+\(\{{\n(.*?)^\}}\) satisfies", text, re.S | re.M)
    assert body, f"no schema {schema} in {text}"
    return dict(re.findall(r"^  (\w+): (.+),$", body[1], re.M))


def line_item(types_import: str | None = "../types") -> str:
    """The file of the sample's table."""
    return Zod(options=OPTIONS, types_import=types_import).emit(CATALOG)["lineItem.ts"]


def schemas(type: str) -> tuple[str, str]:
    """The select and the insert schema of a column of a type."""
    table = Table(name="t", columns=(column("c", type),))
    text = Zod(types_import="../types").emit(Catalog(tables=(table,)))["t.ts"]
    return members(text, "tSelectSchema")["c"], members(text, "tInsertSchema")["c"]


@pytest.mark.parametrize(
    ("type", "select"),
    [
        ("boolean", "z.boolean()"),
        ("smallint", "int2"),
        ("integer", "z.int32()"),
        ("bigint", "int8"),
        ("oid", "z.uint32()"),
        ("real", "float4"),
        ("double precision", "z.number()"),
        ("numeric", "anyNumeric"),
        ("numeric(10,2)", "numeric(10, 2)"),
        ("numeric(3,5)", "numeric(3, 5)"),
        ("numeric(5,-2)", "numeric(5, -2)"),
        ("numeric(28,28)", "numeric(28, 28)"),
        ("numeric(29,0)", "longNumeric(29, 0)"),
        ("uuid", "z.guid()"),
        ("bytea", "z.base64()"),
        ("date", "date"),
        ("time", "time"),
        ("timestamp(3)", "timestamp"),
        ("timestamptz", "timestamptz"),
        ("interval", "interval"),
        ("bit", "bit(1)"),
        ("varbit(70)", "varbit(70)"),
        ("varbit", "bits"),
        ("vector(3)", "vector(3)"),
        ("halfvec", "z.array(float2).min(1)"),
        ("bigint[]", "z.array(int8)"),
        ("bigint[][]", "z.array(z.array(int8))"),
    ],
)
def test_types(type: str, select: str) -> None:
    """A type has one schema, for what is selected and what is inserted."""
    assert schemas(type) == (select, select)


@pytest.mark.parametrize(
    ("type", "select", "insert"),
    [
        ("text", "z.string()", "text"),
        ("varchar", "z.string()", "text"),
        ("varchar(255)", "z.string().max(255)", "text.max(255)"),
        ("char(5)", "z.string()", "text.max(5)"),  # comes back padded
        ("timetz", "z.string()", "text"),
        ("int4range", "z.string()", "text"),
        ("citext", "z.string()", "text"),
        ("gis.unheard_of", "z.string()", "text"),
        ("text[]", "z.array(z.string())", "z.array(text)"),
        ("jsonb", "json", "storedJson"),
    ],
)
def test_new_values(type: str, select: str, insert: str) -> None:
    """A new value is held to what Postgres stores; one that is there is as it is."""
    assert schemas(type) == (select, insert)


def test_select() -> None:
    """A selected row has every key, and null where the database may hold it."""
    assert members(line_item(), "lineItemSelectSchema") == {
        "id": "lineItemIdSchema",
        "position": "z.int32()",
        "price": "numeric(12, 2)",
        "createdAt": "timestamptz",
        "note": "z.string().nullable()",
        "total": "anyNumeric.nullable()",
        "mood": "moodSchema",
        "moods": "z.array(moodSchema).nullable()",
        "place": "placeSchema.nullable()",
        "data": "json.nullable()",
        "code": "requiredSchema",
    }


def test_insert() -> None:
    """An insert takes no key that it does not know, and may leave out what has a default or may be null."""
    assert "lineItemInsertSchema = z.strictObject({" in line_item()
    assert members(line_item(), "lineItemInsertSchema") == {
        "id": "lineItemIdSchema.optional()",
        "price": "numeric(12, 2)",
        "createdAt": "timestamptz.optional()",
        "note": "text.nullable().optional()",
        "mood": "moodSchema.optional()",
        "moods": "z.array(moodSchema).nullable().optional()",
        "place": "placeSchema.nullable().optional()",
        "data": "storedJson.nullable().optional()",
        "code": "requiredSchema",
    }


def test_update() -> None:
    """An update takes what an insert does but the primary key, and all of it is optional."""
    found = members(line_item(), "lineItemUpdateSchema")
    assert all(schema.endswith(".optional()") for schema in found.values())
    assert found.keys() == members(line_item(), "lineItemInsertSchema").keys() - {"id"}


def test_view() -> None:
    """A view is read only."""
    text = Zod(options=OPTIONS).emit(CATALOG)["cheap.ts"]
    assert members(text, "cheapSelectSchema") == {"price": "anyNumeric"}
    assert "InsertSchema" not in text


def test_types_of_typescript() -> None:
    """With TypeScript generated too, the schemas are held against its interfaces and declare none."""
    files = Zod(options=OPTIONS, types_import="../types").emit(CATALOG)
    assert 'from "../types/lineItem.js";' in files["lineItem.ts"]
    assert 'import { Mood } from "../types/enums.js";' in files["enums.ts"]
    assert "satisfies z.ZodType<LineItemRow>;" in files["lineItem.ts"]
    assert not any("interface" in text for text in files.values())


def test_types_of_its_own() -> None:
    """Without it they hold the very interfaces that TypeScript would have."""
    files, types = (backend(options=OPTIONS).emit(CATALOG) for backend in (Zod, TypeScript))
    declared = types["lineItem.ts"][types["lineItem.ts"].index("/**") :]
    assert declared.strip() in files["lineItem.ts"]
    assert 'import type { Mood } from "./enums.js";' in files["lineItem.ts"]


def test_composites_in_order() -> None:
    """A composite type stands after those that it is made of, whatever their names."""
    inner = Composite(name="z_inner", attributes=(Attribute(name="a", type=Scalar("text")),))
    used = Array(Named(Ref("composite", "public", "z_inner")))
    outer = Composite(name="a_outer", attributes=(Attribute(name="in", type=used),))
    text = Zod().emit(Catalog(composites=(outer, inner)))["composites.ts"]
    assert text.index("zInnerSchema = ") < text.index("aOuterSchema = ")


def test_schema_names_collide() -> None:
    """The select schema of `foo` and the schema of the enum `foo_select` would have one name."""
    catalog = Catalog(tables=(Table(name="foo"),), enums=(Enum(name="foo_select", labels=("a",)),))
    with pytest.raises(PgkitError) as error:
        Zod(types_import="../types").emit(catalog)
    assert [d.code for d in error.value.diagnostics] == ["type-name-collision"]
    assert "FooRow" in TypeScript().emit(catalog)["foo.ts"]


def test_inherited_keys() -> None:
    """A key that `{}` inherits is optional still."""
    files = Zod(options=ModelOptions(case="preserve", members=label_members())).emit(hostile())
    assert "  constructor: own(int8.nullable().optional()),\n" in files["optional.ts"]
