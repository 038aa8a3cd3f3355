"""The index of the corpus: every scenario has its case, and every file is one that the runner understands."""

from __future__ import annotations

import pytest

from tests.corpus.cases import Case, Malformed, paths, read
from tests.corpus.index import INDEX, covering, printed
from tests.corpus.scenarios import scenarios


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    """All case files."""
    found, problems = [], []
    for path in paths():
        try:
            found.append(read(path))
        except Malformed as problem:
            problems.append(str(problem))
    assert not problems, "\n".join(problems)
    return found


def test_every_scenario_is_covered(cases: list[Case]) -> None:
    """Each scenario has a case, and no case says that it covers something else."""
    found = covering(cases)
    assert not [id for id in scenarios() if not found[id]], "without a case"
    assert not [id for id in found if id not in scenarios()], "no such scenario"


def test_there_are_enough(cases: list[Case]) -> None:
    """350 cases at least, the scenarios and what peers do not try."""
    assert len(cases) >= 350


def test_the_scenarios_are_all_there() -> None:
    """258 of the conformance list, and those beyond."""
    counts: dict[str, int] = {}
    for id in scenarios():
        group = id.rpartition(" ")[0]
        counts[group] = counts.get(group, 0) + 1
    beyond = {"pg-array": 12, "pg-schemas": 6, "indexes": 3, "push": 90, "introspect": 34, "probe": 12}
    assert {group: counts.pop(group) for group in beyond} == beyond
    assert sum(counts.values()) == 258
    assert len(set(scenarios())) == len(scenarios())


def test_the_index_is_up_to_date(cases: list[Case], request: pytest.FixtureRequest) -> None:
    """INDEX.md says what the cases say."""
    if request.config.getoption("--update"):
        INDEX.write_text(printed(cases), "utf-8")
    assert INDEX.read_text("utf-8") == printed(cases)
