"""Facts about tables that the IR does not model: partitions, inheritance, physical options."""

from typing import Final

from pgkit.frontends.live.rows import Query
from pgkit.frontends.live.sqltext import cases, formatted
from pgkit.frontends.live.unmodelled import UnmodelledRow, fact, unmodelled_query

_TABLE: Final = ("rel.nspname", "rel.relname")
_PARENT: Final = """rel JOIN pg_catalog.pg_inherits i ON i.inhrelid = rel.oid
    JOIN pg_catalog.pg_class parent ON parent.oid = i.inhparent
    JOIN pg_catalog.pg_namespace pn ON pn.oid = parent.relnamespace"""


def partition_keys(version: int) -> Query[UnmodelledRow]:
    """How partitioned tables are partitioned."""
    return fact(
        "partition_key",
        "rel WHERE rel.relkind = 'p'",
        formatted("PARTITION BY %s", "pg_catalog.pg_get_partkeydef(rel.oid)"),
    )


def partitions(version: int) -> Query[UnmodelledRow]:
    """Which tables are partitions, and of what."""
    return fact(
        "partition_of",
        f"{_PARENT} WHERE rel.relispartition",
        formatted(
            "ALTER TABLE ONLY %I.%I ATTACH PARTITION %I.%I %s%s",
            "pn.nspname",
            "parent.relname",
            *_TABLE,
            "pg_catalog.pg_get_expr(rel.relpartbound, rel.oid)",
            "CASE WHEN i.inhdetachpending THEN ' /* detach pending */' END",
        ),
        relations="ARRAY[rel.oid, parent.oid]",
    )


def inheritance(version: int) -> Query[UnmodelledRow]:
    """Parents of tables that are no partitions; their order counts."""
    return fact(
        "inherits",
        f"{_PARENT} WHERE NOT rel.relispartition",
        formatted(
            "ALTER TABLE %I.%I INHERIT %I.%I /* parent %s */",
            *_TABLE,
            "pn.nspname",
            "parent.relname",
            """(SELECT pg_catalog.count(*) FROM pg_catalog.pg_inherits other
            WHERE other.inhrelid = i.inhrelid AND other.inhseqno <= i.inhseqno)""",
        ),
        member=formatted("%I.%I", "pn.nspname", "parent.relname"),
        relations="ARRAY[rel.oid, parent.oid]",
    )


def typed_tables(version: int) -> Query[UnmodelledRow]:
    """Tables made OF a composite type."""
    return fact(
        "of_type",
        "rel JOIN pg_catalog.pg_type t ON t.oid = rel.reloftype",
        formatted("ALTER TABLE %I.%I OF %s", *_TABLE, "pg_catalog.format_type(rel.reloftype, NULL)"),
        relations="ARRAY[rel.oid, t.typrelid]",
    )


def replica_identities(version: int) -> Query[UnmodelledRow]:
    """What logical replication logs of old rows, where it is not the primary key.

    An index that was told and is gone leaves nothing to log.
    """
    return fact(
        "replica_identity",
        """rel LEFT JOIN idx ON idx.indrelid = rel.oid AND idx.indisreplident
        WHERE rel.relkind IN ('r', 'p') AND rel.relreplident <> 'd'""",
        formatted(
            "ALTER TABLE ONLY %I.%I REPLICA IDENTITY %s",
            *_TABLE,
            """CASE WHEN rel.relreplident = 'f' THEN 'FULL' WHEN idx.name IS NOT NULL
            THEN pg_catalog.format('USING INDEX %I', idx.name) ELSE 'NOTHING' END""",
        ),
        relations="pg_catalog.array_remove(ARRAY[rel.oid, idx.indexrelid], NULL)",
    )


def access_methods(version: int) -> Query[UnmodelledRow]:
    """Tables that are not heaps; of a materialized view, the IR has the method."""
    return fact(
        "table_access_method",
        """rel JOIN pg_catalog.pg_am am ON am.oid = rel.relam
        WHERE rel.relkind IN ('r', 'p') AND am.amname <> 'heap'""",
        formatted(
            "ALTER TABLE %I.%I SET ACCESS METHOD %I /* else %s */",
            *_TABLE,
            "am.amname",
            "CASE rel.relkind WHEN 'p' THEN 'DEFAULT' ELSE 'heap' END",
        ),
    )


def tablespaces(version: int) -> Query[UnmodelledRow]:
    """Relations and indexes outside the database's own tablespace."""
    return fact(
        "tablespace",
        """(
            SELECT rel.oid, rel.nspname, rel.relname, rel.relkind, rel.reltablespace, NULL AS index,
                NULL::pg_catalog.oid AS indexrelid FROM rel
            UNION ALL SELECT idx.oid, idx.nspname, idx.relname, 'i', idx.reltablespace, idx.name,
                idx.indexrelid FROM idx
        ) rel JOIN pg_catalog.pg_tablespace t ON t.oid = rel.reltablespace
        JOIN pg_catalog.pg_database d ON d.datname = pg_catalog.current_database()
        JOIN pg_catalog.pg_tablespace own ON own.oid = d.dattablespace""",
        formatted(
            "ALTER %s %I.%I SET TABLESPACE %I /* else %I */",
            cases("rel.relkind", {"i": "INDEX", "m": "MATERIALIZED VIEW"}, "TABLE"),
            "rel.nspname",
            "COALESCE(rel.index, rel.relname)",
            "t.spcname",
            "own.spcname",
        ),
        member="COALESCE(rel.index, '')",
        relations="pg_catalog.array_remove(ARRAY[rel.oid, rel.indexrelid], NULL)",
    )


def view_defaults(version: int) -> Query[UnmodelledRow]:
    """Defaults of the columns of views."""
    return fact(
        "view_column_default",
        """att a JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        JOIN rel ON rel.oid = a.attrelid WHERE a.relkind = 'v' AND a.atthasdef""",
        formatted(
            "ALTER VIEW %I.%I ALTER COLUMN %I SET DEFAULT %s",
            *_TABLE,
            "a.attname",
            "pg_catalog.pg_get_expr(d.adbin, 0::pg_catalog.oid)",
        ),
        member="a.attname",
        number="a.attnum",
        catalog="pg_class",
        oid="rel.oid",
    )


def statistics(version: int) -> Query[UnmodelledRow]:
    """Extended statistics, which have a schema and a name of their own."""
    return unmodelled_query(
        "statistics",
        """pg_catalog.pg_statistic_ext s JOIN rel ON rel.oid = s.stxrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace""",
        schema="n.nspname",
        name="s.stxname",
        relations="rel.oid",
        definition=formatted(
            "%s%s",
            "pg_catalog.pg_get_statisticsobjdef(s.oid)",
            formatted(
                ";\nALTER STATISTICS %I.%I SET STATISTICS %s", "n.nspname", "s.stxname", "s.stxstattarget"
            ).join(("CASE WHEN s.stxstattarget >= 0 THEN ", " END")),
        ),
        catalog="pg_statistic_ext",
        oid="s.oid",
    )
