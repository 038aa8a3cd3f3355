"""Whatever a column, a table or a label is called, Rust gets a name for it, or the user an error."""

import pytest

from pgkit.backends.options import ModelOptions
from pgkit.backends.rust.idents import field_ident, module_ident
from pgkit.diag import PgkitError
from pgkit.ir.kinds import Enum
from pgkit.ir.names import Ref
from tests.backends.rust.printed import fields, printed, selected, table

FIELDS = {
    "type": "r#type",
    "gen": "r#gen",
    "async": "r#async",
    "union": "union",
    "auto": "auto",
    "self": "self_",
    "Self": "Self_",
    "crate": "crate_",
    "super": "super_",
    "_": "underscore_",
    "__": "underscore__",
    "2xl_16": "_2xl_16",
    "123": "_123",
    "user-id": "user_id",
    "a.b": "a_b",
    " x": "_x",
    "$x": "_x",
    'a"b': "a_b",
    "r#type": "r_type",
    "Mixed": "Mixed",
    "?": "u3f_",
    "*/": "u2a_u2f_",
    "na\u00efve": "na\u00efve",
    "e\u0301": "\u00e9",
    "\u65e5\u672c": "\u65e5\u672c",
    "\u53e3": "u53e3_",  # looks like a katakana; alone it makes rustc warn
    "\uff21": "uff21_",
    "\U0001f600": "u1f600_",
    "a\u202eb": "au202e_b",
    "stra\u00dfe": "stra\u00dfe",
}


@pytest.mark.parametrize("name", FIELDS)
def test_field(name: str) -> None:
    """A column's own name where Rust can say it; SQL has it verbatim, and so has JSON if no identifier."""
    assert field_ident(name) == FIELDS[name]
    assert fields(name) == [f"pub {FIELDS[name]}: String,"]
    (item,) = selected(name)
    assert item.isprintable()
    if name.isprintable() and '"' not in name:
        assert item == f'"{name}"'


def test_escapes() -> None:
    """Quotes are doubled for SQL and escaped for Rust, and what cannot be seen is a code point."""
    text = printed(table('a"b', "back\\slash", "line\nbreak", "turn\u202ed"))["t.rs"]
    for literal in (r"\"a\"\"b\"", r"\"back\\slash\"", r"\"line\nbreak\"", r"\"turn\u{202e}d\""):
        assert literal in text
    assert r'rename = "turn\u{202e}d"' in text
    assert "\u202e" not in text


def test_json_keys() -> None:
    """Each field carries its key, unless serde would find it; no rule is left to rename_all."""
    text = printed(table("created_at", "type", "self", "\u00fcber_name", "user-id", "plain"))["t.rs"]
    text = text.partition("impl<'r> ::sqlx::FromRow")[0]
    found = [line.split('"')[1] for line in text.splitlines() if "serde(rename" in line]
    assert found == ["createdAt", "self", "\u00fcberName", "user-id"]


@pytest.mark.parametrize(
    ("first", "second", "key"),
    [("foo_bar", "fooBar", "fooBar"), ("foo_bar", "foo__bar", "fooBar"), ("_foo_bar", "foo_bar", "fooBar")],
)
def test_json_collision(first: str, second: str, key: str) -> None:
    """Two columns with one key in JSON are an error that names both and the way out."""
    with pytest.raises(PgkitError) as caught:
        printed(table(first, second))
    message = str(caught.value)
    assert f"public.t.{first} and public.t.{second} are both {key} in JSON" in message
    assert f'[overrides."public.t.{second}"]' in message


@pytest.mark.parametrize(
    ("first", "second", "ident"), [("\u00e9", "e\u0301", "\u00e9"), ("a.b", "a-b", "a_b")]
)
def test_field_collision(first: str, second: str, ident: str) -> None:
    """Two columns that rustc would take for one field are an error; a JSON name of their own resolves it."""
    with pytest.raises(PgkitError) as caught:
        printed(table(first, second))
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "rust-field-collision"
    assert diagnostic.where == f"public.t.{second}"
    assert ident in diagnostic.message
    keys = {Ref("table", "public", "t").of("column", second): "other"}
    assert "pub other: String," in printed(table(first, second), options=ModelOptions(keys=keys))["t.rs"]


MODULES = {
    "mod": "mod_",
    "rt": "rt_",
    "enums": "enums_",
    "main": "main_",
    "type": "type_",
    "crate": "crate_",
    "con": "con_",
    "com1": "com_1",
    "option": "option",
    "2fast": "_2_fast",
    "../../evil": "evil",
    ".": "u_002_e",
    "nul.txt": "nul_txt",
    "Users": "users",
}


@pytest.mark.parametrize("name", MODULES)
def test_module(name: str) -> None:
    """A table's file never leaves its folder, is no keyword, no file of ours and no device of Windows'."""
    files = printed(table("a", name=name))
    assert set(files) == {"mod.rs", "rt.rs", f"{MODULES[name]}.rs"}
    assert f"\npub mod {MODULES[name]};\n" in files["mod.rs"]


def test_module_of_a_device() -> None:
    """A device's name that no table's name is turned into stays out as well."""
    assert module_ident("lpt9") == "lpt9_"


def test_module_collision() -> None:
    """Two tables that would share a file are an error, even where their types are called otherwise."""
    with pytest.raises(PgkitError, match="would both be named a_1_b") as caught:
        printed(table("x", name="a1b"), table("x", name="a_1_b"))
    assert [d.code for d in caught.value.diagnostics] == ["rust-module-collision"]


def test_module_of_a_renamed_table() -> None:
    """A table that the configuration gives a name has its file by that name."""
    stems = {Ref("table", "public", "a_b"): "OtherOne"}
    files = printed(table("x", name="a_b"), table("x", name="a-b"), options=ModelOptions(stems=stems))
    assert files.keys() >= {"other_one.rs", "a_b.rs"}


def test_derived_names_do_not_meet() -> None:
    """foo, foo_row and foo_insert have files of their own, and so no name in common."""
    files = printed(*(table("a", name=n) for n in ("foo", "foo_row", "foo_insert")))
    assert {"foo.rs", "foo_row.rs", "foo_insert.rs"} < files.keys()
    assert "pub struct FooRow {" in files["foo.rs"]
    assert "pub struct FooRowRow {" in files["foo_row.rs"]


VARIANTS = {
    "": "Empty",
    "2nd": "V2nd",
    "3D": "V3D",
    "0-foo": "V0Foo",
    "/": "U002F",
    "+": "U002B",
    "in-review": "InReview",
    "self": "Self_",
    "type": "Type",
    "it's": "ItS",
    "none": "None",
}


@pytest.mark.parametrize("label", VARIANTS)
def test_variant(label: str) -> None:
    """A label becomes a variant and stays as it is in JSON and SQL."""
    text = printed(Enum(name="e", labels=(label,)))["enums.rs"]
    assert f'    #[serde(rename = "{label}")]\n    {VARIANTS[label]},\n' in text
    assert f'Self::{VARIANTS[label]} => "{label}",' in text


@pytest.mark.parametrize("labels", [("a-b", "a_b"), ("type", "Type"), ("a-b", "A B")])
def test_label_collision(labels: tuple[str, str]) -> None:
    """Labels that would be one variant are an error that names both and the way out."""
    with pytest.raises(PgkitError) as caught:
        printed(Enum(schema="app", name="e", labels=labels))
    message = str(caught.value)
    assert all(f'"{label}"' in message for label in labels)
    assert '[overrides."app.e".labels]' in message


def test_variant_of_the_user() -> None:
    """A name that the configuration gives is the variant."""
    label = Ref("enum", "public", "e").of("enum_value", "a-b")
    text = printed(Enum(name="e", labels=("a-b",)), options=ModelOptions(members={label: "Dash"}))["enums.rs"]
    assert '    #[serde(rename = "a-b")]\n    Dash,\n' in text


@pytest.mark.parametrize(
    "name", ["option", "string", "vec", "result", "self", "default", "box", "some", "ok"]
)
def test_types_of_the_prelude(name: str) -> None:
    """An enum named like what every module sees takes the name from nobody."""
    assert f"pub enum {name.capitalize()}_ {{" in printed(Enum(name=name, labels=("a",)))["enums.rs"]


def test_odd_enum_names() -> None:
    """The type's name reaches Postgres quoted, in both spellings."""
    text = printed(Enum(schema="app", name='my."enum', labels=("a",)))["enums.rs"]
    assert r'"\"app\".\"my.\"\"enum\""' in text
    assert r'"\"my.\"\"enum\""' in text
