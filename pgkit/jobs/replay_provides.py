"""What extensions bring, by the words that Postgres's messages have for it.

Patterns as of file names, spaces between them. An operator stands behind the family of its operands. Sources:
the extensions' own objects in Postgres 18 with contrib and pgvector (a test holds the table against such a
server), the documentation of the others.
"""

from collections.abc import Mapping
from typing import Final

# What btree_gin and btree_gist give a default operator class; `declared` stands for enums and domains.
_BTREE: Final = (
    "smallint integer bigint real double_precision numeric money oid text name char_ character "
    "character_varying bytea bit bit_varying boolean date interval time_without_time_zone "
    "time_with_time_zone uuid macaddr macaddr8 timestamp_without_time_zone timestamp_with_time_zone inet "
    "cidr declared"
)
PROVIDES: Final[Mapping[str, Mapping[str, str]]] = {
    "amcheck": {"function": "bt_index_*check gin_index_check verify_heapam"},
    "autoinc": {"function": "autoinc"},
    "bloom": {
        "access method": "bloom",
        "operator class bloom": "int4_ops text_ops",
        "default bloom": "integer text",
    },
    "btree_gin": {
        "default gin": _BTREE,
        "operator class gin": (
            "int?_ops float?_ops text_ops varchar_ops bpchar_ops char_ops name_ops bytea_ops bit_ops "
            "varbit_ops bool_ops money_ops oid_ops numeric_ops date_ops time*_ops interval_ops inet_ops "
            "cidr_ops macaddr*_ops uuid_ops enum_ops"
        ),
    },
    "btree_gist": {
        "default gist": _BTREE,
        "operator class": "gist_*_ops",
        "operator": "number:<-> time:<->",
        "function": "*_dist",
    },
    "citext": {
        "type": "citext",
        "function": "citext*",
        "operator class": "citext_*",
    },
    "cube": {
        "type": "cube",
        "function": "cube cube_* distance_*",
        "operator class": "cube_ops gist_cube_ops",
    },
    "dblink": {
        "type": "dblink_pkey_results",
        "function": "dblink*",
        "foreign-data wrapper": "dblink_fdw",
    },
    "dict_int": {"text search dictionary": "intdict", "text search template": "intdict_template"},
    "dict_xsyn": {"text search dictionary": "xsyn", "text search template": "xsyn_template"},
    "earthdistance": {
        "type": "earth",
        "function": ("earth earth_* gc_to_sec sec_to_gc geo_distance ll_to_earth latitude longitude"),
        "operator": "point:<@>",
    },
    "file_fdw": {"function": "file_fdw_*", "foreign-data wrapper": "file_fdw"},
    "fuzzystrmatch": {"function": "levenshtein* soundex text_soundex difference *metaphone* daitch_mokotoff"},
    "hstore": {
        "type": "hstore ghstore",
        "function": (
            "hstore* hs_* akeys avals skeys svals each exist exists_* defined delete slice slice_array "
            "populate_record fetchval isexists isdefined tconvert ghstore_*"
        ),
        "operator class": "*_hstore_ops",
    },
    "http": {"type": "http_*", "function": "http http_* urlencode text_to_bytea bytea_to_text"},
    "hypopg": {"function": "hypopg*"},
    "insert_username": {"function": "insert_username"},
    "intagg": {"function": "int_array_aggregate int_array_enum"},
    "intarray": {
        "type": "query_int intbig_gkey",
        "function": (
            "idx icount sort sort_asc sort_desc uniq subarray intset* intarray_* _int_* _intbig_* boolop "
            "rboolop bqarr_*"
        ),
        "operator": "integer[]:# integer[]:+ integer[]:- integer[]:& integer[]:|",
        "operator class": "gin__int_ops gist__int*_ops",
        "default gist": "integer[]",
    },
    "ip4r": {"type": "ip4* ip6* ipaddress iprange", "function": "ip4* ip6* ipaddress iprange"},
    "isn": {
        "type": "ean13 isbn* ismn* issn* upc",
        "function": "ean13* isbn* ismn* issn* upc* isn* is_valid make_valid hash* bt*cmp",
        "operator class": "ean13_ops isbn*_ops ismn*_ops issn*_ops upc_ops",
    },
    "lo": {"type": "lo", "function": "lo_manage lo_oid"},
    "ltree": {
        "type": "ltree lquery ltxtquery ltree_gist",
        "function": (
            "ltree* lquery_* ltxtq* ltq_* lt_q_* _lt* subltree subpath nlevel lca text2ltree index "
            "hash_ltree*"
        ),
        "operator class": "*ltree_ops",
    },
    "moddatetime": {"function": "moddatetime"},
    "pageinspect": {
        "function": (
            "*page* bt_metap hash_bitmap_info hash_metapage_info brin_revmap_data heap_tuple_* gin_*_info "
            "tuple_data_split"
        ),
    },
    "pg_buffercache": {
        "type": "pg_buffercache*",
        "function": "pg_buffercache*",
        "relation": "pg_buffercache*",
    },
    "pg_cron": {"schema": "cron"},
    "pg_freespacemap": {"function": "pg_freespace"},
    "pg_graphql": {"schema": "graphql graphql_public"},
    "pg_ivm": {"schema": "pgivm", "function": "create_immv refresh_immv get_immv_def"},
    "pg_jsonschema": {"function": "json_matches_schema jsonb_matches_schema jsonschema_*"},
    "pg_logicalinspect": {"function": "pg_get_logical_snapshot_*"},
    "pg_net": {"schema": "net"},
    "pg_partman": {"schema": "partman", "function": "create_parent run_maintenance* partition_data_*"},
    "pg_prewarm": {"function": "pg_prewarm autoprewarm_*"},
    "pg_search": {"schema": "paradedb", "access method": "bm25"},
    "pg_stat_statements": {
        "type": "pg_stat_statements*",
        "function": "pg_stat_statements*",
        "relation": "pg_stat_statements*",
    },
    "pg_surgery": {"function": "heap_force_*"},
    "pg_trgm": {
        "type": "gtrgm",
        "function": "*similarity* show_trgm show_limit set_limit gtrgm_*",
        "operator": (
            "text:% text:<% text:%> text:<<% text:%>> text:<-> text:<<-> text:<->> text:<<<-> text:<->>>"
        ),
        "operator class": "gin_trgm_ops gist_trgm_ops",
    },
    "pg_uuidv7": {"function": "uuid_generate_v7 uuid_v7_to_* uuid_timestamptz_to_v7"},
    "pg_visibility": {
        "function": "pg_visibility* pg_check_frozen pg_check_visible pg_truncate_visibility_map"
    },
    "pg_walinspect": {"function": "pg_get_wal_*"},
    "pgaudit": {"function": "pgaudit_*"},
    "pgcrypto": {
        "function": (
            "digest hmac crypt gen_salt encrypt* decrypt* pgp_* armor dearmor gen_random_bytes "
            "gen_random_uuid fips_mode"
        ),
    },
    "pgjwt": {"function": "sign verify url_encode url_decode algorithm_sign try_cast_double"},
    "pgmq": {"schema": "pgmq"},
    "pgroonga": {
        "access method": "pgroonga",
        "function": "pgroonga_*",
        "operator class": "pgroonga_*",
    },
    "pgrowlocks": {"function": "pgrowlocks"},
    "pgsodium": {"schema": "pgsodium pgsodium_masks"},
    "pgstattuple": {"function": "pgstat* pg_relpages"},
    "plpgsql_check": {"function": "plpgsql_*"},
    "plv8": {"language": "plv8", "function": "plv8_*"},
    "postgis": {
        "type": "geometry geography box2d box2df box3d spheroid gidx geometry_dump raster",
        "function": (
            "st_* _st_* postgis_* geometry geometry_* geography geography_* box2d box3d *geometrycolumn* "
            "updategeometrysrid find_srid get_proj4_from_srid"
        ),
        "operator class": "*_geometry_ops* *_geography_ops*",
        "relation": ("spatial_ref_sys geometry_columns geography_columns raster_columns raster_overviews"),
    },
    "postgis_topology": {"schema": "topology", "type": "topogeometry topoelement topoelementarray"},
    "postgres_fdw": {"function": "postgres_fdw_*", "foreign-data wrapper": "postgres_fdw"},
    "refint": {"function": "check_foreign_key check_primary_key"},
    "rum": {
        "access method": "rum",
        "function": "rum_*",
        "operator class": "rum_*",
    },
    "seg": {
        "type": "seg",
        "function": "seg_*",
        "operator class": "seg_ops gist_seg_ops",
    },
    "sslinfo": {"function": "ssl_*"},
    "supabase_vault": {"schema": "vault"},
    "tablefunc": {"type": "tablefunc_*", "function": "crosstab* connectby normal_rand"},
    "tcn": {"function": "triggered_change_notification"},
    "temporal_tables": {"function": "versioning set_system_time"},
    "timescaledb": {
        "schema": "timescaledb_* _timescaledb_*",
        "function": (
            "create_hypertable time_bucket* add_*_policy remove_*_policy hypertable_* by_range by_hash"
        ),
    },
    "tsm_system_rows": {"function": "system_rows", "tablesample method": "system_rows"},
    "tsm_system_time": {"function": "system_time", "tablesample method": "system_time"},
    "unaccent": {
        "function": "unaccent unaccent_*",
        "text search dictionary": "unaccent",
        "text search template": "unaccent",
    },
    "uuid-ossp": {
        "function": (
            "uuid_generate_v1 uuid_generate_v1mc uuid_generate_v3 uuid_generate_v4 uuid_generate_v5 "
            "uuid_nil uuid_ns_*"
        ),
    },
    "vector": {
        "type": "vector halfvec sparsevec",
        "function": (
            "vector* halfvec* sparsevec* array_to_*vec* l1_* l2_* cosine_distance inner_product subvector "
            "binary_quantize hamming_distance jaccard_distance"
        ),
        "operator": "bit:<~> bit:<%>",
        "operator class": "vector_* halfvec_* sparsevec_* bit_hamming_ops bit_jaccard_ops",
        "access method": "hnsw ivfflat",
    },
    "vectorscale": {"access method": "diskann"},
    "xml2": {"function": "xml_* xpath_* xslt_process"},
}
