"""What pg_dump says of a database, object by object, to tell two databases apart without a word from pgkit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from pgkit.runtime.binaries import embedded_bin
from tests.toolchains import run

Objects = Mapping[tuple[str, str], str]  # (kind, name) -> definition

HEAD = re.compile(r"-- Name: (?P<name>.*); Type: (?P<kind>[A-Z ]+); Schema: (?P<schema>.+); Owner: .*")
KINDS = {
    "FK CONSTRAINT": "foreign_key",
    "CHECK CONSTRAINT": "check",
    "CONSTRAINT": "key",
    "TYPE": "enum",
}
# Two words, the table's and the object's own: a table of the applications has no blank in its name.
MEMBERS = ("foreign_key", "check", "key", "trigger", "policy", "default")
TABLE = re.compile(r"CREATE TABLE (?P<name>[^(]+) \((?P<body>.*)\n\)(?P<rest>[^)]*(?:\(.*\))?);", re.DOTALL)
INDEX = re.compile(r"CREATE (?:UNIQUE )?INDEX \S+ ON (?:ONLY )?(\S+)")
# A name that Postgres gave to a NOT NULL before its table or column had its present name.
NOT_NULL = re.compile(r" CONSTRAINT \S+ NOT NULL")


def objects(url: str) -> Objects:
    """Everything in a database: columns and checks by themselves, and tables without them."""
    dumped = run(
        [embedded_bin() / "pg_dump", "--schema-only", "--no-owner", "--dbname", url], Path.cwd()
    ).check()
    found: dict[tuple[str, str], str] = {}
    for part in re.split(r"\n--\n(?=-- Name: )", dumped)[1:]:
        head, _, body = part.partition("\n--\n")
        found.update(_objects(head, re.split(r"\n--\n|\n\\|\nSET ", body)[0].strip()))
    return found


def _objects(head: str, body: str) -> Iterator[tuple[tuple[str, str], str]]:
    """The objects of one entry of a dump."""
    match = HEAD.fullmatch(head)
    assert match, head
    kind = KINDS.get(match["kind"], match["kind"].lower().replace(" ", "_"))
    schema = "" if match["schema"] == "-" else f"{match['schema']}."
    if kind == "comment":
        return
    if kind == "table":
        yield from _table(f"{schema}{match['name']}", body)
    elif kind == "index":
        table = INDEX.match(body)
        assert table, body
        yield (kind, f"{table[1]}.{match['name']}"), body
    else:
        name = match["name"].replace(" ", ".", 1) if kind in MEMBERS else match["name"]
        yield (kind, f"{schema}{name}"), body


def _table(name: str, body: str) -> Iterator[tuple[tuple[str, str], str]]:
    """A table, its columns and its checks; that a column may be null stands in the column."""
    match = TABLE.match(body)
    assert match, body
    yield ("table", name), match["rest"].strip()
    for member in re.split(r",?\n    (?=\S)", match["body"])[1:]:
        if check := re.match(r"CONSTRAINT (\S+) CHECK ", member):
            yield ("check", f"{name}.{check[1]}"), member
        else:
            column, _, type = member.partition(" ")
            yield ("column", f"{name}.{column}"), NOT_NULL.sub(" NOT NULL", type)
