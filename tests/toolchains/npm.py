"""Node's tools: TypeScript old and new, zod, prettier, drizzle-kit, pinned by `node/package-lock.json`.

The next drizzle-kit wants the next drizzle-orm under that very name: it has a folder of its own, `node-next/`.
So has eslint, `node-lint/`: its rules for TypeScript want a compiler before 7 under the name typescript.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from tests.toolchains.shell import HERE, Run, missing, must, once, run

NODE, NEXT, LINT = HERE / "node", HERE / "node-next", HERE / "node-lint"
OLDEST = 20
COMPILERS = {"5.5": "typescript55", "7.0": "typescript"}

# The flags under which people compile what pgkit prints; `erasableSyntaxOnly` came with TypeScript 5.8.
STRICT: dict[str, object] = {
    "strict": True,
    "verbatimModuleSyntax": True,
    "exactOptionalPropertyTypes": True,
    "isolatedModules": True,
    "noUncheckedIndexedAccess": True,
    "noPropertyAccessFromIndexSignature": True,
    "noImplicitOverride": True,
    "noImplicitReturns": True,
    "noFallthroughCasesInSwitch": True,
    "noUnusedLocals": True,
    "noUnusedParameters": True,
    "allowUnreachableCode": False,
    "allowUnusedLabels": False,
    "noEmit": True,
    "target": "es2022",
    "lib": ["es2022"],
    "types": [],
    "module": "esnext",
    "moduleResolution": "bundler",
    "allowImportingTsExtensions": True,
    "skipLibCheck": True,
}
NEWER = {"5.5": {}, "7.0": {"erasableSyntaxOnly": True, "noUncheckedSideEffectImports": True}}


@cache
def packages(folder: Path = NODE) -> Path:
    """The `node_modules` folder, installed on first need."""
    npm = find_npm()
    pins = b"".join((folder / name).read_bytes() for name in (".npmrc", "package.json", "package-lock.json"))
    modules = folder / "node_modules"
    stamp = modules.with_name("node_modules.stamp")
    once(stamp, hashlib.sha256(pins).hexdigest(), lambda: install(npm, folder))
    return modules


def find_npm() -> str:
    """The npm to install with, beside a node that is new enough."""
    node_path, npm = shutil.which("node"), shutil.which("npm")
    if node_path is None:
        missing("node", f"node is not on PATH; install Node.js {OLDEST} or newer")
    if npm is None:
        missing("node", "npm is not on PATH, though node is; install it beside node")
    version = run([node_path, "--version"], NODE).stdout.strip()
    found = re.match(r"v(\d+)\.", version)
    if found is None or int(found[1]) < OLDEST:
        missing("node", f"node {version} is too old; install Node.js {OLDEST} or newer")
    return npm


def install(npm: str, folder: Path) -> None:
    """Installs what the lock says, and nothing else."""
    must(run([npm, "ci"], folder))
    # The servers come without the links to their libraries; their postinstall script, like all, is not run.
    for server in sorted((folder / "node_modules").glob("pg[0-9]*")):
        must(run(["node", "scripts/hydrate-symlinks.js"], server))


def npx(tool: str, *args: str | Path, cwd: Path, folder: Path = NODE) -> Run:
    """Runs one of the installed packages' commands."""
    return run([packages(folder) / ".bin" / tool, *args], cwd)


def node(script: str, cwd: Path) -> Run:
    """Runs an ES module given as text, which may import what is installed."""
    link_packages(cwd)
    return run(["node", "--input-type=module"], cwd, stdin=script)


def run_typescript(script: Path, *args: str | Path, stdin: str = "") -> Run:
    """Runs a TypeScript file, and those that it imports, without checking types."""
    link_packages(script.parent)
    return run(["node", "--import", "tsx", script, *args], script.parent, stdin=stdin)


def link_packages(directory: Path, folder: Path = NODE) -> None:
    """Lets what lies in a folder import the installed packages by name."""
    link = directory / "node_modules"
    target = packages(folder)
    try:
        link.symlink_to(target, target_is_directory=True)
    except FileExistsError:
        if link.resolve() != target.resolve():
            raise


def tsc(version: Literal["5.5", "7.0"], directory: Path, options: Mapping[str, object] | None = None) -> Run:
    """Checks every TypeScript file of a folder, as strictly as that compiler can; `options` wins."""
    link_packages(directory)
    flags = {**STRICT, **NEWER[version], **(options or {})}
    config = directory / f"tsconfig.{version}.json"
    config.write_text(json.dumps({"compilerOptions": flags, "include": ["**/*.ts"]}, indent=2) + "\n")
    return run(["node", packages() / COMPILERS[version] / "bin" / "tsc", "-p", config.name], directory)


def prettier_check(directory: Path) -> Run:
    """Asks prettier, with no configuration, whether it would print a folder's files just as they are."""
    return npx("prettier", "--check", "--no-config", "--no-editorconfig", "**/*.ts", cwd=directory)


def eslint(directory: Path) -> Run:
    """Asks eslint what the strict rules for TypeScript find in a folder."""
    config = LINT / "eslint.config.js"
    return npx("eslint", "--config", config, "--max-warnings=0", "**/*.ts", cwd=directory, folder=LINT)
