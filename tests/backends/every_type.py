"""Tables of every type, rows of extreme values and what each must look like as JSON.

    catalog(contrib)                  the catalog, built by hand
    every_type_catalog_sql(contrib)   its DDL, extensions first
    rows_sql(contrib)                 INSERTs of extreme rows
    expected(contrib)                 {module: [row, ...]}: what a program must print for them, in id order
    refused_sql(), REFUSED            rows that a program must refuse to read or print, one error each

`contrib=True` is for a server with the contrib extensions (citext, hstore, ltree, cube, seg, isn) and no
pgvector; `contrib=False` for the embedded one, with pgvector alone. Every table has a primary key `id`.
Expected values follow from the wire contract in pgkit.ir.wire and the Postgres manual, not from output.
"""

from typing import Any

from pgkit.backends.names import json_key
from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import PrimaryKey
from pgkit.ir.expr import opaque
from pgkit.ir.kinds import Composite, Domain, Enum, Extension, Range, Schema
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, MaterializedView, Table, View
from pgkit.ir.type_text import type_text
from pgkit.ir.types import Array, PgType, Scalar
from tests.backends.samples import CONTRIB, SAMPLES, VECTORS, Sample
from tests.backends.special import (
    COMPOSITES,
    DOMAINS,
    ENUMS,
    PLACE,
    RANGES,
    REFUSED,
    ROWS,
    TABLES,
    Cell,
    resolve,
)

Row = dict[str, Cell]
COMPILED_ONLY = (
    "geometry",
    "geometry(Point,4326)",
    "geography(Point,4326)",
    "box2d",
    "box3d",
    "raster",
    "regdatabase",
    "gis.other_type",
)
"""Types that no test server has: compiled, not run."""


def samples(contrib: bool) -> tuple[Sample, ...]:
    """The scalar types of one kind of server."""
    return SAMPLES + (CONTRIB if contrib else VECTORS)


def extensions(contrib: bool) -> tuple[str, ...]:
    """What CREATE EXTENSION must make first."""
    return ("citext", "hstore", "ltree", "cube", "seg", "isn") if contrib else ("vector",)


def catalog(contrib: bool) -> Catalog:
    """The catalog that `every_type_catalog_sql` makes."""
    tables = tuple(_table(name, columns) for name, columns in _tables(contrib).items())
    views = next(_nullable(t.columns) for t in tables if t.name == "required")
    query = opaque("SELECT * FROM app.required")
    return Catalog(
        extensions=tuple(Extension(name=e, schema="public") for e in extensions(contrib)),
        schemas=(Schema(name="app"),),
        enums=ENUMS,
        domains=(*DOMAINS, PLACE),
        composites=COMPOSITES,
        ranges=RANGES,
        tables=tables,
        views=(View(schema="app", name="a_view", query=query, columns=views),),
        materialized_views=(MaterializedView(schema="app", name="a_matview", query=query, columns=views),),
    )


def compiled_only() -> Catalog:
    """A table of the types that no test server has, and of arrays of them."""
    columns = {_column(t): t for t in COMPILED_ONLY} | {f"{_column(t)}s": f"{t}[]" for t in COMPILED_ONLY}
    return Catalog(tables=(_table("elsewhere", columns),))


def every_type_catalog_sql(contrib: bool) -> str:
    """CREATE statements of everything, in an order that works."""
    made = catalog(contrib)
    tables = {t.name: _table_sql(t) for t in made.tables}
    return "\n".join(
        [
            *(f"CREATE EXTENSION {e.name};" for e in made.extensions),
            "CREATE SCHEMA app;",
            *map(_enum_sql, made.enums),
            *map(_range_sql, made.ranges),
            *map(_domain_sql, DOMAINS),
            *map(_composite_sql, made.composites),
            _domain_sql(PLACE),
            *tables.values(),
            "CREATE VIEW app.a_view AS SELECT * FROM app.required;",
            "CREATE MATERIALIZED VIEW app.a_matview AS SELECT * FROM app.required WITH NO DATA;",
            "",
        ]
    )


def rows_sql(contrib: bool) -> str:
    """INSERTs of the rows of `expected`; the materialized view is filled at the end."""
    inserts = [_insert(table, row) for table, rows in _rows(contrib).items() for row in rows]
    return "\n".join([*inserts, "REFRESH MATERIALIZED VIEW app.a_matview;"]) + "\n"


def expected(contrib: bool) -> dict[str, list[dict[str, Any]]]:
    """The JSON rows of each table by the name of its generated module (app_required, ...)."""
    found = {f"app_{table}": [_json(row) for row in rows] for table, rows in _rows(contrib).items()}
    return found | {"app_a_view": found["app_required"], "app_a_matview": found["app_required"]}


def refused_sql() -> str:
    """INSERTs into app.refused: each row holds one value that JSON or Rust has no form for."""
    return "\n".join(
        f"INSERT INTO app.refused (id, {column}) VALUES ({i}, {value});"
        for i, (column, value) in enumerate(REFUSED)
    )


def _column(type: str) -> str:
    """A column name for a type: the words in it."""
    return "c_" + "_".join("".join(c if c.isalnum() else " " for c in type.lower()).split())


def _tables(contrib: bool) -> dict[str, dict[str, str]]:
    """Columns and their types by table; what is not null says so."""
    scalars = {_column(s.type): s.type for s in samples(contrib)}
    return {
        "required": {c: f"{t} NOT NULL" for c, t in scalars.items()},
        "optional": {**scalars, "c_gtsvector": "gtsvector"},
        "arrays": {c: f"{t}[]" for c, t in scalars.items()},
        **TABLES,
    }


def _rows(contrib: bool) -> dict[str, list[Row]]:
    scalars = samples(contrib)
    longest = max(len(s.values) for s in scalars)
    each = [{_column(s.type): _cell(s, i) for s in scalars} for i in range(longest)]
    nulls: Row = {_column(s.type): ("NULL", None) for s in scalars}
    lists = [{_column(s.type): _all(s) for s in scalars}, {_column(s.type): _empty(s) for s in scalars}]
    gtsvector: Row = {"c_gtsvector": ("NULL", None)}
    optional = [nulls | gtsvector, each[0] | gtsvector]
    tables = {"required": each, "optional": optional, "arrays": [nulls, *lists], **ROWS}
    return {t: [{"id": (str(i), i), **row} for i, row in enumerate(rows)] for t, rows in tables.items()}


def _cell(sample: Sample, i: int) -> Cell:
    text, wire = sample.values[i % len(sample.values)]
    return f"{_quoted(text)}::{sample.type}", wire


def _all(sample: Sample) -> Cell:
    cells = [_cell(sample, i) for i in range(len(sample.values))]
    return f"ARRAY[{', '.join(sql for sql, _ in cells)}]::{sample.type}[]", [wire for _, wire in cells]


def _empty(sample: Sample) -> Cell:
    return f"'{{}}'::{sample.type}[]", []


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _insert(table: str, row: Row) -> str:
    columns = ", ".join(f'"{c}"' for c in row)
    return f"INSERT INTO app.{table} ({columns}) VALUES ({', '.join(sql for sql, _ in row.values())});"


def _json(row: Row) -> dict[str, Any]:
    return {json_key(column, "camel"): wire for column, (_, wire) in row.items()}


def _table(name: str, columns: dict[str, str]) -> Table:
    ref = Ref("table", "app", name)
    return Table(
        schema="app",
        name=name,
        columns=(
            Column(name="id", type=Scalar("integer"), nullable=False),
            *(
                Column(name=c, type=resolve(t.removesuffix(" NOT NULL")), nullable=not t.endswith("NOT NULL"))
                for c, t in columns.items()
            ),
        ),
        primary_keys=(PrimaryKey(name=f"{name}_pkey", columns=(ref.of("column", "id"),)),),
    )


def _nullable(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    return tuple(Column(name=c.name, type=c.type) for c in columns)


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _type(type: PgType) -> str:
    match type:
        case Scalar():
            return type_text(type)
        case Array(of, dims):
            return _type(of) + "[]" * dims
        case _:
            return f"app.{_identifier(type.ref.member or type.ref.name)}"


def _name(obj: Enum | Range | Domain | Composite) -> str:
    return f"app.{_identifier(obj.name)}"


def _enum_sql(enum: Enum) -> str:
    made = f"CREATE TYPE {_name(enum)} AS ENUM ({', '.join(map(_quoted, enum.labels))});"
    return f"{made}\nCOMMENT ON TYPE {_name(enum)} IS {_quoted(enum.comment)};" if enum.comment else made


def _range_sql(range: Range) -> str:
    multi = ", ".join(f"multirange_type_name = app.{_identifier(m.name)}" for m in range.multiranges)
    return f"CREATE TYPE {_name(range)} AS RANGE (subtype = {_type(range.subtype)}, {multi});"


def _domain_sql(domain: Domain) -> str:
    return f"CREATE DOMAIN {_name(domain)} AS {_type(domain.type)}{'' if domain.nullable else ' NOT NULL'};"


def _composite_sql(composite: Composite) -> str:
    attributes = ", ".join(f"{_identifier(a.name)} {_type(a.type)}" for a in composite.attributes)
    return f"CREATE TYPE {_name(composite)} AS ({attributes});"


def _table_sql(table: Table) -> str:
    columns = [
        f"  {_identifier(c.name)} {_type(c.type)}{'' if c.nullable else ' NOT NULL'}" for c in table.columns
    ]
    return f"CREATE TABLE app.{table.name} (\n" + ",\n".join([*columns, "  PRIMARY KEY (id)\n);"])
