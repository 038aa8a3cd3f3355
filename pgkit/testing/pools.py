"""The small pools that values are drawn from, so that two catalogs overlap."""

from typing import Any

from hypothesis import strategies as st

ODD = ("plain", "Mixed", "order", 'quo"ted', "back\\slash", "spa ce", "ünï", "a.b", "it's", "$1", "%s{0}")
SCHEMAS = ("public", "app", "Odd schema")
TYPES = (
    "integer", "bigint", "text", "uuid", "boolean", "jsonb", "numeric(12,2)", "character varying(20)",
    "timestamp with time zone", "date", "real", "bytea", "inet", "character(3)", "bit(4)", "tstzrange",
)  # fmt: skip
DEFAULTS = {
    "integer": ("1", "'-5'::integer"),
    "bigint": ("9007199254740993",),  # past 2^53
    "text": ("'it''s'::text", "'back\\slash'::text", "CURRENT_USER", "'null'::text"),
    "uuid": ("gen_random_uuid()",),
    "boolean": ("true", "false"),
    "jsonb": ("'{}'::jsonb", "'{\"a\": [1]}'::jsonb"),
    "numeric(12,2)": ("0", "1.50"),
    "character varying(20)": ("'x'::character varying",),
    "timestamp with time zone": ("now()", "CURRENT_TIMESTAMP"),
    "date": ("CURRENT_DATE",),
}
comments = st.sampled_from([None, None, "said", 'it\'s "quoted" \\ and\nlong'])
names = st.sampled_from(ODD)


def some(of: st.SearchStrategy[Any], most: int, least: int = 0) -> st.SearchStrategy[list[Any]]:
    """Up to `most` distinct values."""
    return st.lists(of, min_size=least, max_size=most, unique=True)
