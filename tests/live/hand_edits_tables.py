"""Edits by hand of policies, and of tables as a whole."""

from tests.live.hand_edits import (
    Database,
    Edit,
    alter,
    literal,
    own,
    quoted,
)


def change_using(db: Database) -> Edit:
    key = db.some("policy", lambda p: p["using"] and p["using"] != "false")
    return Edit(
        "policy's USING",
        f"ALTER POLICY {quoted(key[3])} ON {own(key)} USING (false)",
        ("different", "policy", "using"),
    )


def change_with_check(db: Database) -> Edit:
    key = db.some("policy", lambda p: p["check"] and p["check"] != "false")
    sql = f"ALTER POLICY {quoted(key[3])} ON {own(key)} WITH CHECK (false)"
    return Edit("policy's WITH CHECK", sql, ("different", "policy", "check"))


def change_roles(db: Database) -> Edit:
    key = db.some("policy")
    sql = f"ALTER POLICY {quoted(key[3])} ON {own(key)} TO pg_read_all_data"
    return Edit("policy's roles", sql, ("different", "policy", "roles"))


def drop_policy(db: Database) -> Edit:
    key = db.some("policy")
    return Edit("policy dropped", f"DROP POLICY {quoted(key[3])} ON {own(key)}", ("missing", "policy", None))


def rename_policy(db: Database) -> Edit:
    key = db.some("policy")
    return Edit(
        "policy renamed",
        f"ALTER POLICY {quoted(key[3])} ON {own(key)} RENAME TO by_hand",
        ("extra", "policy", None),
    )


def add_policy(db: Database) -> Edit:
    sql = f"CREATE POLICY by_hand ON {own(db.some('table'))} AS RESTRICTIVE FOR SELECT USING (current_user <> 'eve')"
    return Edit("policy added", sql, ("extra", "policy", None))


def row_security(db: Database) -> Edit:
    key = db.some("table")
    word = "DISABLE" if db.found[key]["row_security"] else "ENABLE"
    return Edit(
        "row security", alter(key, f"{word} ROW LEVEL SECURITY"), ("different", "table", "row_security")
    )


def forced(db: Database) -> Edit:
    key = db.some("table", lambda p: not p["force_row_security"])
    return Edit(
        "row security forced",
        alter(key, "FORCE ROW LEVEL SECURITY"),
        ("different", "table", "force_row_security"),
    )


def unlogged(db: Database) -> Edit:
    key = db.some("table", lambda p: not p["unlogged"])
    return Edit("unlogged", alter(key, "SET UNLOGGED"), ("different", "table", "unlogged"))


def table_parameter(db: Database) -> Edit:
    key = db.some("table")
    change = db.rng.choice(("SET (fillfactor = 44)", "SET (autovacuum_enabled = off)"))
    return Edit("storage parameter", alter(key, change), ("different", "table", "storage"))


def replica_identity(db: Database) -> Edit:
    return Edit(
        "replica identity",
        alter(db.some("table"), "REPLICA IDENTITY FULL"),
        ("extra", "replica_identity", None),
    )


def comment(db: Database) -> Edit:
    kind = db.rng.choice(("table", "column", "index", "foreign_key", "policy"))
    key = db.some(kind)
    what = {
        "table": f"TABLE {own(key)}",
        "column": f"COLUMN {quoted(*key[1:])}",
        "index": f"INDEX {quoted(key[1], key[3])}",
        "foreign_key": f"CONSTRAINT {quoted(key[3])} ON {own(key)}",
        "policy": f"POLICY {quoted(key[3])} ON {own(key)}",
    }[kind]
    return Edit(
        f"comment on {kind}", f"COMMENT ON {what} IS {literal('by hand')}", ("different", kind, "comment")
    )


TABLES = tuple(f for name, f in list(globals().items()) if getattr(f, "__module__", "") == __name__)
