"""What goes by itself when something is dropped: the sequences that a column owns, facts about a relation."""

from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.relations import Sequence
from pgkit.ir.walk import Declared

_RELATIONS = ("table", "view", "materialized_view", "foreign_table")
# Facts whose member is that of another object; any other has a name of its own.
_OF_COLUMN = ("column_storage", "column_compression", "column_statistics", "column_parameters")
_OF_KEY = ("constraint_storage", "constraint_state", "tablespace")
_ABOUT = {
    "column": (*_OF_COLUMN, "view_column_default"),
    "index": ("tablespace", "invalid_index"),
    "foreign_key": ("constraint_state",),
    **dict.fromkeys(("primary_key", "unique", "exclude", "temporal_constraint"), _OF_KEY),
}


def goes_with(gone: Ref, obj: Declared) -> bool:
    """Whether Postgres drops `obj` by itself when it drops `gone`, a relation or a member of one."""
    match obj:
        case Sequence(owned_by=Ref() as column):
            return gone in (column, column.owner)
        case Unmodelled():
            relation = gone.owner or gone
            about = (obj.schema, obj.name) == (relation.schema, relation.name) and relation in obj.refs
            if gone.member:
                return about and gone.member == obj.member and obj.kind in _ABOUT.get(gone.kind, ())
            return about and gone.kind in _RELATIONS
        case _:
            return False
