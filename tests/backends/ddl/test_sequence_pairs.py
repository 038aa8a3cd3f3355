"""Every state of a sequence becomes every other, by itself and inside an identity column."""

import asyncio
from collections.abc import Iterator, Mapping
from itertools import permutations

import pytest

from pgkit.runtime.embedded import Server
from tests.backends.ddl.proving import Case, Outcome, prove

STATES = (
    ("smallint", ""),
    ("integer", ""),
    ("bigint", ""),
    ("bigint", "MAXVALUE 2147483647"),
    ("bigint", "START 500 CACHE 20"),
    ("integer", "MINVALUE 100 MAXVALUE 200"),
    ("integer", "MINVALUE 150 MAXVALUE 900 START 300 CYCLE"),
    ("smallint", "MINVALUE -32768 START 0"),
    ("smallint", "INCREMENT -1"),
    ("integer", "INCREMENT -3 MINVALUE -100 MAXVALUE 100 START 50"),
    ("integer", "INCREMENT -1 MAXVALUE 2147483647"),
    ("bigint", "INCREMENT -1 MINVALUE 120 MAXVALUE 160"),
)


def _cases() -> Iterator[Case]:
    for (type, options), (new_type, new_options) in permutations(STATES, 2):
        name = f"{type} {options} => {new_type} {new_options}"
        yield Case(
            f"sequence: {name}",
            f"CREATE SEQUENCE q AS {type} {options}",
            f"CREATE SEQUENCE q AS {new_type} {new_options}",
            None,
            ("SELECT nextval('s.q') IS NOT NULL", [(True,)]),
        )
        yield Case(
            f"identity: {name}",
            f"CREATE TABLE t (c {type} GENERATED ALWAYS AS IDENTITY {_within(options)})",
            f"CREATE TABLE t (c {new_type} GENERATED ALWAYS AS IDENTITY {_within(new_options)})",
            None,
            ("INSERT INTO s.t DEFAULT VALUES RETURNING c IS NOT NULL", [(True,)]),
        )


def _within(options: str) -> str:
    return f"({options})" if options else ""


CASES = tuple(_cases())


@pytest.fixture(scope="module")
def outcomes(contrib: Server) -> Mapping[str, Outcome]:
    """What became of every pair."""
    return asyncio.run(prove(contrib, CASES))


@pytest.mark.parametrize("kind", ["sequence", "identity"])
def test_every_other_state_is_reached(kind: str, outcomes: Mapping[str, Outcome]) -> None:
    """A sequence that nobody has used yet takes any other state, and gives numbers in it."""
    cases = [case for case in CASES if case.name.startswith(kind)]
    assert len(cases) == len(STATES) * (len(STATES) - 1)
    for case in cases:
        outcome = outcomes[case.name]
        assert (case.name, outcome.error, outcome.left) == (case.name, None, ())
        assert case.rows is not None
        assert (case.name, outcome.rows) == (case.name, case.rows[1])
