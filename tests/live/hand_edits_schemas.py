"""Edits by hand of all but the inside of tables; and what is no change of a schema."""

from tests.live.hand_edits import Database, Edit, alter, literal, on_column, own, quoted


def add_label(db: Database) -> Edit:
    sql = f"ALTER TYPE {own(db.some('enum'))} ADD VALUE 'by hand'"
    return Edit("label added", sql, ("different", "enum", "labels"))


def rename_label(db: Database) -> Edit:
    key = db.some("enum")
    label = str(db.found[key]["labels"]).split(",")[0]
    return Edit(
        "label renamed",
        f"ALTER TYPE {own(key)} RENAME VALUE {literal(label)} TO 'by hand'",
        ("different", "enum", "labels"),
    )


def reorder(db: Database) -> Edit:
    """Made anew with its labels the other way around, and every column brought over."""
    key = db.some("enum", lambda p: "," in str(p["labels"]))
    labels = ", ".join(map(literal, reversed(str(db.found[key]["labels"]).split(","))))
    sql = f"""ALTER TYPE {own(key)} RENAME TO by_hand_aside; CREATE TYPE {own(key)} AS ENUM ({labels});
    DO $x$ DECLARE c record; BEGIN
        FOR c IN SELECT attrelid::regclass AS t, quote_ident(attname) AS a, pg_get_expr(adbin, adrelid) AS d,
            CASE WHEN typelem <> 0 THEN '[]' ELSE '' END AS dims
        FROM pg_attribute JOIN pg_class k ON k.oid = attrelid AND relkind IN ('r', 'p') JOIN pg_type y ON y.oid = atttypid
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE {literal(quoted(key[1], "by_hand_aside"))}::regtype IN (atttypid, typelem) AND NOT attisdropped LOOP
            EXECUTE format('ALTER TABLE %s ALTER %s DROP DEFAULT', c.t, c.a);
            EXECUTE format('ALTER TABLE %s ALTER %s TYPE {own(key)}%s USING %s::text%s::{own(key)}%s', c.t, c.a, c.dims, c.a, c.dims, c.dims);
            IF c.d IS NOT NULL THEN EXECUTE format('ALTER TABLE %s ALTER %s SET DEFAULT %s', c.t, c.a,
                replace(c.d, 'by_hand_aside', {literal(quoted(key[2]))})); END IF;
        END LOOP; END $x$;
    DROP TYPE {quoted(key[1], "by_hand_aside")}"""
    return Edit("labels reordered", sql, ("different", "enum", "labels"))


def rename_enum(db: Database) -> Edit:
    return Edit(
        "enum renamed", f"ALTER TYPE {own(db.some('enum'))} RENAME TO by_hand", ("extra", "enum", None)
    )


def add_enum(db: Database) -> Edit:
    return Edit("enum added", "CREATE TYPE public.by_hand AS ENUM ('a', 'b')", ("extra", "enum", None))


def domain_default(db: Database) -> Edit:
    sql = f"ALTER DOMAIN {own(db.some('domain'))} SET DEFAULT NULL::int + 41"
    return Edit("domain's default", sql, ("different", "domain", "default"))


def domain_null(db: Database) -> Edit:
    key = db.some("domain")
    word = "SET" if db.found[key]["nullable"] else "DROP"
    return Edit(
        "domain's null", f"ALTER DOMAIN {own(key)} {word} NOT NULL", ("different", "domain", "nullable")
    )


def domain_check(db: Database) -> Edit:
    sql = f"ALTER DOMAIN {own(db.some('domain'))} ADD CONSTRAINT by_hand CHECK (VALUE IS NOT NULL)"
    return Edit("domain's check", sql, ("extra", "check", None))


def add_attribute(db: Database) -> Edit:
    sql = f"ALTER TYPE {own(db.some('composite'))} ADD ATTRIBUTE by_hand int"
    return Edit("attribute added", sql, ("extra", "attribute", None))


def redefine_view(db: Database) -> Edit:
    key = db.some("view")
    query = str(db.found[key]["query"]).rstrip().removesuffix(";")
    sql = f"CREATE OR REPLACE VIEW {own(key)} AS SELECT * FROM ({query}) AS by_hand LIMIT 41"
    return Edit("view redefined", sql, ("different", "view", "query"))


def drop_view(db: Database) -> Edit:
    return Edit("view dropped", f"DROP VIEW {own(db.some('view'))} CASCADE", ("missing", "view", None))


def view_option(db: Database) -> Edit:
    sql = f"ALTER VIEW {own(db.some('view'))} SET (security_barrier = true)"
    return Edit("view's option", sql, ("different", "view", "options"))


def add_view(db: Database) -> Edit:
    sql = f"CREATE VIEW public.by_hand AS SELECT * FROM {own(db.some('table'))}"
    return Edit("view added", sql, ("extra", "view", None))


def add_matview(db: Database) -> Edit:
    sql = f"CREATE MATERIALIZED VIEW public.by_hand AS SELECT 1 AS a FROM {own(db.some('table'))}"
    return Edit("materialized view added", sql, ("extra", "materialized_view", None))


def redefine_matview(db: Database) -> Edit:
    key = db.some("materialized_view")
    query = str(db.found[key]["query"]).rstrip().removesuffix(";")
    sql = (
        f"DROP MATERIALIZED VIEW {own(key)} CASCADE; CREATE MATERIALIZED VIEW {own(key)} AS {query} LIMIT 41"
    )
    return Edit("materialized view redefined", sql, ("different", "materialized_view", "query"))


def change_body(db: Database) -> Edit:
    key = db.some("function", lambda p: "AS $function$" in p["definition"])
    body = str(db.found[key]["definition"]).replace("$function$", "$function$ /* by hand */ ", 1)
    return Edit("function's body", body, ("different", "function", "definition"))


def change_cost(db: Database) -> Edit:
    key = db.some("function")
    name, _, arguments = key[2].partition("(")
    sql = f"ALTER FUNCTION {quoted(key[1], name)}({arguments} COST 41"
    return Edit("function's cost", sql, ("different", "function", "definition"))


def drop_function(db: Database) -> Edit:
    key = db.some("function")
    name, _, arguments = key[2].partition("(")
    return Edit(
        "function dropped",
        f"DROP FUNCTION {quoted(key[1], name)}({arguments} CASCADE",
        ("missing", "function", None),
    )


def add_function(db: Database) -> Edit:
    sql = "CREATE FUNCTION public.by_hand(a int, b text[]) RETURNS int LANGUAGE sql RETURN a + 1"
    return Edit("function added", sql, ("extra", "function", None))


def add_procedure(db: Database) -> Edit:
    sql = "CREATE PROCEDURE public.by_hand(INOUT a int) LANGUAGE plpgsql AS 'BEGIN a := 1; END'"
    return Edit("procedure added", sql, ("extra", "procedure", None))


def switch_trigger(db: Database) -> Edit:
    key = db.some("trigger")
    word = db.rng.choice(("DISABLE", "ENABLE REPLICA", "ENABLE ALWAYS"))
    return Edit(
        "trigger switched",
        alter(key, f"{word} TRIGGER {quoted(key[3])}"),
        ("different", "trigger", "definition"),
    )


def drop_trigger(db: Database) -> Edit:
    key = db.some("trigger")
    return Edit(
        "trigger dropped", f"DROP TRIGGER {quoted(key[3])} ON {own(key)}", ("missing", "trigger", None)
    )


def rename_trigger(db: Database) -> Edit:
    key = db.some("trigger")
    return Edit(
        "trigger renamed",
        f"ALTER TRIGGER {quoted(key[3])} ON {own(key)} RENAME TO by_hand",
        ("extra", "trigger", None),
    )


def add_trigger(db: Database) -> Edit:
    sql = f"""CREATE TRIGGER by_hand BEFORE UPDATE ON {own(db.some("table"))} FOR EACH ROW
        EXECUTE FUNCTION suppress_redundant_updates_trigger()"""
    return Edit("trigger added", sql, ("extra", "trigger", None))


def add_rule(db: Database) -> Edit:
    sql = f"CREATE RULE by_hand AS ON DELETE TO {own(db.some('table'))} DO INSTEAD NOTHING"
    return Edit("rule added", sql, ("extra", "rule", None))


def drop_rule(db: Database) -> Edit:
    key = db.some("rule")
    return Edit("rule dropped", f"DROP RULE {quoted(key[3])} ON {own(key)}", ("missing", "rule", None))


def add_statistics(db: Database) -> Edit:
    key = db.column("text", "uuid", "integer", "bigint", "boolean", generated=None)
    other = db.column_of(key, other_than=key[3])
    sql = f"CREATE STATISTICS public.by_hand (dependencies) ON {quoted(key[3])}, {quoted(other)} FROM {own(key)}"
    return Edit("statistics added", sql, ("extra", "statistics", None))


def drop_statistics(db: Database) -> Edit:
    return Edit(
        "statistics dropped", f"DROP STATISTICS {own(db.some('statistics'))}", ("missing", "statistics", None)
    )


def add_publication(db: Database) -> Edit:
    sql = f"CREATE PUBLICATION by_hand FOR TABLE {own(db.some('table'))}"
    return Edit("publication added", sql, ("extra", "publication", None))


def change_publication(db: Database) -> Edit:
    key = db.some("publication")
    return Edit(
        "publication changed",
        f"ALTER PUBLICATION {quoted(key[2])} SET (publish = 'insert')",
        ("different", "publication", "definition"),
    )


def add_event_trigger(db: Database) -> Edit:
    sql = """CREATE FUNCTION public.by_hand() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
        CREATE EVENT TRIGGER by_hand ON sql_drop EXECUTE FUNCTION public.by_hand()"""
    return Edit("event trigger added", sql, ("extra", "event_trigger", None))


def detach(db: Database) -> Edit:
    key = db.some("partition_of")
    parent = f"(SELECT inhparent::regclass FROM pg_inherits WHERE inhrelid = {literal(own(key))}::regclass)"
    sql = f"DO $x$ BEGIN EXECUTE format('ALTER TABLE %s DETACH PARTITION {own(key)}', {parent}); END $x$"
    return Edit("partition detached", sql, ("missing", "partition_of", None))


def attach(db: Database) -> Edit:
    key = db.some("partition_key", lambda p: str(p["definition"]).startswith("LIST"))
    sql = f"CREATE TABLE public.by_hand PARTITION OF {own(key)} FOR VALUES IN (41)"
    return Edit("partition attached", sql, ("extra", "partition_of", None))


def inherit(db: Database) -> Edit:
    sql = f"CREATE TABLE public.by_hand () INHERITS ({own(db.some('table'))})"
    return Edit("child made", sql, ("extra", "inherits", None))


def sequence_numbers(db: Database) -> Edit:
    change = db.rng.choice(("INCREMENT 7", "CACHE 77", "CYCLE", "MINVALUE -41", "START 2"))
    sql = f"ALTER SEQUENCE {own(db.some('sequence'))} {change}"
    return Edit("sequence's numbers", sql, ("different", "sequence", "options"))


def free_sequence(db: Database) -> Edit:
    sql = f"ALTER SEQUENCE {own(db.some('sequence', lambda p: p['owned_by']))} OWNED BY NONE"
    return Edit("sequence on its own", sql, ("different", "sequence", "owned_by"))


def add_sequence(db: Database) -> Edit:
    return Edit(
        "sequence added",
        "CREATE SEQUENCE public.by_hand AS int CYCLE MAXVALUE 41",
        ("extra", "sequence", None),
    )


def drop_sequence(db: Database) -> Edit:
    return Edit(
        "sequence dropped", f"DROP SEQUENCE {own(db.some('sequence'))} CASCADE", ("missing", "sequence", None)
    )


def drop_extension(db: Database) -> Edit:
    key = db.some("extension")
    return Edit(
        "extension dropped", f"DROP EXTENSION {quoted(key[2])} CASCADE", ("missing", "extension", None)
    )


def add_schema(db: Database) -> Edit:
    return Edit("schema added", "CREATE SCHEMA by_hand", ("extra", "schema", None))


def add_table(db: Database) -> Edit:
    sql = f"CREATE TABLE public.by_hand (LIKE {own(db.some('table'))} INCLUDING ALL)"
    return Edit("table added", sql, ("extra", "table", None))


def drop_table(db: Database) -> Edit:
    return Edit("table dropped", f"DROP TABLE {own(db.some('table'))} CASCADE", ("missing", "table", None))


def rename_table(db: Database) -> Edit:
    return Edit("table renamed", alter(db.some("table"), "RENAME TO by_hand"), ("extra", "table", None))


def move_table(db: Database) -> Edit:
    sql = f"CREATE SCHEMA by_hand; {alter(db.some('table'), 'SET SCHEMA by_hand')}"
    return Edit("table moved", sql, ("extra", "table", None))


def owner(db: Database) -> Edit:
    return Edit("owner", alter(db.some("table"), "OWNER TO pg_read_all_data"), None)


def grants(db: Database) -> Edit:
    key = db.some("table")
    sql = f"GRANT SELECT, UPDATE ON {own(key)} TO PUBLIC; REVOKE USAGE ON SCHEMA {quoted(key[1])} FROM PUBLIC"
    return Edit("grants", sql, None)


def rename_key(db: Database) -> Edit:
    key = db.some("primary_key")
    return Edit("implied name given up", alter(key, f"RENAME CONSTRAINT {quoted(key[3])} TO by_hand"), None)


def same_again(db: Database) -> Edit:
    key = db.some("column", lambda p: p["default"] and "nextval" not in p["default"])
    return Edit("the same default again", on_column(key, f"SET DEFAULT ({db.found[key]['default']})"), None)


SCHEMAS = tuple(f for name, f in list(globals().items()) if getattr(f, "__module__", "") == __name__)
