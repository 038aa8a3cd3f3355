"""Ways to break a catalog, each drawn at random; what comes out may still be accepted."""

from collections.abc import Callable
from typing import Any, Final

import attrs
from hypothesis import strategies as st

from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import Action, Check, Deferral, ForeignKey, Index, IndexKey, PrimaryKey, Unique
from pgkit.ir.expr import opaque
from pgkit.ir.kinds import Enum
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Generated, Identity, Table, sequence_options
from pgkit.ir.type_text import parse_type
from pgkit.ir.types import Named
from pgkit.sql import quote
from tests.passes.builders import virtual

TYPES: Final = (
    "integer", "bigint", "text", "varchar(5)", "char(3)", "numeric(2000)", "numeric(5,2)", "json", "point", "xml",
    "timestamp(3)", "date", "nosuch", "int4range", "tsvector", "jsonb", "oid", "anyelement", "inet", "varchar(0)",
)  # fmt: skip
METHODS: Final = ("btree", "hash", "gin", "gist", "spgist", "brin", "btre")
EXPRESSIONS: Final = (
    "1 = 1", "(SELECT true)", "max(1) = 1", "count(*) > 1", "row_number() OVER () = 1", "nosuch IS NULL", "1 = ",
    "random() > 0.5", "current_user = 'me'", "{0} IS NULL", "{t}.{0} IS NOT NULL", "{t} IS NULL",
    "generate_series(1, 2) = 1", "EXISTS (SELECT 1)",
)  # fmt: skip
Mutation = Callable[[st.DrawFn, Table], Table]


@st.composite
def broken(draw: st.DrawFn, catalogs: st.SearchStrategy[Catalog]) -> Catalog:
    """A catalog, one of its tables broken in one way, or its names mixed up."""
    c = draw(catalogs.filter(lambda c: bool(c.tables)))
    if draw(st.integers(0, 4)) == 4:
        return draw(st.sampled_from((_same_names, _without_table, _without_schemas, _labels, _view_name)))(
            draw, c
        )
    at = draw(st.integers(0, len(c.tables) - 1))
    table = draw(st.sampled_from(MUTATIONS))(draw, c.tables[at])
    return attrs.evolve(c, tables=(*c.tables[:at], table, *c.tables[at + 1 :]))


def _column(draw: st.DrawFn, table: Table) -> Column:
    return draw(st.sampled_from(table.columns))


def _refs(draw: st.DrawFn, table: Table, most: int = 2) -> tuple[Ref, ...]:
    names = [c.name for c in table.columns] * 3 + ["nosuch"]
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=most))
    return tuple(table.ref.of("column", n) for n in chosen)


def _with_column(table: Table, old: Column, new: Column) -> Table:
    return attrs.evolve(table, columns=tuple(new if c is old else c for c in table.columns))


def _plain(column: Column, **changed: Any) -> Column:
    bare = attrs.evolve(column, default=None, identity=None, generated=None, collation=None)
    return attrs.evolve(bare, **changed)


def _type(draw: st.DrawFn, table: Table) -> Table:
    old = _column(draw, table)
    return _with_column(table, old, _plain(old, type=parse_type(draw(st.sampled_from(TYPES)))))


def _two_columns(draw: st.DrawFn, table: Table) -> Table:
    return attrs.evolve(table, columns=(*table.columns, _column(draw, table)))


def _rename_column(draw: st.DrawFn, table: Table) -> Table:
    old = _column(draw, table)
    return _with_column(table, old, attrs.evolve(old, name=draw(st.sampled_from(("new", "ctid", "x" * 64)))))


def _identity(draw: st.DrawFn, table: Table) -> Table:
    old = _column(draw, table)
    number = {
        "increment": draw(st.integers(-1, 1)),
        "cache": draw(st.integers(0, 2)),
        "start": draw(st.integers(-1, 3)),
    }
    identity = Identity(options=sequence_options("integer", **number))
    type = parse_type(draw(st.sampled_from(("integer", "bigint", "text", "numeric(3)"))))
    return _with_column(table, old, _plain(old, type=type, identity=identity, nullable=draw(st.booleans())))


def _generated(draw: st.DrawFn, table: Table) -> Table:
    old, other = _column(draw, table), _column(draw, table)
    text = draw(st.sampled_from(EXPRESSIONS)).format(quote(other.name), t=quote(table.name))
    made = Generated(expr=opaque(text)) if draw(st.booleans()) else virtual(text)
    return _with_column(table, old, _plain(old, type=parse_type("boolean"), generated=made))


def _default(draw: st.DrawFn, table: Table) -> Table:
    old = _column(draw, table)
    text = draw(st.sampled_from(EXPRESSIONS)).format(quote(old.name), t=quote(table.name))
    return _with_column(table, old, _plain(old, type=parse_type("boolean"), default=opaque(text)))


def _enum_default(draw: st.DrawFn, table: Table) -> Table:
    found = [c for c in table.columns if isinstance(c.type, Named) and c.type.ref.kind == "enum"]
    if not found:
        return table
    label = draw(st.sampled_from(("'a'", "'nosuch'", "'A'")))
    return _with_column(table, found[0], attrs.evolve(found[0], default=opaque(label)))


def _check(draw: st.DrawFn, table: Table) -> Table:
    text = draw(st.sampled_from(EXPRESSIONS)).format(quote(_column(draw, table).name), t=quote(table.name))
    name = draw(st.sampled_from(("new check", "ch it's", f"pk {table.name}", f"un {table.name}")))
    return attrs.evolve(table, checks=(*table.checks, Check(name=name, expr=opaque(text))))


def _key(draw: st.DrawFn, table: Table) -> Table:
    key = PrimaryKey(name="new key", columns=_refs(draw, table))
    return attrs.evolve(table, primary_keys=(*table.primary_keys, key))


def _unique(draw: st.DrawFn, table: Table) -> Table:
    name = draw(st.sampled_from(("new unique", f"ix {table.name}", table.name)))
    return attrs.evolve(table, uniques=(*table.uniques, Unique(name=name, columns=_refs(draw, table))))


def _index(draw: st.DrawFn, table: Table) -> Table:
    text = draw(st.sampled_from(EXPRESSIONS)).format(quote(_column(draw, table).name), t=quote(table.name))
    keys = [IndexKey(column=r, descending=draw(st.booleans())) for r in _refs(draw, table)]
    if draw(st.booleans()):
        keys.append(IndexKey(expr=opaque(text)))
    index = Index(
        name="new index", keys=tuple(keys), method=draw(st.sampled_from(METHODS)), unique=draw(st.booleans()),
        include=_refs(draw, table, 1) if draw(st.booleans()) else (),
        where=opaque(text) if draw(st.booleans()) else None, nulls_not_distinct=draw(st.booleans()),
    )  # fmt: skip
    return attrs.evolve(table, indexes=(*table.indexes, index))


def _foreign_key(draw: st.DrawFn, table: Table) -> Table:
    key = ForeignKey(
        name="new foreign key", columns=_refs(draw, table), references=_refs(draw, table),
        on_delete=draw(st.sampled_from(Action)), on_update=draw(st.sampled_from(Action)),
        set_columns=_refs(draw, table, 1) if draw(st.booleans()) else (),
    )  # fmt: skip
    return attrs.evolve(table, foreign_keys=(*table.foreign_keys, key))


def _self_reference(draw: st.DrawFn, table: Table) -> Table:
    if not table.primary_keys:
        return table
    target = attrs.evolve(table.primary_keys[0], deferral=draw(st.sampled_from(Deferral)))
    columns = tuple(_refs(draw, table, 1)[0] for _ in target.columns)
    key = ForeignKey(name="new foreign key", columns=columns, references=target.columns)
    return attrs.evolve(table, primary_keys=(target,), foreign_keys=(*table.foreign_keys, key))


def _policy(draw: st.DrawFn, table: Table) -> Table:
    if not table.policies:
        return table
    text = draw(st.sampled_from(EXPRESSIONS)).format(quote(_column(draw, table).name), t=quote(table.name))
    using, check = (opaque(text) if draw(st.booleans()) else None for _ in range(2))
    command = draw(st.sampled_from(("all", "select", "insert", "update", "delete")))
    policy = attrs.evolve(table.policies[0], using=using, check=check, command=command)
    return attrs.evolve(
        table, policies=(policy, *table.policies[1:], *table.policies[: draw(st.integers(0, 1))])
    )


MUTATIONS: Final[tuple[Mutation, ...]] = (
    _type, _two_columns, _rename_column, _identity, _generated, _default, _enum_default, _check, _key, _unique, _index,
    _foreign_key, _self_reference, _policy,
)  # fmt: skip


def _same_names(draw: st.DrawFn, c: Catalog) -> Catalog:
    """Enums, sequences and composites that go by the name of a table."""
    table = draw(st.sampled_from(c.tables))
    place = {"schema": table.schema, "name": table.name}
    sequences = tuple(attrs.evolve(s, owned_by=None, **place) for s in c.sequences[:1])
    return attrs.evolve(
        c, sequences=(*sequences, *c.sequences[1:]), enums=(*c.enums, Enum(labels=(), **place))
    )


def _without_table(draw: st.DrawFn, c: Catalog) -> Catalog:
    at = draw(st.integers(0, len(c.tables) - 1))
    return attrs.evolve(c, tables=(*c.tables[:at], *c.tables[at + 1 :]))


def _without_schemas(draw: st.DrawFn, c: Catalog) -> Catalog:
    return attrs.evolve(c, schemas=c.schemas[:-1])


def _labels(draw: st.DrawFn, c: Catalog) -> Catalog:
    more = draw(st.sampled_from((("a",), ("new",), ("x" * 64,))))
    return attrs.evolve(c, enums=tuple(attrs.evolve(e, labels=e.labels + more) for e in c.enums))


def _view_name(draw: st.DrawFn, c: Catalog) -> Catalog:
    table = draw(st.sampled_from(c.tables))
    views = tuple(attrs.evolve(v, schema=table.schema, name=table.name) for v in c.views[:1])
    return attrs.evolve(c, views=(*views, *c.views[1:]))
