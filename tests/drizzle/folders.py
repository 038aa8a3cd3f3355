"""Small Drizzle folders of our own, written where a test wants them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pgkit.frontends import Lowered
from pgkit.frontends.drizzle import lower, read
from pgkit.ir.relations import Column, Table

Json = dict[str, Any]
ORIGIN = "00000000-0000-0000-0000-000000000000"


def column(name: str, type: str = "text", **more: Any) -> Json:
    """A column of version 5 to 7."""
    return {"name": name, "type": type, "primaryKey": False, "notNull": False, **more}


def table(name: str, *columns: Json, **more: Any) -> Json:
    """A table of version 5 to 7."""
    parts: Json = {"indexes": {}, "foreignKeys": {}, "compositePrimaryKeys": {}, "uniqueConstraints": {}}
    return {"name": name, "schema": "", "columns": {c["name"]: c for c in columns}, **parts, **more}


def named(*items: Json) -> Json:
    """Objects by their name, as snapshots up to version 7 keep them."""
    return {
        f"{item['schema']}.{item['name']}" if item.get("schema") else item["name"]: item for item in items
    }


def snapshot(*tables: Json, id: str = "id-0", prev: str = ORIGIN, version: str = "7", **more: Any) -> Json:
    """A snapshot of version 5 to 7."""
    head = {"id": id, "prevId": prev, "version": version, "dialect": "pg" if version == "5" else "postgresql"}
    keyed = {f"{t['schema'] or 'public'}.{t['name']}": t for t in tables}
    return {**head, "tables": keyed, "enums": {}, "schemas": {}, "_meta": {}, **more}


def row(kind: str, **fields: Any) -> Json:
    """An entity of version 8 or 9."""
    return {**fields, "entityType": kind}


def row_table(name: str, schema: str = "public", rls: bool = False) -> Json:
    """A table of version 8 or 9."""
    return row("tables", schema=schema, name=name, isRlsEnabled=rls)


def row_column(table: str, name: str, type: str = "text", **more: Any) -> Json:
    """A column of version 8 or 9."""
    empty = dict.fromkeys(("typeSchema", "default", "generated", "identity"))
    fields = {
        "schema": "public",
        "table": table,
        "name": name,
        "type": type,
        "notNull": False,
        "dimensions": 0,
    }
    return row("columns", **{**fields, **empty, **more})


def complete(*rows: Json, id: str = "id-0", prev: Sequence[str] = (ORIGIN,), version: str = "8") -> Json:
    """A snapshot of version 8, or the base of version 9."""
    head = {"type": "base"} if version == "9" else {}
    tail = {"footprints": []} if version == "9" else {"renames": []}
    ids = {"version": version, "dialect": "postgres", "id": id, "prevIds": list(prev)}
    return {**head, **ids, "ddl": list(rows), **tail}


def diff(*deltas: Json, id: str, prev: Sequence[str]) -> Json:
    """A diff of version 9."""
    head = {"type": "diff", "version": "9", "dialect": "postgres", "id": id, "prevIds": list(prev)}
    return {**head, "footprints": [], "deltas": list(deltas)}


def create(row: Json) -> Json:
    """The delta that makes a row."""
    return {"op": "create", "row": row}


def change(op: str, kind: str, *identity: str, **fields: Any) -> Json:
    """A delta for a row that is there."""
    key = f"{kind}\0{json.dumps(identity, separators=(',', ':'))}"
    return {"op": op, "key": key, **({"set": fields} if op != "drop" else {})}


def journal_entry(idx: int, tag: str, /, **more: Any) -> Json:
    """An entry of a journal, one second later than the one before."""
    when = 1_700_000_000_000 + idx * 1000
    return {"idx": idx, "version": "7", "when": when, "tag": tag, "breakpoints": True, **more}


def write(path: Path, value: Any) -> Path:
    """Writes a JSON file, or text as it stands."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(value if isinstance(value, str) else json.dumps(value, indent=2), "utf-8")
    return path


def journal(folder: Path, *snapshots: Json | None, version: str = "7", dialect: str = "postgresql") -> Path:
    """A folder of the old layout, `0000_m0`, `0001_m1`, ..., with a snapshot each unless it is None."""
    entries = [journal_entry(i, f"{i:04}_m{i}") for i in range(len(snapshots))]
    for entry, value in zip(entries, snapshots, strict=True):
        write(folder / f"{entry['tag']}.sql", f"select {entry['idx']};")
        if value is not None:
            write(folder / "meta" / f"{entry['idx']:04}_snapshot.json", value)
    write(folder / "meta" / "_journal.json", {"version": version, "dialect": dialect, "entries": entries})
    return folder


def v1(folder: Path, *snapshots: Json | None) -> Path:
    """A folder of the layout of 1.0, `20250101000000_m0`, ..., one second apart."""
    for i, value in enumerate(snapshots):
        inside = folder / f"202501010000{i:02}_m{i}"
        write(inside / "migration.sql", f"select {i};")
        if value is not None:
            write(inside / "snapshot.json", value)
    return folder


def lowered(folder: Path, tag: str | None = None) -> Lowered:
    """The catalog of a folder, and what was odd."""
    return lower(read(folder, tag))


def only_table(result: Lowered) -> Table:
    """The one table of a catalog in which nothing is odd."""
    assert not result.diagnostics, [d.render() for d in result.diagnostics]
    (only,) = result.catalog.tables
    return only


def columns(table: Table) -> dict[str, Column]:
    """The columns of a table by name."""
    return {c.name: c for c in table.columns}


def codes(result: Lowered) -> list[str]:
    """The codes of all diagnostics, sorted."""
    return sorted(d.code for d in result.diagnostics)


def lower_table(folder: Path, *written: Json, **more: Any) -> Table:
    """The table `t` with these columns, lowered from a snapshot of version 7."""
    return only_table(lowered(journal(folder, snapshot(table("t", *written, **more)))))
