"""show: read -> lower -> print."""

from typing import Literal, assert_never

from attrs import frozen

from pgkit.diag import Diagnostic, fail
from pgkit.ir.catalog import Catalog
from pgkit.ir.json import dumps, sort
from pgkit.jobs.api import passes_named, pipeline
from pgkit.jobs.ddl import create_sql, statements
from pgkit.jobs.sources import Options, load
from pgkit.jobs.toml import nearest
from pgkit.passes.normalize import NORMALIZE, normalize
from pgkit.passes.normalize.implied_names import without_implied_names

Language = Literal["json", "pgkit", "sql"]


@frozen
class Shown:
    """A catalog as text."""

    text: str
    findings: tuple[Diagnostic, ...] = ()


async def show(source: str, language: Language, options: Options, print_after: str | None = None) -> Shown:
    """A source's catalog, printed as a snapshot, in the schema language, or as the SQL that makes it.

    With `print_after`, it is printed as it is after that normalization, whatever would come next.
    """
    loaded = await load(source, options)
    if print_after is not None:
        return Shown(_as_it_is(_after(loaded.catalog, print_after), language), loaded.findings)
    match language:
        case "json":
            return Shown(dumps(loaded.catalog), loaded.findings)
        case "pgkit":
            return Shown(schema_text(loaded.catalog), loaded.findings)
        case "sql":
            return Shown(create_sql(loaded.catalog), loaded.findings)
        case _:
            assert_never(language)


def schema_text(catalog: Catalog) -> str:
    """A catalog in the schema language, the names that Postgres gives left out."""
    from pgkit.backends.dsl import print_catalog

    return print_catalog(without_implied_names(normalize(sort(catalog))))


def _after(catalog: Catalog, name: str) -> Catalog:
    """The catalog after the normalizations up to the one of that name."""
    passes = passes_named(NORMALIZE)
    if name not in passes:
        near = nearest(name, list(passes))
        help = f"did you mean {near}?" if near else f"there are {', '.join(passes)}"
        raise fail("no-pass", f"no pass named {name}", help=help, exit_code=2)
    names = list(passes)
    return pipeline(catalog, *(passes[n] for n in names[: names.index(name) + 1]))


def _as_it_is(catalog: Catalog, language: Language) -> str:
    match language:
        case "json":
            return dumps(catalog)
        case "pgkit":
            from pgkit.backends.dsl import print_catalog

            return print_catalog(sort(catalog))
        case "sql":
            return statements(catalog)
        case _:
            assert_never(language)
