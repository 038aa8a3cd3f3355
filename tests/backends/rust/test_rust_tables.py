"""Which tables are given which types and functions, and what is said of those that are given less."""

import pytest
from attrs import evolve

from pgkit.backends.options import ModelOptions
from pgkit.backends.rust import Rust
from pgkit.diag import PgkitError
from pgkit.ir.constraints import Deferral, ForeignKey, PrimaryKey, Unique
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Identity, Table, sequence_options
from tests.backends.rust.printed import catalog, column, printed, table


def of(name: str, *columns: str) -> tuple[Ref, ...]:
    """Columns of a table."""
    return tuple(Ref("table", "public", name).of("column", c) for c in columns)


def keyed(made: Table, *columns: str, deferral: Deferral = Deferral.NO) -> Table:
    """The table with a primary key."""
    key = PrimaryKey(name="pk", columns=of(made.name, *columns), deferral=deferral)
    return evolve(made, primary_keys=(key,))


def module(made: Table, *others: Table, tenant: bool = True) -> str:
    """What is printed for a table, held to tenants by `org` with all that have it."""
    held = {t.ref: "org" for t in (made, *others) if any(c.name == "org" for c in t.columns)}
    options = ModelOptions(tenants=held if tenant else {})
    return printed(made, *others, options=options)[f"{made.name}.rs"]


def implemented(text: str) -> list[str]:
    """The traits of rt.rs that a module's table has."""
    return [
        line.split()[1].removeprefix("super::rt::")
        for line in text.splitlines()
        if line.startswith("impl super::rt::")
    ]


UPSERT = "pub async fn upsert_by_name<"
ROW = table(column("org", "uuid"), column("id", "bigint"), "name")


def test_a_table_of_tenants() -> None:
    """It has the tenant layer; without tenants, the same table has the plain one."""
    assert implemented(module(keyed(ROW, "id"))) == ["sealed::Sealed", "TenantTable", "TenantUpsert"]
    assert implemented(module(keyed(ROW, "id"), tenant=False)) == ["sealed::Sealed", "Table", "Upsert"]


def test_keys() -> None:
    """A key is less the tenant: a value, a struct, nothing."""
    assert "    type Key = super::ids::TId;" in module(keyed(ROW, "id"))
    assert "    type Key = i64;" in module(keyed(ROW, "org", "id"))
    assert "    type Key = TKey;" in module(keyed(ROW, "id", "org", "name"))
    assert "    type Key = ();" in module(keyed(ROW, "org"))


def test_no_upsert() -> None:
    """ON CONFLICT takes no key that is checked late."""
    late = keyed(ROW, "id", deferral=Deferral.IMMEDIATE)
    assert implemented(module(late)) == ["sealed::Sealed", "TenantTable"]


def test_upsert_by_unique_values() -> None:
    """Where they are unique for each tenant; what is unique over all may be another tenant's, or checked late."""
    made = keyed(ROW, "id")
    own, all_ = (Unique(name="u", columns=of("t", *columns)) for columns in (("org", "name"), ("name",)))
    late = evolve(own, deferral=Deferral.DEFERRED)
    assert UPSERT in module(evolve(made, uniques=(own,)))
    assert UPSERT in module(evolve(made, uniques=(all_, own)))
    assert UPSERT in module(evolve(made, uniques=(all_,)), tenant=False)
    assert 'ON CONFLICT (\\"org\\", \\"name\\") DO' in module(evolve(made, uniques=(all_, own)))
    for unique in (all_, late):
        assert "find_by_name" in module(evolve(made, uniques=(unique,)))
        assert UPSERT not in module(evolve(made, uniques=(unique,)))
    generated = table(column("org", "uuid"), column("id", "bigint"), serial("name"))
    assert UPSERT not in module(evolve(keyed(generated, "id"), uniques=(own,)))


def serial(name: str) -> Column:
    """A column that Postgres counts up."""
    return evolve(column(name, "bigint"), identity=Identity(options=sequence_options()))


def test_a_nullable_tenant_is_refused() -> None:
    """Nothing but the row is printed, and the reason."""
    text = module(keyed(table(column("org", "uuid", nullable=True), column("id", "bigint")), "id"))
    assert "// REFUSED, nothing but the row: the tenant column may be NULL." in text
    assert "SELECT" not in text
    assert "Insert" not in text


def test_no_key() -> None:
    """Rows are inserted, listed and counted; one unique constraint of columns that are never null is a key."""
    text = module(ROW)
    assert implemented(text) == []
    assert "It has no key" in text
    assert [
        f for f in ("insert", "list_by_tenant", "count_by_tenant") if f"pub async fn {f}<" not in text
    ] == []
    unique = Unique(name="u", columns=of("t", "org", "name"))
    assert "    type Key = String;" in module(evolve(ROW, uniques=(unique,)))
    other = Unique(name="v", columns=of("t", "id"))
    assert implemented(module(evolve(ROW, uniques=(unique, other)))) == []


def test_a_table_of_nobody() -> None:
    """Beside tables of tenants, it says that it is for all of them."""
    free = keyed(table(column("id", "bigint"), name="free"), "id")
    assert "its rows are there for all of them" in module(free, keyed(ROW, "id"))
    assert "its rows are there for all of them" not in module(free)


def test_guards() -> None:
    """A foreign key without the tenant is guarded, in constants as in what is built; one with it is not."""
    parent = keyed(table(column("org", "uuid"), column("id", "bigint"), name="parent"), "id")
    child = keyed(table(column("org", "uuid"), column("id", "bigint"), column("up", "bigint")), "id")
    bare = ForeignKey(name="f", columns=of("t", "up"), references=of("parent", "id"))
    whole = ForeignKey(name="f", columns=of("t", "org", "up"), references=of("parent", "org", "id"))
    guarded = module(evolve(child, foreign_keys=(bare,)), parent)
    assert guarded.count("to.guard(") == 2
    assert guarded.count("EXISTS (SELECT FROM") == 3
    assert "EXISTS" not in module(evolve(child, foreign_keys=(whole,)), parent).replace("FROM ROWS FROM", "")
    assert "to.guard(" not in module(evolve(child, foreign_keys=(bare,)), parent, tenant=False)


@pytest.mark.parametrize("name", ["tenant", "app.tenant'", "a.b.c", "app.", ".x", "1a.b", "app.té", ""])
def test_setting(name: str) -> None:
    """begin_scoped sets what it is told to, and is told nothing but a name of Postgres's for such things."""
    made = keyed(ROW, "id")
    options = ModelOptions(tenants={made.ref: "org"})
    text = Rust(options=options, tenant_setting="My_app.org$").emit(catalog(made))["rt.rs"]
    assert "set_config('My_app.org$', $1, true)" in text
    assert "app.tenant_id" not in text
    with pytest.raises(PgkitError) as caught:
        Rust(options=options, tenant_setting=name).emit(catalog(made))
    assert [d.code for d in caught.value.diagnostics] == ["bad-setting"]
