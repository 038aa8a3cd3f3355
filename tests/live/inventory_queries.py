"""The queries of the inventory: kind, schema, name, member, and properties as JSON.

The kinds and the properties have the names that pgkit gives them; how to get at them is all Postgres's.
"""

OURS = """NOT EXISTS (SELECT FROM pg_depend x WHERE x.deptype = 'e' AND x.classid = '{catalog}'::regclass AND x.objid = {oid})"""
USER = "{n}.nspname !~ '^pg_' AND {n}.nspname <> 'information_schema'"


def ours(catalog: str, oid: str, namespace: str = "n") -> str:
    """The condition for what is the user's."""
    return OURS.format(catalog=catalog, oid=oid) + " AND " + USER.format(n=namespace)


def columns_of(array: str, relation: str) -> str:
    """The names of columns, in the order of the array."""
    return f"""(SELECT string_agg(a.attname, ',' ORDER BY u.i) FROM unnest({array}) WITH ORDINALITY u(n, i)
        JOIN pg_attribute a ON a.attrelid = {relation} AND a.attnum = u.n)"""


REL = "pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
OPTIONS = "(SELECT string_agg(o, ',' ORDER BY o) FROM unnest({0}) o)"
SCHEMAS = f"""
SELECT 'schema', '', nspname, '', jsonb_build_object('comment', obj_description(oid, 'pg_namespace'))
FROM pg_namespace n WHERE {ours("pg_namespace", "n.oid")} AND nspname <> 'public'"""
EXTENSIONS = "SELECT 'extension', '', extname, '', '{}' FROM pg_extension WHERE extname <> 'plpgsql'"
ENUMS = f"""
SELECT 'enum', nspname, typname, '', jsonb_build_object('comment', obj_description(t.oid, 'pg_type'),
    'labels', (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum e WHERE enumtypid = t.oid))
FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace WHERE typtype = 'e' AND {ours("pg_type", "t.oid")}"""
DOMAINS = f"""
SELECT 'domain', nspname, typname, '', jsonb_build_object('comment', obj_description(t.oid, 'pg_type'),
    'type', format_type(typbasetype, typtypmod), 'nullable', NOT typnotnull, 'default', typdefault)
FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace WHERE typtype = 'd' AND {ours("pg_type", "t.oid")}"""
DOMAIN_CHECKS = f"""
SELECT 'check', nspname, typname, conname, jsonb_build_object('expr', pg_get_expr(conbin, 0),
    'validated', convalidated)
FROM pg_constraint k JOIN pg_type t ON t.oid = contypid JOIN pg_namespace n ON n.oid = typnamespace
WHERE contype = 'c' AND {ours("pg_type", "t.oid")}"""
COMPOSITES = f"""
SELECT 'composite', nspname, relname, '', jsonb_build_object('comment', obj_description(c.reltype, 'pg_type'))
FROM {REL} WHERE relkind = 'c' AND {ours("pg_class", "c.oid")}"""
ATTRIBUTES = f"""
SELECT 'attribute', nspname, relname, attname, jsonb_build_object('type', format_type(atttypid, atttypmod))
FROM {REL} JOIN pg_attribute a ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
WHERE relkind = 'c' AND {ours("pg_class", "c.oid")}"""
NUMBERS = "concat_ws(' ', seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle)"
SEQUENCES = f"""
SELECT 'sequence', nspname, relname, '', jsonb_build_object('comment', obj_description(c.oid, 'pg_class'),
    'options', {NUMBERS}, 'type', format_type(seqtypid, NULL), 'unlogged', relpersistence = 'u',
    'owned_by', (SELECT refobjid::regclass || '.' || refobjsubid FROM pg_depend d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND deptype = 'a'))
FROM {REL} JOIN pg_sequence s ON seqrelid = c.oid WHERE {ours("pg_class", "c.oid")}
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
        AND deptype = 'i')"""
TABLES = f"""
SELECT 'table', nspname, relname, '', jsonb_build_object('comment', obj_description(c.oid, 'pg_class'),
    'unlogged', relpersistence = 'u', 'row_security', relrowsecurity,
    'force_row_security', relforcerowsecurity, 'storage', {OPTIONS.format("reloptions")})
FROM {REL} WHERE relkind IN ('r', 'p') AND {ours("pg_class", "c.oid")}"""
# The type of the column is another property.
DEFAULT = r"regexp_replace(pg_get_expr(adbin, adrelid), '^(''[^'']*'')::[^'']*$', '\1')"
COLUMNS = f"""
SELECT 'column', nspname, relname, attname, jsonb_build_object('comment', col_description(c.oid, attnum),
    'type', format_type(atttypid, atttypmod), 'nullable', NOT attnotnull,
    'default', CASE WHEN attgenerated = '' THEN {DEFAULT} END,
    'generated', CASE WHEN attgenerated <> '' THEN attgenerated::text || pg_get_expr(adbin, adrelid) END,
    'identity', NULLIF(attidentity::text, '') || (SELECT {NUMBERS} FROM pg_sequence
        WHERE seqrelid = pg_get_serial_sequence(format('%I.%I', nspname, relname), attname)::regclass),
    'collation', NULLIF(attcollation, typcollation)::regcollation)
FROM {REL} JOIN pg_attribute a ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
JOIN pg_type t ON t.oid = atttypid LEFT JOIN pg_attrdef d ON adrelid = c.oid AND adnum = attnum
WHERE relkind IN ('r', 'p') AND {ours("pg_class", "c.oid")}"""
CONSTRAINT = "pg_constraint k JOIN pg_class c ON c.oid = conrelid JOIN pg_namespace n ON n.oid = relnamespace"
DEFERRAL = "concat(condeferrable, condeferred)"
KEYS = f"""
SELECT CASE contype WHEN 'p' THEN 'primary_key' ELSE 'unique' END, nspname, relname, conname,
    jsonb_build_object('comment', obj_description(k.oid, 'pg_constraint'), 'deferral', {DEFERRAL},
    'columns', {columns_of("conkey", "c.oid")}, 'nulls_not_distinct',
    pg_get_constraintdef(k.oid) ~ 'NULLS NOT DISTINCT', 'include', substring(pg_get_constraintdef(k.oid), 'INCLUDE .*'))
FROM {CONSTRAINT} WHERE contype IN ('p', 'u') AND conislocal AND {ours("pg_class", "c.oid")}"""
FOREIGN_KEYS = f"""
SELECT 'foreign_key', nspname, relname, conname, jsonb_build_object(
    'comment', obj_description(k.oid, 'pg_constraint'), 'deferral', {DEFERRAL}, 'validated', convalidated,
    'columns', {columns_of("conkey", "c.oid")}, 'match_full', confmatchtype = 'f',
    'references', confrelid::regclass || {columns_of("confkey", "confrelid")},
    'on_delete', confdeltype, 'on_update', confupdtype, 'set_columns', {columns_of("confdelsetcols", "c.oid")})
FROM {CONSTRAINT} WHERE contype = 'f' AND conparentid = 0 AND {ours("pg_class", "c.oid")}"""
CHECKS = f"""
SELECT 'check', nspname, relname, conname, jsonb_build_object(
    'comment', obj_description(k.oid, 'pg_constraint'), 'validated', convalidated,
    'no_inherit', connoinherit, 'expr', pg_get_expr(conbin, conrelid))
FROM {CONSTRAINT} WHERE contype = 'c' AND conislocal AND {ours("pg_class", "c.oid")}"""
INDEXES = f"""
SELECT 'index', nspname, c.relname, i.relname, jsonb_build_object('comment', obj_description(i.oid, 'pg_class'),
    'unique', indisunique, 'nulls_not_distinct', indnullsnotdistinct, 'method', amname,
    'storage', {OPTIONS.format("i.reloptions")}, 'where', pg_get_expr(indpred, indrelid),
    'include', (SELECT string_agg(pg_get_indexdef(i.oid, p, false), ',' ORDER BY p)
        FROM generate_series(indnkeyatts + 1, indnatts) p),
    'keys', (SELECT string_agg(concat_ws(' ', pg_get_indexdef(i.oid, p, false), indclass[p - 1],
            indoption[p - 1], indcollation[p - 1]), ',' ORDER BY p) FROM generate_series(1, indnkeyatts) p))
FROM pg_index x JOIN pg_class i ON i.oid = indexrelid JOIN pg_am am ON am.oid = i.relam
JOIN pg_class c ON c.oid = indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {ours("pg_class", "c.oid")} AND NOT i.relispartition AND c.relkind IN ('r', 'p', 'm')
    AND NOT EXISTS (SELECT FROM pg_constraint k WHERE conindid = i.oid AND contype IN ('p', 'u', 'x'))"""
POLICIES = f"""
SELECT 'policy', nspname, relname, polname, jsonb_build_object('comment', obj_description(p.oid, 'pg_policy'),
    'permissive', polpermissive, 'command', polcmd, 'using', pg_get_expr(polqual, polrelid),
    'check', pg_get_expr(polwithcheck, polrelid), 'roles', (SELECT string_agg(r::text, ',' ORDER BY r) FROM unnest(polroles) r))
FROM pg_policy p JOIN pg_class c ON c.oid = polrelid JOIN pg_namespace n ON n.oid = relnamespace
WHERE {ours("pg_class", "c.oid")}"""
VIEWS = f"""
SELECT CASE relkind WHEN 'v' THEN 'view' ELSE 'materialized_view' END, nspname, relname, '',
    jsonb_build_object('comment', obj_description(c.oid, 'pg_class'), 'query', pg_get_viewdef(c.oid))
    || jsonb_build_object(CASE relkind WHEN 'v' THEN 'options' ELSE 'storage' END, {OPTIONS.format("reloptions")})
FROM {REL} WHERE relkind IN ('v', 'm') AND {ours("pg_class", "c.oid")}"""
ROUTINES = f"""
SELECT CASE prokind WHEN 'p' THEN 'procedure' ELSE 'function' END, nspname,
    format('%s(%s)', CASE WHEN proname ~ '^[a-z_][a-z0-9_]*$' THEN proname ELSE quote_ident(proname) END,
        oidvectortypes(proargtypes)), '',
    jsonb_build_object('definition', pg_get_functiondef(p.oid) || COALESCE(obj_description(p.oid, 'pg_proc'), ''))
FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
WHERE prokind IN ('f', 'p') AND {ours("pg_proc", "p.oid")}
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'i' AND d.classid = 'pg_proc'::regclass)"""
TRIGGERS = f"""
SELECT 'trigger', nspname, relname, tgname, jsonb_build_object('definition',
    concat(pg_get_triggerdef(t.oid), tgenabled, obj_description(t.oid, 'pg_trigger')))
FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid JOIN pg_namespace n ON n.oid = relnamespace
WHERE NOT tgisinternal AND tgparentid = 0 AND {ours("pg_class", "c.oid")}"""
RULES = f"""
SELECT 'rule', nspname, relname, rulename, jsonb_build_object('definition', pg_get_ruledef(r.oid) || ev_enabled::text)
FROM pg_rewrite r JOIN pg_class c ON c.oid = ev_class JOIN pg_namespace n ON n.oid = relnamespace
WHERE rulename <> '_RETURN' AND {ours("pg_class", "c.oid")}"""
STATISTICS = f"""
SELECT 'statistics', nspname, stxname, '', jsonb_build_object('definition',
    pg_get_statisticsobjdef(s.oid) || COALESCE(stxstattarget, -1))
FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = stxnamespace WHERE {USER.format(n="n")}"""
PUBLICATIONS = """
SELECT 'publication', '', pubname, '', jsonb_build_object('definition', concat_ws(' ', puballtables, pubinsert,
    pubupdate, pubdelete, pubtruncate, pubviaroot, (SELECT string_agg(concat(prrelid::regclass,
    pg_get_expr(prqual, prrelid), prattrs), ',' ORDER BY prrelid::regclass::text) FROM pg_publication_rel WHERE prpubid = p.oid)))
FROM pg_publication p"""
EVENT_TRIGGERS = """
SELECT 'event_trigger', '', evtname, '', jsonb_build_object('definition', concat_ws(' ', evtevent, evtenabled,
    evttags, evtfoid::regprocedure)) FROM pg_event_trigger"""
EXCLUSIONS = f"""
SELECT 'exclude', nspname, relname, conname, jsonb_build_object('definition', pg_get_constraintdef(k.oid))
FROM {CONSTRAINT} WHERE contype = 'x' AND conparentid = 0 AND {ours("pg_class", "c.oid")}"""
PARTITION_KEYS = f"""
SELECT 'partition_key', nspname, relname, '', jsonb_build_object('definition', pg_get_partkeydef(c.oid))
FROM {REL} WHERE relkind = 'p' AND {ours("pg_class", "c.oid")}"""
PARTITIONS = f"""
SELECT 'partition_of', nspname, relname, '', jsonb_build_object('definition',
    inhparent::regclass || pg_get_expr(relpartbound, c.oid))
FROM {REL} JOIN pg_inherits ON inhrelid = c.oid WHERE relispartition AND relkind IN ('r', 'p') AND {ours("pg_class", "c.oid")}"""
INHERITS = f"""
SELECT 'inherits', nspname, relname, inhparent::regclass::text, jsonb_build_object('definition', inhseqno)
FROM {REL} JOIN pg_inherits ON inhrelid = c.oid WHERE NOT relispartition AND relkind = 'r' AND {ours("pg_class", "c.oid")}"""
REPLICA_IDENTITIES = f"""
SELECT 'replica_identity', nspname, relname, '', jsonb_build_object('definition', concat(relreplident,
    (SELECT indexrelid::regclass FROM pg_index WHERE indrelid = c.oid AND indisreplident)))
FROM {REL} WHERE relreplident <> 'd' AND relkind IN ('r', 'p') AND {ours("pg_class", "c.oid")}"""
CLUSTERED = f"""
SELECT 'cluster', nspname, relname, '', jsonb_build_object('definition', indexrelid::regclass)
FROM {REL} JOIN pg_index ON indrelid = c.oid AND indisclustered WHERE {ours("pg_class", "c.oid")}"""


def column_fact(kind: str, value: str, condition: str) -> str:
    """A query for what is set for some columns only."""
    return f"""
SELECT '{kind}', nspname, relname, attname, jsonb_build_object('definition', {value})
FROM {REL} JOIN pg_attribute a ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
JOIN pg_type t ON t.oid = atttypid
WHERE relkind IN ('r', 'p', 'm') AND {condition} AND {ours("pg_class", "c.oid")}"""


QUERIES = (
    SCHEMAS,
    EXTENSIONS,
    ENUMS,
    DOMAINS,
    DOMAIN_CHECKS,
    COMPOSITES,
    ATTRIBUTES,
    SEQUENCES,
    TABLES,
    COLUMNS,
    KEYS,
    FOREIGN_KEYS,
    CHECKS,
    INDEXES,
    POLICIES,
    VIEWS,
    ROUTINES,
    TRIGGERS,
    RULES,
    STATISTICS,
    PUBLICATIONS,
    EVENT_TRIGGERS,
    EXCLUSIONS,
    PARTITION_KEYS,
    PARTITIONS,
    INHERITS,
    REPLICA_IDENTITIES,
    CLUSTERED,
    column_fact("column_storage", "attstorage", "attstorage <> typstorage"),
    column_fact("column_compression", "attcompression", "attcompression <> ''"),
    column_fact("column_statistics", "attstattarget", "attstattarget >= 0"),
    column_fact("column_parameters", "attoptions", "attoptions IS NOT NULL"),
)
