"""Every alteration, rename and drop, on two versions of Postgres, with rows where they matter."""

import asyncio
from collections.abc import Mapping

import pytest

from pgkit.runtime.embedded import Server
from tests.backends.ddl.cases import ALL
from tests.backends.ddl.proving import Case, Outcome, prove


@pytest.fixture(scope="module")
def outcomes(contrib: Server) -> Mapping[str, Outcome]:
    """What became of every case on the server: all of them share two databases, a schema each."""
    return asyncio.run(prove(contrib, ALL))


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_the_statements_lead_there(case: Case, contrib: Server, outcomes: Mapping[str, Outcome]) -> None:
    """The statements are those that an engineer would write, and what is read back is what was wanted."""
    outcome = outcomes.get(case.name)
    if outcome is None:
        pytest.skip(f"not for Postgres {contrib.version}")
    assert ";\n".join(outcome.statements) == case.sql
    assert outcome.error is None
    assert outcome.left == ()
    assert outcome.derived
    if case.rows is not None:
        assert outcome.rows == list(case.rows[1])


def test_every_case_has_a_name_of_its_own() -> None:
    """The outcomes are found by name."""
    assert len({case.name for case in ALL}) == len(ALL)
