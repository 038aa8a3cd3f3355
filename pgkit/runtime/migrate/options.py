"""How a run goes about it: its patience with locks, with other runners, and with the network."""

import math
import re
from typing import Final

from attrs import field, frozen

from pgkit.diag import fail
from pgkit.runtime.connect import USER_PATH

_UNITS: Final = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_TIME: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?) ?(us|ms|s|min|h|d)")


def seconds(time: str, name: str) -> float:
    """A time as Postgres writes it, `3s`; a bare number says too little, but for 0."""
    match = _TIME.fullmatch(time.strip())
    if match is not None:
        return float(match[1]) * _UNITS[match[2]]
    if time.strip() == "0":
        return 0.0
    help = "a number with its unit, as 500ms, 3s or 2min; 0 is no limit"
    raise fail("bad-time", f"expected a time as {name}, found {time}", help=help, exit_code=2)


@frozen(kw_only=True)
class Options:
    """Times in seconds; zero is no limit for `lock_timeout` and `statement_timeout`."""

    lock_timeout: float = 3.0  # for the locks that statements take
    lock_wait: float = 60.0  # for other runners
    statement_timeout: float = 0.0
    retries: int = 10  # of a file that met a lock
    search_path: str | None = None  # None: that of the URL's `options`, else `"$user", public`
    silence: float = 15.0  # without an answer, until it is asked on another connection whether one will come
    reconnect: float = 60.0  # how long a server may be away
    losses: int = 5  # of the connection, one after the other with nothing done between
    pause: float = field(default=0.1, repr=False)  # the first wait before a thing is tried again

    def pins(self, given: str) -> dict[str, str]:
        """The settings of the session; `given` are the user's own, from the URL's `options`."""
        pins = {
            "lock_timeout": str(_milliseconds(self.lock_timeout)),
            "statement_timeout": str(_milliseconds(self.statement_timeout)),
            "idle_in_transaction_session_timeout": "60s",
            "client_connection_check_interval": "1s",
            "synchronous_commit": "on",
            "standard_conforming_strings": "on",
            "default_transaction_isolation": "read committed",
            "application_name": "pgkit-migrate",
        }
        if self.search_path is None and "search_path" in given:
            return pins
        return {"search_path": self.search_path or USER_PATH, **pins}


def _milliseconds(time: float) -> int:
    """Rounded up: zero would be no limit."""
    return math.ceil(time * 1000)
