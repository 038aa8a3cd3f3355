"""What the IR does not model is told all the same: named, with a definition, and what it is about."""

from hashlib import sha256

import pytest

from pgkit.ir.names import Ref
from pgkit.runtime.embedded import Server
from tests.live.reading import catalog_of, column_ref, columns, definitions, table, unmodelled

TRIGGERS = """
    CREATE SCHEMA app; CREATE TABLE app.t (a int, b int); CREATE VIEW app.v AS SELECT a FROM app.t;
    CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER "one!" BEFORE UPDATE OF b ON app.t FOR EACH ROW WHEN (old.a <> 1) EXECUTE FUNCTION app.f('x');
    CREATE TRIGGER two AFTER INSERT ON app.t REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION app.f();
    ALTER TABLE app.t DISABLE TRIGGER two;
    CREATE CONSTRAINT TRIGGER three AFTER INSERT ON app.t DEFERRABLE FOR EACH ROW EXECUTE FUNCTION app.f();
    COMMENT ON TRIGGER three ON app.t IS E'said\\ntwice';
    CREATE TRIGGER four INSTEAD OF INSERT ON app.v FOR EACH ROW EXECUTE FUNCTION app.f();
    ALTER TABLE app.t ADD CONSTRAINT k UNIQUE (a), ADD CONSTRAINT r FOREIGN KEY (b) REFERENCES app.t (a);
"""


def test_triggers(contrib: Server) -> None:
    """A trigger's definition says when it does not fire; those of constraints are no one's."""
    catalog = catalog_of(contrib, TRIGGERS)
    found = unmodelled(catalog, "trigger")
    assert {key: u.definition for key, u in found.items()} == {
        ("app", "t", "one!"): 'CREATE TRIGGER "one!" BEFORE UPDATE OF b ON app.t FOR EACH ROW '
        "WHEN ((old.a <> 1)) EXECUTE FUNCTION app.f('x')",
        ("app", "t", "two"): "CREATE TRIGGER two AFTER INSERT ON app.t REFERENCING NEW TABLE AS fresh "
        "FOR EACH STATEMENT EXECUTE FUNCTION app.f();\nALTER TABLE app.t DISABLE TRIGGER two",
        ("app", "t", "three"): "CREATE CONSTRAINT TRIGGER three AFTER INSERT ON app.t "
        "DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION app.f();\nCOMMENT ON TRIGGER three ON app.t IS 'said\ntwice'",
        (
            "app",
            "v",
            "four",
        ): "CREATE TRIGGER four INSTEAD OF INSERT ON app.v FOR EACH ROW EXECUTE FUNCTION app.f()",
    }
    function = Ref("function", "app", "f()")
    assert set(found["app", "t", "one!"].refs) == {
        Ref("table", "app", "t"),
        function,
        column_ref("t", "a", "app"),
        column_ref("t", "b", "app"),
    }
    assert set(found["app", "v", "four"].refs) == {Ref("view", "app", "v"), function}
    assert all(u.hash == sha256((u.definition or "").encode()).hexdigest() for u in found.values())


FUNCTIONS = """
    CREATE SCHEMA app; CREATE TYPE app.mood AS ENUM ('a'); CREATE TABLE app.t (a int);
    CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE FUNCTION app.f(a int, VARIADIC b text[] DEFAULT '{}', OUT c app.mood) LANGUAGE sql AS $$SELECT 'a'::app.mood$$;
    CREATE FUNCTION app."F ()"(app.mood, app.t) RETURNS int LANGUAGE sql SET search_path = app AS 'SELECT 2';
    CREATE FUNCTION app.atomic() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM app.t; END;
    CREATE PROCEDURE app.p(INOUT x int) LANGUAGE plpgsql AS 'BEGIN x := 1; END';
    CREATE AGGREGATE app.total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0', PARALLEL = SAFE);
    CREATE AGGREGATE app.ranked(VARIADIC "any" ORDER BY VARIADIC "any")
        (SFUNC = ordered_set_transition_multi, STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL);
    CREATE FUNCTION app.win() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number';
"""


def test_functions(contrib: Server) -> None:
    """Functions go by name and argument types; of an overloaded name each is there."""
    catalog = catalog_of(contrib, FUNCTIONS)
    found = unmodelled(catalog, "function")
    assert sorted(name for _, name, _ in found) == [
        "F ()(app.mood, app.t)",
        "atomic()",
        "f()",
        "f(integer, text[])",
        "win()",
    ]
    assert list(unmodelled(catalog, "procedure")) == [("app", "p(integer)", "")]
    definition = found["app", "f()", ""].definition or ""
    assert (
        definition
        == "CREATE OR REPLACE FUNCTION app.f()\n RETURNS integer\n LANGUAGE sql\nAS $function$SELECT 1$function$"
    )
    assert found["app", "F ()(app.mood, app.t)", ""].refs == (
        Ref("enum", "app", "mood"),
        Ref("table", "app", "t"),
    )
    assert found["app", "atomic()", ""].refs == (Ref("table", "app", "t"),)
    aggregates = definitions(catalog, "aggregate")
    assert aggregates["app", "total(integer)", ""] == (
        "CREATE AGGREGATE app.total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0', PARALLEL = SAFE)"
    )
    assert len(aggregates) == 2


def test_a_hash_follows_the_definition(contrib: Server) -> None:
    """Equal definitions have equal hashes, in any database; a changed one has another."""
    one = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT {}'"
    first, again, other = (
        unmodelled(catalog_of(contrib, one.format(number)), "function")["public", "f()", ""]
        for number in (1, 1, 2)
    )
    assert first == again
    assert first.hash != other.hash


PARTITIONS = """
    CREATE TABLE p (a int NOT NULL, b text, c int CHECK (c > 0), PRIMARY KEY (a)) PARTITION BY RANGE (a);
    CREATE TABLE other (id int PRIMARY KEY, p int REFERENCES p (a));
    ALTER TABLE p ADD CONSTRAINT up FOREIGN KEY (c) REFERENCES other;
    CREATE INDEX i ON p (b); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
    CREATE TABLE p2 PARTITION OF p DEFAULT PARTITION BY RANGE (a);
    CREATE TABLE p3 PARTITION OF p2 FOR VALUES FROM (20) TO (30);
    CREATE INDEX own ON p1 (c); ALTER TABLE p1 ADD CONSTRAINT mine CHECK (a < 10), ADD CONSTRAINT u UNIQUE (b);
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER t AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();
"""


def test_partitions(contrib: Server) -> None:
    """A partition is a table that can be read; what it has from its parent is told once, there."""
    sql = PARTITIONS.replace("PRIMARY KEY (a)", "PRIMARY KEY (a)").replace(
        "CREATE TABLE p2", "CREATE TABLE p2"
    )
    sql = sql.replace("PARTITION BY LIST (b)", "PARTITION BY RANGE (a)").replace(
        "IN ('x')", "FROM (20) TO (30)"
    )
    catalog = catalog_of(contrib, sql)
    assert [t.name for t in catalog.tables] == ["other", "p", "p1", "p2", "p3"]
    parent, child, last = (table(catalog, name) for name in ("p", "p1", "p3"))
    assert [len(of) for of in (parent.primary_keys, parent.foreign_keys, parent.checks, parent.indexes)] == [
        1
    ] * 4
    assert list(columns(child)) == ["a", "b", "c"]
    assert not columns(child)["a"].nullable
    assert (child.primary_keys, child.foreign_keys) == ((), ())
    assert [check.name for check in child.checks] == ["mine"]
    assert ([i.name for i in child.indexes], [u.name for u in child.uniques]) == (["own"], ["u"])
    assert (last.primary_keys, last.checks, last.indexes) == ((), (), ())
    assert [f.references for f in table(catalog, "other").foreign_keys] == [(column_ref("p", "a"),)]
    assert definitions(catalog, "partition_key") == {
        ("public", "p", ""): "PARTITION BY RANGE (a)",
        ("public", "p2", ""): "PARTITION BY RANGE (a)",
    }
    attach = "ALTER TABLE ONLY public.{} ATTACH PARTITION public.{} {}"
    assert definitions(catalog, "partition_of") == {
        ("public", "p1", ""): attach.format("p", "p1", "FOR VALUES FROM (0) TO (10)"),
        ("public", "p2", ""): attach.format("p", "p2", "DEFAULT"),
        ("public", "p3", ""): attach.format("p2", "p3", "FOR VALUES FROM (20) TO (30)"),
    }
    assert set(unmodelled(catalog, "partition_of")["public", "p1", ""].refs) == {
        Ref("table", "public", "p"),
        Ref("table", "public", "p1"),
    }
    assert list(unmodelled(catalog, "trigger")) == [("public", "p", "t")]
    assert unmodelled(catalog, "invalid_index") == {}


SWITCHED = """
    CREATE TABLE p (a int PRIMARY KEY) PARTITION BY RANGE (a);
    CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10); CREATE TABLE p2 PARTITION OF p DEFAULT;
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER t AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();
    ALTER TABLE p2 DISABLE TRIGGER t;
    CREATE TABLE parent (a int PRIMARY KEY); CREATE TABLE child (b int CONSTRAINT fk REFERENCES parent);
    ALTER TABLE child DISABLE TRIGGER ALL;
"""


def test_what_a_load_left_switched_off(contrib: Server) -> None:
    """A partition's trigger that is off while the others are on; a foreign key that nobody checks."""
    catalog = catalog_of(contrib, SWITCHED)
    assert list(unmodelled(catalog, "trigger")) == [("public", "p", "t")]
    assert definitions(catalog, "trigger_state") == {
        ("public", "p2", "t"): "ALTER TABLE ONLY public.p2 DISABLE TRIGGER t /* else ENABLE */"
    }
    assert definitions(catalog, "constraint_state") == {
        ("public", "child", "fk"): "-- the triggers inside: disabled"
    }


INHERITANCE = """
    CREATE TABLE a (x int CHECK (x > 0)); CREATE TABLE b (y int); CREATE TABLE child (z int) INHERITS (b, a);
    CREATE TYPE pair AS (l int, r int); CREATE TABLE typed OF pair;
"""


def test_inheritance(contrib: Server) -> None:
    """A child has all its columns, and its parents in their order; a check of a parent is the parent's."""
    catalog = catalog_of(contrib, INHERITANCE)
    child = table(catalog, "child")
    assert (list(columns(child)), child.checks) == (["y", "x", "z"], ())
    assert definitions(catalog, "inherits") == {
        ("public", "child", "public.b"): "ALTER TABLE public.child INHERIT public.b /* parent 1 */",
        ("public", "child", "public.a"): "ALTER TABLE public.child INHERIT public.a /* parent 2 */",
    }
    assert definitions(catalog, "of_type") == {
        ("public", "typed", ""): "ALTER TABLE public.typed OF public.pair"
    }


@pytest.mark.parametrize("kind", ["trigger", "rule", "event_trigger"])
def test_when_it_fires_is_part_of_it(contrib: Server, kind: str) -> None:
    """What is switched off differs from what is on."""
    make = """
        CREATE TABLE t (a int); CREATE RULE x AS ON DELETE TO t DO INSTEAD NOTHING;
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
        CREATE TRIGGER x AFTER INSERT ON t EXECUTE FUNCTION f();
        CREATE EVENT TRIGGER x ON ddl_command_start EXECUTE FUNCTION e();
    """
    off = {
        "trigger": "ALTER TABLE t DISABLE TRIGGER x",
        "rule": "ALTER TABLE t DISABLE RULE x",
        "event_trigger": "ALTER EVENT TRIGGER x DISABLE",
    }
    (before,), (after,) = (
        unmodelled(catalog_of(contrib, sql), kind).values() for sql in (make, make + off[kind])
    )
    assert before.hash != after.hash
    assert (after.definition or "").removeprefix(before.definition or "").startswith(";\nALTER ")
    assert "DISABLE" in (after.definition or "")
