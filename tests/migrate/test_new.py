"""`migrate new`: what it writes, and what it follows."""

import json
from pathlib import Path

import pytest

from pgkit.diag import PgkitError
from pgkit.frontends.drizzle.heads import ORIGIN
from pgkit.runtime.embedded import Server
from tests.drizzle.folders import column as old_column
from tests.drizzle.folders import complete, diff, journal, row_column, row_table, snapshot, table, v1, write
from tests.migrate.writing import MORE, NOON, T, Writer, codes


@pytest.fixture
def writer(tmp_path: Path, test_server: Server) -> Writer:
    """A writer for a folder that is not there yet."""
    return Writer(tmp_path / "drizzle", test_server)


def refused(writer: Writer, schema: str = T, **more: object) -> str:
    """The code of the one error that stops the writer, which then has changed nothing."""
    before = {name: (writer.folder / name).read_bytes() for name in writer.names}
    with pytest.raises(PgkitError) as caught:
        writer.new(schema, **more)  # type: ignore[arg-type]
    assert before == {name: (writer.folder / name).read_bytes() for name in writer.names}
    return caught.value.diagnostics[-1].code


def test_the_first_one(writer: Writer) -> None:
    """A folder that is not there is made in the layout of 0.x."""
    made = writer.new(T, "init")
    assert [m.tag for m in made.migrations] == ["0000_init"]
    assert writer.names == {
        "0000_init.sql",
        "meta/0000_snapshot.json",
        "meta/_journal.json",
        "meta/_pgkit_0000.json",
    }
    entry = {"idx": 0, "version": "7", "when": int(NOON * 1000), "tag": "0000_init", "breakpoints": True}
    assert writer.json("meta/_journal.json") == {"version": "7", "dialect": "postgresql", "entries": [entry]}
    first = writer.json("meta/0000_snapshot.json")
    assert (first["prevId"], first["version"]) == (ORIGIN, "7")


def test_the_next_one(writer: Writer) -> None:
    """It follows the one before by number, by parent, and strictly by time, whatever the clock says."""
    writer.new(T)
    writer.new(MORE, "more", now=NOON - 100)
    first, second = (writer.json(f"meta/000{n}_snapshot.json") for n in (0, 1))
    assert second["prevId"] == first["id"] != second["id"]
    assert [e["idx"] for e in writer.journal] == [0, 1]
    assert writer.journal[1]["when"] == writer.journal[0]["when"] + 1
    assert writer.text("0001_more.sql") == "ALTER TABLE public.t ADD COLUMN a text;\n"


def test_nothing_to_do(writer: Writer) -> None:
    """Nothing is written then, not even the folder."""
    assert writer.new("").migrations == ()
    assert not writer.folder.exists()
    writer.new(T)
    before = writer.names
    assert writer.new(T).migrations == ()
    assert writer.names == before


def test_by_hand(writer: Writer) -> None:
    """A migration to be filled in has the last snapshot again, under an id of its own."""
    writer.new(T)
    writer.custom("data")
    first, second = (writer.json(f"meta/000{n}_snapshot.json") for n in (0, 1))
    assert writer.text("0001_data.sql") == "-- Custom SQL migration file, put your code below! --\n"
    assert second == {**first, "id": second["id"], "prevId": first["id"]}
    assert writer.new(T).migrations == ()


def test_by_hand_in_an_empty_folder(writer: Writer) -> None:
    """The first migration can be written by hand as well."""
    writer.custom("start")
    assert writer.json("meta/0000_snapshot.json")["tables"] == {}
    assert [m.tag for m in writer.new(T).migrations] == ["0001_m"]


@pytest.mark.parametrize(
    ("last", "tags"),
    [
        ("20240102030405", ["20240102030406_m", "20240102030407_m"]),
        ("1600000000", ["1700000000_m", "1700000001_m"]),
        ("0041", ["0042_m", "0043_m"]),
    ],
)
def test_prefixes(writer: Writer, last: str, tags: list[str]) -> None:
    """Tags go on as they are in the folder, and each sorts after the one before."""
    entry = {"idx": 41, "version": "7", "when": 5, "tag": f"{last}_x", "breakpoints": True}
    write(writer.folder / f"{last}_x.sql", "select 1;")
    write(writer.folder / "meta" / f"{last}_snapshot.json", snapshot())
    body = {"version": "5", "dialect": "pg", "entries": [entry]}
    write(writer.folder / "meta" / "_journal.json", body)
    writer.new(T)
    writer.new(MORE)
    assert [e["tag"] for e in writer.journal[1:]] == tags
    assert {**writer.json("meta/_journal.json"), "entries": []} == {**body, "entries": []}
    assert writer.journal[0] == entry


def test_two_files(writer: Writer) -> None:
    """What needs a commit in between is two migrations, each with the snapshot of where it leads."""
    writer.new("enum e { a }\ntable t {\n  e e default 'a'\n}\n")
    made = writer.new("enum e { a, b }\ntable t {\n  e e default 'b'\n}\n")
    assert [m.tag for m in made.migrations] == ["0001_m", "0002_m_2"]
    between, after = (writer.json(f"meta/000{n}_snapshot.json") for n in (1, 2))
    assert after["prevId"] == between["id"]
    assert between["enums"]["public.e"]["values"] == ["a", "b"]
    assert between["tables"]["public.t"]["columns"]["e"]["default"] == "'a'"
    assert after["tables"]["public.t"]["columns"]["e"]["default"] == "'b'"
    assert (
        writer.lowered("0001").catalog.tables[0].columns[0].default
        != writer.lowered().catalog.tables[0].columns[0].default
    )


def test_hazards_are_comments(writer: Writer) -> None:
    """Each statement is a piece of its own, with what it risks above it."""
    writer.new(MORE)
    writer.new("table t {\n  id integer primary key\n}\ntable u {\n  id integer\n}\n")
    first, second = writer.text("0001_m.sql").split("--> statement-breakpoint\n")
    assert first.startswith("-- hazard deletes-data: ")
    assert first.endswith("\nALTER TABLE public.t DROP COLUMN a;")
    assert second.startswith("CREATE TABLE public.u (")


@pytest.mark.parametrize("name", ["../x", "a/b", "", "a b", ".x", "ä"])
def test_names_that_cannot_be(writer: Writer, name: str) -> None:
    """A name that would leave the folder, or cannot be a file's everywhere, is refused."""
    assert refused(writer, name=name) == "bad-name"
    assert not writer.folder.exists()


def test_a_name_of_its_own(writer: Writer) -> None:
    """Without a name it is called after its first change."""
    assert [m.tag for m in writer.new(T, None).migrations] == ["0000_table_t"]  # type: ignore[arg-type]


def test_what_is_tried_and_fails(writer: Writer) -> None:
    """A plan that does not work on a scratch copy is not written."""
    writer.new(T, attempt=True)
    wrong = T.replace("}", "  check (nowhere(id))\n}")
    assert refused(writer, wrong, attempt=True) == "plan-fails"


def test_what_drizzle_would_cut(writer: Writer) -> None:
    """A statement with Drizzle's breakpoint in a string cannot be kept in a file."""
    assert (
        refused(writer, T.replace("integer", "text default '--> statement-breakpoint'")) == "holds-breakpoint"
    )


def test_a_file_in_the_way(writer: Writer) -> None:
    """A file that no entry belongs to is not overwritten."""
    writer.new(T)
    write(writer.folder / "0001_m.sql", "select 1;")
    assert refused(writer, MORE) == "in-the-way"


@pytest.mark.parametrize("name", ["0001_x.sql", "meta/0000_snapshot.json"])
def test_no_journal(writer: Writer, name: str) -> None:
    """Migrations without a journal are somebody's, and no empty folder."""
    write(writer.folder / name, "{}")
    assert refused(writer) == "no-journal"


def test_an_old_snapshot(writer: Writer) -> None:
    """A folder of an older version is drizzle-kit's to bring up to date first."""
    journal(writer.folder, snapshot(version="6"))
    assert refused(writer) == "old-snapshot"


def test_spellings_stay(writer: Writer) -> None:
    """What drizzle-kit spells in its own way stays so in the next snapshot, and is no change."""
    there = table(
        "t",
        old_column("id", "integer", primaryKey=True, notNull=True),
        old_column("a", "varchar (20)", default="'x'::character varying"),
        old_column("big", "bigserial"),
    )
    view = {"name": "v", "schema": "public", "columns": {}, "materialized": False, "isExisting": True}
    journal(writer.folder, snapshot(there, views={"public.v": view}))
    said = "table t {\n  id integer primary key\n  a varchar(20) default 'x'\n  big bigserial\n"
    assert writer.new(f"{said}}}\n").migrations == ()
    writer.new(f"{said}  more text\n}}\n")
    new = writer.json("meta/0001_snapshot.json")
    columns = new["tables"]["public.t"]["columns"]
    assert {name: columns[name] for name in ("id", "a", "big")} == there["columns"]
    assert columns["more"] == old_column("more", "text")
    assert new["views"] == {"public.v": view}


def test_names_of_drizzle(writer: Writer) -> None:
    """What no source names is called as drizzle-kit calls it, and follows its table's name."""
    text = "table t {\n  a integer unique\n  b integer references t (a)\n  unique (a, b)\n  constraint own unique (b)\n}\n"
    writer.new(text)
    made = writer.json("meta/0000_snapshot.json")["tables"]["public.t"]
    assert set(made["uniqueConstraints"]) == {"t_a_unique", "t_a_b_unique", "own"}
    assert set(made["foreignKeys"]) == {"t_b_t_a_fk"}
    writer.new(text.replace("table t {", "table u was t {").replace("references t ", "references u "))
    made = writer.json("meta/0001_snapshot.json")["tables"]["public.u"]
    assert set(made["uniqueConstraints"]) == {"u_a_unique", "u_a_b_unique", "own"}
    assert set(made["foreignKeys"]) == {"u_b_u_a_fk"}
    assert "RENAME CONSTRAINT t_a_unique TO u_a_unique" in writer.text("0001_m.sql")


def test_version_9(writer: Writer) -> None:
    """A folder of the layout of 1.0 goes on in it, with what has changed."""
    v1(writer.folder, complete(row_table("t"), row_column("t", "a"), id="one", version="9"))
    (made,) = writer.new("table t {\n  b text was a\n  c text\n}\n").migrations
    assert made.tag == "20250101000001_m"
    new = writer.json(f"{made.tag}/snapshot.json")
    assert (new["type"], new["version"], new["prevIds"]) == ("diff", "9", ["one"])
    assert new["deltas"] == [
        {"op": "rename", "key": 'columns\0["public","t","a"]', "set": {"name": "b"}},
        {"op": "create", "row": row_column("t", "c")},
    ]
    assert [f["statementType"] for f in new["footprints"]] == ["rename_column", "add_column"]
    assert writer.new("table t {\n  b text\n  c text\n}\n").migrations == ()


def test_version_8(writer: Writer) -> None:
    """A folder whose snapshots are complete gets a complete one, with its renames."""
    v1(writer.folder, complete(row_table("t"), row_column("t", "a"), id="one"))
    (made,) = writer.new("table u was t {\n  b text was a\n}\n").migrations
    new = writer.json(f"{made.tag}/snapshot.json")
    assert new["ddl"] == [row_table("u"), row_column("u", "b")]
    assert new["renames"] == ["public.t->public.u", "public.u.a->public.u.b"]
    assert [str(new) for _, new in writer.lowered().hints.renames] == ["public.u", "public.u.b", "public.u.b"]


def test_two_branches(writer: Writer) -> None:
    """The next migration follows all branches, the newest first."""
    base = complete(row_table("t"), row_column("t", "a"), id="base", version="9")
    branches = [diff({"op": "create", "row": row_column("t", n)}, id=n, prev=["base"]) for n in ("b", "c")]
    v1(writer.folder, base, *branches)
    (made,) = writer.new("table t {\n  a text\n  b text\n  c text\n  d text\n}\n").migrations
    assert writer.json(f"{made.tag}/snapshot.json")["prevIds"] == ["c", "b"]


def test_by_hand_in_version_9(writer: Writer) -> None:
    """A migration by hand changes nothing in version 9."""
    v1(writer.folder, complete(row_table("t"), id="one", version="9"))
    (made,) = writer.custom("data").migrations
    new = writer.json(f"{made.tag}/snapshot.json")
    assert (new["deltas"], new["footprints"], new["prevIds"]) == ([], [], ["one"])


FULL = """\
domain email as text
table t {
  id integer primary key
  mail email comment 'where to'
  comment 'all of them'
}
sql f $$create function f(integer) returns integer language sql as 'select $1'$$
"""


def test_all_of_the_catalog_is_kept(writer: Writer) -> None:
    """What Drizzle's format cannot hold is known again from pgkit's own snapshot."""
    writer.new(FULL, attempt=True)
    found = writer.lowered()
    assert found.diagnostics == ()
    assert found.catalog.tables[0].comment == "all of them"
    assert [d.name for d in found.catalog.domains] == ["email"]
    assert writer.new(FULL, attempt=True).migrations == ()


def later(writer: Writer, **changes: object) -> None:
    """What drizzle-kit would write next: another snapshot of its own."""
    last = writer.json("meta/0000_snapshot.json")
    new = {**last, "id": "later", "prevId": last["id"], **changes}
    write(writer.folder / "meta" / "0001_snapshot.json", new)
    write(writer.folder / "0001_x.sql", "select 1;")
    body = writer.json("meta/_journal.json")
    entry = {**body["entries"][0], "idx": 1, "tag": "0001_x", "when": body["entries"][0]["when"] + 1}
    write(writer.folder / "meta" / "_journal.json", {**body, "entries": [*body["entries"], entry]})


def test_drizzle_kit_goes_on(writer: Writer) -> None:
    """After a later snapshot of drizzle-kit, what only pgkit knew is taken over, and said to be."""
    writer.new(FULL)
    tables = writer.json("meta/0000_snapshot.json")["tables"]
    tables["public.t"]["columns"]["more"] = old_column("more", "text")
    later(writer, tables=tables)
    found = writer.lowered()
    assert [d.code for d in found.diagnostics] == ["carried-over"]
    (only,) = found.catalog.tables
    assert only.comment == "all of them"
    assert [(c.name, c.comment) for c in only.columns] == [("id", None), ("mail", "where to"), ("more", None)]
    assert writer.new(FULL.replace("  comment 'all", "  more text\n  comment 'all")).migrations == ()


def test_what_goes_is_told(writer: Writer) -> None:
    """What only pgkit knew of a table that drizzle-kit has dropped is named."""
    writer.new(FULL)
    later(writer, tables={})
    found = writer.lowered()
    assert found.catalog.tables == ()
    told = {d.code: d.message for d in found.diagnostics}
    assert "column public.t.mail, table public.t" in told["not-carried-over"]


def test_a_changed_snapshot(writer: Writer) -> None:
    """Where Drizzle's snapshot was changed, the one of ours beside it does not count any more."""
    writer.new(FULL)
    path = writer.folder / "meta" / "0000_snapshot.json"
    body = json.loads(path.read_text())
    write(path, json.dumps(body))  # laid out in another way it is the same
    assert writer.lowered().diagnostics == ()
    write(path, {**body, "tables": {}})
    found = writer.lowered()
    assert [d.code for d in found.diagnostics] == ["own-snapshot-stale"]
    assert found.catalog.domains == ()


def test_a_broken_own_snapshot(writer: Writer) -> None:
    """What cannot be read of our own is an error: without it, much would seem to be new."""
    writer.new(FULL)
    write(writer.folder / "meta" / "_pgkit_0000.json", "{")
    assert refused(writer, FULL) == "bad-snapshot"


def test_codes_of_a_trial(writer: Writer) -> None:
    """A trial that went well says so."""
    assert codes(writer.new(T, attempt=True)) == {"tried"}
