"""What the IR does not model is made, altered and dropped all the same, and Postgres then says so."""

from collections.abc import Iterable

import attrs
import pytest

from pgkit.backends.ddl import unmodelled
from pgkit.frontends.live import read_catalog
from pgkit.grammar.definitions import alterable, creatable, droppable
from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Alter
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.walk import ref_of
from pgkit.runtime.connect import open_, running
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch
from tests.backends.ddl.unmodelled_cases import GROUPS, Case
from tests.live.reading import run


@pytest.mark.parametrize("group", GROUPS)
def test_there_and_back(contrib: Server, group: str) -> None:
    """From one state to another, then to none and to the first: each time it reads as if made by hand."""
    cases = [case for case in GROUPS[group] if case.since <= (contrib.version or 0)]
    run(_there_and_back(contrib, {f"case_{i:02}": case for i, case in enumerate(cases, 1)}))


async def _there_and_back(server: Server, cases: dict[str, Case]) -> None:
    async with scratch(server, purpose="test") as url:
        extensions = "CREATE EXTENSION btree_gist SCHEMA public; CREATE EXTENSION postgres_fdw SCHEMA public;"
        none = await _ran(url, extensions + _script(cases, "first"))
        new = await _ran(url, _script(cases, "new"))
        await _moved(url, new, none)
        old = await _ran(url, _script(cases, "old"))
        for schema, case in cases.items():
            both = [pair for pair in _both(old, new) if schema in f"{pair[0]}{pair[0].definition}"]
            assert case.anew is not all(alterable(a, b) for a, b in both), case.name
        for before, after in ((old, new), (new, old), (old, none), (none, old)):
            await _moved(url, before, after)


def _script(cases: dict[str, Case], state: str) -> str:
    makes = "CREATE SCHEMA {0}; " if state == "first" else ""
    parts = (
        f"{makes}SET search_path = {{0}}, public; ".format(schema)
        + getattr(case, state).replace("{s}", schema)
        for schema, case in cases.items()
    )
    return ";\n".join(parts)


async def _ran(url: str, sql: str) -> Catalog:
    async with open_(url, settings=running()) as session:
        await session.execute(sql)
    async with open_(url) as session:
        return attrs.evolve((await read_catalog(session)).catalog, roles=())  # the server's, not ours


async def _moved(url: str, before: Catalog, after: Catalog) -> None:
    text = ";\n".join(_statements(before, after))
    reached = await _ran(url, text)
    assert reached == after, _story(reached, after) + text


def _story(reached: Catalog, wanted: Catalog) -> str:
    """What is not as it should be, short enough to be read."""
    is_, should = ({u.hash: u for u in c.unmodelled} for c in (reached, wanted))
    lines = [f"is:     {u.kind} {u.definition}\n" for u in is_.values() if u.hash not in should]
    lines += [f"should: {u.kind} {u.definition}\n" for u in should.values() if u.hash not in is_]
    return "".join(["\n", *lines])


def _both(old: Catalog, new: Catalog) -> list[tuple[Unmodelled, Unmodelled]]:
    after = {ref_of(u): u for u in new.unmodelled}
    return [(u, after[ref_of(u)]) for u in old.unmodelled if after.get(ref_of(u), u) != u]


def _statements(before: Catalog, after: Catalog) -> list[str]:
    """The statements from one to the other, in an order that will do here."""
    old = {ref_of(u): u for u in before.unmodelled}
    new = {ref_of(u): u for u in after.unmodelled}
    altered = [(a, b) for a, b in _both(before, after) if alterable(a, b)]
    anew = {ref_of(a) for a, b in _both(before, after) if not alterable(a, b)}
    gone = _in_order(u for ref, u in old.items() if ref not in new or ref in anew)[::-1]
    made = _in_order(u for ref, u in new.items() if ref not in old or ref in anew)
    assert all(map(droppable, gone))
    assert all(map(creatable, made))
    found = [s for u in gone for s in unmodelled.drop(ref_of(u), u)]
    found += [s for a, b in altered for s in unmodelled.alter(Alter(ref_of(a), a, b))]
    found += [s for u in made for s in unmodelled.create(ref_of(u), u)]
    return [s.text for s in found]


def _in_order(found: Iterable[Unmodelled]) -> list[Unmodelled]:
    waiting = {ref_of(u): u for u in found}
    placed: list[Unmodelled] = []
    while waiting:
        ready = [ref for ref, u in waiting.items() if not any(r in waiting for r in u.refs)]
        assert ready, f"{list(waiting)} need each other"
        placed += [waiting.pop(ref) for ref in ready]
    return placed
