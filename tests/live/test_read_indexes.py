"""Indexes as they are read, from the catalog's own columns."""

from pgkit.ir.constraints import Index, IndexKey
from pgkit.ir.expr import opaque
from pgkit.ir.names import Ref
from pgkit.runtime.embedded import Server
from tests.live.reading import catalog_of, column_ref, indexes, table, unmodelled

TABLE = """
    CREATE TABLE t (a int, b int, s text, v varchar(9), c text COLLATE "C", j jsonb, tags text[]);
"""
A, B, S, V, C, J = (column_ref("t", name) for name in ("a", "b", "s", "v", "c", "j"))


def read(server: Server, sql: str) -> dict[str, Index]:
    return dict(indexes(table(catalog_of(server, TABLE + sql), "t")))


def test_plain(contrib: Server) -> None:
    """An index says no more than was declared: no opclass, no collation, the method btree."""
    assert read(contrib, "CREATE INDEX i ON t (b, a)")["i"] == Index(
        name="i", keys=(IndexKey(column=B), IndexKey(column=A))
    )


def test_unique_include_where_with(contrib: Server) -> None:
    """What is included, the predicate and the storage parameters."""
    sql = """CREATE UNIQUE INDEX i ON t (a) INCLUDE (s, b)
        WITH (fillfactor = 50, deduplicate_items = off) WHERE b > 0"""
    assert read(contrib, sql)["i"] == Index(
        name="i",
        keys=(IndexKey(column=A),),
        unique=True,
        include=(S, B),
        where=opaque("(b > 0)"),
        storage=(("deduplicate_items", "off"), ("fillfactor", "50")),
    )


def test_order(contrib: Server) -> None:
    """Both ends of an order are read as they are: nulls come first when descending, unless said otherwise."""
    sql = "CREATE INDEX i ON t (a DESC, b NULLS FIRST, s DESC NULLS LAST, v ASC)"
    found = [(key.descending, key.nulls_first) for key in read(contrib, sql)["i"].keys]
    assert found == [(True, True), (False, True), (True, False), (False, False)]


def test_opclass_and_collation(contrib: Server) -> None:
    """An operator class and a collation are told where they are not what the column has anyway."""
    sql = """CREATE INDEX i ON t (s text_pattern_ops, v varchar_pattern_ops, v text_ops, s COLLATE "C",
        c, c COLLATE "default", c COLLATE "C")"""
    default, ccol = Ref("collation", "pg_catalog", "default"), Ref("collation", "pg_catalog", "C")
    assert read(contrib, sql)["i"].keys == (
        IndexKey(column=S, opclass="text_pattern_ops"),
        IndexKey(column=V, opclass="varchar_pattern_ops"),
        IndexKey(column=V),
        IndexKey(column=S, collation=ccol),
        IndexKey(column=C),
        IndexKey(column=C, collation=default),
        IndexKey(column=C),
    )


EXPRESSIONS = """
    CREATE INDEX e1 ON t (lower(s), a, (a + b) DESC, (s || ', (x'));
    CREATE INDEX e2 ON t (lower(c), lower(s) COLLATE "C",
        (s || ' USING btree (') COLLATE "C" text_pattern_ops DESC);
    CREATE INDEX e3 ON t (((j ->> 'k')::int)); CREATE INDEX e4 ON t (COALESCE(a, b));
    CREATE INDEX e5 ON t (((s COLLATE "C") || 'x') COLLATE "default");
    CREATE INDEX e6 ON t ((a > 3 AND b < 2), (CASE WHEN a > 1 THEN 1 END));
"""


def test_expressions(contrib: Server) -> None:
    """An expression is bare, and none of its own text is taken for what follows it."""
    found = read(contrib, EXPRESSIONS)
    ccol = Ref("collation", "pg_catalog", "C")
    assert found["e1"].keys == (
        IndexKey(expr=opaque("lower(s)")),
        IndexKey(column=A),
        IndexKey(expr=opaque("(a + b)"), descending=True, nulls_first=True),
        IndexKey(expr=opaque("(s || ', (x'::text)")),
    )
    assert found["e2"].keys == (
        IndexKey(expr=opaque("lower(c)")),
        IndexKey(expr=opaque("lower(s)"), collation=ccol),
        IndexKey(
            expr=opaque("(s || ' USING btree ('::text)"),
            collation=ccol,
            opclass="text_pattern_ops",
            descending=True,
            nulls_first=True,
        ),
    )
    assert found["e3"].keys == (IndexKey(expr=opaque("((j ->> 'k'::text))::integer")),)
    assert found["e4"].keys == (IndexKey(expr=opaque("COALESCE(a, b)")),)
    assert found["e5"].keys == (
        IndexKey(
            expr=opaque("((s COLLATE \"C\") || 'x'::text)"),
            collation=Ref("collation", "pg_catalog", "default"),
        ),
    )
    assert [key.expr for key in found["e6"].keys] == [
        opaque("((a > 3) AND (b < 2))"),
        opaque("CASE\n    WHEN (a > 1) THEN 1\n    ELSE NULL::integer\nEND"),
    ]


METHODS = """
    CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gin; CREATE EXTENSION bloom;
    CREATE INDEX gin ON t USING gin (j); CREATE INDEX tags ON t USING gin (tags);
    CREATE INDEX path ON t USING gin (j jsonb_path_ops) WITH (fastupdate = off);
    CREATE INDEX trgm ON t USING gin (s gin_trgm_ops, a);
    CREATE INDEX doc ON t USING gin (to_tsvector('english', s));
    CREATE INDEX gist ON t USING gist (s gist_trgm_ops (siglen = 32));
    CREATE INDEX hash ON t USING hash (a); CREATE INDEX brin ON t USING brin (a, b int4_minmax_multi_ops);
    CREATE INDEX bloom ON t USING bloom (a, s) WITH (length = 80);
"""


def test_methods(contrib: Server) -> None:
    """Other methods, operator classes of extensions without a schema, and their parameters."""
    found = read(contrib, METHODS)
    methods = ["bloom", "brin", "gin", "gin", "gist", "hash", "gin", "gin", "gin"]
    assert [index.method for index in found.values()] == methods
    assert found["gin"].keys == (IndexKey(column=J),)
    assert found["path"].keys == (IndexKey(column=J, opclass="jsonb_path_ops"),)
    assert found["path"].storage == (("fastupdate", "off"),)
    assert found["trgm"].keys == (IndexKey(column=S, opclass="gin_trgm_ops"), IndexKey(column=A))
    assert found["doc"].keys == (IndexKey(expr=opaque("to_tsvector('english'::regconfig, s)")),)
    assert found["gist"].keys == (
        IndexKey(column=S, opclass="gist_trgm_ops", opclass_params=(("siglen", "32"),)),
    )
    assert found["brin"].keys == (IndexKey(column=A), IndexKey(column=B, opclass="int4_minmax_multi_ops"))
    assert found["tags"].keys == (IndexKey(column=column_ref("t", "tags")),)


NEARBY = """
    CREATE EXTENSION citext; CREATE TYPE mood AS ENUM ('a');
    CREATE DOMAIN slug AS citext; CREATE DOMAIN deep AS slug;
    CREATE TABLE t (e citext, d deep, m mood, r int4range, n name, net cidr);
    CREATE INDEX own ON t (e, d, m, r, n, net); CREATE INDEX texts ON t (e text_ops, d text_ops);
"""


def test_the_default_of_a_near_type(contrib: Server) -> None:
    """A class that is text's default is not that of citext, nor of a domain over a domain over it."""
    found = indexes(table(catalog_of(contrib, NEARBY), "t"))
    assert [key.opclass for key in found["own"].keys] == [None] * 6
    assert [key.opclass for key in found["texts"].keys] == ["text_ops", "text_ops"]


OWN_CLASS = """
    CREATE SCHEMA "Own";
    CREATE OPERATOR CLASS "Own".reversed FOR TYPE int USING btree AS
        OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <,
        FUNCTION 1 btint4cmp(int, int);
    CREATE INDEX i ON t (a "Own".reversed);
"""


def test_a_users_operator_class(contrib: Server) -> None:
    """A class of the user's own is qualified, and is itself told as something that is not modelled."""
    catalog = catalog_of(contrib, TABLE + OWN_CLASS)
    assert table(catalog, "t").indexes[0].keys[0].opclass == '"Own".reversed'
    assert list(unmodelled(catalog, "operator_class")) == [("Own", "reversed", "btree")]


def test_unlike_a_constraint(contrib: Server) -> None:
    """A unique index is no unique constraint; the index inside a constraint is no index."""
    sql = """CREATE UNIQUE INDEX i ON t (a);
        ALTER TABLE t ADD CONSTRAINT u UNIQUE (b), ADD CONSTRAINT x EXCLUDE (a WITH =)"""
    found = table(catalog_of(contrib, TABLE + sql), "t")
    assert ([i.name for i in found.indexes], [u.name for u in found.uniques]) == (["i"], ["u"])


def test_of_a_materialized_view(contrib: Server) -> None:
    """The columns of an index belong to the materialized view that it is on."""
    sql = """CREATE MATERIALIZED VIEW m AS SELECT 1 AS a, 'x'::text AS b;
        CREATE UNIQUE INDEX i ON m (a, lower(b))"""
    (view,) = catalog_of(contrib, sql).materialized_views
    assert view.indexes == (
        Index(
            name="i",
            unique=True,
            keys=(
                IndexKey(column=column_ref("m", "a", within="materialized_view")),
                IndexKey(expr=opaque("lower(b)")),
            ),
        ),
    )
