"""Facts about columns that the IR does not model: how their values are stored, and what is known of them."""

from collections.abc import Mapping
from typing import Final

from pgkit.frontends.live.rows import Query
from pgkit.frontends.live.sqltext import cases, formatted
from pgkit.frontends.live.unmodelled import UnmodelledRow, unmodelled_query

_STORAGE: Final[Mapping[str, str]] = {"p": "PLAIN", "e": "EXTERNAL", "m": "MAIN", "x": "EXTENDED"}


def storage(version: int) -> Query[UnmodelledRow]:
    """Columns whose values are stored otherwise than their type says."""
    return _fact(
        "column_storage",
        "att.attstorage <> t.typstorage",
        formatted(
            "SET STORAGE %s /* else %s */", cases("att.attstorage", _STORAGE), cases("t.typstorage", _STORAGE)
        ),
    )


def compression(version: int) -> Query[UnmodelledRow]:
    """Columns that say how large values are compressed."""
    words = {"p": "pglz", "l": "lz4"}
    return _fact(
        "column_compression",
        "att.attcompression <> ''",
        formatted("SET COMPRESSION %s", cases("att.attcompression", words, "unknown")),
    )


def targets(version: int) -> Query[UnmodelledRow]:
    """Columns of which ANALYZE collects more or less than of others."""
    return _fact(
        "column_statistics",
        "att.attstattarget >= 0",
        formatted("SET STATISTICS %s", "att.attstattarget"),
    )


def parameters(version: int) -> Query[UnmodelledRow]:
    """Columns with parameters: n_distinct and its like."""
    return _fact(
        "column_parameters",
        "att.attoptions IS NOT NULL",
        formatted("SET (%s)", "pg_catalog.array_to_string(att.attoptions, ', ')"),
    )


def _fact(tag: str, condition: str, change: str) -> Query[UnmodelledRow]:
    return unmodelled_query(
        tag,
        f"""att JOIN pg_catalog.pg_type t ON t.oid = att.atttypid
        WHERE att.relkind IN ('r', 'p', 'm', 'f') AND {condition}""",
        schema="att.nspname",
        name="att.relname",
        member="att.attname",
        relations="att.attrelid",
        number="att.attnum",
        definition=formatted(
            "ALTER TABLE ONLY %I.%I ALTER COLUMN %I %s", "att.nspname", "att.relname", "att.attname", change
        ),
    )
