"""The changes that are proven: for each kind and each of its fields, a state before and a state after."""

from typing import Final

from tests.backends.ddl.cases import (
    columns,
    constraints,
    generated,
    identities,
    indexes,
    names,
    relations,
    sequences,
    types,
)
from tests.backends.ddl.proving import Case

ALL: Final[tuple[Case, ...]] = (
    *columns.CASES,
    *identities.CASES,
    *generated.CASES,
    *constraints.CASES,
    *indexes.CASES,
    *sequences.CASES,
    *relations.CASES,
    *types.CASES,
    *names.CASES,
)
