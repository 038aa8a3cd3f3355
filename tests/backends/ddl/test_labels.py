"""The labels of enums: when they can be added in place, and that they end up where they belong."""

import re

from hypothesis import given
from hypothesis import strategies as st

from pgkit.backends.ddl import emit
from pgkit.ir.change import Alter
from pgkit.ir.kinds import Enum, can_extend
from pgkit.ir.names import Ref

LABELS = st.lists(st.sampled_from("abcdefgh"), unique=True).map(tuple)


@given(old=LABELS, new=LABELS)
def test_labels_can_be_added_if_none_is_gone_or_moved(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    """Enums are extended in place exactly if the new labels, less the added ones, are the old ones."""
    assert can_extend(old, new) == (tuple(label for label in new if label in old) == old)


@given(new=LABELS, kept=st.sets(st.sampled_from("abcdefgh")))
def test_labels_come_where_they_belong(new: tuple[str, ...], kept: set[str]) -> None:
    """Run in their order, the statements leave the labels in theirs, and add each once."""
    old = tuple(label for label in new if label in kept)
    change = Alter(Ref("enum", "s", "e"), Enum(name="e", labels=old), Enum(name="e", labels=new))
    statements = [s.sql.text for s in emit([change])]
    assert len(statements) == len(new) - len(old)
    assert _run(old, statements) == new


def _run(labels: tuple[str, ...], statements: list[str]) -> tuple[str, ...]:
    """What ALTER TYPE does, as the manual has it."""
    found = list(labels)
    for statement in statements:
        match = re.fullmatch(r"ALTER TYPE s\.e ADD VALUE '(\w)'(?: BEFORE '(\w)')?", statement)
        assert match
        assert match[1] not in found
        found.insert(found.index(match[2]) if match[2] else len(found), match[1])
    return tuple(found)
