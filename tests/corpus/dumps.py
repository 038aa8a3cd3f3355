"""What pg_dump says of a database, so that two can be told apart without a word from pgkit."""

from __future__ import annotations

import asyncio
import difflib
import re
from collections.abc import Iterator
from typing import Final

from pgkit.runtime.binaries import embedded_bin

_HEAD: Final = re.compile(r"^-- (?=Name: )", re.MULTILINE)
# What may stand between two entries: the frame of a head, and settings for the tables to come
_BETWEEN: Final = re.compile(r"--.*|\\.*|SET (?P<setting>default_\w+) = (?P<value>.*);|")
_PLAIN: Final = ("heap", "''")
_BODY: Final = re.compile(r"(?<= \(\n).*?(?=^\))", re.MULTILINE | re.DOTALL)
# In the order in which they were set
_WITH: Final = re.compile(r"\bWITH \(([\w.]+=(?:'[^']*'|\w+)(?:, [\w.]+=(?:'[^']*'|\w+))*)\)")
# Postgres's own, or a parent's: pgkit gives no such name
_NOT_NULL: Final = re.compile(r"CONSTRAINT (?:\w+|\"[^\"]+\")_not_null NOT NULL")
_TABLE: Final = re.compile(r"(?:--.*\n)*CREATE (?:UNLOGGED |FOREIGN )?TABLE ")


async def schema_dump(url: str) -> tuple[str, ...]:
    """Every entry of a database's dump, sorted: where a table's columns stand in it makes no difference."""
    return tuple(sorted(_entries(await _run("pg_dump", "--schema-only", "--no-owner", "--dbname", url))))


async def roles_dump(url: str) -> tuple[str, ...]:
    """The roles of a database's server, a line each."""
    text = await _run("pg_dumpall", "--roles-only", "--dbname", url)
    return tuple(sorted(line for line in text.splitlines() if not _BETWEEN.fullmatch(line)))


def difference(found: tuple[str, ...], wanted: tuple[str, ...]) -> str:
    """How two dumps differ, line by line; nothing if they do not."""
    diff = difflib.unified_diff(
        _lines(wanted), _lines(found), "made from `after`", "migrated", n=2, lineterm=""
    )
    return "\n".join(diff)


def _lines(entries: tuple[str, ...]) -> list[str]:
    return [line for entry in entries for line in entry.splitlines()]


def _entries(dump: str) -> Iterator[str]:
    """The entries without their heads, each under the settings that differ from the usual."""
    settings: dict[str, str] = {}
    for number, part in enumerate(_HEAD.split(dump)):
        lines = part.partition("\n--\n")[2].splitlines() if number else part.splitlines()
        between = []
        while lines and (match := _BETWEEN.fullmatch(lines[-1])):
            between.append(match)
            lines.pop()
        if number:
            head = "".join(f"-- {k} = {v}\n" for k, v in settings.items() if v not in _PLAIN)
            entry = _NOT_NULL.sub("NOT NULL", head + "\n".join(lines).strip())
            yield _table_sorted(_WITH.sub(_options_sorted, entry))
        settings |= {match["setting"]: match["value"] for match in reversed(between) if match["setting"]}


def _table_sorted(entry: str) -> str:
    return _BODY.sub(_lines_sorted, entry, count=1) if _TABLE.match(entry) else entry


def _options_sorted(found: re.Match[str]) -> str:
    return f"WITH ({', '.join(sorted(found[1].split(', ')))})"


def _lines_sorted(found: re.Match[str]) -> str:
    return "".join(f"{line}\n" for line in sorted(line.rstrip(",") for line in found[0].splitlines()))


async def _run(program: str, *args: str) -> str:
    process = await asyncio.create_subprocess_exec(
        embedded_bin() / program, *args, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    said, complaint = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{program}: {complaint.decode().strip()}")
    return said.decode()
