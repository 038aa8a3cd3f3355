"""Undisturbed runs, each made once: what is left behind after all of a folder, or after its first statements."""

from collections.abc import Mapping
from pathlib import Path

from attrs import define, field

from tests.faults.folders import BREAK, folder
from tests.faults.oracle import State, differences, state
from tests.faults.runners import runners
from tests.faults.servers import Harmed, ask, eventually

OURS = "pgkit.__pg_migrations"
ELSEWHERE = """
SELECT count(*)::int FROM pg_catalog.pg_stat_activity
WHERE datname = pg_catalog.current_database() AND pid <> pg_catalog.pg_backend_pid() AND backend_type = 'client backend'
"""
Key = tuple[tuple[str, str], ...]


@define(eq=False)
class References:
    """Undisturbed runs on a server, kept by what was run."""

    server: Harmed
    home: Path
    kept: dict[tuple[Key, tuple[str, ...]], State] = field(factory=dict)

    def after(self, files: Mapping[str, str], *options: str) -> State:
        """What these files leave behind."""
        key = (tuple(files.items()), options)
        if key not in self.kept:
            self.kept[key] = self._run(files, options)
        return self.kept[key]

    def _run(self, files: Mapping[str, str], options: tuple[str, ...]) -> State:
        made = folder(self.home / str(len(self.kept)), files)
        with self.server.database() as url, runners() as run:
            ended = run.run(made, url, *options)
            assert ended.code == 0, ended.said
            return state(url)

    def check(self, url: str, files: Mapping[str, str], *options: str) -> None:
        """Fails unless the database is as these files leave it, ledger included."""
        settled(url)
        found = state(url)
        wanted = self.after(files, *options)
        assert found == wanted, differences(wanted, found)

    def check_half_way(self, url: str, files: Mapping[str, str]) -> None:
        """Fails unless just that is there which the ledger tells of, but for a statement that is in doubt."""
        settled(url)
        found = state(url)
        told = found.ledger.get(OURS, [])
        running = [row for row in told if row[4] != "done"]
        assert len(running) <= 1, running
        done = {str(row[0]): files[str(row[0])] for row in told if row[4] == "done"}
        assert [*done] == [*files][: len(done)], told
        choices = [done]
        if running:
            tag, statements = str(running[0][0]), int(str(running[0][5]))
            pieces = files[tag].split(BREAK)
            choices = [{**done, tag: BREAK.join(pieces[:k])} for k in (statements, statements + 1) if k]
            choices += [done] if statements == 0 else []
        wanted = [self.after(choice) for choice in choices if choice] or [None]
        same = [
            w
            for w in wanted
            if (found.rows, found.catalog) == ((w.rows, w.catalog) if w else ({}, found.catalog))
        ]
        assert same, (
            f"the ledger says {told}\n{'; or '.join(differences(w, found) for w in wanted if w) or found}"
        )


def settled(url: str, seconds: float = 15) -> None:
    """Waits until the server has noticed that the killed are dead: no session is left but ours."""
    assert eventually(lambda: ask(url, ELSEWHERE) == 0, seconds), "a session is left on the server"
