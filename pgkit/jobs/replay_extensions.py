"""Tells a statement that fails for want of an extension from one that is wrong.

The rule: it wants an extension only if Postgres names what is not there, and the extension brings a thing of
that kind and name. Of an extension that we do not know nothing can be said: it is taken to bring whatever is
missing that none of the SQL at hand creates and no extension that we know brings.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Final

from pgkit.ir.scalars import ROWS
from pgkit.jobs.replay_missing import Missing
from pgkit.jobs.replay_provides import PROVIDES

_FAMILIES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("text", "character varying", "character", "name", "citext"), "text"),
    **dict.fromkeys(("smallint", "integer", "bigint", "real", "double precision", "money", "oid"), "number"),
    **dict.fromkeys(("date", "interval", "time without time zone"), "time"),
    **dict.fromkeys(("timestamp without time zone", "timestamp with time zone"), "time"),
    **dict.fromkeys(("bit", "bit varying"), "bit"),
}


def wanted(
    lacks: Missing, extensions: Iterable[str], creates: Callable[[str], bool] = lambda name: False
) -> str | None:
    """The extension among these that brings what is missing; `creates` tells what the SQL makes itself."""
    extensions = sorted(extensions)
    if lacks.kind == "extension":
        return lacks.name if lacks.name in extensions else None
    for name in extensions:
        if _brings(PROVIDES.get(name, {}), lacks) or _speaks(name, lacks):
            return name
    unknown = [name for name in extensions if name not in PROVIDES]
    if not unknown or lacks.kind == "member" or creates(lacks.name):
        return None
    return None if any(_brings(provides, lacks) for provides in PROVIDES.values()) else unknown[0]


def _speaks(name: str, lacks: Missing) -> bool:
    """A procedural language bears its extension's name."""
    return lacks.kind == "language" and lacks.name == name


def _brings(provides: Mapping[str, str], lacks: Missing) -> bool:
    if lacks.schema and _matches(lacks.schema, provides.get("schema", "")):
        return True
    match lacks.kind:
        case "default operator class":
            return _matches(_type(lacks.left), provides.get(f"default {lacks.name}", ""))
        case "operator":
            return any(
                f"{family}:{lacks.name}" in provides.get("operator", "").split()
                for family in _families(lacks)
            )
        case "operator class":
            own = provides.get(f"operator class {lacks.left}", "")
            return _matches(lacks.name, f"{own} {provides.get(lacks.kind, '')}")
        case _:
            return _matches(lacks.name, provides.get(lacks.kind, ""))


def _matches(name: str, patterns: str) -> bool:
    return any(fnmatchcase(name, re.sub(r"\[", "[[]", pattern)) for pattern in patterns.split())


def _type(name: str) -> str:
    """A type as the table spells it; enums and domains, which btree_gin takes too, are `declared`."""
    if name == '"char"':
        return "char_"
    base = re.sub(r"\(.*?\)", "", name)
    known = base.removesuffix("[]") in ROWS or base in _FAMILIES
    return base.replace(" ", "_") if known else "declared"


def _families(lacks: Missing) -> set[str]:
    """The one family that both operands belong to; a bare literal belongs to all."""
    sides = {_FAMILIES.get(side, side) for side in (lacks.left, lacks.right) if side not in ("", "unknown")}
    if not sides:
        return {*_FAMILIES.values()}
    if "integer[]" in sides:
        sides.discard("number")  # intarray has operators of an array and an element
    return sides if len(sides) == 1 else set()
