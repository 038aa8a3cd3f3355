"""Operators, operator classes and families, casts, conversions, languages, transforms, access methods."""

from pgkit.frontends.live.rows import Query
from pgkit.frontends.live.scope import not_in_extension
from pgkit.frontends.live.sqltext import formatted, operator_name, options, regproc, regtype, words
from pgkit.frontends.live.unmodelled import UnmodelledRow, unmodelled_query


def operators(version: int) -> Query[UnmodelledRow]:
    """Operators, but those that are only promised; their operand types are part of their names."""
    return unmodelled_query(
        "operator",
        f"""pg_catalog.pg_operator o JOIN ns ON ns.oid = o.oprnamespace
        WHERE o.oprcode <> 0 AND {not_in_extension("pg_operator", "o.oid")}""",
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
                    "COMMUTATOR": operator_name("o.oprcom"),
                    "NEGATOR": operator_name("o.oprnegate"),
                    "RESTRICT": regproc("o.oprrest"),
                    "JOIN": regproc("o.oprjoin"),
                    "HASHES": "NULLIF(o.oprcanhash, false)",
                    "MERGES": "NULLIF(o.oprcanmerge, false)",
                }
            ),
        ),
    )


def classes(version: int) -> Query[UnmodelledRow]:
    """Operator classes, with the operators and functions that go with them."""
    storage = f"'STORAGE ' || {regtype('o.opckeytype')}"
    inside = f"pg_catalog.concat_ws(', ', {_members('o.oid', 'pg_opclass')}, {storage})"
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
            "CREATE OPERATOR CLASS %I.%I%s FOR TYPE %s USING %I FAMILY %I.%I AS %s",
            "ns.nspname",
            "o.opcname",
            "CASE WHEN o.opcdefault THEN ' DEFAULT' ELSE '' END",
            regtype("o.opcintype"),
            "am.amname",
            "fn.nspname",
            "f.opfname",
            f"COALESCE(NULLIF({inside}, ''), 'STORAGE ' || {regtype('o.opcintype')})",
        ),
    )


def families(version: int) -> Query[UnmodelledRow]:
    """Operator families, with the operators and functions that belong to no class."""
    family = formatted("OPERATOR FAMILY %I.%I USING %I", "ns.nspname", "f.opfname", "am.amname")
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
            "CREATE %s%s",
            family,
            f"E';\\nALTER ' || {family} || ' ADD ' || NULLIF({_members('f.oid', 'pg_opfamily')}, '')",
        ),
    )


def _members(owner: str, catalog: str) -> str:
    """The SQL of the operators and functions that depend on an operator class or family."""
    left, right = regtype("ao.amoplefttype"), regtype("ao.amoprighttype")
    operator = formatted(
        "OPERATOR %s %I.%s (%s, %s)%s",
        "ao.amopstrategy",
        "opn.nspname",
        "op.oprname",
        left,
        right,
        """(SELECT pg_catalog.format(' FOR ORDER BY %I.%I', sn.nspname, s.opfname)
        FROM pg_catalog.pg_opfamily s JOIN pg_catalog.pg_namespace sn ON sn.oid = s.opfnamespace
        WHERE s.oid = ao.amopsortfamily)""",
    )
    operators = f"""(SELECT pg_catalog.string_agg({operator}, ', ' ORDER BY ao.amopstrategy, {left}, {right})
        FROM pg_catalog.pg_amop ao JOIN pg_catalog.pg_operator op ON op.oid = ao.amopopr
        JOIN pg_catalog.pg_namespace opn ON opn.oid = op.oprnamespace
        WHERE {_depends("pg_amop", "ao.oid", catalog, owner)})"""
    left, right = regtype("ap.amproclefttype"), regtype("ap.amprocrighttype")
    function = formatted(
        "FUNCTION %s (%s, %s) %s",
        "ap.amprocnum",
        left,
        right,
        "ap.amproc::pg_catalog.oid::pg_catalog.regprocedure",
    )
    functions = f"""(SELECT pg_catalog.string_agg({function}, ', ' ORDER BY ap.amprocnum, {left}, {right})
        FROM pg_catalog.pg_amproc ap WHERE {_depends("pg_amproc", "ap.oid", catalog, owner)})"""
    return f"pg_catalog.concat_ws(', ', {operators}, {functions})"


def _depends(catalog: str, oid: str, on: str, owner: str) -> str:
    return f"""EXISTS (SELECT FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_catalog.{catalog}'::pg_catalog.regclass AND d.objid = {oid}
            AND d.refclassid = 'pg_catalog.{on}'::pg_catalog.regclass AND d.refobjid = {owner})"""


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
            words(
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
            "pg_catalog.concat_ws(', ', {}, {})".format(
                _transform("FROM", "t.trffromsql"), _transform("TO", "t.trftosql")
            ),
        ),
    )


def _transform(direction: str, function: str) -> str:
    signature = f"NULLIF({function}::pg_catalog.oid, 0)::pg_catalog.regprocedure::pg_catalog.text"
    return f"'{direction} SQL WITH FUNCTION ' || {signature}"


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
