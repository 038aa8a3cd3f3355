"""Keys have types of their own, and what refers to a key has its type."""

from pgkit.backends.options import ModelOptions
from pgkit.ir.constraints import ForeignKey, PrimaryKey
from pgkit.ir.names import Ref
from pgkit.ir.relations import Table
from tests.backends.rust.printed import column, declared, printed


def keyed(name: str, *columns: str, key: tuple[str, ...] = ("id",), **references: str) -> Table:
    """A table of bigints; a column and what it refers to are given as column="table.column"."""
    ref = Ref("table", "public", name)
    return Table(
        name=name,
        columns=tuple(column(c, "bigint") for c in columns),
        primary_keys=(PrimaryKey(name="key", columns=tuple(ref.of("column", c) for c in key)),)
        if key
        else (),
        foreign_keys=tuple(
            ForeignKey(name=c, columns=(ref.of("column", c),), references=(target(to),))
            for c, to in references.items()
        ),
    )


def target(text: str) -> Ref:
    """The column that `table.column` names."""
    table, _, name = text.partition(".")
    return Ref("table", "public", table).of("column", name)


def types(files: dict[str, str], module: str) -> list[str]:
    """The types of a row's fields."""
    found = [line.split(": ")[1].rstrip(",") for line in declared(files[f"{module}.rs"])]
    return [type.replace("super::ids::", "") for type in found]


def test_chains() -> None:
    """A key that refers to another key is that key; whatever refers to it is, too."""
    files = printed(
        keyed("a", "id"),
        keyed("b", "id", id="a.id"),
        keyed("c", "id", "b", "n", b="b.id"),
        keyed("d", "x", key=()),
    )
    assert types(files, "b") == ["AId"]
    assert types(files, "c") == ["CId", "AId", "i64"]
    assert types(files, "d") == ["i64"]
    assert files["ids.rs"].count("pub struct") == 2


def test_tenants() -> None:
    """One tenant is of one type wherever it is, also where no foreign key says so; but not of two types."""
    tables = (
        keyed("a", "id", "org", org="orgs.id"),
        keyed("b", "id", "org"),
        keyed("c", "org", key=("org",)),
        keyed("orgs", "id"),
    )
    held = {table.ref: "org" for table in tables[:3]} | {tables[3].ref: "id"}
    files = printed(*tables, options=ModelOptions(tenants=held))
    assert types(files, "b") == ["BId", "OrgsId"]
    assert types(files, "c") == types(files, "orgs") == ["OrgsId"]
    assert "for super::ids::OrgsId {}" in files["rt.rs"]
    other = (*tables, keyed("d", "id", "org", org="others.id"), keyed("others", "id"))
    files = printed(*other, options=ModelOptions(tenants=held | {other[4].ref: "org"}))
    assert types(files, "b") == ["BId", "i64"]


def test_circles() -> None:
    """Keys that refer to each other are one, by the first of their names; a table may refer to itself."""
    files = printed(
        keyed("b", "id", id="a.id"), keyed("a", "id", id="b.id"), keyed("t", "id", "up", up="t.id")
    )
    assert types(files, "a") == types(files, "b") == ["AId"]
    assert types(files, "t") == ["TId", "TId"]


def test_no_single_key() -> None:
    """A part of a key, and what refers to a part or to another column, is what it is in the database."""
    files = printed(keyed("a", "id", "n", key=("id", "n")), keyed("b", "id", "a", a="a.id"))
    assert types(files, "a") == ["i64", "i64"]
    assert types(files, "b") == ["BId", "i64"]


def test_another_type() -> None:
    """A column of another type than the key that it refers to could not hold it."""
    ref = Ref("table", "public", "b")
    key = ForeignKey(name="k", columns=(ref.of("column", "a"),), references=(target("a.id"),))
    files = printed(keyed("a", "id"), Table(name="b", columns=(column("a", "integer"),), foreign_keys=(key,)))
    assert types(files, "b") == ["i32"]


def test_without() -> None:
    """`ids` can be switched off."""
    files = printed(keyed("a", "id"), options=ModelOptions(ids=False))
    assert "ids.rs" not in files
    assert types(files, "a") == ["i64"]
