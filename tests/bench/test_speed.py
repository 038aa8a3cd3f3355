"""How long things take on a catalog of 1,000 tables: `make bench` prints it, `make test` runs each once."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest

from pgkit.backends import Files
from pgkit.backends.options import ModelOptions
from pgkit.backends.rust import Rust
from pgkit.backends.typescript import TypeScript
from pgkit.backends.zod import Zod
from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import Check, ForeignKey, Index, IndexKey, PrimaryKey
from pgkit.ir.expr import opaque
from pgkit.ir.json import dumps, loads, sort
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Table
from pgkit.ir.type_text import parse_type
from pgkit.jobs.api import backend, create_sql
from pgkit.passes.bind import bind
from pgkit.passes.diff import diff
from pgkit.passes.normalize import normalize

TYPES = (
    "bigint", "bigint", "varchar(40)", "text", "numeric(12,2)", "text[]", "jsonb", "timestamptz", "timestamptz",
    "uuid", "boolean", "integer",
)  # fmt: skip


def catalog(tables: int) -> Catalog:
    """Tables of twelve columns, each with a key, a foreign key, two indexes and a check."""
    return Catalog(tables=tuple(map(_table, range(tables))))


def _table(i: int) -> Table:
    ref = Ref("table", "public", f"table_{i}")
    target = Ref("table", "public", f"table_{i // 2}")
    columns = tuple(
        Column(
            name=f"column_{n}",
            type=parse_type(t),
            nullable=n > 3,
            default=opaque("now()") if n == 7 else None,
        )
        for n, t in enumerate(TYPES)
    )

    def column(n: int) -> Ref:
        return ref.of("column", f"column_{n}")

    return Table(
        name=ref.name,
        columns=columns,
        primary_keys=(PrimaryKey(name=f"{ref.name}_pkey", columns=(column(0),)),),
        foreign_keys=(
            ForeignKey(name="fk", columns=(column(1),), references=(target.of("column", "column_0"),)),
        ),
        checks=(Check(name="positive", expr=opaque("(column_4 > (0)::numeric)")),),
        indexes=(
            Index(name=f"{ref.name}_a", keys=(IndexKey(column=column(7), descending=True),)),
            Index(
                name=f"{ref.name}_b", keys=(IndexKey(column=column(9)),), where=opaque("(column_10 IS TRUE)")
            ),
        ),
    )


@pytest.fixture(scope="module")
def thousand() -> Iterator[Catalog]:
    """A normalized catalog of 1,000 tables, the garbage collector off as on the command line."""
    gc.disable()
    yield sort(normalize(catalog(1000)))
    gc.enable()


def test_bind(benchmark: Any) -> None:
    """Every expression read with Postgres's grammar."""
    plain = catalog(1000)
    bound = benchmark(bind, plain)
    assert bound != plain


def test_nothing_to_do(benchmark: Any, thousand: Catalog) -> None:
    """Two equal catalogs that share no object."""
    other = loads(dumps(thousand))
    assert benchmark(diff, thousand, other) == ()


def test_snapshot_out(benchmark: Any, thousand: Catalog) -> None:
    """A snapshot written."""
    assert benchmark(dumps, thousand).startswith("{")


def test_snapshot_in(benchmark: Any, thousand: Catalog) -> None:
    """A snapshot read."""
    assert benchmark(loads, dumps(thousand)) == thousand


def test_creation(benchmark: Any, thousand: Catalog) -> None:
    """The SQL that makes it all, in order."""
    assert benchmark(create_sql, thousand).count("CREATE TABLE") == 1000


@pytest.mark.parametrize("language", ["rust", "typescript", "zod"])
def test_generation(benchmark: Any, thousand: Catalog, language: str) -> None:
    """One language printed."""
    assert len(benchmark(backend(language).emit, thousand)) >= 1000


def test_generation_of_all(benchmark: Any) -> None:
    """All languages printed of 1,000 tables of ten columns, Rust with its tenant layer: the limit is half a second."""
    plain = Catalog(tables=tuple(map(_tenant_table, range(1000))))
    options = ModelOptions(tenants={table.ref: "tenant_id" for table in plain.tables})
    printed = Rust(options=options), TypeScript(options=options), Zod(options=options, types_import="../ts")

    def run() -> list[Files]:
        fresh = Catalog(tables=plain.tables)  # models are remembered by their catalog
        return [backend.emit(fresh) for backend in printed]

    found = benchmark(run)
    assert all(len(files) >= 1000 for files in found)
    assert "impl super::rt::TenantTable for T7 " in found[0]["t_7.rs"]


def _tenant_table(i: int) -> Table:
    ref = Ref("table", "public", f"t{i}")
    others = ("text", "integer", "bigint", "timestamptz", "jsonb", "boolean", "numeric", "text")
    columns = (
        Column(name="id", type=parse_type("uuid"), nullable=False),
        Column(name="tenant_id", type=parse_type("uuid"), nullable=False),
        *(
            Column(name=f"c{n}_{i % 7}", type=parse_type(t), nullable=n % 2 == 0)
            for n, t in enumerate(others)
        ),
    )
    key = PrimaryKey(name=f"t{i}_pkey", columns=(ref.of("column", "id"),))
    return Table(name=ref.name, columns=columns, primary_keys=(key,))
