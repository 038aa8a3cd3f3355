"""Files: what a folder holds is read as it runs; what cannot run is refused with its place, before anything does."""

import hashlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgkit.diag import Diagnostic, PgkitError
from pgkit.jobs.migrate.files import Found, checksum, migrations
from tests.migrate.folders import BREAK, journal, write, write_v1

TAG = "0000_first"


def found(folder: Path, text: str | bytes) -> Found:
    """A folder of one migration, read."""
    return migrations(write(folder, {TAG: text}))


def statements(folder: Path, text: str | bytes) -> list[str]:
    """The statements of its migration."""
    (migration,) = found(folder, text).migrations
    for statement in migration.statements:
        assert migration.source.text[statement.start :].startswith(statement.text)
    return [statement.text for statement in migration.statements]


def refused(folder: Path) -> list[Diagnostic]:
    """What is said against a folder."""
    with pytest.raises(PgkitError) as caught:
        migrations(folder)
    assert caught.value.exit_code == 3
    assert all(diagnostic.help for diagnostic in caught.value.diagnostics)
    return list(caught.value.diagnostics)


def place(diagnostic: Diagnostic) -> str:
    """The code, and the line and column that it points at."""
    assert diagnostic.span is not None, diagnostic.render()
    line, column = diagnostic.span.line_col()
    return f"{diagnostic.code} {line}:{column}"


def test_the_order_is_that_of_the_journal(tmp_path: Path) -> None:
    """Neither names nor times order migrations of a journal; what it says of them is kept."""
    files = {"0001_b": "SELECT 1", "0000_a": "SELECT 2"}
    read = migrations(write(tmp_path, files, {"0001_b": 9, "0000_a": 5}))
    assert [(m.position, m.idx, m.tag, m.when) for m in read.migrations] == [
        (0, 0, "0001_b", 9),
        (1, 1, "0000_a", 5),
    ]
    assert [finding.code for finding in read.findings] == ["when-not-increasing"]


def test_folders_of_1_0_run_in_the_order_of_their_names(tmp_path: Path) -> None:
    """The tag is the folder's name, and its time is in it."""
    write_v1(tmp_path, {"20240102030405_b": "SELECT 2", "20240102030404_a": "SELECT 1"})
    read = migrations(tmp_path)
    assert read.layout == "v1"
    assert [(m.tag, m.when) for m in read.migrations] == [
        ("20240102030404_a", 1704164644000),
        ("20240102030405_b", 1704164645000),
    ]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("", []),
        ("-- nothing\n;;/* at all */", []),
        (f"SELECT 1{BREAK}SELECT 2", ["SELECT 1", "SELECT 2"]),
        (f"SELECT 1;SELECT 2;{BREAK}{BREAK}-- x\n{BREAK}SELECT 3;", ["SELECT 1", "SELECT 2", "SELECT 3"]),
        ("SELECT 1;--> statement-breakpointSELECT 2", ["SELECT 1", "SELECT 2"]),
        # drizzle-kit pull puts all it writes into one comment
        (f"-- pulled\n/*\nCREATE TABLE t ();\n{BREAK}CREATE TABLE u ();\n*/", []),
        (f"SELECT 1;\n/* SELECT 2;\n{BREAK}SELECT 3; */ SELECT 4", ["SELECT 1", "SELECT 4"]),
        (f"SELECT 'a;{BREAK}b'", [f"SELECT 'a;{BREAK}b'"]),
        ("\\restrict k1\nSELECT 1;\n\\unrestrict k1\n", ["SELECT 1"]),
    ],
)
def test_breakpoints_and_the_parser_cut_files(tmp_path: Path, text: str, cut: list[str]) -> None:
    """A chunk holds any number of statements; a breakpoint in a comment or a string is none."""
    assert statements(tmp_path, text) == cut


HARD = [
    ("SELECT ';'; SELECT 2", 2),
    ("SELECT '--'; SELECT 2", 2),
    ("SELECT $$;$$; SELECT 2", 2),
    ("SELECT $a$ $$;$$ $b$;$b$ $a$; SELECT 2", 2),
    ("SELECT 1 /* ; /* ; */ ; */; SELECT 2", 2),
    ('CREATE TABLE "a;b" (); SELECT 2', 2),
    (r"SELECT E'\';'; SELECT 2", 2),
    (r"SELECT 'a\'; SELECT 2", 2),
    ("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END; SELECT 2", 2),
    (
        "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC "
        "SELECT CASE WHEN a > 0 THEN 1 ELSE 2 END; END; SELECT 2",
        2,
    ),
    (
        "CREATE RULE r AS ON UPDATE TO t DO ALSO (INSERT INTO u VALUES (1); DELETE FROM v;); SELECT 2",
        2,
    ),
    ("DO $do$ BEGIN PERFORM ';'; END; $do$; SELECT 2", 2),
    ("SELECT U&'\\0041;' ; SELECT 2", 2),
    ("SELECT 'a'\n'b;'; SELECT 2", 2),
    ("-- ;\nSELECT 1; -- ;\n-- ; SELECT 3\n", 1),
    ("SELECT 1;\r\nSELECT 2;\r\n-- ;\r\n", 2),
    ("SELECT 5 $1; SELECT 2".replace("$1", "AS a$1"), 2),
    ("SELECT B'1', X'1F', N';'; SELECT 2", 2),
    ("CREATE SCHEMA s CREATE TABLE t () CREATE VIEW v AS SELECT 1; SELECT 2", 2),
    ("BEGIN; SELECT 1; END; COMMIT;", 4),
]


@pytest.mark.parametrize(("text", "count"), HARD)
def test_hard_statements_are_cut_where_postgres_cuts_them(tmp_path: Path, text: str, count: int) -> None:
    """Quotes of all kinds, nested comments, bodies: twenty ways in which splitters go wrong."""
    assert len(statements(tmp_path, text)) == count


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT 1;\nSELEC 2;", "syntax-error 2:1"),
        ("SELECT 1;\n  SELECT 'a;\n", "syntax-error 2:10"),
        ("SELECT $$a;", "syntax-error 1:8"),
        ("SELECT $a$ b $$;", "syntax-error 1:8"),
        ("SELECT 1;\n/* a /* b */\nSELECT 2;", "syntax-error 2:1"),
        ('SELECT "a;\n', "syntax-error 1:8"),
        ("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1;", "syntax-error 1:55"),
        ("SELECT (1;", "syntax-error 1:10"),
        (f"SELECT 1{BREAK}FROM t;", "syntax-error 2:1"),
        ("DELIMITER //\nSELECT 1 //", "syntax-error 1:1"),
        ("SELECT 1;\n\\connect shop\n", "psql-command 2:1"),
        ("\\set x 1\nSELECT :x;", "psql-command 1:1"),
        ("SELECT 1 \\gexec\n", "psql-command 1:10"),
        ("SELECT 1;\n\\i other.sql\n", "psql-command 2:1"),
        ("SELECT 1;\nCOPY t FROM STDIN;\n", "copy-from-stdin 2:1"),
        ("COPY t (a) FROM STDIN WITH (FORMAT csv);\n1\n2\n\\.\n", "copy-from-stdin 1:1"),
        ("copy t from stdin", "copy-from-stdin 1:1"),
        ("SELECT 1;\nSELECT '\0';", "zero-byte 2:9"),
        (b"SELECT 1;\nSELECT '\xff';", "not-utf8 2:9"),
        ("SELECT 'é';\n".encode("latin-1"), "not-utf8 1:9"),
        ("SELECT 1;".encode("utf-16"), "not-utf8 1:1"),
    ],
)
def test_what_cannot_run_is_refused_with_its_place(tmp_path: Path, text: str | bytes, said: str) -> None:
    """Nothing that would hang, end the session or be taken for something else is ever sent."""
    assert [place(diagnostic) for diagnostic in refused(write(tmp_path, {TAG: text}))] == [said]


def test_every_file_is_told_of_at_once(tmp_path: Path) -> None:
    """One wrong file does not hide the next one."""
    write(tmp_path, {"0000_a": "SELEC 1", "0001_b": "SELECT 1", "0002_c": "COPY t FROM STDIN"})
    assert [place(d) for d in refused(tmp_path)] == ["syntax-error 1:1", "copy-from-stdin 1:1"]


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        (["../0000_a"], "unsafe-tag"),
        (["/etc/0000_a"], "unsafe-tag"),
        (["a\\b"], "unsafe-tag"),
        (["0000_a\n"], "unsafe-tag"),
        (["0000_a\u2028"], "unsafe-tag"),
        (["nul"], "unsafe-tag"),
        (["COM1.b"], "unsafe-tag"),
        (["0000_a", "0000_a"], "duplicate-tag"),
        (["0000_a", "0000_A"], "duplicate-tag"),
        (["0000_\u00e9", "0000_e\u0301"], "duplicate-tag"),
    ],
)
def test_tags_are_names_of_files_in_the_folder(tmp_path: Path, tags: list[str], code: str) -> None:
    """No tag leads out of the folder, and none names another file on another system."""
    folder = tmp_path / "drizzle"
    write(folder, {tag: "SELECT 1" for tag in tags if "/" not in tag})
    (tmp_path / "0000_a.sql").write_text("SELECT 1")
    journal(folder, tags)
    assert {diagnostic.code for diagnostic in refused(folder)} >= {code}


def test_links_do_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    """A link to a file elsewhere is refused; one to a file in the folder is that file."""
    folder = write(tmp_path / "drizzle", {TAG: "SELECT 1"})
    (tmp_path / "outside.sql").write_text("SELECT 2")
    (folder / "0001_link.sql").symlink_to(folder / f"{TAG}.sql")
    journal(folder, [TAG, "0001_link"])
    assert len(migrations(folder).migrations) == 2
    (folder / "0001_link.sql").unlink()
    (folder / "0001_link.sql").symlink_to(tmp_path / "outside.sql")
    assert [diagnostic.code for diagnostic in refused(folder)] == ["link-outside"]


def test_an_entry_without_its_file_is_refused(tmp_path: Path) -> None:
    """Drizzle stops there too."""
    journal(tmp_path, [TAG])
    assert [diagnostic.code for diagnostic in refused(tmp_path)] == ["no-sql-file"]


def test_files_without_a_journal_are_no_migrations(tmp_path: Path) -> None:
    """Run by their names, they would run in another order than somebody's journal had."""
    (tmp_path / "0000_a.sql").write_text("SELECT 1")
    assert [diagnostic.code for diagnostic in refused(tmp_path)] == ["no-journal"]


def test_what_is_odd_is_said_and_runs(tmp_path: Path) -> None:
    """SQL outside the journal and gaps in its numbers are no errors: real folders have them."""
    write(tmp_path, {"0000_a": "SELECT 1", "0002_c": "SELECT 3"})
    (tmp_path / "0001_left_out.sql").write_text("SELECT 2; \\oops")
    body = (tmp_path / "meta" / "_journal.json").read_text().replace('"idx": 1', '"idx": 2')
    (tmp_path / "meta" / "_journal.json").write_text(body)
    read = migrations(tmp_path)
    assert [m.idx for m in read.migrations] == [0, 2]
    assert {finding.code for finding in read.findings} == {"index-not-position", "sql-not-in-journal"}


def test_a_byte_order_mark_is_not_sent(tmp_path: Path) -> None:
    """It is in the raw checksum, which is Drizzle's; places count without it."""
    data = "\ufeffSELECT 1;".encode()
    (migration,) = found(tmp_path, data).migrations
    assert migration.statements[0].text == "SELECT 1"
    assert migration.raw == hashlib.sha256(data).hexdigest()
    assert migration.checksum == hashlib.sha256(b"SELECT 1;").hexdigest()


SQL = st.lists(st.sampled_from(["SELECT 1;", "SELECT 'é\u2028';", "-- a", "/* b */", "\n", "\t"]), min_size=1)


@given(SQL.map("".join), st.data())
def test_any_edit_changes_the_checksum(text: str, data: st.DataObject) -> None:
    """Of one byte, wherever; but line ends as Windows has them and a byte order mark are no edits."""
    assert checksum(text.replace("\n", "\r\n")) == checksum(text)
    before = text.encode()
    at, byte = data.draw(st.integers(0, len(before) - 1)), data.draw(st.binary(min_size=1, max_size=1))
    changed, added, removed = before[at + 1 :], before[at:], before[at + 1 :]
    for after in (byte + changed, byte + added, removed):
        edited = before[:at] + after
        with suppress(UnicodeDecodeError):  # what is not UTF-8 is refused
            is_line_end = edited.replace(b"\r\n", b"\n") == before
            assert (checksum(edited.decode()) == checksum(text)) == is_line_end


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("SELECT 1; SAVEPOINT a; SELECT 2; RELEASE a;", None),
        ("SELECT 1;\n-- then\nCREATE INDEX CONCURRENTLY i ON t (a);", "CREATE INDEX CONCURRENTLY in line 3"),
        ("SELECT 1;\nCOMMIT;\nVACUUM;", "COMMIT in line 2"),
        ("start\ttransaction read only;", "START TRANSACTION in line 1"),
        (f"ALTER TYPE m ADD VALUE 'x';\n{BREAK}\nSELECT 'x'::m", "ADD VALUE 'x', which line 4 may use"),
        ("ALTER TYPE m ADD VALUE 'x';", None),
    ],
)
def test_why_a_file_cannot_run_in_one_transaction(tmp_path: Path, text: str, apart: str | None) -> None:
    """Said with the line, for those who wonder."""
    (migration,) = found(tmp_path, text).migrations
    assert migration.apart == apart
