"""Rust and TypeScript agree, key by key, on what a new row and a change of one are given."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from pgkit.backends.options import ModelOptions
from pgkit.backends.rust import Rust
from pgkit.backends.typescript import TypeScript
from pgkit.frontends import drizzle
from pgkit.ir.names import Ref

SHOP: Final = Path(__file__).resolve().parents[2] / "corpus" / "projects" / "shop" / "drizzle"
CATALOG: Final = drizzle.lower(drizzle.read(SHOP)).catalog
TENANTS: Final = {
    t.ref: "organization_id" for t in CATALOG.tables if "organization_id" in {c.name for c in t.columns}
}
HASH: Final = Ref("table", "public", "users").of("column", "password_hash")


def keys_of_rust(text: str, kind: str) -> list[str]:
    """The keys in JSON of a struct: a field's own name, or what serde has for it."""
    body = re.search(rf"pub struct \w+{kind}\b.*?\{{\n(.*?)\n\}}", text, re.DOTALL)
    assert body is not None
    fields = re.findall(r"(.*?)^    pub (?:r#)?(\w+):", body[1], re.DOTALL | re.MULTILINE)
    renamed = ((re.search(r'\brename = "(\w+)"', attributes), name) for attributes, name in fields)
    return [found[1] if found else name for found, name in renamed]


def keys_of_typescript(text: str, kind: str) -> list[str]:
    """The keys of an interface."""
    body = re.search(rf"export interface \w+{kind} \{{\n(.*?)\n\}}", text, re.DOTALL)
    assert body is not None
    return re.findall(r"^  (\w+)\??:", body[1], re.MULTILINE)


def test_the_same_keys() -> None:
    """Of every table: the tenant is in neither, what is written only in both, what Postgres computes in none."""
    options = ModelOptions(tenants=TENANTS, write_only=frozenset({HASH}))
    rust, typescript = Rust(options=options).emit(CATALOG), TypeScript(options=options).emit(CATALOG)
    modules = [text for text in rust.values() if "Insert {" in text]
    assert len(modules) == len(CATALOG.tables)
    files = {re.findall(r"pub struct (\w+)Row", text)[0]: text for text in modules}
    for stem, text in files.items():
        shown = typescript[f"{stem[0].lower()}{stem[1:]}.ts"]
        assert keys_of_rust(text, "Insert") == keys_of_typescript(shown, "Insert")
        if "Patch {" in text:
            assert keys_of_rust(text, "Patch") == keys_of_typescript(shown, "Update")
    assert "organizationId" not in keys_of_typescript(typescript["addresses.ts"], "Insert")
    assert "passwordHash" in keys_of_typescript(typescript["users.ts"], "Insert")
    assert "passwordHash" not in keys_of_typescript(typescript["users.ts"], "Row")
