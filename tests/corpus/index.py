"""`corpus/INDEX.md`: every scenario, and the case files that cover it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Final

from tests.corpus.cases import ROOT, Case, name
from tests.corpus.scenarios import scenarios

INDEX: Final = ROOT / "INDEX.md"
_HEAD: Final = """\
# Which case covers which scenario

Written by `python -m pytest tests/corpus -k index --update`, from the `covers` of each case.
"""


def covering(cases: Iterable[Case]) -> Mapping[str, list[str]]:
    """The names of the cases that cover each scenario, whether or not it is one of ours."""
    found: dict[str, list[str]] = {id: [] for id in scenarios()}
    for case in cases:
        for id in case.needs.covers:
            found.setdefault(id, []).append(name(case.path))
    return found


def printed(cases: Iterable[Case]) -> str:
    """The text of the index: the scenarios by group, then what no scenario asked for."""
    cases = list(cases)
    found = covering(cases)
    parts = [_HEAD]
    for group, ids in groupby(scenarios(), lambda id: id.rpartition(" ")[0]):
        rows = "".join(_row(id, found[id]) for id in ids)
        parts.append(f"## {group}\n\n| | scenario | cases |\n|---|---|---|\n{rows}")
    more = [f"- [{case.title}]({name(case.path)}.md)\n" for case in cases if not case.needs.covers]
    parts.append("## Beyond all these\n\n" + "".join(more))
    return "\n".join(parts)


def _row(id: str, covered_by: list[str]) -> str:
    title = scenarios()[id].replace("|", "\\|")
    return f"| {id.rpartition(' ')[2]} | {title} | {', '.join(map(_link, sorted(covered_by)))} |\n"


def _link(case: str) -> str:
    return f"[{case}]({case}.md)"
