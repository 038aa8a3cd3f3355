"""The calls of pgkit that the corpus is about: the one module here that knows how a plan is asked for."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from attrs import evolve, frozen

from pgkit.backends.ddl.script import script
from pgkit.diag import PgkitError
from pgkit.diag import Source as Text
from pgkit.frontends.dsl import Raw, lower
from pgkit.frontends.hints import parse
from pgkit.ir.catalog import Catalog
from pgkit.ir.hints import Hints
from pgkit.ir.kinds import Extension
from pgkit.jobs.ddl import create_sql
from pgkit.jobs.diff import Asked, between
from pgkit.jobs.drift import Difference, DriftOptions, drift
from pgkit.jobs.sources import Kind, Loaded, Options, Source, usable
from pgkit.passes.normalize import normalize
from pgkit.passes.validate import validate
from pgkit.runtime.embedded import Server
from tests.corpus.cases import Case
from tests.drizzle import folders

_KINDS: dict[str, Kind] = {"pgkit": "schema", "sql": "sql", "drizzle": "drizzle"}


@frozen
class Side:
    """What is planned from or to: a catalog, and where it comes from."""

    source: Source
    loaded: Loaded

    @property
    def catalog(self) -> Catalog:
        """The catalog."""
        return self.loaded.catalog

    @property
    def script(self) -> str:
        """The SQL that makes it in an empty database."""
        return create_sql(self.catalog)


def offline(case: Case, name: str) -> Side | None:
    """One side of a case, as its source gives it; None for SQL, which a server has to run."""
    language, text = case.side(name)
    if language == "sql":
        return None
    loaded = _schema(text, f"{name}.pgkit") if language == "pgkit" else _drizzle(text)
    given = tuple(Extension(name=extension) for extension in case.undeclared_extensions)
    catalog = evolve(loaded.catalog, extensions=(*loaded.catalog.extensions, *given))
    return Side(Source(_KINDS[language], name), evolve(loaded, catalog=catalog))


def ran(case: Case, name: str, catalog: Catalog) -> Side:
    """One side of a case that a server ran and gave back."""
    return Side(Source(_KINDS[case.side(name)[0]], name), Loaded(catalog))


def live(url: str, catalog: Catalog) -> Side:
    """A database."""
    return Side(Source("live", url), Loaded(catalog))


def hints_of(case: Case) -> Hints:
    """The hints of a case. Raises PgkitError for those that cannot be read."""
    hints, problems = parse(Text("hints", case.blocks.get("hints", "")))
    if problems:
        raise PgkitError(problems)
    return hints


async def plan_text(before: Side, after: Side, hints: Hints, version: int, server: Server | None) -> str:
    """What `pgkit diff` prints. Raises PgkitError where there can be no plan."""

    def there() -> Server:
        assert server is not None, "two sides that are read offline need no server"
        return server

    sides = (before.loaded, after.loaded)
    asked = Asked(hints=hints, postgres=version)
    found = await between((before.source, after.source), sides, there, Options(), asked)
    return script(found.plan)


async def differences(after: Side, live: Catalog, server: Server) -> tuple[Difference, ...]:
    """How a database differs from what it ought to be."""
    options = DriftOptions(comments=after.source.kind != "drizzle")
    return (await drift(after.catalog, live, lambda: server, options)).differences


def _schema(text: str, name: str) -> Loaded:
    declared = lower(Raw((Text(name, text),)))
    catalog = normalize(usable(declared).catalog)
    if problems := [d for d in validate(catalog) if d.severity == "error"]:
        raise PgkitError(problems)
    return Loaded(catalog, declared.diagnostics, declared.hints)


def _drizzle(text: str) -> Loaded:
    with tempfile.TemporaryDirectory() as folder:
        return usable(folders.lowered(folders.journal(Path(folder), json.loads(text))))
