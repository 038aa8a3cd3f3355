"""Hazards against Postgres: the locks it takes, what it reads and writes, and the rows that it refuses."""

import asyncio
from collections.abc import Mapping

import pytest

from pgkit.ir.expr import opaque
from pgkit.ir.plan import HazardCode
from pgkit.passes.plan.hazards.defaults import is_volatile
from pgkit.runtime.connect import open_
from pgkit.runtime.embedded import Server
from tests.passes.hazards.cases import CASES
from tests.passes.hazards.measured import Case, Ran, fail, measure, said

Results = Mapping[str, list[Ran]]
# Before 16 nothing tells whether a text is read as a value.
UNTOLD = {"a text as an integer", "a text as a date", "json as a uuid", "a text as a domain"}


@pytest.fixture(scope="module")
def good(contrib: Server) -> Results:
    """Every case, on rows that pass."""
    return asyncio.run(measure(contrib, CASES))


@pytest.fixture(scope="module")
def bad(contrib: Server) -> Results:
    """Every case that has rows that do not pass, on these."""
    return asyncio.run(fail(contrib, (case for case in CASES if case.bad)))


def fitting(server: Server) -> dict[str, Case]:
    """The cases that a server of this version can hold; each has a name of its own."""
    found = {case.name: case for case in CASES if case.since <= (server.version or 0)}
    assert len(found) == sum(case.since <= (server.version or 0) for case in CASES) > 120
    return found


def test_codes(good: Results, contrib: Server) -> None:
    """A plan has the hazards that it should have, and no other."""
    codes = {name: {h.code.value for ran in good[name] for h in ran.step.hazards} for name in good}
    assert codes == {name: case.codes for name, case in fitting(contrib).items()}


def test_what_postgres_does(good: Results, contrib: Server) -> None:
    """Each step writes files anew, reads tables and holds locks meanwhile just as its hazards say."""
    with_rows = {name for name, case in fitting(contrib).items() if case.good}
    steps = {(name, ran.step.change): ran for name in with_rows for ran in good[name]}
    assert {key: ran.measured for key, ran in steps.items()} == {
        key: said(ran.step) for key, ran in steps.items()
    }


def test_plans_work_on_good_rows(good: Results, contrib: Server) -> None:
    """No step is refused, and no query of a hazard finds a row."""
    for name in fitting(contrib):
        assert [ran.error for ran in good[name] if ran.error] == [], name
        assert not any(found for ran in good[name] for found in ran.found), name


def test_plans_fail_on_bad_rows(bad: Results, contrib: Server) -> None:
    """The step that Postgres refuses for its rows says so beforehand, and its query finds them."""
    for name in fitting(contrib).keys() & bad.keys():
        last = bad[name][-1]
        assert (last.error or "")[:2] in ("22", "23"), name  # data, integrity
        told = dict(zip((h.code for h in last.step.hazards), last.found, strict=True))
        untold = name in UNTOLD and (contrib.version or 0) < 16
        assert told[HazardCode.MAY_FAIL] is (None if untold else True), name


# What can be called in a default, and gives a value.
VOLATILE = """
    SELECT DISTINCT proname::text FROM pg_proc
    WHERE provolatile = 'v' AND pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f' AND NOT proretset
    AND NOT 'internal'::regtype = ANY (proargtypes) AND prorettype IN (
        SELECT oid FROM pg_type WHERE typtype <> 'p'
    ) AND proname <> 'amvalidate'
"""
STABLE = """
    SELECT proname::text FROM pg_proc WHERE proname = ANY ($1) GROUP BY 1 HAVING bool_and(provolatile <> 'v')
"""
USUAL = (
    *(
        "now",
        "statement_timestamp",
        "transaction_timestamp",
        "lower",
        "md5",
        "concat",
        "to_char",
        "date_trunc",
    ),
    *(
        "current_setting",
        "jsonb_build_object",
        "array_fill",
        "make_interval",
        "timezone",
        "pg_typeof",
        "to_jsonb",
    ),
)


async def asked(server: Server, query: str, *args: object) -> set[str]:
    async with open_(server.url) as session:
        return {name for (name,) in await session.fetch(query, *args)}


def test_volatile_functions(contrib: Server) -> None:
    """Every function that Postgres calls volatile is known as such, and the usual ones that are not are not."""
    volatile = asyncio.run(asked(contrib, VOLATILE))
    assert "clock_timestamp" in volatile
    assert not {name for name in volatile if not is_volatile(opaque(f"{name}()"), {})}
    assert asyncio.run(asked(contrib, STABLE, list(USUAL))) == set(USUAL)
    assert not {name for name in USUAL if is_volatile(opaque(f"pg_catalog.{name}('x(')::text"), {})}
