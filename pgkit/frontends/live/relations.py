"""Relations: tables, views, materialized views, sequences and composite types, by oid."""

from typing import Final, NamedTuple

from pgkit.frontends.live.rows import Query, Texts, select
from pgkit.ir.names import Ref

KINDS: Final = {
    "r": "table",
    "p": "table",
    "v": "view",
    "m": "materialized_view",
    "f": "foreign_table",
    "S": "sequence",
    "c": "composite",
}


class RelationRow(NamedTuple):
    """A relation, with what all kinds of it have in common."""

    oid: int
    schema: str
    name: str
    kind: str
    row_type: int
    unlogged: bool
    options: Texts
    toast_options: Texts
    row_security: bool
    force_row_security: bool

    @property
    def ref(self) -> Ref:
        """The Ref of the relation."""
        return Ref(KINDS[self.kind], self.schema, self.name)


def query(version: int) -> Query[RelationRow]:
    """Every relation of the user's."""
    return select(
        "relation",
        RelationRow,
        "rel LEFT JOIN pg_catalog.pg_class toast ON toast.oid = rel.reltoastrelid",
        oid="rel.oid",
        schema="rel.nspname",
        name="rel.relname",
        kind="rel.relkind",
        row_type="rel.reltype",
        unlogged="rel.relpersistence = 'u'",
        options="pg_catalog.to_json(rel.reloptions)",
        toast_options="pg_catalog.to_json(toast.reloptions)",
        row_security="rel.relrowsecurity",
        force_row_security="rel.relforcerowsecurity",
    )


def parameters(options: Texts, prefix: str = "") -> tuple[tuple[str, str], ...]:
    """`name=value` texts as pairs, sorted by name."""
    pairs = (option.partition("=") for option in options)
    return tuple(sorted((prefix + name, value) for name, _, value in pairs))


class ReferencedRow(NamedTuple):
    """A column that a foreign key refers to, in a relation that is not the user's."""

    relation: int
    number: int
    schema: str
    table: str
    name: str
    type: int
    collation: int


def referenced(version: int) -> Query[ReferencedRow]:
    """The columns of an extension's tables that foreign keys refer to."""
    return select(
        "referenced",
        ReferencedRow,
        """pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE a.attnum > 0 AND a.attrelid IN (
            SELECT f.confrelid FROM pg_catalog.pg_constraint f
            WHERE f.contype = 'f' AND f.confrelid NOT IN (SELECT rel.oid FROM rel)
        )""",
        relation="a.attrelid",
        number="a.attnum",
        schema="n.nspname",
        table="c.relname",
        name="a.attname",
        type="a.atttypid",
        collation="a.attcollation",
    )
