"""The password file, read as libpq reads it: asyncpg leaves the backslashes of its escapes in."""

import getpass
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

_FIELD = r"((?:\\.|[^:\\])*)(?::|$)"


def password_for(params: Mapping[str, str], environ: Mapping[str, str]) -> str | None:
    """The password of the first line that fits, if the file is there and its owner's alone."""
    path = params.get("passfile") or environ.get("PGPASSFILE") or os.path.expanduser("~/.pgpass")
    hosts = params.get("host", "localhost").split(",")
    ports = params.get("port", "5432").split(",")
    user = params.get("user") or _login()
    database = params.get("dbname") or user
    places = list(zip(hosts, ports * len(hosts) if len(ports) == 1 else ports, strict=False))
    for *pattern, password in _lines(Path(path)):
        for host, port in places:
            wanted = (_plain(host), port, database, user)
            if all(given in ("*", want) for given, want in zip(pattern, wanted, strict=True)):
                return password
    return None


def _lines(path: Path) -> Iterator[list[str]]:
    try:
        if path.stat().st_mode & 0o077 or not path.is_file():
            return
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return
    for line in text.splitlines():
        fields = [re.sub(r"\\(.)", r"\1", field) for field in re.findall(_FIELD, line)[:5]]
        if len(fields) == 5 and not line.startswith("#"):
            yield fields


def _plain(host: str) -> str:
    """A socket's folder goes by the name of localhost."""
    return "localhost" if host.startswith("/") else host.strip("[]")


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
