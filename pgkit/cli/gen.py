"""`pgkit gen`: which source, which targets, and what became of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from pgkit.cli.output import Outcome
from pgkit.diag import Diagnostic, Severity, fail, printable
from pgkit.ir.wire import Client
from pgkit.jobs.config import Config, load
from pgkit.jobs.gen import Generated
from pgkit.jobs.gen import gen as generate
from pgkit.jobs.sources import options_of, rebase
from pgkit.jobs.write import Pending, difference, shown


@frozen(kw_only=True)
class Said:
    """What the command line says in place of the configuration."""

    names: Path | None = None
    wire: Client | None = None

    def over(self, config: Config) -> Config:
        """The configuration with what is said here."""
        if self.names is not None:
            config = evolve(config, names=self.names)
        if self.wire is None:
            return config
        typescript = evolve(config.typescript, wire=self.wire)
        return evolve(config, typescript=typescript, zod=evolve(config.zod, wire=self.wire))


async def gen(
    source: str | None,
    dirs: Mapping[str, Path | None],
    check: bool,
    config_file: Path | None,
    server: str | None,
    said: Said = Said(),
) -> Outcome:
    """Generates what the arguments, or else the configuration, ask for."""
    config = said.over(load(config_file))
    chosen = _dirs(dirs, config)
    options = options_of(config, server)
    generated = await generate(_source(source, config), chosen, config, options, check=check)
    return _checked(generated) if check else _written(generated)


def _source(given: str | None, config: Config) -> str:
    if given is not None:
        return given
    if config.source is not None:
        return rebase(config.source, config.folder)
    help = "give one (pgkit gen drizzle --rust src/db), or set source in pgkit.toml"
    raise fail("no-source", "no source to generate from", help=help, exit_code=2)


def _dirs(given: Mapping[str, Path | None], config: Config) -> dict[str, Path]:
    """The targets on the command line, or if there is none there, those of the configuration."""
    asked = {name: path for name, path in given.items() if path is not None}
    set_ = {"rust": config.rust.dir, "typescript": config.typescript.dir, "zod": config.zod.dir}
    set_ |= {name: target.dir for name, target in config.targets.items()}
    dirs = asked or {name: path for name, path in set_.items() if path is not None}
    if not dirs:
        help = "give --rust, --typescript or --zod DIR, or set dir in [rust], [typescript] or [zod]"
        raise fail("no-target", "nothing to generate", help=help, exit_code=2)
    return dirs


def _written(generated: Generated) -> Outcome:
    rows = [_summary(part, written="written", stale="removed") for part in generated.pending]
    result = {"targets": [_as_json(part, "written", "removed") for part in generated.pending]}
    return Outcome(text="\n".join(rows), result=result, findings=generated.findings)


def _checked(generated: Generated) -> Outcome:
    result = {"clean": generated.clean, "targets": [_checked_json(part) for part in generated.pending]}
    if generated.clean:
        rows = [f"{_target(part)}{part.unchanged} files up to date" for part in generated.pending]
        return Outcome(text="\n".join(rows), result=result, findings=generated.findings)
    count = sum(len(part.changes) for part in generated.pending)
    message = f"{count} file{'s are' if count > 1 else ' is'} not as generated"
    finding = Diagnostic("out-of-date", message, help="run `pgkit gen`", severity=Severity.WARNING)
    return Outcome(
        text=difference(generated.pending),
        result=result,
        findings=(*generated.findings, finding),
        exit_code=1,
    )


def _target(part: Pending) -> str:
    return f"{part.output.backend:<11} {printable(str(part.output.dir))}: "


def _summary(part: Pending, written: str, stale: str) -> str:
    new = part.count("missing") + part.count("changed")
    counts = [f"{new} {written}", f"{part.unchanged} unchanged"]
    if removed := part.count("stale"):
        counts.append(f"{removed} {stale}")
    return _target(part) + ", ".join(counts)


def _as_json(part: Pending, written: str, stale: str) -> dict[str, Any]:
    return {
        **_head(part),
        written: [shown(c.path) for c in part.changes if c.new is not None],
        stale: [shown(c.path) for c in part.changes if c.new is None],
    }


def _checked_json(part: Pending) -> dict[str, Any]:
    words = ("missing", "changed", "stale")
    return {
        **_head(part),
        **{word: [shown(c.path) for c in part.changes if c.word == word] for word in words},
    }


def _head(part: Pending) -> dict[str, Any]:
    output = part.output
    return {"target": output.backend, "dir": str(output.dir), "unchanged": part.unchanged}
