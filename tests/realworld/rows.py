"""Rows for every table of an application: one that is full, and one that is null wherever it may be."""

from __future__ import annotations

from collections.abc import Iterator

import asyncpg

from pgkit.ir.catalog import Catalog
from pgkit.ir.kinds import Enum
from pgkit.ir.relations import Column, Table
from pgkit.ir.types import Array, Named, PgType
from pgkit.ir.walk import index
from pgkit.sql import quoted

# What a column of each type holds in row {n}.
VALUES = {
    "bigint": "9007199254740993 + {n}",
    "boolean": "{n} = 0",
    "bytea": "'\\x00ff0{n}'",
    "character varying": "'v {n} é'",
    "date": "date '2024-01-02' + {n}",
    "double precision": "0.1 + {n}",
    "integer": "2147483647 - {n}",
    "json": '\'{{"b": [{n}, null, "é"], "a": 1.50}}\'',
    "jsonb": '\'{{"b": [{n}, null, "é"], "a": 1.50}}\'',
    "numeric": "12345678901234567890.50 + {n}",
    "text": "'it''s {n} \"é\" \\ \n'",
    "timestamp without time zone": "timestamp '2024-01-02 03:04:05.123456' + interval '{n} s'",
    "timestamp with time zone": "timestamptz '2024-01-02 03:04:05.1+05:30' + interval '{n} s'",
    "uuid": "'018f0c1e-9b7a-7c3d-8e21-00000000000{n}'",
    "vector": "('[' || repeat('0.1,', 1535) || '{n}]')::vector",
}
# Rows need not make sense to the application, so what holds them together goes first.
FREE = """
    SET session_replication_role = replica;
    DO $$ DECLARE statement text; BEGIN
        FOR statement IN
            SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint
            WHERE conrelid >= 16384 AND contype IN ('c', 'f', 'u') ORDER BY contype, conparentid
        LOOP EXECUTE statement; END LOOP;
        FOR statement IN
            SELECT format('DROP INDEX %s', indexrelid::regclass) FROM pg_index
            WHERE indrelid >= 16384 AND indisunique AND NOT indisprimary
                AND indrelid IN (SELECT oid FROM pg_class WHERE relkind = 'r')
        LOOP EXECUTE statement; END LOOP;
    END $$
"""
NOT_NULL = """
    SELECT table_schema, table_name, column_name FROM information_schema.columns WHERE is_nullable = 'NO'
"""


async def fill(url: str, catalog: Catalog, tables: list[Table]) -> None:
    """Puts two rows into each table."""
    connection = await asyncpg.connect(url)
    await connection.execute(FREE)
    required = {tuple(row) for row in await connection.fetch(NOT_NULL)}
    for table in tables:
        for statement in inserts(catalog, table, required):
            await connection.execute(statement)
    await connection.close()


def inserts(catalog: Catalog, table: Table, required: set[tuple[str, ...]]) -> Iterator[str]:
    """The statements for the full row and for the one of nulls."""
    columns = [c for c in table.columns if not c.generated]
    names = ", ".join(quoted(c.name) for c in columns)
    into = f"{quoted(table.schema)}.{quoted(table.name)}"

    def null(column: Column) -> bool:
        return column.nullable and (table.schema, table.name, column.name) not in required

    for n in range(2):
        values = ["NULL" if n and null(c) else value(catalog, c.type, n) for c in columns]
        yield f"INSERT INTO {into} ({names}) OVERRIDING SYSTEM VALUE VALUES ({', '.join(values)})"


def value(catalog: Catalog, type: PgType, n: int) -> str:
    """A value of a type; two of them in an array."""
    if isinstance(type, Array):
        return f"ARRAY[{value(catalog, type.of, n)}, {value(catalog, type.of, n + 1)}]"
    if isinstance(type, Named):
        enum = index(catalog)[type.ref]
        assert isinstance(enum, Enum), type
        return (
            "'"
            + enum.labels[n % len(enum.labels)].replace("'", "''")
            + f"'::{quoted(enum.schema)}.{quoted(enum.name)}"
        )
    return VALUES[type.name].format(n=n)
