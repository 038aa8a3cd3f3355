"""Foreign data: wrappers, servers, user mappings and foreign tables. Secrets never leave the server."""

from typing import Final

from pgkit.frontends.live.rows import Query
from pgkit.frontends.live.scope import not_in_extension
from pgkit.frontends.live.sqltext import formatted, regproc
from pgkit.frontends.live.unmodelled import UnmodelledRow, fact, unmodelled_query

# Options are free text: what may be a secret by its name is told by its name only.
_SECRET: Final = "pass|pwd|secret|token|key|credential"


def _options(column: str) -> str:
    value = f"CASE WHEN o.option_name ~* '{_SECRET}' THEN '***' ELSE o.option_value END"
    option = formatted("%I %L", "o.option_name", value)
    return f"""(SELECT ' OPTIONS (' || pg_catalog.string_agg({option}, ', ' ORDER BY o.option_name) || ')'
        FROM pg_catalog.pg_options_to_table({column}) o)"""


def wrappers(version: int) -> Query[UnmodelledRow]:
    """Foreign-data wrappers."""
    return unmodelled_query(
        "foreign_data_wrapper",
        f"pg_catalog.pg_foreign_data_wrapper w WHERE {not_in_extension('pg_foreign_data_wrapper', 'w.oid')}",
        catalog="pg_foreign_data_wrapper",
        oid="w.oid",
        name="w.fdwname",
        definition=formatted(
            "CREATE FOREIGN DATA WRAPPER %I%s%s%s",
            "w.fdwname",
            f"' HANDLER ' || {regproc('w.fdwhandler')}",
            f"' VALIDATOR ' || {regproc('w.fdwvalidator')}",
            _options("w.fdwoptions"),
        ),
    )


def servers(version: int) -> Query[UnmodelledRow]:
    """Foreign servers."""
    return unmodelled_query(
        "server",
        f"""pg_catalog.pg_foreign_server s JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw
        WHERE {not_in_extension("pg_foreign_server", "s.oid")}""",
        catalog="pg_foreign_server",
        oid="s.oid",
        name="s.srvname",
        definition=formatted(
            "CREATE SERVER %I%s%s FOREIGN DATA WRAPPER %I%s",
            "s.srvname",
            "' TYPE ' || pg_catalog.quote_literal(s.srvtype)",
            "' VERSION ' || pg_catalog.quote_literal(s.srvversion)",
            "w.fdwname",
            _options("s.srvoptions"),
        ),
    )


def user_mappings(version: int) -> Query[UnmodelledRow]:
    """Who is mapped on which server, by options that only their owner may read."""
    return unmodelled_query(
        "user_mapping",
        "pg_catalog.pg_user_mappings m",
        name="m.srvname",
        member="COALESCE(m.usename, 'public')",
        definition=formatted(
            "CREATE USER MAPPING FOR %s SERVER %I%s",
            "COALESCE(pg_catalog.quote_ident(m.usename), 'PUBLIC')",
            "m.srvname",
            _options("m.umoptions"),
        ),
        catalog="pg_user_mapping",
        oid="m.umid",
    )


def tables(version: int) -> Query[UnmodelledRow]:
    """Foreign tables, their columns and checks in the definition."""
    value = """CASE WHEN a.attgenerated = 's' THEN
            ' GENERATED ALWAYS AS (' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) || ') STORED'
        ELSE ' DEFAULT ' || pg_catalog.pg_get_expr(d.adbin, 0::pg_catalog.oid) END"""
    collation = """(SELECT pg_catalog.format(' COLLATE %I.%I', cn.nspname, co.collname)
        FROM pg_catalog.pg_collation co JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
        WHERE co.oid = a.attcollation AND co.oid <> t.typcollation)"""
    columns = f"""(SELECT pg_catalog.string_agg(pg_catalog.format('%I %s%s%s%s%s', a.attname,
            pg_catalog.format_type(a.atttypid, a.atttypmod), {_options("a.attfdwoptions")}, {collation},
            {value}, CASE WHEN a.attnotnull THEN ' NOT NULL' END), ', ' ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = rel.oid AND a.attnum > 0 AND NOT a.attisdropped)"""
    comments = """(SELECT pg_catalog.string_agg(pg_catalog.format(E';\\nCOMMENT ON COLUMN %I.%I.%I IS %L',
            rel.nspname, rel.relname, a.attname, c.description), '' ORDER BY a.attnum)
        FROM pg_catalog.pg_description c JOIN pg_catalog.pg_attribute a
            ON a.attrelid = c.objoid AND a.attnum = c.objsubid
        WHERE c.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND c.objoid = rel.oid
        AND c.objsubid > 0)"""
    checks = """(SELECT pg_catalog.string_agg(pg_catalog.format(', CONSTRAINT %I %s', c.conname,
            pg_catalog.pg_get_constraintdef(c.oid)), '' ORDER BY c.conname)
        FROM pg_catalog.pg_constraint c WHERE c.conrelid = rel.oid AND c.contype = 'c' AND c.conislocal)"""
    return fact(
        "foreign_table",
        """pg_catalog.pg_foreign_table f JOIN rel ON rel.oid = f.ftrelid
        JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver""",
        formatted(
            "CREATE FOREIGN TABLE %I.%I (%s%s) SERVER %I%s%s",
            "rel.nspname",
            "rel.relname",
            columns,
            checks,
            "s.srvname",
            _options("f.ftoptions"),
            comments,
        ),
        catalog="pg_class",
        oid="rel.oid",
    )
