"""Sources: told apart by what they look like, and turned down with the way out."""

import asyncio
from pathlib import Path

import pytest

from pgkit.diag import PgkitError
from pgkit.ir.catalog import Catalog
from pgkit.jobs.sources import Options, load, parse, rebase

SHOP = Path(__file__).parents[2] / "corpus/projects/shop/drizzle"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with one of each kind of thing."""
    (tmp_path / "drizzle" / "meta").mkdir(parents=True)
    (tmp_path / "drizzle" / "meta" / "_journal.json").write_text("{}")
    (tmp_path / "v1" / "20260101_init").mkdir(parents=True)
    (tmp_path / "v1" / "20260101_init" / "migration.sql").write_text("")
    (tmp_path / "at@home").mkdir()
    (tmp_path / "at@home" / "meta").mkdir()
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql" / "a.sql").write_text("")
    (tmp_path / "deep" / "sql").mkdir(parents=True)
    (tmp_path / "deep" / "sql" / "a.sql").write_text("")
    (tmp_path / "language").mkdir()
    (tmp_path / "language" / "a.pgkit").write_text("")
    (tmp_path / "both").mkdir()
    (tmp_path / "both" / "a.pgkit").write_text("")
    (tmp_path / "both" / "a.sql").write_text("")
    (tmp_path / "mixed" / "20260101_init").mkdir(parents=True)
    (tmp_path / "mixed" / "20260101_init" / "migration.sql").write_text("")
    (tmp_path / "mixed" / "schema.sql").write_text("")
    (tmp_path / "journal" / "meta").mkdir(parents=True)
    (tmp_path / "journal" / "0000_a.sql").write_text("")
    (tmp_path / "journal.sql").mkdir()
    (tmp_path / "journal.sql" / "meta").mkdir()
    (tmp_path / "bare").mkdir()
    (tmp_path / "catalog.json").write_text("{}")
    (tmp_path / "notes.txt").write_text("")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("text", "kind", "path", "tag"),
    [
        ("empty", "empty", ".", None),
        ("postgres://h/db", "live", ".", None),
        ("postgresql://u:p@h/db", "live", ".", None),
        ("drizzle", "drizzle", "drizzle", None),
        ("drizzle/", "drizzle", "drizzle", None),
        ("drizzle@0001_x", "drizzle", "drizzle", "0001_x"),
        ("v1", "drizzle", "v1", None),
        ("at@home", "drizzle", "at@home", None),
        ("at@home@0002", "drizzle", "at@home", "0002"),
        ("replay:drizzle", "replay", "drizzle", None),
        ("replay:drizzle@0001", "replay", "drizzle", "0001"),
        ("catalog.json", "snapshot", "catalog.json", None),
        ("language", "schema", "language", None),
        ("language/a.pgkit", "schema", "language/a.pgkit", None),
        ("sql", "sql", "sql", None),
        ("sql/a.sql", "sql", "sql/a.sql", None),
        ("journal", "drizzle", "journal", None),
        ("journal.sql", "drizzle", "journal.sql", None),
        ("mixed/schema.sql", "sql", "mixed/schema.sql", None),
    ],
)
def test_kinds(text: str, kind: str, path: str, tag: str | None) -> None:
    """Each source is told by its look; a path that exists is never split at its `@`."""
    source = parse(text)
    assert (source.kind, source.path, source.tag) == (kind, Path(path), tag)


@pytest.mark.parametrize(
    ("text", "message", "help"),
    [
        ("drizle", "no such file or folder", "did you mean drizzle?"),
        ("drizle@0001", "no such file or folder", "did you mean drizzle?"),
        ("replay:drizle", "no such file or folder", "did you mean drizzle?"),
        ("catalogue.json", "no such file or folder", "did you mean catalog.json?"),
        ("nowhere/at/all", "no such file or folder", "a source is"),
        (".", "this folder is no Drizzle folder", "did you mean drizzle?"),
        ("drizzle/meta", "the inside of a Drizzle folder", "give drizzle"),
        ("bare", "this folder holds no source", "meta/_journal.json"),
        ("replay:bare", "this folder is no Drizzle folder", "meta/_journal.json"),
        ("deep", "this folder itself holds no source", "did you mean deep/sql?"),
        ("both", "this folder holds sources of two kinds", "a folder of its own"),
        ("mixed", "this folder holds sources of two kinds", "a folder of its own"),
        ("sql@0001", "only a Drizzle folder has an earlier state, found @0001", "a source is"),
        ("sql/a.sql@0001", "only a Drizzle folder has an earlier state, found @0001", "a source is"),
        ("language@0001", "only a Drizzle folder has an earlier state, found @0001", "a source is"),
        ("sql/b.sql", "no such file or folder", "did you mean sql/a.sql?"),
        ("notes.txt", "expected a folder, or a .pgkit, .sql or .json file", "a source is"),
        ("notes.txt@0001", "expected a folder, or a .pgkit, .sql or .json file", "a source is"),
        ("replay:catalog.json", "expected a folder with migrations, found a file", "a source is"),
        ("mysql://h/db", "pgkit reads Postgres only, found mysql://", "a source is"),
        ("", "found nothing", "a source is"),
        ("replay:", "found nothing", "a source is"),
        ("drizzle@", "expected DIR@tag", "a source is"),
        ("@0001", "expected DIR@tag", "a source is"),
        ("a\0b", "found a zero byte in a path", "a source is"),
        ("x" * 5000, "cannot read the path: file name too long", "a source is"),
        ("catalog.json/x", "no such file or folder", "a source is"),
    ],
)
def test_what_is_no_source(text: str, message: str, help: str) -> None:
    """Each says what is wrong and what to give instead."""
    with pytest.raises(PgkitError) as caught:
        parse(text)
    [finding] = caught.value.diagnostics
    assert message in finding.message
    assert help in (finding.help or "")


def test_a_password_is_not_shown() -> None:
    """A source may be printed by whoever holds it."""
    assert "secret" not in repr(parse("postgresql://u:secret@h/db"))


def test_rebase() -> None:
    """A source of a configuration file starts from that file's folder."""
    folder = Path("../app")
    assert rebase("drizzle", folder) == "../app/drizzle"
    assert rebase("./drizzle@0001", folder) == "../app/drizzle@0001"
    assert rebase("schema.sql", folder) == "../app/schema.sql"
    assert rebase("replay:drizzle", folder) == "replay:../app/drizzle"
    assert rebase("empty", folder) == "empty"
    assert rebase("postgres://h/db", folder) == "postgres://h/db"
    assert rebase("/abs/drizzle", folder) == "/abs/drizzle"


def test_empty() -> None:
    """`empty` declares nothing."""
    assert asyncio.run(load("empty", Options())).catalog == Catalog()


def test_snapshot_is_a_source(folder: Path) -> None:
    """What was shown as JSON reads back as the same catalog."""
    from pgkit.ir.json import dumps

    shop = asyncio.run(load(str(SHOP), Options())).catalog
    (folder / "shop.json").write_text(dumps(shop))
    assert dumps(asyncio.run(load("shop.json", Options())).catalog) == dumps(shop)
    assert len(shop.tables) > 8


def test_what_cannot_be_lowered_is_fatal(folder: Path) -> None:
    """Half a catalog would look like the whole one."""
    (folder / "catalog.json").write_text("{")
    with pytest.raises(PgkitError, match=r"catalog\.json:1"):
        asyncio.run(load("catalog.json", Options()))
    with pytest.raises(PgkitError):
        asyncio.run(load("drizzle", Options()))
