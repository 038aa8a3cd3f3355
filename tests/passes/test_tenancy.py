"""What lets one tenant's rows touch another's is said, with the constraint and the way out."""

from attrs import evolve

from pgkit.diag import Severity
from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import ForeignKey, Index, IndexKey, PrimaryKey, Unique
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Table
from pgkit.ir.type_text import parse_type
from pgkit.passes.tenancy import tenancy


def ref(table: str, *columns: str) -> tuple[Ref, ...]:
    """Columns of a table."""
    return tuple(Ref("table", "public", table).of("column", column) for column in columns)


def table(name: str, *columns: str, nullable: frozenset[str] = frozenset()) -> Table:
    """A table of bigints, `id` its key if it is there."""
    key = (PrimaryKey(name=f"{name}_pkey", columns=ref(name, "id")),) if "id" in columns else ()
    made = tuple(Column(name=c, type=parse_type("bigint"), nullable=c in nullable) for c in columns)
    return Table(name=name, columns=made, primary_keys=key)


def found(*tables: Table) -> list[tuple[str, str]]:
    """The codes and places of what is said of tables, held to tenants by `org` where they have it."""
    tenants = {t.ref: "org" for t in tables if any(c.name == "org" for c in t.columns)}
    return [(d.code, d.where) for d in tenancy(Catalog(tables=tables), tenants)]


def key(of: str, columns: tuple[str, ...], to: str, references: tuple[str, ...]) -> ForeignKey:
    """A foreign key."""
    return ForeignKey(name=f"{of}_fkey", columns=ref(of, *columns), references=ref(to, *references))


def test_foreign_keys() -> None:
    """One that carries the tenant is well; so is one to what belongs to nobody, and one to the tenants."""
    parent, free = table("parent", "org", "id"), table("free", "id")
    child = table("child", "org", "id", "parent_id")
    bad = evolve(child, foreign_keys=(key("child", ("parent_id",), "parent", ("id",)),))
    good = evolve(child, foreign_keys=(key("child", ("org", "parent_id"), "parent", ("org", "id")),))
    free_key = evolve(child, foreign_keys=(key("child", ("parent_id",), "free", ("id",)),))
    to_tenant = evolve(child, foreign_keys=(key("child", ("org",), "free", ("id",)),))
    assert found(parent, bad) == [("foreign-key-without-tenant", "public.child.child_fkey")]
    assert found(parent, good) == []
    assert found(free, free_key) == found(free, to_tenant) == [("no-tenant-column", "")]


def test_uniques() -> None:
    """Constraints and indexes over all tenants are told of; a primary key is not, nor what is beside one."""
    names = table("names", "org", "id", "name")
    unique = Unique(name="names_name_key", columns=ref("names", "name"))
    index = Index(name="names_name_idx", unique=True, keys=(IndexKey(column=ref("names", "name")[0]),))
    ours = Unique(name="names_ours", columns=ref("names", "org", "name"))
    beside = Unique(name="names_id_name_key", columns=ref("names", "id", "name"))
    assert found(evolve(names, uniques=(unique, ours, beside), indexes=(index,))) == [
        ("unique-without-tenant", "public.names.names_name_key"),
        ("unique-without-tenant", "public.names.names_name_idx"),
    ]


def test_columns_and_keys() -> None:
    """A tenant column that may be null, and a table without a key."""
    assert found(table("loose", "org", "id", nullable=frozenset({"org"}))) == [
        ("nullable-tenant", "public.loose.org")
    ]
    assert found(table("log", "org")) == [("no-primary-key", "public.log")]


def test_help_says_what_to_do() -> None:
    """The foreign key as it should be; and without tenants there is nothing to say."""
    child = evolve(
        table("child", "org", "id", "parent_id"),
        foreign_keys=(key("child", ("parent_id",), "child", ("id",)),),
    )
    (said,) = tenancy(Catalog(tables=(child,)), {child.ref: "org"})
    assert said.severity is Severity.WARNING
    assert said.help.endswith("FOREIGN KEY (org, parent_id) REFERENCES public.child (org, id)")
    assert list(tenancy(Catalog(tables=(child,)), {})) == []
