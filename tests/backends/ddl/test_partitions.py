"""Tables that come from others: what is said of a parent is said once."""

import attrs

from pgkit.ir.hints import Hints
from pgkit.ir.names import Ref
from pgkit.runtime.embedded import Server
from tests.backends.ddl.partition_cases import ALL, PAIRS
from tests.backends.ddl.reaching import reaches
from tests.live.reading import run


def test_pairs(contrib: Server) -> None:
    """Statements about a parent are made once; a partition comes and goes with all that it has from it."""
    run(reaches(contrib, PAIRS))


def test_renames(contrib: Server) -> None:
    """A column is renamed in its table and so in all partitions; triggers and the like follow by themselves."""
    more = """
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE FUNCTION g(x t) RETURNS SETOF t LANGUAGE sql AS 'SELECT 1, 2, NULL::int4range';
        CREATE TRIGGER x BEFORE UPDATE OF c ON t FOR EACH ROW WHEN (new.c > 1) EXECUTE FUNCTION f('c');
        CREATE STATISTICS s ON a, c FROM t; ALTER TABLE t ALTER c SET STATISTICS 4, REPLICA IDENTITY FULL;
        CREATE RULE r AS ON DELETE TO t DO INSTEAD UPDATE t SET c = old.c + 1;
        CREATE FUNCTION h() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT sum(c) FROM t; END;
        COMMENT ON FUNCTION g(t) IS 't.c';
    """
    table = "CREATE TABLE t (a int, c int, d int4range, CONSTRAINT e EXCLUDE USING gist (d WITH &&) WHERE (c > 0));"
    renamed = "ALTER TABLE t RENAME c TO other; ALTER TABLE t RENAME TO u;"
    pairs = {
        "partitions": (ALL, ALL + "ALTER TABLE p RENAME c TO other"),
        "more": (table + more, table + more + renamed),
    }
    p, t = Ref("table", "case_01", "p"), Ref("table", "case_02", "t")
    u = attrs.evolve(t, name="u")
    hints = (
        (p.of("column", "c"), p.of("column", "other")),
        (t, u),
        (t.of("column", "c"), u.of("column", "other")),
    )
    statements = run(reaches(contrib, pairs, Hints(hints)))
    assert sorted(statements) == [
        "ALTER TABLE case_01.p RENAME COLUMN c TO other",
        "ALTER TABLE case_02.t RENAME TO u",
        "ALTER TABLE case_02.u RENAME COLUMN c TO other",
    ]
