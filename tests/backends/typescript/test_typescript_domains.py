"""Domains as types: each is what is below it, under a name of its own."""

import re

import pytest

from pgkit.backends.options import ModelOptions
from pgkit.backends.rust import Rust
from pgkit.backends.typescript import TypeScript
from pgkit.backends.values import Own
from pgkit.diag import PgkitError
from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import PrimaryKey
from pgkit.ir.expr import Lit
from pgkit.ir.kinds import Attribute, Composite, Domain, Enum
from pgkit.ir.names import Ref
from pgkit.ir.relations import Table
from pgkit.ir.types import Array, Named, PgType, Scalar
from tests.backends.typescript.samples import column

MOOD = Named(Ref("enum", "public", "mood"))
PLACE = Named(Ref("composite", "public", "place"))
DOMAINS: dict[str, PgType] = {
    "price": Scalar("numeric", ("10", "2")),
    "net": Named(Ref("domain", "public", "price")),
    "feeling": MOOD,
    "scores": Array(Scalar("integer")),
    "spot": PLACE,
    "json": Scalar("jsonb"),
}
COLUMNS = tuple(column(name, Named(Ref("domain", "public", name))) for name in DOMAINS)
CATALOG = Catalog(
    enums=(Enum(name="mood", labels=("sad",)),),
    domains=tuple(Domain(name=name, type=type) for name, type in DOMAINS.items()),
    composites=(
        Composite(
            name="place", attributes=(Attribute(name="p", type=Named(Ref("domain", "public", "price"))),)
        ),
    ),
    tables=(
        Table(
            name="t", columns=(*COLUMNS, column("prices", Array(COLUMNS[0].type)), column("plain", "numeric"))
        ),
    ),
)


def types(text: str) -> dict[str, str]:
    """The types that a file declares as others."""
    return dict(re.findall(r"^export type (\w+) = (.+);$", text, re.M))


def members(files: dict[str, str], file: str, interface: str) -> dict[str, str]:
    """The members of an interface, key to type."""
    body = re.search(rf"^export interface {interface} \{{\n(.*?)^\}}", files[file], re.S | re.M)
    assert body
    return dict(re.findall(r"^  (\w+\??): ([^;]+);", body[1], re.M))


def test_types() -> None:
    """A domain over a domain has the name of that; one over a composite type is where these are."""
    files = TypeScript().emit(CATALOG)
    assert types(files["domains.ts"]) == {
        "Feeling": "Mood",
        "Json_": "Json",
        "Net": "Price",
        "Price": "string",
        "Scores": "number[]",
    }
    assert types(files["composites.ts"]) == {"Spot": "Place"}


def test_fields() -> None:
    """Columns and attributes have the types of their domains, and so do the elements of arrays."""
    files = dict(TypeScript().emit(CATALOG))
    assert members(files, "t.ts", "TRow") == {
        "price": "Price",
        "net": "Net",
        "feeling": "Feeling",
        "scores": "Scores",
        "spot": "Spot",
        "json": "Json_",
        "prices": "Price[]",
        "plain": "string",
    }
    assert members(files, "composites.ts", "Place") == {"p": "Price | null"}
    assert (
        'import type { Place, Spot } from "./composites.js";' not in files["t.ts"]
    )  # only what is mentioned


def test_what_the_project_says_wins() -> None:
    """A column with a type of the project's, or with NULLs in its array, is not of the domain's type."""
    table = Ref("table", "public", "t")
    own = {
        table.of("column", "price"): Own(ts="Money", ts_import="./money.js", zod="", zod_import=""),
        table.of("column", "scores"): Own(array_nulls=True),
    }
    files = dict(TypeScript(options=ModelOptions(own=own)).emit(CATALOG))
    row = members(files, "t.ts", "TRow")
    assert (row["price"], row["scores"], row["net"]) == ("Money", "(number | null)[]", "Net")


def test_not_null_and_default() -> None:
    """What a domain says of NULL and of defaults, its columns obey as before."""
    domain = Domain(name="d", type=Scalar("text"), nullable=False, default=Lit("string", "x"))
    table = Table(name="t", columns=(column("c", Named(Ref("domain", "public", "d")), nullable=True),))
    files = dict(TypeScript().emit(Catalog(domains=(domain,), tables=(table,))))
    assert members(files, "t.ts", "TRow") == {"c": "D"}
    assert members(files, "t.ts", "TInsert") == {"c?": "D | undefined"}


def test_names_collide() -> None:
    """A domain and the keys of a table cannot both have one name; another for either will do."""
    key = PrimaryKey(name="pk", columns=(Ref("table", "public", "user").of("column", "id"),))
    users = Table(name="user", columns=(column("id", "uuid"),), primary_keys=(key,))
    catalog = Catalog(domains=(Domain(name="user_id", type=Scalar("uuid")),), tables=(users,))
    with pytest.raises(PgkitError) as error:
        TypeScript().emit(catalog)
    assert [d.code for d in error.value.diagnostics] == ["type-name-collision"]
    stems = {Ref("domain", "public", "user_id"): "UserKey"}
    assert types(TypeScript(options=ModelOptions(stems=stems)).emit(catalog)["domains.ts"]) == {
        "UserKey": "string"
    }


def test_rust_sees_through() -> None:
    """Rust prints the same for a domain as for the type below it, whatever the domain is called."""
    one, other = (
        Rust().emit(
            Catalog(
                domains=(Domain(name=name, type=Scalar("text")),),
                tables=(Table(name="t", columns=(column("c", Named(Ref("domain", "public", name))),)),),
            )
        )
        for name in ("a", "b")
    )
    assert one["t.rs"] == other["t.rs"].replace("public.b", "public.a")
