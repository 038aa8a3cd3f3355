"""Triggers, event triggers and rules."""

from typing import Final

from pgkit.frontends.live.rows import Query
from pgkit.frontends.live.scope import not_in_extension
from pgkit.frontends.live.sqltext import cases, formatted
from pgkit.frontends.live.unmodelled import UnmodelledRow, fact, unmodelled_query

# When something fires, if that is not always. Of a relation, the statement names what it is after that.
_WORDS: Final = {"D": "DISABLE", "R": "ENABLE REPLICA", "A": "ENABLE ALWAYS"}
_OF_TABLE: Final = formatted("ALTER TABLE %I.%I ", "rel.nspname", "rel.relname")


def query(version: int) -> Query[UnmodelledRow]:
    """Triggers that someone made; the copies that partitions get come with the original."""
    return fact(
        "trigger",
        """pg_catalog.pg_trigger t JOIN rel ON rel.oid = t.tgrelid
        WHERE NOT t.tgisinternal AND t.tgparentid = 0""",
        f"pg_catalog.pg_get_triggerdef(t.oid) || {_state(_OF_TABLE, 't.tgenabled', 'TRIGGER', 't.tgname')}",
        catalog="pg_trigger",
        oid="t.oid",
        member="t.tgname",
    )


def states(version: int) -> Query[UnmodelledRow]:
    """Copies of triggers, on partitions, that fire when the original does not."""
    return fact(
        "trigger_state",
        """pg_catalog.pg_trigger t JOIN rel ON rel.oid = t.tgrelid
        JOIN pg_catalog.pg_trigger original ON original.oid = t.tgparentid
        WHERE NOT t.tgisinternal AND original.tgenabled <> t.tgenabled""",
        formatted(
            "ALTER TABLE ONLY %I.%I %s TRIGGER %I /* else %s */",
            "rel.nspname",
            "rel.relname",
            cases("t.tgenabled", _WORDS, "ENABLE"),
            "t.tgname",
            cases("original.tgenabled", _WORDS, "ENABLE"),
        ),
        member="t.tgname",
        relations="ARRAY[rel.oid, original.tgrelid]",
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
        "'-- the triggers inside: ' || t.state",  # their names hold oids: no statement says this
        member="t.conname",
    )


def rules(version: int) -> Query[UnmodelledRow]:
    """Rules, but those that make a view."""
    return fact(
        "rule",
        "pg_catalog.pg_rewrite r JOIN rel ON rel.oid = r.ev_class WHERE r.rulename <> '_RETURN'",
        f"""pg_catalog.rtrim(pg_catalog.pg_get_ruledef(r.oid), ';')
        || {_state(_OF_TABLE, "r.ev_enabled", "RULE", "r.rulename")}""",
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
        + " || "
        + _changed("e.evtenabled", formatted("ALTER EVENT TRIGGER %I ", "e.evtname"), "''"),
    )


def _state(before: str, column: str, noun: str, name: str) -> str:
    return _changed(column, before, formatted(f" {noun} %I", name))


def _changed(column: str, before: str, after: str) -> str:
    """The SQL of a statement more, which says when the thing fires; of nothing where it always does."""
    return (
        f"CASE WHEN {column} = 'O' THEN '' ELSE E';\n' || {before} || {cases(column, _WORDS)} || {after} END"
    )
