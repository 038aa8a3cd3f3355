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
            "CASE WHEN i.inhdetachpending THEN E'\\n-- detach pending' END",
        ),
        relations="ARRAY[rel.oid, parent.oid]",
    )


def inheritance(version: int) -> Query[UnmodelledRow]:
    """Parents of tables that are no partitions; their order counts."""
    return fact(
        "inherits",
        f"{_PARENT} WHERE NOT rel.relispartition",
        formatted(
            "ALTER TABLE %I.%I INHERIT %I.%I\n-- parent %s",
            *_TABLE,
            "pn.nspname",
            "parent.relname",
            "i.inhseqno",
        ),
        member=formatted("%I.%I", "pn.nspname", "parent.relname"),
        relations="ARRAY[rel.oid, parent.oid]",
    )


def typed_tables(version: int) -> Query[UnmodelledRow]:
    """Tables made OF a composite type."""
    return fact(
        "of_type",
        "rel WHERE rel.reloftype <> 0",
        formatted("ALTER TABLE %I.%I OF %s", *_TABLE, "pg_catalog.format_type(rel.reloftype, NULL)"),
    )


def replica_identities(version: int) -> Query[UnmodelledRow]:
    """What logical replication logs of old rows, where it is not the primary key."""
    return fact(
        "replica_identity",
        """rel LEFT JOIN idx ON idx.indrelid = rel.oid AND idx.indisreplident
        WHERE rel.relkind IN ('r', 'p') AND rel.relreplident <> 'd'""",
        formatted(
            "ALTER TABLE ONLY %I.%I REPLICA IDENTITY %s",
            *_TABLE,
            """CASE rel.relreplident WHEN 'n' THEN 'NOTHING' WHEN 'f' THEN 'FULL'
            ELSE pg_catalog.format('USING INDEX %I', COALESCE(idx.name, '')) END""",
        ),
    )


def access_methods(version: int) -> Query[UnmodelledRow]:
    """Tables that are not heaps; of a materialized view, the IR has the method."""
    return fact(
        "table_access_method",
        """rel JOIN pg_catalog.pg_am am ON am.oid = rel.relam
        WHERE rel.relkind IN ('r', 'p') AND am.amname <> 'heap'""",
        formatted("ALTER TABLE %I.%I SET ACCESS METHOD %I", *_TABLE, "am.amname"),
    )


def tablespaces(version: int) -> Query[UnmodelledRow]:
    """Relations and indexes outside the database's own tablespace."""
    return fact(
        "tablespace",
        """(
            SELECT rel.oid, rel.nspname, rel.relname, rel.relkind, rel.reltablespace, NULL AS index FROM rel
            UNION ALL SELECT idx.oid, idx.nspname, idx.relname, 'i', idx.reltablespace, idx.name FROM idx
        ) rel JOIN pg_catalog.pg_tablespace t ON t.oid = rel.reltablespace""",
        formatted(
            "ALTER %s %I.%I SET TABLESPACE %I",
            cases("rel.relkind", {"i": "INDEX", "m": "MATERIALIZED VIEW"}, "TABLE"),
            "rel.nspname",
            "COALESCE(rel.index, rel.relname)",
            "t.spcname",
        ),
        member="COALESCE(rel.index, '')",
    )


def column_options(version: int) -> Query[UnmodelledRow]:
    """Storage, compression, statistics and other physical options of columns."""
    storage = cases("att.attstorage", {"p": "PLAIN", "e": "EXTERNAL", "m": "MAIN"}, "EXTENDED")
    compression = cases("att.attcompression", {"p": "pglz", "l": "lz4"}, "unknown")
    options = f"""pg_catalog.concat_ws(', ',
        CASE WHEN att.attstorage <> t.typstorage THEN 'SET STORAGE ' || {storage} END,
        CASE WHEN att.attcompression <> '' THEN 'SET COMPRESSION ' || {compression} END,
        CASE WHEN att.attstattarget >= 0 THEN 'SET STATISTICS ' || att.attstattarget END,
        'SET (' || pg_catalog.array_to_string(att.attoptions, ', ') || ')')"""
    return unmodelled_query(
        "column_options",
        """att JOIN pg_catalog.pg_type t ON t.oid = att.atttypid
        WHERE att.relkind IN ('r', 'p', 'm') AND (
            att.attstorage <> t.typstorage OR att.attcompression <> '' OR att.attstattarget >= 0
            OR att.attoptions IS NOT NULL
        )""",
        schema="att.nspname",
        name="att.relname",
        member="att.attname",
        relations="att.attrelid",
        definition=formatted(
            "ALTER TABLE ONLY %I.%I ALTER COLUMN %I %s", "att.nspname", "att.relname", "att.attname", options
        ),
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
            "CASE WHEN s.stxstattarget >= 0 THEN E'\\n-- statistics target ' || s.stxstattarget END",
        ),
        catalog="pg_statistic_ext",
        oid="s.oid",
    )
