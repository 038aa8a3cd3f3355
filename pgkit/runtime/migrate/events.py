"""What a run tells while it runs: for progress on a terminal, and for tests that crash it on purpose."""

from collections.abc import Callable
from enum import StrEnum

from attrs import frozen


class Point(StrEnum):
    """The points of the protocol, in the order in which a run passes them; some come again for each file."""

    CONNECTED = "connected"
    WAITING = "waiting"  # for the lock; `detail` names its holder
    LOCKED = "locked"
    PLANNED = "planned"  # the ledger is read; `detail` is the number of files to run
    BEGUN = "begun"  # a file: its transaction is open, or its row says `running`
    BEFORE_STATEMENT = "before-statement"
    AFTER_STATEMENT = "after-statement"
    RECORDED = "recorded"  # the ledger's row is written, not committed yet where the file is one transaction
    BEFORE_COMMIT = "before-commit"
    DONE = "done"  # a file is applied, for good
    RETRYING = "retrying"  # a lock was not to be had in time: the whole file again
    RECONNECTING = "reconnecting"  # the connection was lost: the outcome is read from the ledger
    NOTICE = "notice"  # what the server says by the way
    UNLOCKED = "unlocked"


@frozen(kw_only=True)
class Event:
    """One of these, for a file and one of its statements (from zero) where there is one."""

    point: Point
    tag: str = ""
    statement: int | None = None
    detail: str = ""


Watcher = Callable[[Event], None]
