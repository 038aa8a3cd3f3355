"""Lowers the schema language: every file parsed, built, joined and resolved into one catalog. Pure."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from attrs import evolve

from pgkit.diag import Diagnostic, Source
from pgkit.frontends import Lowered
from pgkit.frontends.dsl.builder import Builder
from pgkit.frontends.dsl.kinds import DECLARATIONS
from pgkit.frontends.dsl.read import Raw
from pgkit.frontends.dsl.resolve import resolve
from pgkit.frontends.dsl.sqltext import problems
from pgkit.frontends.dsl.syntax import mismatch
from pgkit.grammar.schema import Mismatch, parse
from pgkit.ir.catalog import Catalog


def lower(raw: Raw, judge_sql: bool = True) -> Lowered:
    """The catalog of all files, every mistake in them found; the SQL inside is judged unless told not to."""
    with _uncollected():
        built = build(raw)
        catalog, findings = resolve(Catalog(**_tuples(built.parts)), built)
        found = [*raw.unread, *built.findings, *findings, *(problems(built.slots) if judge_sql else ())]
    return Lowered(catalog, tuple(sorted(found, key=_place)), built.hints())


def build(raw: Raw) -> Builder:
    """The parts of the files as they are written: nothing that is left out is filled in."""
    built = Builder(Source("", ""))
    for source in raw.sources:
        _file(evolve(built, source=source), source)
    return built


def _file(build: Builder, source: Source) -> None:
    for declaration in parse(source.text).declarations:
        if isinstance(declaration, Mismatch):
            build.findings.append(mismatch(source, declaration))
        else:
            DECLARATIONS[declaration.data](build, declaration)


def _tuples(parts: dict[str, list[Any]]) -> dict[str, Any]:
    return {name: tuple(found) for name, found in parts.items()}


def _place(finding: Diagnostic) -> tuple[str, int]:
    return (finding.span.source.name, finding.span.start) if finding.span else (finding.where, -1)


@contextmanager
def _uncollected() -> Iterator[None]:
    """No garbage collection meanwhile: among so many small values that all stay, it doubles the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
