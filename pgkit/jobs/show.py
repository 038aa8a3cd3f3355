"""show: read -> lower -> print."""

from typing import Literal, assert_never

from attrs import frozen

from pgkit.diag import Diagnostic
from pgkit.jobs.sources import Options, load

Language = Literal["json", "sql"]


@frozen
class Shown:
    """A catalog as text."""

    text: str
    findings: tuple[Diagnostic, ...] = ()


async def show(source: str, language: Language, options: Options) -> Shown:
    """A source's catalog, printed as a snapshot or as the SQL that makes it."""
    loaded = await load(source, options)
    match language:
        case "json":
            from pgkit.ir.json import dumps

            return Shown(dumps(loaded.catalog), loaded.findings)
        case "sql":
            from pgkit.jobs.ddl import create_sql

            return Shown(create_sql(loaded.catalog), loaded.findings)
        case _:
            assert_never(language)
