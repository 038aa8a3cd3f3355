"""`pgkit migrate new`: the next migration on the command line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pgkit.cli.diff import asked_by
from pgkit.cli.migrate_choices import NewChoices
from pgkit.cli.output import Outcome
from pgkit.diag import fail, printable
from pgkit.jobs.config import Config, load
from pgkit.jobs.migrate.ledgers import folder_of
from pgkit.jobs.migrate.new import Made, Request
from pgkit.jobs.migrate.new import new as work
from pgkit.jobs.sources import options_of, rebase
from pgkit.jobs.write import shown

NOTHING = "nothing to do: the migrations lead to the wanted schema already\n"


async def new(choices: NewChoices) -> Outcome:
    """Writes the next migration, and says what was written and what it risks."""
    config = load(choices.config)
    folder = folder_of(choices.dir, config.migrate)
    request = Request(
        folder=folder,
        source=None if choices.custom else _source(choices, config),
        name=choices.name,
        attempt=choices.try_,
        options=options_of(config, choices.server),
        asked=asked_by(choices),
    )
    made = await work(request)
    return Outcome(text="".join(_lines(folder, made)), result=_values(folder, made), findings=made.findings)


def _source(choices: NewChoices, config: Config) -> str:
    if choices.source is not None:
        return choices.source
    if config.source is None:
        help = "name it, set source in pgkit.toml, or give --custom"
        raise fail("usage", "expected the schema that is wanted, found none", help=help, exit_code=2)
    return rebase(config.source, config.folder)


def _lines(folder: Path, made: Made) -> Iterator[str]:
    if not made.migrations:
        yield NOTHING
    for migration in made.migrations:
        for name in migration.files:
            yield f"wrote {printable(shown(folder / name))}\n"
    for step in made.plan.steps:
        for hazard in step.hazards:
            yield f"hazard {hazard.code}: {printable(hazard.message)}\n"


def _values(folder: Path, made: Made) -> dict[str, Any]:
    """The stable form for programs."""
    return {
        "migrations": [
            {"tag": m.tag, "snapshot": m.id, "files": [str(folder / name) for name in m.files]}
            for m in made.migrations
        ],
        "hazards": [
            {"code": str(h.code), "message": h.message, "query": h.query, "ref": str(step.change.ref)}
            for step in made.plan.steps
            for h in step.hazards
        ],
    }
