"""The whole catalogue of edits by hand."""

from tests.live.hand_edits_columns import COLUMNS
from tests.live.hand_edits_keys import KEYS
from tests.live.hand_edits_schemas import SCHEMAS
from tests.live.hand_edits_tables import TABLES

ALL = (*COLUMNS, *KEYS, *TABLES, *SCHEMAS)
