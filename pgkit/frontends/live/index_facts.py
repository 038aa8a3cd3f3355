"""Facts about constraints and indexes that the IR does not model."""

from pgkit.frontends.live.rows import Query
from pgkit.frontends.live.sqltext import formatted
from pgkit.frontends.live.unmodelled import UnmodelledRow, fact


def exclusions(version: int) -> Query[UnmodelledRow]:
    """Exclusion constraints; temporal keys (18+), which are that underneath; not-nulls that say more (18+).

    A NOT NULL of 18 is a constraint with a name. Worth telling is only one that is NOT VALID or NO INHERIT.
    """
    temporal = "c.conperiod" if version >= 180000 else "false"
    return fact(
        "constraint_kind",
        f"""pg_catalog.pg_constraint c JOIN rel ON rel.oid = c.conrelid
        WHERE c.conparentid = 0 AND (c.conislocal OR c.contype = 'n') AND (
            (c.contype = 'x' AND NOT {temporal}) OR (c.contype IN ('p', 'u', 'f') AND {temporal})
            OR (c.contype = 'n' AND (NOT c.convalidated OR c.connoinherit))
        )""",
        # A column that says NOT NULL has a constraint by then, which children inherit
        formatted(
            "%sALTER TABLE ONLY %I.%I ADD CONSTRAINT %I %s",
            """CASE WHEN c.contype = 'n' AND c.convalidated THEN pg_catalog.format(
                E'ALTER TABLE %I.%I ALTER COLUMN %I DROP NOT NULL;\\n', rel.nspname, rel.relname,
                (SELECT a.attname FROM pg_catalog.pg_attribute a
                WHERE a.attrelid = c.conrelid AND a.attnum = c.conkey[1])) END""",
            "rel.nspname",
            "rel.relname",
            "c.conname",
            "pg_catalog.pg_get_constraintdef(c.oid)",
        ),
        kind="CASE c.contype WHEN 'x' THEN 'exclude' WHEN 'n' THEN 'not_null' ELSE 'temporal_constraint' END",
        catalog="pg_constraint",
        oid="c.oid",
        member="c.conname",
        number="CASE c.contype WHEN 'n' THEN c.conkey[1] ELSE 0 END",
        relations="CASE c.contype WHEN 'f' THEN ARRAY[rel.oid] ELSE ARRAY[rel.oid, c.conindid] END",
    )


def constraint_indexes(version: int) -> Query[UnmodelledRow]:
    """Storage parameters of the indexes inside constraints."""
    return fact(
        "constraint_storage",
        """pg_catalog.pg_constraint k JOIN idx rel ON rel.indexrelid = k.conindid
        WHERE k.contype IN ('p', 'u', 'x') AND k.conparentid = 0 AND rel.reloptions IS NOT NULL""",
        formatted(
            "ALTER INDEX %I.%I SET (%s)",
            "rel.nspname",
            "rel.name",
            "pg_catalog.array_to_string(rel.reloptions, ', ')",
        ),
        member="k.conname",
        relations="ARRAY[rel.oid, rel.indexrelid]",
    )


def clusters(version: int) -> Query[UnmodelledRow]:
    """The index that CLUSTER orders a table by."""
    return fact(
        "cluster",
        "idx rel WHERE rel.indisclustered",
        formatted("ALTER TABLE %I.%I CLUSTER ON %I", "rel.nspname", "rel.relname", "rel.name"),
        relations="ARRAY[rel.oid, rel.indexrelid]",
    )


def invalid_indexes(version: int) -> Query[UnmodelledRow]:
    """Indexes that no query uses: CREATE INDEX CONCURRENTLY was cut short, or a partition lacks its own."""
    return fact(
        "invalid_index",
        "idx rel WHERE NOT (rel.indisvalid AND rel.indisready AND rel.indislive)",
        formatted(  # no statement makes such an index, and nobody wants one
            "-- valid %s, ready %s, live %s", "rel.indisvalid", "rel.indisready", "rel.indislive"
        ),
        member="rel.name",
        relations="ARRAY[rel.oid, rel.indexrelid]",
    )


def index_statistics(version: int) -> Query[UnmodelledRow]:
    """Statistics targets of expressions in indexes."""
    return fact(
        "index_statistics",
        """idx rel JOIN pg_catalog.pg_attribute a ON a.attrelid = rel.indexrelid
        WHERE rel.indexprs IS NOT NULL AND a.attstattarget >= 0""",
        formatted(
            "ALTER INDEX %I.%I ALTER COLUMN %s SET STATISTICS %s",
            "rel.nspname",
            "rel.name",
            "a.attnum",
            "a.attstattarget",
        ),
        member=formatted("%s %s", "rel.name", "a.attnum"),
        relations="ARRAY[rel.oid, rel.indexrelid]",
    )
