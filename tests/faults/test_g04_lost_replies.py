"""G4: a run that does not learn how its COMMIT ended asks the database."""

import os
from pathlib import Path

import pytest

from tests.faults.folders import EVERYTHING, folder
from tests.faults.matrix import CASES, Property
from tests.faults.reference import References
from tests.faults.relay import Fate, Message, Once, Rule, query, relay, reply
from tests.faults.runners import Ended, Runners
from tests.faults.servers import Harmed

PROOF = bool(os.environ.get("PGKIT_PROOF"))
STEP = 1 if PROOF else 67


def through(
    rule: Rule, victim: Harmed, run: Runners, references: References, home: Path, *options: str
) -> tuple[Ended, list[Message]]:
    """Runs by way of a relay with that rule, checks what is left behind, and gives all messages as well."""
    made = folder(home, EVERYTHING)
    with victim.database() as url:
        with relay(victim.socket, rule) as (carrier, host):
            ended = run.run(made, f"{url.partition('?')[0]}?host={host}&user=postgres", *options)
        if "connected" not in ended.points():  # the first connection is not tried again
            assert ended.code == 3, ended.said
            assert ended.stderr.count("error[no-connection]") == 1, ended.said
            assert ended.stderr.count("help: ") == 1, ended.said
            ended = run.run(made, url, *options)
        assert ended.code == 0, ended.said
        references.check(url, EVERYTHING, *options)
        return ended, carrier.seen


def is_ready(message: Message) -> bool:
    """The server's word that it waits for the next statement."""
    return message.sender == "server" and message.kind == "Z"


@pytest.mark.parametrize("nth", range(12) if PROOF else [0, 3])
@pytest.mark.parametrize("fate", ["cut", "desert"])
def test_the_reply_to_a_commit_is_lost(
    victim: Harmed, run: Runners, references: References, tmp_path: Path, nth: int, fate: Fate
) -> None:
    """The server has committed, and the runner sees nothing but the end of the connection."""
    rule = Once(fate, reply("^COMMIT"), nth)
    ended, _ = through(rule, victim, run, references, tmp_path / "folder")
    assert rule.fired
    assert "reconnecting" in ended.points()


@pytest.mark.parametrize("nth", range(12) if PROOF else [0, 3])
@pytest.mark.parametrize("fate", ["cut", "desert"])
def test_drizzles_ledger(
    victim: Harmed, run: Runners, references: References, tmp_path: Path, nth: int, fate: Fate
) -> None:
    """The same, where the rows are Drizzle's."""
    rule = Once(fate, reply("^COMMIT"), nth)
    through(rule, victim, run, references, tmp_path / "folder", "--ledger", "drizzle")
    assert rule.fired


@pytest.mark.parametrize("nth", range(12) if PROOF else [0, 3])
@pytest.mark.parametrize("fate", ["cut", "desert"])
def test_the_commit_is_lost(
    victim: Harmed, run: Runners, references: References, tmp_path: Path, nth: int, fate: Fate
) -> None:
    """It never reaches the server."""
    rule = Once(fate, query("^COMMIT"), nth)
    ended, _ = through(rule, victim, run, references, tmp_path / "folder")
    assert rule.fired
    assert "reconnecting" in ended.points()


@pytest.mark.parametrize("fate", ["cut", "desert"])
@pytest.mark.parametrize("side", ["before", "after"])
def test_any_statement_is_lost(
    victim: Harmed,
    run: Runners,
    references: References,
    tmp_path: Path,
    fate: Fate,
    side: str,
    record_property: Property,
) -> None:
    """Each statement of the runner's in turn, or the server's answer to it."""
    chosen = query() if side == "before" else is_ready
    _, seen = through(lambda message: "pass", victim, run, references, tmp_path / "counted")
    count = sum(map(chosen, seen))
    assert count > 100
    record_property(CASES, len(range(0, count, STEP)))
    for nth in range(0, count, STEP):
        rule = Once(fate, chosen, nth)
        through(rule, victim, run, references, tmp_path / f"folder{nth}")
        assert rule.fired
