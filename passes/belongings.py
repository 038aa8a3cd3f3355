"""What goes by itself when something is dropped: the sequences that a column owns, facts about a relation."""

from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.relations import Sequence
from pgkit.ir.walk import Declared


def goes_with(gone: Ref, obj: Declared) -> bool:
    """Whether Postgres drops `obj` by itself when it drops `gone`, a relation or a member of one."""
    match obj:
        case Sequence(owned_by=Ref() as column):
            return gone in (column, column.owner)
        case Unmodelled():
            relation = gone.owner or gone
            about = (obj.schema, obj.name) == (relation.schema, relation.name) and relation in obj.refs
            return about and (not gone.member or gone.member == obj.member)
        case _:
            return False
