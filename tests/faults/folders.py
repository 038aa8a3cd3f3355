"""Folders of migrations that cannot be run twice, nor half, without it being seen afterwards."""

import json
from collections.abc import Mapping
from pathlib import Path

from attrs import frozen

BREAK = "--> statement-breakpoint\n"
START = 1_700_000_000_000


@frozen
class Folder:
    """A folder of migrations on disk, in Drizzle's layout with a journal."""

    path: Path

    @property
    def journal(self) -> Path:
        """The journal's file."""
        return self.path / "meta" / "_journal.json"

    def file(self, tag: str) -> Path:
        """The file of a migration."""
        return self.path / f"{tag}.sql"

    def tags(self) -> list[str]:
        """The tags in the order of the journal."""
        return [entry["tag"] for entry in json.loads(self.journal.read_text())["entries"]]

    def add(self, tag: str, sql: str, when: int | None = None) -> None:
        """Appends a migration."""
        entries = json.loads(self.journal.read_text())["entries"]
        stamp = START + 1000 * len(entries) if when is None else when
        entry = {"idx": len(entries), "version": "7", "when": stamp, "tag": tag, "breakpoints": True}
        self.file(tag).write_text(sql)
        self.write_entries([*entries, entry])

    def write_entries(self, entries: list[dict[str, object]]) -> None:
        """Writes the journal."""
        self.journal.parent.mkdir(parents=True, exist_ok=True)
        text = {"version": "7", "dialect": "postgresql", "entries": entries}
        self.journal.write_text(json.dumps(text, indent=2))


def folder(path: Path, files: Mapping[str, str]) -> Folder:
    """A folder with these files, in this order."""
    made = Folder(path)
    path.mkdir(parents=True, exist_ok=True)
    made.write_entries([])
    for tag, sql in files.items():
        made.add(tag, sql)
    return made


# Each file fails or shows when it runs a second time, and the next one needs what it leaves. There are no numbers
# from sequences: a transaction that is rolled back does not give those back.
PLAIN = {
    "0000_accounts": f"""CREATE TYPE mood AS ENUM ('sad', 'ok');
{BREAK}CREATE TABLE account (id int PRIMARY KEY, name text NOT NULL, balance int NOT NULL, mood mood);
{BREAK}CREATE SEQUENCE ticket;
{BREAK}INSERT INTO account SELECT n, 'a' || n, n, 'ok' FROM generate_series(1, 5) n;
""",
    "0001_double": f"""UPDATE account SET balance = balance * 2 + 1;
{BREAK}ALTER TABLE account RENAME COLUMN name TO title;
{BREAK}CREATE TABLE entry (account int REFERENCES account, n int);
{BREAK}INSERT INTO entry (account, n) SELECT id, balance FROM account ORDER BY id;
""",
    "0002_function": """CREATE FUNCTION total() RETURNS int LANGUAGE sql BEGIN ATOMIC
  SELECT sum(n) FROM entry; SELECT sum(balance)::int FROM account;
END;
CREATE VIEW rich AS SELECT id, title FROM account WHERE balance > 5; INSERT INTO entry (n) SELECT total();
DO $$ BEGIN UPDATE account SET balance = balance + 100 WHERE id = 1; END $$;
""",
}
APART = {
    "0003_concurrently": f"""ALTER TABLE entry ADD COLUMN note text;
{BREAK}UPDATE entry SET note = coalesce(note, '') || 'x', n = n + 1;
{BREAK}CREATE INDEX CONCURRENTLY entry_note ON entry (note, n);
{BREAK}INSERT INTO entry (n) VALUES (1000);
{BREAK}DROP INDEX CONCURRENTLY entry_note;
{BREAK}CREATE UNIQUE INDEX CONCURRENTLY entry_account ON entry (account);
""",
    "0004_enum": f"""ALTER TYPE mood ADD VALUE 'happy';
{BREAK}UPDATE account SET mood = 'happy', balance = balance + 1 WHERE id < 3;
{BREAK}ALTER TABLE account ALTER mood SET DEFAULT 'happy';
""",
    "0005_own_commit": f"""UPDATE account SET balance = balance * 3;
{BREAK}COMMIT;
{BREAK}CREATE TABLE between (n int);
{BREAK}BEGIN;
{BREAK}INSERT INTO between VALUES (1), (2);
{BREAK}COMMIT;
{BREAK}INSERT INTO between VALUES (3);
""",
    "0006_last": f"""ALTER TABLE account ADD COLUMN closed boolean NOT NULL DEFAULT false;
{BREAK}DROP VIEW rich;
""",
}
EVERYTHING = {**PLAIN, **APART}


def _slowly(sql: str) -> str:
    return BREAK.join(f"SELECT pg_sleep(0.05);\n{BREAK}{piece}" for piece in sql.split(BREAK))


# Takes about two seconds, so that there is time to do harm.
SLOW = {tag: _slowly(sql) for tag, sql in EVERYTHING.items()}
