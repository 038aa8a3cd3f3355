"""Which names an object occupies: in Postgres several kinds share one space of names.

Sources: the unique indexes of pg_class, pg_type, pg_constraint, pg_policy, pg_attribute and pg_enum.
"""

from collections.abc import Iterator
from typing import Final

from pgkit.ir.names import Ref
from pgkit.ir.relations import Column
from pgkit.ir.walk import Declared, members_of

# The spaces in which a kind takes a name: of its schema in capitals, else of what it belongs to. A kind that
# is not listed has one of its own.
SPACES: Final = {
    **dict.fromkeys(("table", "view", "materialized_view", "foreign_table"), ("RELATION", "TYPE")),
    "composite": ("RELATION", "TYPE"),
    **dict.fromkeys(("enum", "domain", "range", "multirange", "base_type"), ("TYPE",)),
    **dict.fromkeys(("sequence", "index"), ("RELATION",)),
    **dict.fromkeys(("unique", "exclude", "temporal_constraint"), ("RELATION", "constraint")),
    "primary_key": ("RELATION", "constraint", "primary key"),
    **dict.fromkeys(("foreign_key", "check"), ("constraint",)),
}
Slot = tuple[str, str, str, str]


def slots(ref: Ref, obj: Declared) -> Iterator[Slot]:
    """Every name that an object takes, those of its members too: the space, where in it, the name."""
    name = ref.member or ref.name
    for space in SPACES.get(ref.kind, (ref.kind,)):
        if space.isupper():
            yield space, ref.schema, "", name
        else:
            # A table has one primary key at most, whatever it is called.
            yield space, ref.schema, ref.name if ref.member else "", "" if space == "primary key" else name
    sequence = obj.identity.sequence if isinstance(obj, Column) and obj.identity else None
    if sequence is not None:
        yield "RELATION", sequence.schema, "", sequence.name
    for member, inside in members_of(obj, ref):
        yield from slots(member, inside)
