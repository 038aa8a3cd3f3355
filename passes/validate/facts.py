"""What Postgres 18 knows by itself: operator classes, comparable types, functions, storage parameters.

Found in pg_opclass and pg_proc, and by trying; the tests of the checks ask Postgres again.
"""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _types(text: str) -> frozenset[str]:
    return frozenset(" ".join(name.split()) for name in text.split(","))


_REG: Final = _words(
    """regclass regcollation regconfig regdictionary regnamespace regoper regoperator regproc regprocedure
    regrole regtype"""
)
_RANGES: Final = _words("int4range int8range numrange tsrange tstzrange daterange")
_MULTIRANGES: Final = frozenset(r.replace("range", "multirange") for r in _RANGES)
_PLAIN: Final = _REG | _types(
    """smallint, integer, bigint, numeric, real, double precision, oid, text, character varying, character,
    bpchar, name, "char", date, time without time zone, time with time zone, timestamp without time
    zone, timestamp with time zone, interval, uuid, bytea, pg_lsn, inet, cidr, macaddr, macaddr8, tid"""
)
_BTREE: Final = _types(
    "money, boolean, jsonb, bit, bit varying, tsvector, tsquery, xid8, int2vector, oidvector"
)
_HASH: Final = _words("boolean jsonb aclitem xid xid8 cid int2vector oidvector")
# By method, the built-in types that have an operator class by default.
INDEXABLE: Final = {
    "btree": _PLAIN | _RANGES | _MULTIRANGES | _BTREE,
    "hash": _PLAIN | _RANGES | _MULTIRANGES | _HASH,
    "gist": _RANGES | _MULTIRANGES | _words("tsvector tsquery point box polygon circle"),
    "gin": _words("jsonb tsvector int2vector oidvector"),
    "spgist": _RANGES | _types("text, character varying, inet, cidr, point, box, polygon"),
    "brin": _PLAIN | _RANGES | _types("bit, bit varying, box"),
}
_ANY: Final = _words("enum composite range multirange array table view materialized_view")
# The same for what a catalog declares, and for arrays.
INDEXABLE_KINDS: Final = {
    "btree": _ANY,
    "hash": _ANY,
    "gist": _words("range multirange"),
    "gin": _words("array"),
    "spgist": _words("range"),
    "brin": _words("range"),
}
METHODS: Final = tuple(INDEXABLE)
INCLUDING: Final = ("btree", "gist", "spgist")
MULTICOLUMN: Final = ("btree", "gist", "gin", "brin")
EXTENSION_METHODS: Final = {"hnsw": "vector", "ivfflat": "vector", "bloom": "bloom", "rum": "rum"}
COLLATABLE: Final = _types("text, character varying, character, bpchar, name, citext")

_INTEGERS: Final = _words("smallint integer bigint")
_NUMBERS: Final = _INTEGERS | _types("numeric, real, double precision")
_STRINGS: Final = _types("text, character varying, character, bpchar")
_MOMENTS: Final = _types("date, timestamp without time zone, timestamp with time zone")
_OIDS: Final = _REG | _INTEGERS | {"oid"}
_BITS: Final = _types("bit, bit varying")
_ADDRESSES: Final = _words("inet cidr")
_MACS: Final = _words("macaddr macaddr8")
# By the type of a referenced column, the types of the columns that may refer to it. Up to version 15, "char"
# may refer to text, too.
REFERRING: Final = {
    **dict.fromkeys(_INTEGERS, _INTEGERS),
    "numeric": _INTEGERS | {"numeric"},
    **dict.fromkeys(("real", "double precision"), _NUMBERS),
    **dict.fromkeys((*_REG, "oid"), _OIDS),
    **dict.fromkeys(("text", "character varying"), _STRINGS | {"name"}),
    **dict.fromkeys(("character", "bpchar"), _STRINGS),
    "name": _STRINGS | {"name"},
    **dict.fromkeys(_MOMENTS, _MOMENTS),
    "time with time zone": _types("time with time zone, time without time zone"),
    "interval": _types("interval, time without time zone"),
    **dict.fromkeys(_BITS, _BITS),
    **dict.fromkeys(_ADDRESSES, _ADDRESSES),
    **dict.fromkeys(_MACS, _MACS),
}

AGGREGATES: Final = _words(
    """any_value array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count covar_pop covar_samp
    cume_dist dense_rank every json_agg json_agg_strict json_object_agg jsonb_agg jsonb_agg_strict
    jsonb_object_agg max min mode percent_rank percentile_cont percentile_disc range_agg
    range_intersect_agg rank regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx
    regr_sxy regr_syy stddev stddev_pop stddev_samp string_agg sum var_pop var_samp variance xmlagg"""
)
SET_RETURNING: Final = _words(
    """generate_series generate_subscripts json_array_elements json_array_elements_text json_each
    json_each_text json_object_keys jsonb_array_elements jsonb_array_elements_text jsonb_each
    jsonb_each_text jsonb_object_keys jsonb_path_query regexp_matches regexp_split_to_table
    string_to_table unnest"""
)
# Functions of which no form is immutable.
CHANGING: Final = _words(
    """array_to_json array_to_string clock_timestamp concat concat_ws current_database current_schema
    current_setting currval format gen_random_uuid json_build_array json_build_object jsonb_build_array
    jsonb_build_object lastval nextval now random row_to_json setval statement_timestamp timeofday
    to_char to_date to_json to_jsonb to_number transaction_timestamp txid_current version"""
)

_VACUUM: Final = _words(
    """autovacuum_enabled vacuum_index_cleanup vacuum_truncate vacuum_max_eager_freeze_failure_rate
    autovacuum_vacuum_threshold autovacuum_vacuum_max_threshold autovacuum_vacuum_scale_factor
    autovacuum_vacuum_insert_threshold autovacuum_vacuum_insert_scale_factor
    autovacuum_vacuum_cost_delay autovacuum_vacuum_cost_limit autovacuum_freeze_min_age
    autovacuum_freeze_max_age autovacuum_freeze_table_age autovacuum_multixact_freeze_min_age
    autovacuum_multixact_freeze_max_age autovacuum_multixact_freeze_table_age
    log_autovacuum_min_duration"""
)
_HEAP: Final = _words(
    """fillfactor toast_tuple_target parallel_workers autovacuum_analyze_threshold
    autovacuum_analyze_scale_factor user_catalog_table"""
).union(_VACUUM, (f"toast.{name}" for name in _VACUUM))
STORAGE: Final = {
    "table": _HEAP,
    "materialized_view": _HEAP,
    "view": _words("check_option security_barrier security_invoker"),
    "btree": _words("fillfactor deduplicate_items"),
    "hash": _words("fillfactor"),
    "gist": _words("fillfactor buffering"),
    "gin": _words("fastupdate gin_pending_list_limit"),
    "spgist": _words("fillfactor"),
    "brin": _words("pages_per_range autosummarize"),
}

PSEUDO: Final = _words(
    """any anyarray anycompatible anycompatiblearray anycompatiblemultirange anycompatiblenonarray
    anycompatiblerange anyelement anyenum anymultirange anynonarray anyrange cstring event_trigger
    fdw_handler index_am_handler internal language_handler record table_am_handler trigger tsm_handler
    unknown void"""
)
_LENGTH: Final = (1, 10485760)
_BIT_LENGTH: Final = (1, 83886080)
_PRECISION: Final = (0, 6)
# The least and the most that each modifier of a type may be.
MODIFIERS: Final[dict[str, tuple[tuple[int, int], ...]]] = {
    "numeric": ((1, 1000), (-1000, 1000)),
    **dict.fromkeys(("character varying", "character", "bpchar"), (_LENGTH,)),
    **dict.fromkeys(_BITS, (_BIT_LENGTH,)),
    **dict.fromkeys(_MOMENTS - {"date"}, (_PRECISION,)),
    **dict.fromkeys(("time without time zone", "time with time zone"), (_PRECISION,)),
    **dict.fromkeys(("vector", "halfvec"), ((1, 16000),)),
    "sparsevec": ((1, 1000000000),),
}
