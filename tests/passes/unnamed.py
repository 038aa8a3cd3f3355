"""Random catalogs that leave names to Postgres: long, multibyte, clashing and odd ones."""

from collections.abc import Iterator
from typing import Any

import attrs
from hypothesis import strategies as st

from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import Check, ForeignKey, Index, IndexKey, PrimaryKey, Unique
from pgkit.ir.expr import Hole, Opaque, opaque
from pgkit.ir.kinds import Domain, Range, Schema
from pgkit.ir.names import Ref, truncate
from pgkit.ir.relations import Column, Identity, Sequence, Table, sequence_options
from pgkit.ir.types import Scalar
from pgkit.sql import quote, render

SHORT = ("t", "a", "b", "a_b", "b_c", "c", "t_a", "a_b_c", "T x", "ü", 'q"', "expr", "a1", "not_null", "key")
LONG = (
    "x" * 63, "x" * 62 + "y", "x" * 61 + "_a", "x" * 40, "y" * 29, "z" * 30, "x" * 57 + "_a_seq",
    "é" * 31, "é" * 30 + "ab", "a" + "日" * 20, "日" * 10, "😀" * 15, "a😀" * 12, "x" * 54 + "é" * 4,
)  # fmt: skip
names = st.one_of(st.sampled_from(SHORT), st.sampled_from(SHORT), st.sampled_from(LONG))
# Names that Postgres might want to give to something else.
GIVEN = (
    "t_pkey", "t_a_key", "t_a_key1", "a_b_key", "a_b_c_key", "t_a_check", "t_check", "a_b_fkey", "a_b_c_fkey",
    "t_a_idx", "t_a_idx1", "a_b_c_idx", "t_a_seq", "a_b_c_seq", "t_a_not_null", "d_check", "mine", "ours",
)  # fmt: skip
CHECKS = (
    "{0} > 0", "{0} > {1}", "{0} IS NULL OR {0} < 5", "1 > 0", "{t}.{0} > 0", "{t} IS NOT NULL",
    "{t}.* IS NOT NULL", "tableoid > 0::oid", "tableoid > 0::oid OR {0} > 0", "abs({0}) > -{1}", "({t}).{0} > 0",
)  # fmt: skip
KEYS = (
    "{0} + 1", "abs({0})", "{0}::bigint", "abs({0})::bigint", "({0} + 1)::bigint", "coalesce({0}, 1)", "({0})",
    "CASE WHEN {0} > 1 THEN 1 ELSE {1} END", "CASE WHEN {0} > 1 THEN 1 END", "nullif({0}, 1)", "-{0}",
    "greatest({0}, 2)", "least({0}, 2)", "ARRAY[{0}]", "lower({0}::text)", "({0}::text) COLLATE \"C\"",
    "{0} IS NULL", "1", "ROW({0}, {1}) IS NULL", "extract(year FROM date '2020-01-01' + {0})", "({t}).{0}",
    "(ARRAY[{0}])[1]", "{0} BETWEEN 1 AND 2", "substring({0}::text FROM 1 FOR 2)", "trim({0}::text)",
)  # fmt: skip


@st.composite
def unnamed(draw: st.DrawFn) -> Catalog:
    """Tables, domains and a range in which most names are left to Postgres, and some are given."""
    places: set[tuple[str, str]] = set()

    def place() -> tuple[str, str]:
        found = draw(
            st.tuples(st.sampled_from(("public", "public", "app")), names).filter(lambda p: p not in places)
        )
        places.add(found)
        return found

    domains = tuple(_domain(draw, place()) for _ in range(draw(st.sampled_from((0, 0, 1, 2)))))
    ranges = tuple(_range(draw, place()) for _ in range(draw(st.sampled_from((0, 0, 0, 1)))))
    tables: list[Table] = []
    sequences: list[Sequence] = []
    for _ in range(draw(st.integers(1, 3))):
        table, serials = _table(draw, place(), tables)
        tables.append(table)
        sequences += serials
    return Catalog(
        schemas=(Schema(name="app"),), domains=domains, ranges=ranges, tables=tuple(tables), sequences=tuple(sequences)
    )  # fmt: skip


def _name(draw: st.DrawFn) -> str:
    return draw(st.sampled_from(("", "", "", "", ""))) or draw(
        st.sampled_from(("", "", "", "", *GIVEN[:3], *GIVEN))
    )


def _domain(draw: st.DrawFn, place: tuple[str, str]) -> Domain:
    checks = tuple(
        Check(name=_name(draw), expr=opaque(f"VALUE > {i}")) for i in range(draw(st.integers(0, 2)))
    )
    return Domain(schema=place[0], name=place[1], type=Scalar("integer"), checks=checks)


def _range(draw: st.DrawFn, place: tuple[str, str]) -> Range:
    odd = ("floatrange", "my range of ranges", "日" * 17 + "range", "x" * 58 + "range")
    name = draw(st.sampled_from((place[1], *odd)))
    # Postgres cuts these at a byte, and makes a name that is no text.
    cut = "range" not in name and len(truncate(name, 52).encode()) < min(52, len(name.encode()))
    return Range(schema=place[0], name="r" if cut else name, subtype=Scalar("real"))


def _table(draw: st.DrawFn, place: tuple[str, str], before: list[Table]) -> tuple[Table, list[Sequence]]:
    ref = Ref("table", *place)
    drawn = draw(st.lists(names, min_size=1, max_size=4, unique=True))
    columns = [_column(draw, n) for n in drawn]
    refs = [ref.of("column", n) for n in drawn]
    some = st.lists(st.sampled_from(refs), min_size=1, max_size=3, unique=True).map(tuple)
    key = (PrimaryKey(name=_name(draw), columns=draw(some)),) if draw(st.booleans()) else ()
    serials: list[Sequence] = []
    for i, column in enumerate(columns):
        if column.identity is None and draw(st.integers(0, 3)) == 0:
            columns[i], sequence = _serial(ref, column)
            serials.append(sequence)
    parts: dict[str, Any] = {
        "primary_keys": key,
        "checks": tuple(_check(draw, ref, refs) for _ in range(draw(st.integers(0, 3)))),
        "uniques": _uniques(draw, refs, key),
        "foreign_keys": _foreign_keys(draw, refs, [*before]),
        "indexes": tuple(_index(draw, ref, refs) for _ in range(draw(st.integers(0, 3)))),
    }
    keyed = {c for k in key for c in k.columns}
    columns = [attrs.evolve(c, nullable=False) if ref.of("column", c.name) in keyed else c for c in columns]
    return Table(schema=place[0], name=place[1], columns=tuple(columns), **parts), serials


def _column(draw: st.DrawFn, name: str) -> Column:
    column = Column(name=name, type=Scalar("integer"), nullable=draw(st.booleans()))
    if draw(st.integers(0, 3)) == 0:
        return attrs.evolve(column, nullable=False, identity=Identity(options=sequence_options("integer")))
    return column


def _serial(table: Ref, column: Column) -> tuple[Column, Sequence]:
    own = Hole(Ref("sequence", table.schema, ""), "literal")
    sequence = Sequence(
        schema=table.schema, name="", type=Scalar("integer"), options=sequence_options("integer"),
        owned_by=table.of("column", column.name),
    )  # fmt: skip
    default = Opaque(("nextval('", "'::regclass)"), (own,))
    return attrs.evolve(column, nullable=False, default=default), sequence


def _filled(draw: st.DrawFn, template: str, table: Ref, refs: list[Ref]) -> Opaque:
    first, second = draw(st.sampled_from(refs)), draw(st.sampled_from(refs))
    return opaque(template.format(quote(first.member), quote(second.member), t=quote(table.name)))


def _check(draw: st.DrawFn, table: Ref, refs: list[Ref]) -> Check:
    return Check(name=_name(draw), expr=_filled(draw, draw(st.sampled_from(CHECKS)), table, refs))


def _uniques(draw: st.DrawFn, refs: list[Ref], key: tuple[PrimaryKey, ...]) -> tuple[Unique, ...]:
    """Unique constraints on columns of their own: CREATE TABLE makes one of two equal ones."""
    some = st.lists(st.sampled_from(refs), min_size=1, max_size=3, unique=True).map(tuple)
    chosen = draw(st.lists(some, max_size=2, unique=True))
    chosen = [c for c in chosen if c not in [k.columns for k in key]]
    include = tuple(draw(st.lists(st.sampled_from(refs), max_size=1)))
    return tuple(Unique(name=_name(draw), columns=c, include=include) for c in chosen)


def _foreign_keys(draw: st.DrawFn, refs: list[Ref], before: list[Table]) -> tuple[ForeignKey, ...]:
    targets = [k.columns for t in before for k in t.primary_keys if len(k.columns) <= len(refs)]
    if not targets:
        return ()
    made = []
    for _ in range(draw(st.integers(0, 2))):
        target = draw(st.sampled_from(targets))
        columns = draw(st.permutations(refs))[: len(target)]
        made.append(ForeignKey(name=_name(draw), columns=tuple(columns), references=target))
    return tuple(made)


def _index(draw: st.DrawFn, table: Ref, refs: list[Ref]) -> Index:
    column = st.sampled_from(refs).map(lambda r: IndexKey(column=r))
    keys = draw(st.lists(st.one_of(column, st.just(None)), min_size=1, max_size=3))
    filled = [k or IndexKey(expr=_filled(draw, draw(st.sampled_from(KEYS)), table, refs)) for k in keys]
    include = tuple(draw(st.lists(st.sampled_from(refs), max_size=1)))
    return Index(name=_name(draw), keys=tuple(filled), include=include)


def script(catalog: Catalog) -> str:
    """The catalog as statements of the kind that a person writes: what has no name is given none."""
    return ";\n".join(_statements(catalog))


def _statements(catalog: Catalog) -> Iterator[str]:
    yield from (f"CREATE SCHEMA {quote(s.name)}" for s in catalog.schemas)
    for d in catalog.domains:
        checks = " ".join(f"{_given(c.name)}CHECK ({render(c.expr)})" for c in d.checks)
        yield f"CREATE DOMAIN {_path(d)} AS integer {checks}"
    for r in catalog.ranges:
        yield f"CREATE TYPE {_path(r)} AS RANGE (subtype = real)"
    serials = {s.owned_by for s in catalog.sequences}
    for t in catalog.tables:
        yield f"CREATE TABLE {_path(t)} ({', '.join(_lines(t, serials))})"
        for i in t.indexes:
            keys = ", ".join(quote(k.column.member) if k.column else f"({render(k.expr)})" for k in i.keys)  # type: ignore[arg-type]
            yield f"CREATE INDEX {quote(i.name) if i.name else ''} ON {_path(t)} ({keys}){_include(i)}"


def _lines(t: Table, serials: set[Ref | None]) -> Iterator[str]:
    for c in t.columns:
        type = "serial" if t.ref.of("column", c.name) in serials else "integer"
        identity = " GENERATED ALWAYS AS IDENTITY" if c.identity else ""
        yield f"{quote(c.name)} {type}{identity}{'' if c.nullable else ' NOT NULL'}"
    yield from (f"{_given(c.name)}CHECK ({render(c.expr)})" for c in t.checks)
    for f in t.foreign_keys:
        target = f.references[0]
        to = f"{quote(target.schema)}.{quote(target.name)}"
        yield f"{_given(f.name)}FOREIGN KEY ({_columns(f.columns)}) REFERENCES {to} ({_columns(f.references)})"
    yield from (f"{_given(u.name)}UNIQUE ({_columns(u.columns)}){_include(u)}" for u in t.uniques)
    yield from (f"{_given(k.name)}PRIMARY KEY ({_columns(k.columns)})" for k in t.primary_keys)


def _given(name: str) -> str:
    return f"CONSTRAINT {quote(name)} " if name else ""


def _path(obj: Any) -> str:
    return f"{quote(obj.schema)}.{quote(obj.name)}"


def _columns(refs: tuple[Ref, ...]) -> str:
    return ", ".join(quote(r.member) for r in refs)


def _include(obj: Unique | Index) -> str:
    return f" INCLUDE ({_columns(obj.include)})" if obj.include else ""
