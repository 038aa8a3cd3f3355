"""Preludes: SQL that prepares a scratch database before a folder's own SQL runs on it."""

import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Final

from attrs import frozen

from pgkit.diag import PgkitError, Source, fail
from pgkit.grammar.split import split_statements
from pgkit.jobs.sql_folder import decoded

_ABOUT_ROLES: Final = re.compile(
    r"(create|alter|drop)\s+(role|user|group)\b|grant\b|revoke\b|alter\s+default\s+privileges\b|.*\bowner\s+to\b",
    re.IGNORECASE | re.DOTALL,
)
# Each with the schemas that its platform puts at the end of the search path.
BUILT_IN: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({"supabase": ("extensions",)})


@frozen
class Prelude:
    """SQL to run first; `path` holds the schemas that belong on the search path after it."""

    name: str
    source: Source
    path: tuple[str, ...] = ()

    @property
    def without_roles(self) -> str:
        """Its SQL less the statements about roles, for where none are made."""
        text = self.source.text
        spans = split_statements(text)
        if spans is None:
            return text
        return "".join(f"{text[a:b]};\n" for a, b in spans if not _ABOUT_ROLES.match(text[a:b]))


def preludes(names: Iterable[str], base: Path = Path()) -> tuple[Prelude, ...]:
    """The preludes with these names: a built-in one's, or the path of an SQL file, seen from `base`."""
    return tuple(_built_in(name) if name in BUILT_IN else _of_file(name, base / name) for name in names)


def _built_in(name: str) -> Prelude:
    file = files("pgkit.runtime").joinpath(f"{name}.sql")
    return Prelude(name, Source(f"<prelude {name}>", file.read_text(encoding="utf-8")), BUILT_IN[name])


def _of_file(name: str, path: Path) -> Prelude:
    try:
        return Prelude(name, Source(str(path), decoded(path.read_bytes(), path)))
    except (OSError, ValueError) as error:
        raise _no_prelude(name, path, error) from None


def _no_prelude(name: str, path: Path, error: OSError | ValueError) -> PgkitError:
    help = f"a prelude is one of {', '.join(BUILT_IN)}, or the path of an SQL file"
    if isinstance(error, FileNotFoundError) or not isinstance(error, OSError):
        return fail("no-prelude", f"no prelude named {name}", where=str(path), help=help)
    reason = (error.strerror or "").lower()
    return fail("no-prelude", f"cannot read the prelude: {reason}", where=str(path), help=help)
