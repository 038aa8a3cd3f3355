"""Folders damaged at random: an error, a finding or another catalog, and never an exception of Python's."""

import os
import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import orjson
import pytest

from pgkit.diag import PgkitError
from pgkit.frontends.drizzle import lower, read
from tests.drizzle.folders import change, complete, create, diff, row_column, row_table, v1

SHOP = Path(__file__).parents[2] / "corpus" / "projects" / "shop" / "drizzle"
ROUNDS = 1500 if os.environ.get("PGKIT_PROOF") else 200
SEED = int(os.environ.get("PGKIT_SEED", "1"))
Damage = Callable[[random.Random, Path], None]


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def weighted(rng: random.Random, folder: Path) -> Path:
    """A file, more often one that decides the outcome: the journal or a late snapshot."""
    found = files(folder)
    late = [path for path in found if path.suffix == ".json"][-3:]
    return rng.choice([*found, *late * (len(found) // 3)])


def truncate(rng: random.Random, folder: Path) -> None:
    path = weighted(rng, folder)
    path.write_bytes(path.read_bytes()[: rng.randrange(path.stat().st_size + 1)])


def flip(rng: random.Random, folder: Path) -> None:
    path = weighted(rng, folder)
    data = bytearray(path.read_bytes())
    for _ in range(rng.choice((1, 1, 3, 20))):
        if data:
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    path.write_bytes(data)


def swap(rng: random.Random, folder: Path) -> None:
    one, other = weighted(rng, folder), rng.choice(files(folder))
    a, b = one.read_bytes(), other.read_bytes()
    one.write_bytes(b)
    other.write_bytes(a)


def remove(rng: random.Random, folder: Path) -> None:
    weighted(rng, folder).unlink()


def version(rng: random.Random, folder: Path) -> None:
    path = weighted(rng, folder)
    new = rng.choice((b'"4"', b'"5"', b'"6"', b'"7"', b'"8"', b'"9"', b'"10"', b"7", b"null"))
    for old in (b'"7"', b'"9"'):
        path.write_bytes(path.read_bytes().replace(b'"version": ' + old, b'"version": ' + new))


def edit(rng: random.Random, folder: Path) -> None:
    """Deletes, swaps or replaces a value anywhere in a JSON file."""
    path = weighted(rng, folder)
    if path.suffix != ".json":
        return flip(rng, folder)
    value = orjson.loads(path.read_bytes())
    spots = list(containers(value))
    spot = rng.choice(spots)
    keys = list(spot) if isinstance(spot, dict) else list(range(len(spot)))
    if keys:
        key = rng.choice(keys)
        new = rng.choice(("delete", None, 0, -1, 1.5, "", "a\0b", "x" * 200, [], {}, [[]], True, "swap"))
        if new == "delete":
            del spot[key]
        elif new == "swap":
            other = rng.choice(keys)
            spot[key], spot[other] = spot[other], spot[key]
        else:
            spot[key] = new
    path.write_bytes(orjson.dumps(value, option=orjson.OPT_INDENT_2))
    return None


def containers(value: object) -> "list[dict | list]":  # type: ignore[type-arg]
    found, stack = [], [value]
    while stack:
        top = stack.pop()
        if isinstance(top, dict | list):
            found.append(top)
            stack += top.values() if isinstance(top, dict) else top
    return found


DAMAGES: tuple[Damage, ...] = (truncate, flip, swap, remove, version, edit, edit, edit)


def history(folder: Path) -> Path:
    """A folder of version 9 with every kind of delta, and a merge."""
    return v1(
        folder,
        complete(row_table("t"), row_column("t", "a"), row_table("o"), id="a", version="9"),
        diff(create(row_column("t", "b")), change("drop", "tables", "public", "o"), id="b", prev=["a"]),
        diff(change("rename", "tables", "public", "t", name="u"), id="c", prev=["b"]),
        diff(create(row_column("u", "l")), id="l", prev=["c"]),
        diff(create(row_column("u", "r")), id="r", prev=["c"]),
        diff(change("alter", "columns", "public", "u", "r", type="integer"), id="m", prev=["l", "r"]),
    )


def shop(folder: Path) -> Path:
    shutil.copytree(SHOP, folder)
    return folder


@pytest.mark.parametrize("make", [shop, history])
def test_damaged_folders(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    """Whatever is damaged, the outcome is one that a user can act on, and no file is changed."""
    rng = random.Random(SEED)
    folder = make(tmp_path / "folder")
    sound, whole = contents(folder), lower(read(folder))
    outcomes = {"error": 0, "finding": 0, "change": 0, "nothing": 0}
    for _ in range(ROUNDS):
        for damage in rng.sample(DAMAGES, rng.choice((1, 1, 2))):
            # what was damaged before may leave no JSON to edit
            with suppress(orjson.JSONDecodeError):
                damage(rng, folder)
        damaged = contents(folder)
        tag = rng.choice((None, None, None, "0003", "0007_row_level_security", "20250101000002"))
        outcomes[outcome(folder, tag, whole)] += 1
        assert contents(folder) == damaged
        restore(sound, damaged)
    assert all(outcomes.values()), outcomes


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in files(folder)}


def restore(sound: dict[Path, bytes], damaged: dict[Path, bytes]) -> None:
    for path, data in sound.items():
        if damaged.get(path) != data:
            path.write_bytes(data)


def outcome(folder: Path, tag: str | None, whole: object) -> str:
    """What comes of a folder; anything but a PgkitError fails the test."""
    try:
        result = lower(read(folder, tag))
        found = result.diagnostics
    except PgkitError as error:
        result, found = None, error.diagnostics
    assert all(d.render() for d in found)
    if any(d.severity == "error" for d in found):
        return "error"
    if found:
        return "finding"
    return "nothing" if result == whole else "change"
