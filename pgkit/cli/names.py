"""`pgkit names`: runs drizzle-names.mjs on the modules of a Drizzle schema, or prints it."""

import asyncio
import re
import shutil
from asyncio.subprocess import PIPE
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from pgkit.cli.output import Outcome
from pgkit.diag import PgkitError, fail

_SCRIPT: Final = files("pgkit.cli") / "drizzle-names.mjs"
_STRIPS_TYPES: Final = (22, 18)


async def names(modules: list[Path], output: Path | None, casing: str | None, script: bool) -> Outcome:
    """What node reads out of the modules, or with `script` what it runs."""
    if script == bool(modules):
        help = "as in `pgkit names src/schema.ts --output names.json`"
        raise fail("usage", "expected the modules of a schema, or --script alone", help=help, exit_code=2)
    text = _SCRIPT.read_text(encoding="utf-8") if script else await _read(modules, casing)
    if output is None:
        return Outcome(text=text.removesuffix("\n"))
    output.write_text(text, encoding="utf-8")
    return Outcome()


async def _read(modules: list[Path], casing: str | None) -> str:
    for module in modules:
        if not module.is_file():
            raise fail("no-schema", "no such module", where=str(module), exit_code=2)
    with as_file(_SCRIPT) as path:
        said = ["--casing", casing] if casing else []
        code, out, err = await _run([*await _node(modules[0]), str(path), *map(str, modules), *said])
    if code != 0:
        raise _failed(err)
    return out


async def _node(module: Path) -> list[str]:
    """The command that runs TypeScript: node with the project's tsx, or one that is new enough alone."""
    node = shutil.which("node")
    if node is None:
        help = "install Node.js, or run what `pgkit names --script` prints where there is one"
        raise fail("no-node", "node is not on PATH", help=help)
    folder = module.resolve().parent
    tsx = next((f for f in (folder, *folder.parents) if (f / "node_modules" / "tsx").is_dir()), None)
    if tsx is not None:
        loader = (tsx / "node_modules" / "tsx" / "dist" / "loader.mjs").as_uri()
        return [node, "--import", loader]
    _, version, _ = await _run([node, "--version"])
    found = re.match(r"v(\d+)\.(\d+)", version)
    if found and (int(found[1]), int(found[2])) < _STRIPS_TYPES and module.suffix in (".ts", ".mts", ".cts"):
        help = "npm install --save-dev tsx, or update node to 22.18 or newer"
        raise fail("old-node", f"node {version.strip()} does not read TypeScript by itself", help=help)
    return [node]


async def _run(command: list[str]) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(errors="replace"), err.decode(errors="replace")


def _failed(said: str) -> PgkitError:
    """What the script says as a diagnostic; warnings of node's own come before it."""
    found = re.search(r"^error: (.*?)(?:\n  help: (.*))?\s*\Z", said, re.DOTALL | re.MULTILINE)
    message = " ".join((found[1] if found else said.strip() or "node stopped without a word").split())
    return fail("names-failed", message, help=found[2] if found else None)
