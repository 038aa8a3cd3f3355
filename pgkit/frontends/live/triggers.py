"""Triggers, event triggers and rules."""

from pgkit.frontends.live.rows import Query
from pgkit.frontends.live.scope import not_in_extension
from pgkit.frontends.live.sqltext import cases, formatted
from pgkit.frontends.live.unmodelled import UnmodelledRow, fact, unmodelled_query


def query(version: int) -> Query[UnmodelledRow]:
    """Triggers that someone made; of the copies that partitions get, those that fire when others do not."""
    return fact(
        "trigger",
        """pg_catalog.pg_trigger t JOIN rel ON rel.oid = t.tgrelid
        LEFT JOIN pg_catalog.pg_trigger original ON original.oid = t.tgparentid
        WHERE NOT t.tgisinternal AND (original.oid IS NULL OR original.tgenabled <> t.tgenabled)""",
        f"pg_catalog.pg_get_triggerdef(t.oid) || {enabled('t.tgenabled')}",
        catalog="pg_trigger",
        oid="t.oid",
        member="t.tgname",
    )


def constraint_states(version: int) -> Query[UnmodelledRow]:
    """Foreign keys and the like that do not hold, because the triggers inside them are switched off."""
    state = cases("t.tgenabled", {"D": "disabled", "R": "on replicas", "A": "always"})
    return fact(
        "constraint_state",
        f"""(SELECT t.tgrelid, c.conname, pg_catalog.string_agg(DISTINCT {state}, ', ') AS state
            FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_constraint c ON c.oid = t.tgconstraint
            WHERE t.tgisinternal AND t.tgenabled <> 'O' GROUP BY t.tgrelid, c.conname
        ) t JOIN rel ON rel.oid = t.tgrelid""",
        "'-- the triggers inside: ' || t.state",
        member="t.conname",
    )


def rules(version: int) -> Query[UnmodelledRow]:
    """Rules, but those that make a view."""
    return fact(
        "rule",
        "pg_catalog.pg_rewrite r JOIN rel ON rel.oid = r.ev_class WHERE r.rulename <> '_RETURN'",
        f"pg_catalog.pg_get_ruledef(r.oid) || {enabled('r.ev_enabled')}",
        catalog="pg_rewrite",
        oid="r.oid",
        member="r.rulename",
    )


def event_triggers(version: int) -> Query[UnmodelledRow]:
    """Event triggers."""
    tags = """(SELECT pg_catalog.string_agg(pg_catalog.quote_literal(tag), ', ')
        FROM pg_catalog.unnest(e.evttags) tag)"""
    return unmodelled_query(
        "event_trigger",
        f"pg_catalog.pg_event_trigger e WHERE {not_in_extension('pg_event_trigger', 'e.oid')}",
        catalog="pg_event_trigger",
        oid="e.oid",
        name="e.evtname",
        definition=formatted(
            "CREATE EVENT TRIGGER %I ON %I%s EXECUTE FUNCTION %s",
            "e.evtname",
            "e.evtevent",
            f"' WHEN TAG IN (' || {tags} || ')'",
            "e.evtfoid::pg_catalog.regprocedure",
        )
        + f" || {enabled('e.evtenabled')}",
    )


def enabled(column: str) -> str:
    """The SQL of a note on when a trigger or a rule fires, if that is not always."""
    words = {"D": "\n-- disabled", "R": "\n-- enabled on replicas", "A": "\n-- enabled always"}
    return cases(column, words)
