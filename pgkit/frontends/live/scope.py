"""Which objects are the user's own: the common table expressions that every query starts from.

Left out: what initdb made (oids below 16384), what belongs to an extension, temporary objects, and the
ledgers of migration runners.
"""

from typing import Final

LEDGERS: Final = (
    ("drizzle", "__drizzle_migrations"),
    ("drizzle", "__pgkit_progress"),  # beside the other, while a file runs that one transaction cannot hold
    ("pgkit", "__pg_migrations"),
)

LEDGER_NAMES: Final = ", ".join(f"('{schema}', '{name}')" for schema, name in LEDGERS)


def not_in_extension(catalog: str, oid: str) -> str:
    """The condition that the object `oid` of a system catalog belongs to no extension."""
    return (
        f"{oid} NOT IN (SELECT ext.objid FROM ext "
        f"WHERE ext.classid = 'pg_catalog.{catalog}'::pg_catalog.regclass)"
    )


# A composite type's row in pg_class does not say that the type belongs to an extension; its type does.
SCOPE: Final = f"""
WITH ext AS MATERIALIZED (
    SELECT d.classid, d.objid, d.refobjid FROM pg_catalog.pg_depend d WHERE d.deptype = 'e'
), ns AS MATERIALIZED (
    SELECT n.oid, n.nspname FROM pg_catalog.pg_namespace n
    WHERE NOT pg_catalog.starts_with(n.nspname::pg_catalog.text, 'pg_') AND n.nspname <> 'information_schema'
), rel AS MATERIALIZED (
    SELECT ns.nspname, c.oid, c.relname, c.relkind, c.reltype, c.relpersistence, c.reltoastrelid,
        c.reloptions, c.relrowsecurity, c.relforcerowsecurity, c.relispopulated, c.relispartition,
        c.relpartbound, c.reloftype, c.relreplident, c.relam, c.reltablespace
    FROM pg_catalog.pg_class c JOIN ns ON ns.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c') AND c.relpersistence <> 't'
      AND {not_in_extension("pg_class", "c.oid")}
      AND (c.relkind <> 'c' OR {not_in_extension("pg_type", "c.reltype")})
      AND (ns.nspname, c.relname) NOT IN ({LEDGER_NAMES})
), att AS MATERIALIZED (
    SELECT rel.nspname, rel.relname, rel.relkind, a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod,
        a.attndims, a.attnotnull, a.atthasdef, a.attidentity, a.attgenerated, a.attcollation, a.attstorage,
        a.attcompression, a.attstattarget, a.attoptions, a.attislocal
    FROM pg_catalog.pg_attribute a JOIN rel ON rel.oid = a.attrelid AND rel.relkind <> 'S'
    WHERE a.attnum > 0 AND NOT a.attisdropped
), idx AS MATERIALIZED (
    SELECT i.*, rel.oid, rel.nspname, rel.relname, c.relname AS name, c.relispartition AS attached, c.relam,
        c.reloptions, c.reltablespace
    FROM pg_catalog.pg_index i JOIN rel ON rel.oid = i.indrelid
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
)
"""
