"""Edits by hand of columns."""

from tests.live.hand_edits import (
    Database,
    Edit,
    alter,
    on_column,
    quoted,
)

DEFAULTS = {
    "integer": "41",
    "bigint": "41",
    "text": "'by hand'",
    "character varying": "'b'",
    "boolean": "NOT false",
    "jsonb": "'[41]'::jsonb",
    "timestamp with time zone": "now() + interval '41 days'",
    "timestamp without time zone": "now()::timestamp + interval '41 days'",
    "numeric": "4.1",
}
TYPES = {
    "integer": "bigint",
    "smallint": "integer",
    "character varying": "varchar(777)",
    "timestamp with time zone": "timestamptz(3)",
    "timestamp without time zone": "timestamp(3)",
    "numeric": "numeric(20,7)",
    "real": "double precision",
    "date": "timestamp",
    "json": "jsonb",
}


def drop_column(db: Database) -> Edit:
    key = db.column()
    return Edit(
        "column dropped", alter(key, f"DROP COLUMN {quoted(key[3])} CASCADE"), ("missing", "column", None)
    )


def add_column(db: Database) -> Edit:
    key = db.some("table")
    return Edit("column added", alter(key, "ADD COLUMN by_hand text DEFAULT 'x'"), ("extra", "column", None))


def rename_column(db: Database) -> Edit:
    key = db.column()
    return Edit(
        "column renamed",
        alter(key, f"RENAME COLUMN {quoted(key[3])} TO by_hand"),
        ("missing", "column", None),
    )


def change_type(db: Database) -> Edit:
    key = db.column(*TYPES, generated=None)
    old = str(db.found[key]["type"])
    new = next(new for name, new in TYPES.items() if old.startswith(name))
    return Edit("type changed", on_column(key, f"TYPE {new}"), ("different", "column", "type"))


def text_to_varchar(db: Database) -> Edit:
    key = db.column("text", "uuid", generated=None)
    return Edit(
        "type changed to varchar", on_column(key, "TYPE varchar(100)"), ("different", "column", "type")
    )


def change_default(db: Database) -> Edit:
    key = db.column(*DEFAULTS, generated=None, identity=None)
    base = str(db.found[key]["type"])
    new = next(new for name, new in DEFAULTS.items() if base.startswith(name))
    return Edit("default set", on_column(key, f"SET DEFAULT {new}"), ("different", "column", "default"))


def drop_default(db: Database) -> Edit:
    key = db.some("column", lambda p: p["default"])
    return Edit("default dropped", on_column(key, "DROP DEFAULT"), ("different", "column", "default"))


def drop_not_null(db: Database) -> Edit:
    key = db.column(nullable=False, identity=None)
    return Edit("not null dropped", on_column(key, "DROP NOT NULL"), ("different", "column", "nullable"))


def set_not_null(db: Database) -> Edit:
    key = db.column(nullable=True)
    return Edit("not null set", on_column(key, "SET NOT NULL"), ("different", "column", "nullable"))


def change_collation(db: Database) -> Edit:
    key = db.column("text", collation=None, generated=None)
    return Edit(
        "collation changed", on_column(key, 'TYPE text COLLATE "C"'), ("different", "column", "collation")
    )


def change_identity(db: Database) -> Edit:
    key = db.some("column", lambda p: p["identity"])
    kind = "BY DEFAULT" if str(db.found[key]["identity"]).startswith("a") else "ALWAYS"
    return Edit("identity kind", on_column(key, f"SET GENERATED {kind}"), ("different", "column", "identity"))


def change_identity_numbers(db: Database) -> Edit:
    key = db.some("column", lambda p: p["identity"])
    change = db.rng.choice(("INCREMENT 7", "CACHE 77", "CYCLE", "MAXVALUE 30000"))
    return Edit("identity options", on_column(key, f"SET {change}"), ("different", "column", "identity"))


def drop_identity(db: Database) -> Edit:
    key = db.some("column", lambda p: p["identity"])
    return Edit("identity dropped", on_column(key, "DROP IDENTITY"), ("different", "column", "identity"))


def drop_expression(db: Database) -> Edit:
    key = db.some("column", lambda p: str(p["generated"]).startswith("s"))
    return Edit("generated dropped", on_column(key, "DROP EXPRESSION"), ("different", "column", "generated"))


def set_expression(db: Database) -> Edit:
    key = db.some("column", lambda p: p["generated"])
    return Edit(
        "generated changed", on_column(key, "SET EXPRESSION AS (NULL)"), ("different", "column", "generated")
    )


def change_storage(db: Database) -> Edit:
    key = db.column("text", "jsonb")
    return Edit("storage", on_column(key, "SET STORAGE EXTERNAL"), ("extra", "column_storage", None))


def change_compression(db: Database) -> Edit:
    key = db.column("text", "jsonb", generated=None)
    return Edit("compression", on_column(key, "SET COMPRESSION pglz"), ("extra", "column_compression", None))


def change_statistics(db: Database) -> Edit:
    key = db.column()
    return Edit(
        "statistics target", on_column(key, "SET STATISTICS 777"), ("extra", "column_statistics", None)
    )


def change_distinct(db: Database) -> Edit:
    key = db.column()
    return Edit("n_distinct", on_column(key, "SET (n_distinct = 7)"), ("extra", "column_parameters", None))


COLUMNS = tuple(f for name, f in list(globals().items()) if getattr(f, "__module__", "") == __name__)
