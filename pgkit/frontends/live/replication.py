"""Publications and subscriptions. A subscription's connection string holds a password and is never read."""

from typing import Final

from pgkit.frontends.live.rows import Query
from pgkit.frontends.live.scope import not_in_extension
from pgkit.frontends.live.sqltext import formatted, options
from pgkit.frontends.live.unmodelled import UnmodelledRow, unmodelled_query

_EVENTS: Final = ("insert", "update", "delete", "truncate")


def publications(version: int) -> Query[UnmodelledRow]:
    """Publications, with what they publish."""
    columns = """(SELECT ' (' || pg_catalog.string_agg(
            pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum) || ')'
        FROM pg_catalog.pg_attribute a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs))"""
    where = "' WHERE (' || pg_catalog.pg_get_expr(r.prqual, r.prrelid) || ')'"
    some = (columns, where) if version >= 150000 else ("NULL", "NULL")
    table = formatted("%I.%I%s%s", "n.nspname", "c.relname", *some)
    tables = f"""(SELECT 'TABLE ' || pg_catalog.string_agg({table}, ', ' ORDER BY n.nspname, c.relname)
        FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_class c ON c.oid = r.prrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE r.prpubid = p.oid)"""
    schemas = """(SELECT 'TABLES IN SCHEMA ' || pg_catalog.string_agg(
            pg_catalog.quote_ident(n.nspname), ', ' ORDER BY n.nspname)
        FROM pg_catalog.pg_publication_namespace r
        JOIN pg_catalog.pg_namespace n ON n.oid = r.pnnspid WHERE r.pnpubid = p.oid)"""
    published = f"pg_catalog.concat_ws(', ', {tables}, {schemas if version >= 150000 else 'NULL'})"
    events = "pg_catalog.concat_ws(', ', {})".format(
        ", ".join(f"CASE WHEN p.pub{event} THEN '{event}' END" for event in _EVENTS)
    )
    return unmodelled_query(
        "publication",
        f"pg_catalog.pg_publication p WHERE {not_in_extension('pg_publication', 'p.oid')}",
        catalog="pg_publication",
        oid="p.oid",
        relations="ARRAY(SELECT r.prrelid FROM pg_catalog.pg_publication_rel r WHERE r.prpubid = p.oid)",
        name="p.pubname",
        definition=formatted(
            "CREATE PUBLICATION %I%s WITH (%s)",
            "p.pubname",
            f"' FOR ' || NULLIF(CASE WHEN p.puballtables THEN 'ALL TABLES' ELSE {published} END, '')",
            options(
                {
                    "publish": f"pg_catalog.quote_literal({events})",
                    "publish_via_partition_root": "p.pubviaroot",
                    "publish_generated_columns": "CASE p.pubgencols WHEN 's' THEN 'stored' ELSE 'none' END"
                    if version >= 180000
                    else "NULL",
                }
            ),
        ),
    )


def subscriptions(version: int) -> Query[UnmodelledRow]:
    """Subscriptions of this database, by the columns that everyone may read."""
    return unmodelled_query(
        "subscription",
        """pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid
        WHERE d.datname = pg_catalog.current_database()""",
        catalog="pg_subscription",
        oid="s.oid",
        name="s.subname",
        definition=formatted(
            "CREATE SUBSCRIPTION %I CONNECTION '***' PUBLICATION %s WITH (%s)",
            "s.subname",
            "pg_catalog.array_to_string(s.subpublications, ', ')",
            options(
                {
                    "enabled": "s.subenabled",
                    "slot_name": "s.subslotname",
                    "synchronous_commit": "s.subsynccommit",
                    "binary": "s.subbinary",
                }
            ),
        ),
    )
