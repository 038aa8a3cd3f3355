"""Edits by hand of constraints and indexes."""

from tests.live.hand_edits import (
    Database,
    Edit,
    alter,
    own,
    quoted,
    remade,
    remade_constraint,
)


def add_index(db: Database) -> Edit:
    key = db.column("text", "uuid", "integer", "bigint", "boolean")
    return Edit(
        "index added", f"CREATE INDEX by_hand ON {own(key)} ({quoted(key[3])})", ("extra", "index", None)
    )


def drop_index(db: Database) -> Edit:
    key = db.some("index")
    return Edit("index dropped", f"DROP INDEX {quoted(key[1], key[3])} CASCADE", ("missing", "index", None))


def rebuild_given(db: Database) -> Edit:
    key = db.given("index")
    sql = remade(key, r"INDEX \S+ ON", "INDEX by_hand ON")
    return Edit("index rebuilt under another name", sql, ("missing", "index", None))


def rebuild_same(db: Database) -> Edit:
    return Edit("index rebuilt as it was", remade(db.some("index"), "x^", ""), None)


def more_keys(db: Database) -> Edit:
    key = db.some("index", lambda p: p["method"] == "btree" and not p["include"])
    more = quoted(db.column_of(key))
    sql = remade(key, r"^(.* USING btree \(.*?)\)( WITH .*| WHERE .*| NULLS NOT.*)?$", rf"\1, {more})\2")
    return Edit("index with another column", sql, ("different", "index", "keys"))


def descending(db: Database) -> Edit:
    def ascending(p: dict[str, object]) -> bool:
        """Whether it has one key, in the usual order: what follows are operator class, order and collation."""
        return p["method"] == "btree" and "," not in str(p["keys"]) and str(p["keys"]).split(" ")[-2] == "0"

    key = db.some("index", ascending)
    sql = remade(
        key, r"^(.* USING btree \(.*?)\)( WITH .*| WHERE .*| INCLUDE .*| NULLS NOT.*)?$", r"\1 DESC)\2"
    )
    return Edit("index descending", sql, ("different", "index", "keys"))


def opclass(db: Database) -> Edit:
    key = db.column("text", "character varying")
    keys = [k for k, p in db.found.items() if k[:3] == ("index", *key[1:3]) and p["method"] == "btree"]
    plain = sorted(k for k in keys if db.found[k]["keys"].split(" ")[0] == quoted(key[3]).strip('"'))
    if not plain:
        raise LookupError("index")
    sql = remade(plain[0], rf"\(({key[3]})\M", r"(\1 text_pattern_ops")
    return Edit("operator class", sql, ("different", "index", "keys"))


def predicate(db: Database) -> Edit:
    key = db.some("index", lambda p: p["where"])
    sql = remade(key, r" WHERE \((.*)\)$", r" WHERE ((\1) OR false)")
    return Edit("predicate changed", sql, ("different", "index", "where"))


def no_predicate(db: Database) -> Edit:
    key = db.some("index", lambda p: p["where"])
    return Edit("predicate dropped", remade(key, r" WHERE .*$", ""), ("different", "index", "where"))


def index_parameter(db: Database) -> Edit:
    key = db.some("index", lambda p: p["method"] == "btree")
    return Edit(
        "fillfactor",
        f"ALTER INDEX {quoted(key[1], key[3])} SET (fillfactor = 33)",
        ("different", "index", "storage"),
    )


def unique_index(db: Database) -> Edit:
    key = db.some("index", lambda p: p["unique"])
    return Edit("no longer unique", remade(key, "UNIQUE INDEX", "INDEX"), ("different", "index", "unique"))


def clustered(db: Database) -> Edit:
    key = db.some("index", lambda p: p["method"] == "btree" and not p["where"])
    return Edit("clustered", alter(key, f"CLUSTER ON {quoted(key[3])}"), ("extra", "cluster", None))


def drop_unique(db: Database) -> Edit:
    key = db.some("unique")
    return Edit(
        "unique dropped", alter(key, f"DROP CONSTRAINT {quoted(key[3])} CASCADE"), ("missing", "unique", None)
    )


def add_unique(db: Database) -> Edit:
    key = db.column("text", "uuid", "integer", "bigint")
    return Edit(
        "unique added",
        alter(key, f"ADD CONSTRAINT by_hand UNIQUE ({quoted(key[3])})"),
        ("extra", "unique", None),
    )


def drop_key(db: Database) -> Edit:
    key = db.some("primary_key")
    sql = alter(key, f"DROP CONSTRAINT {quoted(key[3])} CASCADE")
    return Edit("primary key dropped", sql, ("missing", "primary_key", None))


def drop_foreign_key(db: Database) -> Edit:
    key = db.some("foreign_key")
    return Edit(
        "foreign key dropped",
        alter(key, f"DROP CONSTRAINT {quoted(key[3])}"),
        ("missing", "foreign_key", None),
    )


def change_action(db: Database) -> Edit:
    key = db.some("foreign_key", lambda p: p["on_delete"] != "r")
    sql = remade_constraint(key, r"( ON DELETE (CASCADE|SET NULL|SET DEFAULT))?$", " ON DELETE RESTRICT")
    return Edit("foreign key's action", sql, ("different", "foreign_key", "on_delete"))


def change_update(db: Database) -> Edit:
    key = db.some("foreign_key", lambda p: p["on_update"] == "a")
    sql = remade_constraint(key, r"^(.*? REFERENCES [^(]*\([^)]*\))", r"\1 ON UPDATE CASCADE")
    return Edit("foreign key's action on update", sql, ("different", "foreign_key", "on_update"))


def not_valid(db: Database) -> Edit:
    key = db.some(db.rng.choice(("foreign_key", "check")), lambda p: p["validated"])
    if key[0] == "check" and ("domain", *key[1:3], "") in db.found:
        raise LookupError("check")
    return Edit("not valid", remade_constraint(key, "$", " NOT VALID"), ("different", key[0], "validated"))


def deferrable(db: Database) -> Edit:
    key = db.some("foreign_key", lambda p: p["deferral"] == "ff")
    sql = alter(key, f"ALTER CONSTRAINT {quoted(key[3])} DEFERRABLE INITIALLY DEFERRED")
    return Edit("deferrable", sql, ("different", "foreign_key", "deferral"))


def change_check(db: Database) -> Edit:
    key = db.some("check")
    sql = remade_constraint(key, r"CHECK \((.*)\)", r"CHECK ((\1) OR false)")
    return Edit("check changed", sql, ("different", "check", "expr"))


def drop_check(db: Database) -> Edit:
    key = db.some("check")
    return Edit("check dropped", alter(key, f"DROP CONSTRAINT {quoted(key[3])}"), ("missing", "check", None))


def rename_check(db: Database) -> Edit:
    key = db.given("check")
    sql = alter(key, f"RENAME CONSTRAINT {quoted(key[3])} TO by_hand")
    return Edit("check renamed", sql, ("missing", "check", None))


def add_check(db: Database) -> Edit:
    key = db.column("integer", "bigint", "numeric")
    sql = alter(key, f"ADD CONSTRAINT by_hand CHECK ({quoted(key[3])} BETWEEN 1 AND 41)")
    return Edit("check added", sql, ("extra", "check", None))


def exclusion(db: Database) -> Edit:
    key = db.column("integer", "bigint")
    sql = alter(key, f"ADD CONSTRAINT by_hand EXCLUDE ({quoted(key[3])} WITH =)")
    return Edit("exclusion added", sql, ("extra", "exclude", None))


def drop_exclusion(db: Database) -> Edit:
    key = db.some("exclude")
    return Edit(
        "exclusion dropped", alter(key, f"DROP CONSTRAINT {quoted(key[3])}"), ("missing", "exclude", None)
    )


KEYS = tuple(f for name, f in list(globals().items()) if getattr(f, "__module__", "") == __name__)
