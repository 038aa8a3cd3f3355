"""Text search, collations and base types: what columns and indexes may name beside the IR's kinds."""

from typing import Final

from pgkit.frontends.live.rows import Query
from pgkit.frontends.live.scope import not_in_extension
from pgkit.frontends.live.sqltext import cases, formatted, options, regproc, regtype
from pgkit.frontends.live.unmodelled import UnmodelledRow, unmodelled_query

_BASE_TYPE: Final = {
    "INPUT": "typinput",
    "OUTPUT": "typoutput",
    "RECEIVE": "typreceive",
    "SEND": "typsend",
    "TYPMOD_IN": "typmodin",
    "TYPMOD_OUT": "typmodout",
    "ANALYZE": "typanalyze",
    "INTERNALLENGTH": "typlen",
    "PASSEDBYVALUE": "typbyval",
    "ALIGNMENT": "typalign",
    "STORAGE": "typstorage",
    "CATEGORY": "typcategory",
    "PREFERRED": "typispreferred",
    "DEFAULT": "typdefault",
    "DELIMITER": "typdelim",
    "COLLATABLE": "typcollation <> 0",
}


def configurations(version: int) -> Query[UnmodelledRow]:
    """Text search configurations, with their mappings.

    Only the default parser's token types have their names: for another's, that parser would have to run.
    """
    name = formatted("%I.%I", "ns.nspname", "c.cfgname")
    dictionaries = """pg_catalog.string_agg(
        pg_catalog.format('%I.%I', dn.nspname, d.dictname), ', ' ORDER BY m.mapseqno)"""
    token = """CASE WHEN c.cfgparser = 3722 THEN
        (SELECT t.alias FROM pg_catalog.ts_token_type(3722::pg_catalog.oid) t
        WHERE t.tokid = m.maptokentype) END"""
    mappings = f"""(SELECT pg_catalog.string_agg(CASE WHEN one.token IS NOT NULL
            THEN E';\\nALTER TEXT SEARCH CONFIGURATION ' || {name} || ' ADD MAPPING FOR '
                || one.token || ' WITH ' || one.dictionaries
            ELSE E'\\n/* token ' || one.maptokentype || ': '
                || pg_catalog.replace(one.dictionaries, '*/', '* /') || ' */'
            END, '' ORDER BY one.maptokentype)
        FROM (SELECT m.maptokentype, {token} AS token, {dictionaries} AS dictionaries
            FROM pg_catalog.pg_ts_config_map m JOIN pg_catalog.pg_ts_dict d ON d.oid = m.mapdict
            JOIN pg_catalog.pg_namespace dn ON dn.oid = d.dictnamespace
            WHERE m.mapcfg = c.oid GROUP BY m.maptokentype) one)"""
    return unmodelled_query(
        "text_search_configuration",
        f"""pg_catalog.pg_ts_config c JOIN ns ON ns.oid = c.cfgnamespace
        JOIN pg_catalog.pg_ts_parser p ON p.oid = c.cfgparser
        JOIN pg_catalog.pg_namespace pn ON pn.oid = p.prsnamespace
        WHERE {not_in_extension("pg_ts_config", "c.oid")}""",
        catalog="pg_ts_config",
        oid="c.oid",
        schema="ns.nspname",
        name="c.cfgname",
        definition=formatted(
            "CREATE TEXT SEARCH CONFIGURATION %s (PARSER = %I.%I)%s",
            name,
            "pn.nspname",
            "p.prsname",
            mappings,
        ),
    )


def dictionaries(version: int) -> Query[UnmodelledRow]:
    """Text search dictionaries."""
    return unmodelled_query(
        "text_search_dictionary",
        f"""pg_catalog.pg_ts_dict d JOIN ns ON ns.oid = d.dictnamespace
        JOIN pg_catalog.pg_ts_template t ON t.oid = d.dicttemplate
        JOIN pg_catalog.pg_namespace tn ON tn.oid = t.tmplnamespace
        WHERE {not_in_extension("pg_ts_dict", "d.oid")}""",
        catalog="pg_ts_dict",
        oid="d.oid",
        schema="ns.nspname",
        name="d.dictname",
        definition=formatted(
            "CREATE TEXT SEARCH DICTIONARY %I.%I (TEMPLATE = %I.%I%s)",
            "ns.nspname",
            "d.dictname",
            "tn.nspname",
            "t.tmplname",
            "', ' || d.dictinitoption",
        ),
    )


def parsers(version: int) -> Query[UnmodelledRow]:
    """Text search parsers."""
    return unmodelled_query(
        "text_search_parser",
        f"""pg_catalog.pg_ts_parser p JOIN ns ON ns.oid = p.prsnamespace
        WHERE {not_in_extension("pg_ts_parser", "p.oid")}""",
        catalog="pg_ts_parser",
        oid="p.oid",
        schema="ns.nspname",
        name="p.prsname",
        definition=formatted(
            "CREATE TEXT SEARCH PARSER %I.%I (%s)",
            "ns.nspname",
            "p.prsname",
            options(
                {
                    "START": "p.prsstart",
                    "GETTOKEN": "p.prstoken",
                    "END": "p.prsend",
                    "HEADLINE": regproc("p.prsheadline"),
                    "LEXTYPES": "p.prslextype",
                }
            ),
        ),
    )


def templates(version: int) -> Query[UnmodelledRow]:
    """Text search templates."""
    return unmodelled_query(
        "text_search_template",
        f"""pg_catalog.pg_ts_template t JOIN ns ON ns.oid = t.tmplnamespace
        WHERE {not_in_extension("pg_ts_template", "t.oid")}""",
        catalog="pg_ts_template",
        oid="t.oid",
        schema="ns.nspname",
        name="t.tmplname",
        definition=formatted(
            "CREATE TEXT SEARCH TEMPLATE %I.%I (%s)",
            "ns.nspname",
            "t.tmplname",
            options({"INIT": regproc("t.tmplinit"), "LEXIZE": regproc("t.tmpllexize")}),
        ),
    )


def collations(version: int) -> Query[UnmodelledRow]:
    """Collations that someone created. The column for the locale has had three names."""
    locale = (
        "c.colllocale" if version >= 170000 else "c.colliculocale" if version >= 150000 else "c.collcollate"
    )
    libc = "CASE c.collprovider WHEN 'c' THEN {} END"
    return unmodelled_query(
        "collation",
        f"""pg_catalog.pg_collation c JOIN ns ON ns.oid = c.collnamespace
        WHERE {not_in_extension("pg_collation", "c.oid")}""",
        catalog="pg_collation",
        oid="c.oid",
        schema="ns.nspname",
        name="c.collname",
        definition=formatted(
            "CREATE COLLATION %I.%I (%s)",
            "ns.nspname",
            "c.collname",
            options(
                {
                    "PROVIDER": cases("c.collprovider", {"i": "icu", "c": "libc", "b": "builtin"}, "default"),
                    "LOCALE": f"CASE WHEN c.collprovider <> 'c' THEN pg_catalog.quote_literal({locale}) END",
                    "LC_COLLATE": libc.format("pg_catalog.quote_literal(c.collcollate)"),
                    "LC_CTYPE": libc.format("pg_catalog.quote_literal(c.collctype)"),
                    "RULES": "pg_catalog.quote_literal(c.collicurules)" if version >= 160000 else "NULL",
                    "DETERMINISTIC": "NULLIF(c.collisdeterministic, true)",
                }
            ),
        ),
    )


def base_types(version: int) -> Query[UnmodelledRow]:
    """Base types and shell types, but the arrays that come with every type."""
    inside = options(
        {word: f"t.{column}" for word, column in _BASE_TYPE.items()} | {"ELEMENT": regtype("t.typelem")}
    )
    return unmodelled_query(
        "base_type",
        f"""pg_catalog.pg_type t JOIN ns ON ns.oid = t.typnamespace
        LEFT JOIN pg_catalog.pg_type element ON element.oid = t.typelem AND element.typarray = t.oid
        WHERE t.typtype IN ('b', 'p') AND element.oid IS NULL AND {not_in_extension("pg_type", "t.oid")}""",
        catalog="pg_type",
        oid="t.oid",
        schema="ns.nspname",
        name="t.typname",
        definition=formatted(
            "CREATE TYPE %I.%I%s",
            "ns.nspname",
            "t.typname",
            f"CASE WHEN t.typisdefined THEN ' (' || {inside} || ')' END",
        ),
    )
