"""Operators, operator classes and families, casts, conversions, languages, transforms, access methods."""

from typing import Final

from pgkit.frontends.live.rows import Query
from pgkit.frontends.live.scope import not_in_extension
from pgkit.frontends.live.sqltext import formatted, options, regproc, regtype
from pgkit.frontends.live.unmodelled import UnmodelledRow, unmodelled_query

_REGOPERATOR: Final = "NULLIF(({0})::pg_catalog.regoperator::pg_catalog.text, '0')"


def operators(version: int) -> Query[UnmodelledRow]:
    """Operators; their operand types are part of their names."""
    return unmodelled_query(
        "operator",
        f"""pg_catalog.pg_operator o JOIN ns ON ns.oid = o.oprnamespace
        WHERE {not_in_extension("pg_operator", "o.oid")}""",
        catalog="pg_operator",
        oid="o.oid",
        schema="ns.nspname",
        name=formatted(
            "%s(%s, %s)", "o.oprname", f"COALESCE({regtype('o.oprleft')}, 'NONE')", regtype("o.oprright")
        ),
        definition=formatted(
            "CREATE OPERATOR %I.%s (%s)",
            "ns.nspname",
            "o.oprname",
            options(
                {
                    "FUNCTION": regproc("o.oprcode"),
                    "LEFTARG": regtype("o.oprleft"),
                    "RIGHTARG": regtype("o.oprright"),
                    "COMMUTATOR": _REGOPERATOR.format("o.oprcom"),
                    "NEGATOR": _REGOPERATOR.format("o.oprnegate"),
                    "RESTRICT": regproc("o.oprrest"),
                    "JOIN": regproc("o.oprjoin"),
                    "HASHES": "o.oprcanhash",
                    "MERGES": "o.oprcanmerge",
                }
            ),
        ),
    )


def classes(version: int) -> Query[UnmodelledRow]:
    """Operator classes; what is in them is told with their families."""
    return unmodelled_query(
        "operator_class",
        f"""pg_catalog.pg_opclass o JOIN ns ON ns.oid = o.opcnamespace
        JOIN pg_catalog.pg_am am ON am.oid = o.opcmethod
        JOIN pg_catalog.pg_opfamily f ON f.oid = o.opcfamily
        JOIN pg_catalog.pg_namespace fn ON fn.oid = f.opfnamespace
        WHERE {not_in_extension("pg_opclass", "o.oid")}""",
        catalog="pg_opclass",
        oid="o.oid",
        schema="ns.nspname",
        name="o.opcname",
        member="am.amname",
        definition=formatted(
            "CREATE OPERATOR CLASS %I.%I%s FOR TYPE %s USING %I FAMILY %I.%I AS STORAGE %s",
            "ns.nspname",
            "o.opcname",
            "CASE WHEN o.opcdefault THEN ' DEFAULT' ELSE '' END",
            regtype("o.opcintype"),
            "am.amname",
            "fn.nspname",
            "f.opfname",
            f"COALESCE({regtype('o.opckeytype')}, {regtype('o.opcintype')})",
        ),
    )


def families(version: int) -> Query[UnmodelledRow]:
    """Operator families, with their operators and functions."""
    left, right = regtype("o.amoplefttype"), regtype("o.amoprighttype")
    operator = formatted(
        "OPERATOR %s %s (%s, %s) %s",
        "o.amopstrategy",
        "o.amopopr::pg_catalog.regoperator",
        left,
        right,
        "o.amoppurpose",
    )
    operators = f"""(SELECT pg_catalog.string_agg({operator}, ', ' ORDER BY o.amopstrategy, {left}, {right})
        FROM pg_catalog.pg_amop o WHERE o.amopfamily = f.oid)"""
    left, right = regtype("p.amproclefttype"), regtype("p.amprocrighttype")
    function = formatted(
        "FUNCTION %s (%s, %s) %s",
        "p.amprocnum",
        left,
        right,
        "p.amproc::pg_catalog.oid::pg_catalog.regprocedure",
    )
    functions = f"""(SELECT pg_catalog.string_agg({function}, ', ' ORDER BY p.amprocnum, {left}, {right})
        FROM pg_catalog.pg_amproc p WHERE p.amprocfamily = f.oid)"""
    return unmodelled_query(
        "operator_family",
        f"""pg_catalog.pg_opfamily f JOIN ns ON ns.oid = f.opfnamespace
        JOIN pg_catalog.pg_am am ON am.oid = f.opfmethod WHERE {not_in_extension("pg_opfamily", "f.oid")}""",
        catalog="pg_opfamily",
        oid="f.oid",
        schema="ns.nspname",
        name="f.opfname",
        member="am.amname",
        definition=formatted(
            "ALTER OPERATOR FAMILY %I.%I USING %I ADD %s",
            "ns.nspname",
            "f.opfname",
            "am.amname",
            f"pg_catalog.concat_ws(', ', {operators}, {functions})",
        ),
    )


def casts(version: int) -> Query[UnmodelledRow]:
    """Casts, but those that come with a range type."""
    return unmodelled_query(
        "cast",
        f"""pg_catalog.pg_cast c WHERE c.oid >= 16384 AND {not_in_extension("pg_cast", "c.oid")}
        AND c.oid NOT IN (SELECT d.objid FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_catalog.pg_cast'::pg_catalog.regclass AND d.deptype = 'i')""",
        catalog="pg_cast",
        oid="c.oid",
        name=f"pg_catalog.format('%s AS %s', {regtype('c.castsource')}, {regtype('c.casttarget')})",
        definition=formatted(
            "CREATE CAST (%s AS %s) %s%s",
            regtype("c.castsource"),
            regtype("c.casttarget"),
            """CASE c.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || c.castfunc::pg_catalog.regprocedure
            WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END""",
            "CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END",
        ),
    )


def conversions(version: int) -> Query[UnmodelledRow]:
    """Conversions between encodings."""
    return unmodelled_query(
        "conversion",
        f"""pg_catalog.pg_conversion c JOIN ns ON ns.oid = c.connamespace
        WHERE {not_in_extension("pg_conversion", "c.oid")}""",
        catalog="pg_conversion",
        oid="c.oid",
        schema="ns.nspname",
        name="c.conname",
        definition=formatted(
            "CREATE %sCONVERSION %I.%I FOR %L TO %L FROM %s",
            "CASE WHEN c.condefault THEN 'DEFAULT ' ELSE '' END",
            "ns.nspname",
            "c.conname",
            "pg_catalog.pg_encoding_to_char(c.conforencoding)",
            "pg_catalog.pg_encoding_to_char(c.contoencoding)",
            "c.conproc",
        ),
    )


def languages(version: int) -> Query[UnmodelledRow]:
    """Procedural languages that no extension brought."""
    return unmodelled_query(
        "language",
        f"pg_catalog.pg_language l WHERE l.oid >= 16384 AND {not_in_extension('pg_language', 'l.oid')}",
        catalog="pg_language",
        oid="l.oid",
        name="l.lanname",
        definition=formatted(
            "CREATE %sLANGUAGE %I %s",
            "CASE WHEN l.lanpltrusted THEN 'TRUSTED ' ELSE '' END",
            "l.lanname",
            options(
                {
                    "HANDLER": regproc("l.lanplcallfoid"),
                    "INLINE": regproc("l.laninline"),
                    "VALIDATOR": regproc("l.lanvalidator"),
                }
            ),
        ),
    )


def transforms(version: int) -> Query[UnmodelledRow]:
    """Transforms between types and languages."""
    return unmodelled_query(
        "transform",
        f"""pg_catalog.pg_transform t JOIN pg_catalog.pg_language l ON l.oid = t.trflang
        WHERE {not_in_extension("pg_transform", "t.oid")}""",
        catalog="pg_transform",
        oid="t.oid",
        name=regtype("t.trftype"),
        member="l.lanname",
        definition=formatted(
            "CREATE TRANSFORM FOR %s LANGUAGE %I (%s)",
            regtype("t.trftype"),
            "l.lanname",
            options({"FROM SQL": regproc("t.trffromsql"), "TO SQL": regproc("t.trftosql")}),
        ),
    )


def access_methods(version: int) -> Query[UnmodelledRow]:
    """Access methods that no extension brought."""
    return unmodelled_query(
        "access_method",
        f"pg_catalog.pg_am a WHERE a.oid >= 16384 AND {not_in_extension('pg_am', 'a.oid')}",
        catalog="pg_am",
        oid="a.oid",
        name="a.amname",
        definition=formatted(
            "CREATE ACCESS METHOD %I TYPE %s HANDLER %s",
            "a.amname",
            "CASE a.amtype WHEN 'i' THEN 'INDEX' ELSE 'TABLE' END",
            "a.amhandler",
        ),
    )
