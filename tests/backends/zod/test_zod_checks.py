"""Which checks reach which schemas; what they mean there is held against Postgres in tests/toolchains."""

import re
from typing import Any

import pytest
from attrs import evolve

from pgkit.backends.options import ModelOptions
from pgkit.backends.regexes import javascript, like
from pgkit.backends.values import Own
from pgkit.backends.zod import Zod
from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import Check, PrimaryKey
from pgkit.ir.expr import Hole, Opaque, opaque
from pgkit.ir.kinds import Attribute, Composite, Domain, Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.relations import Table
from pgkit.ir.types import Array, Named, Scalar
from tests.backends.typescript.samples import column

T = Ref("table", "public", "t")
SMALL = Named(Ref("domain", "public", "small"))


def check(text: str, **more: Any) -> Check:
    """A check."""
    return Check(name="c", expr=opaque(text), **more)


def table(*checks: Check, **more: Any) -> Table:
    """A table of two numbers and a text."""
    columns = (column("a", "integer"), column("b", "integer"), column("s", "text", **more))
    return Table(name="t", columns=columns, checks=checks)


def schema(files: dict[str, str], name: str) -> dict[str, str]:
    """The members of a schema: key to expression."""
    texts = "\n".join(files.values())
    body = re.search(rf"^export const {name} = z\.\w+\(\{{\n(.*?)^\}}\)", texts, re.S | re.M)
    assert body, f"no schema {name} in {texts}"
    return dict(re.findall(r"^  (\w+): (.+),$", body[1], re.M))


def inserted(catalog: Catalog, **own: Own) -> dict[str, str]:
    """The members of the insert schema."""
    options = ModelOptions(own={T.of("column", name): said for name, said in own.items()})
    return schema(dict(Zod(options=options, types_import="../types").emit(catalog)), "tInsertSchema")


PLAIN = {"a": "z.int32()", "b": "z.int32()", "s": "text"}


def test_insert_and_update() -> None:
    """New values pass the checks of their column; a selected row may be older than these."""
    files = dict(Zod(types_import="../types").emit(Catalog(tables=(table(check("a > 0")),))))
    assert schema(files, "tInsertSchema") == PLAIN | {"a": "z.int32().min(1)"}
    assert schema(files, "tUpdateSchema")["a"] == "z.int32().min(1).optional()"
    assert schema(files, "tSelectSchema")["a"] == "z.int32()"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a > 0 AND b < 5", {"a": "z.int32().min(1)", "b": "z.int32().max(4)"}),
        ("a > 0 AND a < b", {"a": "z.int32().min(1)"}),
        ("a > 0 OR b > 0", {}),
        ("t.a >= 0 AND (b IS NULL OR public.t.b <> 3)", {"a": "z.int32().min(0)", "b": 'z.int32().refine(numberIs("<>", 3))'}),
        ("a > 0 OR nobody_knows(a)", {}),
        ("nobody_knows(b) AND a > 0", {"a": "z.int32().min(1)"}),
        ("a = ANY (SELECT 1)", {}),
        ("a > NULL", {}),
        ("missing > 0", {}),
        ("not sql at (all", {}),
    ],
)  # fmt: skip
def test_parts(text: str, expected: dict[str, str]) -> None:
    """Each part of an AND that is about one column counts by itself; the rest says nothing."""
    assert inserted(Catalog(tables=(table(check(text)),))) == PLAIN | expected


def test_bound_checks() -> None:
    """A mention that is bound to its column is read as its name."""
    bound = Check(name="c", expr=Opaque(("", " > 0"), (Hole(T.of("column", "a")),)))
    assert inserted(Catalog(tables=(table(bound),))) == PLAIN | {"a": "z.int32().min(1)"}


@pytest.mark.parametrize("more", [{"enforced": False}, {"no_inherit": True}])
def test_checks_that_do_not_hold(more: dict[str, bool]) -> None:
    """What is not enforced, or not for the rows of children that an update changes too, says nothing."""
    assert inserted(Catalog(tables=(table(check("a > 0", **more)),))) == PLAIN


def test_not_valid_holds_for_new_rows() -> None:
    """A check that is NOT VALID holds for all that is written from then on."""
    made = inserted(Catalog(tables=(table(check("a > 0", validated=False)),)))
    assert made == PLAIN | {"a": "z.int32().min(1)"}


def fact(kind: str, name: str, *refs: Ref, definition: str | None = None) -> Unmodelled:
    """Something beside a table."""
    return Unmodelled(
        kind=kind, schema="public", name=name, member="x", hash="", refs=refs, definition=definition
    )


BEFORE = "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()"
P = Ref("table", "public", "p")


@pytest.mark.parametrize(
    ("facts", "counts"),
    [
        ((), True),
        ((fact("trigger", "t", T, definition=BEFORE.replace("BEFORE", "AFTER")),), True),
        ((fact("trigger", "t", T, definition=BEFORE),), False),
        ((fact("trigger", "t", T),), False),
        ((fact("trigger", "other", definition=BEFORE),), True),
        ((fact("rule", "t", T),), False),
        ((fact("sql", "x", definition="create trigger x before insert on t"),), False),
        ((fact("partition_of", "p", T, P), fact("trigger", "p", P, definition=BEFORE)), False),
        ((fact("inherits", "t", P, T), fact("trigger", "p", P, definition=BEFORE)), False),
    ],
)
def test_triggers(facts: tuple[Unmodelled, ...], counts: bool) -> None:
    """A trigger or a rule may change a row before it is checked, on a partition as well."""
    made = inserted(Catalog(tables=(table(check("a > 0")),), unmodelled=facts))
    assert made == PLAIN | ({"a": "z.int32().min(1)"} if counts else {})


def test_what_the_project_sends_is_its_own() -> None:
    """A value that the project's SQL changes on the way is checked as what it becomes."""
    catalog = Catalog(tables=(table(check("a > 0 AND b > 0")),))
    assert inserted(catalog, a=Own(write_sql="abs({})")) == PLAIN | {"b": "z.int32().min(1)"}


def test_collations() -> None:
    """In a collation of the project's own, texts may be equal that are not the same."""
    checks = (check("s IN ('a', 'b') AND length(s) < 3"),)
    own = Ref("collation", "public", "ci")
    assert inserted(Catalog(tables=(table(*checks, collation=own),)))["s"] == "text.max(2)"
    expected = 'text.refine(isOneOf("a", "b")).max(2)'
    assert inserted(Catalog(tables=(table(*checks),)))["s"] == expected
    assert inserted(Catalog(tables=(table(*checks, collation=evolve(own, name="C")),)))["s"] == expected


def domains(*checks: Check) -> Catalog:
    """A domain, one over it, and a composite type, an array and a key of them."""
    refs = [Named(Ref("domain", "public", name)) for name in ("small", "tiny")]
    key = PrimaryKey(name="k", columns=(T.of("column", "id"),))
    columns = (
        column("id", SMALL),
        column("tiny", refs[1]),
        column("all", Array(SMALL)),
        column("pair", Named(Ref("composite", "public", "pair"))),
    )
    return Catalog(
        domains=(
            Domain(name="small", type=Scalar("integer"), checks=checks),
            Domain(name="tiny", type=SMALL),
        ),
        composites=(Composite(name="pair", attributes=(Attribute(name="x", type=SMALL),)),),
        tables=(Table(name="t", columns=columns, primary_keys=(key,)),),
    )


def test_domains() -> None:
    """The checks of a domain hold for what is over it or made of it, when it is written."""
    files = dict(Zod(types_import="../types").emit(domains(check("VALUE < 9"))))
    assert "export const smallSchema = z.int32().max(8);" in files["domains.ts"]
    assert "export const smallSelectSchema = z.int32();" in files["domains.ts"]
    assert "export const tinySchema = smallSchema;" in files["domains.ts"]
    assert schema(files, "pairSchema") == {"x": "smallSchema.nullable()"}
    assert schema(files, "pairSelectSchema") == {"x": "smallSelectSchema.nullable()"}
    assert schema(files, "tInsertSchema") == {
        "id": 'tIdSchema.refine(numberIs("<", 9))',
        "tiny": "tinySchema",
        "all": "z.array(smallSchema)",
        "pair": "pairSchema",
    }
    assert schema(files, "tSelectSchema") == {
        "id": "tIdSchema",
        "tiny": "tinySelectSchema",
        "all": "z.array(smallSelectSchema)",
        "pair": "pairSelectSchema",
    }


def test_domains_without_checks() -> None:
    """One schema does for both where no check tells them apart."""
    files = dict(Zod(types_import="../types").emit(domains()))
    assert not any("SelectSchema" in files[name] for name in ("domains.ts", "composites.ts"))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("^[a-z]+$", "/^[a-z]+$/u"),
        ("a.b", "/a.b/su"),
        ("a/b", "/a\\/b/u"),
        ("[]a-c^-]", "/[\\]a-c^-]/u"),
        ("^\\d+\\.$", "/^\\p{Nd}+\\.$/u"),
        ("(a|b)(?:c)", "/(?:a|b)(?:c)/u"),
        ("", "/(?:)/u"),
        ("***=a", None),
        ("(?=a)", None),
        ("a{2}{3}", None),
        ("a{300}", None),
        ("\\w", None),
        ("[[:alpha:]]", None),
        ("[a-\\d]", None),
        ("\\1", None),
        ("a)", None),
        ("(a", None),
        ("[a", None),
        ("a\\", None),
        ("\x01", None),
    ],
)
def test_regexes(pattern: str, expected: str | None) -> None:
    """An expression is JavaScript's, or is left out."""
    assert javascript(pattern) == expected


def test_regexes_without_case() -> None:
    """Letters of ASCII stand for both cases, and no others: JavaScript's own flag takes more."""
    assert javascript("^k[a-c_]", ignore_case=True) == "/^[kK][a-cA-C_]/u"
    assert javascript("\u00e9", ignore_case=True) is None


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("a%", "/^a/u"), ("%a", "/^.*a$/su"), ("a\\%_", "/^a%.$/su"), ("%", "/^/u"), ("a\\", None)],
)
def test_like(pattern: str, expected: str | None) -> None:
    """LIKE is about the whole text; what ends in % is not, and a lone backslash is refused by Postgres."""
    assert like(pattern) == expected
