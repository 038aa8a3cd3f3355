"""Functions, procedures and aggregates."""

from typing import Final

from pgkit.frontends.live.rows import Query
from pgkit.frontends.live.scope import not_in_extension
from pgkit.frontends.live.sqltext import cases, formatted, operator_name, options, regproc, regtype, signature
from pgkit.frontends.live.unmodelled import UnmodelledRow, unmodelled_query


def query(version: int) -> Query[UnmodelledRow]:
    """Functions and procedures, but the constructors that come with a range type."""
    return unmodelled_query(
        "function",
        f"""pg_catalog.pg_proc p JOIN ns ON ns.oid = p.pronamespace
        WHERE p.prokind <> 'a' AND {not_in_extension("pg_proc", "p.oid")}
        AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                AND d.objid = p.oid AND d.deptype = 'i'
        )""",
        catalog="pg_proc",
        oid="p.oid",
        kind="CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END",
        schema="ns.nspname",
        name=signature("p"),
        definition="pg_catalog.pg_get_functiondef(p.oid)",
    )


def _modify(column: str) -> str:
    """The SQL of what a final function may do to the state, where that is not what it may do anyway."""
    usual = "CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END"
    return f"""CASE WHEN {column} <> {usual}
        THEN {cases(column, {"r": "READ_ONLY", "s": "SHAREABLE"}, "READ_WRITE")} END"""


# Each option of CREATE AGGREGATE, and the SQL of its value, null when it is not set.
_AGGREGATE: Final = {
    "SFUNC": regproc("a.aggtransfn"),
    "STYPE": regtype("a.aggtranstype"),
    "SSPACE": "NULLIF(a.aggtransspace, 0)",
    "FINALFUNC": regproc("a.aggfinalfn"),
    "FINALFUNC_EXTRA": "NULLIF(a.aggfinalextra, false)",
    "FINALFUNC_MODIFY": _modify("a.aggfinalmodify"),
    "COMBINEFUNC": regproc("a.aggcombinefn"),
    "SERIALFUNC": regproc("a.aggserialfn"),
    "DESERIALFUNC": regproc("a.aggdeserialfn"),
    "INITCOND": "pg_catalog.quote_literal(a.agginitval)",
    "MSFUNC": regproc("a.aggmtransfn"),
    "MINVFUNC": regproc("a.aggminvtransfn"),
    "MSTYPE": regtype("a.aggmtranstype"),
    "MSSPACE": "NULLIF(a.aggmtransspace, 0)",
    "MFINALFUNC": regproc("a.aggmfinalfn"),
    "MFINALFUNC_EXTRA": "NULLIF(a.aggmfinalextra, false)",
    "MFINALFUNC_MODIFY": _modify("a.aggmfinalmodify"),
    "MINITCOND": "pg_catalog.quote_literal(a.aggminitval)",
    "SORTOP": operator_name("a.aggsortop"),
    "HYPOTHETICAL": "CASE a.aggkind WHEN 'h' THEN true END",
    "PARALLEL": "CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' END",
}


def aggregates(version: int) -> Query[UnmodelledRow]:
    """Aggregates, which pg_get_functiondef() refuses."""
    return unmodelled_query(
        "aggregate",
        f"""pg_catalog.pg_proc p JOIN ns ON ns.oid = p.pronamespace
        JOIN pg_catalog.pg_aggregate a ON a.aggfnoid = p.oid
        WHERE {not_in_extension("pg_proc", "p.oid")}""",
        catalog="pg_proc",
        oid="p.oid",
        schema="ns.nspname",
        name=signature("p"),
        definition=formatted(
            "CREATE AGGREGATE %I.%I(%s) (%s)",
            "ns.nspname",
            "p.proname",
            "pg_catalog.pg_get_function_arguments(p.oid)",
            options(_AGGREGATE),
        ),
    )
