"""No password reaches a message, a log or a traceback: real commands, told in every way, going wrong in every way."""

import contextlib
import io
import logging
import os
import re
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import pytest
from attrs import frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pgkit.cli.app import run
from tests.faults.servers import say
from tests.runtime.tls import tls_server

PROOF = bool(os.environ.get("PGKIT_PROOF"))
# Letters of which no message holds four in a row, and all that has a meaning in URLs, files and shells
SECRET = st.text(alphabet="QXZJ0189@:/?#&=%+ '\"\\$!;,[]é\t", min_size=6, max_size=20).filter(
    lambda s: s == s.strip()
)
COMMANDS: Mapping[str, Callable[[str], list[str]]] = {
    "show": lambda url: ["show", url],
    "show json": lambda url: ["show", url, "--as", "json"],
    "diff": lambda url: ["diff", "empty", url, "--format", "json"],
    "drift": lambda url: ["drift", "empty", "--db", url],
    "drift json": lambda url: ["drift", "empty", "--db", url, "--format", "json"],
    "drift github": lambda url: ["drift", "empty", "--db", url, "--format", "github"],
    "gen": lambda url: ["gen", url, "--rust", "out", "--format", "json"],
    "server": lambda url: ["diff", "empty", "schema.sql", "--server", url],
    "migrate up": lambda url: ["migrate", "up", "drizzle", "--db", url],
    "migrate status": lambda url: ["migrate", "status", "drizzle", "--db", url, "--format", "json"],
    "migrate verify": lambda url: ["migrate", "verify", "drizzle", "--db", url],
    "no such option": lambda url: ["show", url, "--nothing"],
    "a word too many": lambda url: ["check", url, "--format", url],
}

JOURNAL = """{"version": "7", "dialect": "postgresql", "entries":
    [{"idx": 0, "version": "7", "when": 1, "tag": "0000_one", "breakpoints": true}]}"""


@frozen
class Place:
    """Where a command is sent: a server that wants a password, somewhere else, or nowhere."""

    host: str
    port: int
    user: str = "secret"


@pytest.fixture(scope="module")
def places() -> Iterator[dict[str, Place]]:
    """A server that knows another password, a port where nobody is, and a name of nobody's."""
    with tls_server() as speaks, socket.socket() as nobody:
        say(speaks.socket_url, "CREATE ROLE secret LOGIN PASSWORD 'something else'")
        nobody.bind(("127.0.0.1", 0))
        yield {
            "wrong password": Place(speaks.address, 5432),
            "wrong port": Place("127.0.0.1", nobody.getsockname()[1]),
            "wrong host": Place("nowhere.invalid", 5432),
            "not let in": Place(speaks.address, 5432, "nobody"),
        }


def in_url(secret: str, place: Place) -> str:
    return f"postgresql://{place.user}:{quote(secret, safe='')}@{place.host}:{place.port}/d"


def raw_in_url(secret: str, place: Place) -> str:
    return f"postgresql://{place.user}:{secret}@{place.host}:{place.port}/d"


def in_query(secret: str, place: Place) -> str:
    return f"postgresql://{place.host}:{place.port}/d?user={place.user}&password={quote(secret, safe='')}"


def in_pairs(secret: str, place: Place) -> str:
    escaped = secret.replace("\\", "\\\\").replace("'", "\\'")
    return f"host={place.host} port={place.port} user={place.user} password='{escaped}' dbname=d"


def broken(secret: str, place: Place) -> str:
    return f"postgres:/{place.user}:{secret}@{place.host}:port/d"


def another_scheme(secret: str, place: Place) -> str:
    return f"mysql://{place.user}:{secret}@{place.host}/d"


def unknown_parameter(secret: str, place: Place) -> str:
    return f"{in_url(secret, place)}?schema=public&password={quote(secret, safe='')}"


def by_variable(secret: str, place: Place) -> str:
    os.environ["PGPASSWORD"] = secret
    return f"postgresql://{place.user}@{place.host}:{place.port}/d"


def by_passfile(secret: str, place: Place) -> str:
    path = Path("pgpass")
    path.write_text(f"*:*:*:*:{secret.replace(chr(92), chr(92) * 2).replace(':', chr(92) + ':')}\n")
    path.chmod(0o600)
    os.environ["PGPASSFILE"] = str(path.absolute())
    return f"postgresql://{place.user}@{place.host}:{place.port}/d"


def by_service(secret: str, place: Place) -> str:
    text = f"[ours]\nhost={place.host}\nport={place.port}\nuser={place.user}\npassword={secret}\n"
    Path("services").write_text(text)
    os.environ["PGSERVICEFILE"] = str(Path("services").absolute())
    return "postgresql:///d?service=ours"


def by_broken_service(secret: str, place: Place) -> str:
    Path("services").write_text(f"[ours]\nhost={place.host}\npassword={secret}\n{secret}\n[ours\n")
    os.environ["PGSERVICEFILE"] = str(Path("services").absolute())
    return "postgresql:///d?service=ours"


def by_odd_service(secret: str, place: Place) -> str:
    Path("services").write_text(
        f"[ours]\nhost={place.host}\nport=x{place.port}\npassword={secret}\nodd={secret}\n"
    )
    os.environ["PGSERVICEFILE"] = str(Path("services").absolute())
    return "postgresql:///d?service=ours"


WAYS = [
    in_url, raw_in_url, in_query, in_pairs, broken, another_scheme, unknown_parameter,
    by_variable, by_passfile, by_service, by_broken_service, by_odd_service,
]  # fmt: skip


def leaks(secret: str, text: str) -> bool:
    """Whether any four characters of the secret stand in the text, as they are or encoded."""
    parts = {secret[at : at + 4] for at in range(len(secret) - 3)}
    escapes = (str, lambda part: quote(part, safe=""), lambda part: repr(part)[1:-1])
    return any(form(part) in text for part in parts for form in escapes)


def said(argv: list[str]) -> tuple[int, str]:
    """The exit code of a command that runs in this process, and all that it prints or logs."""
    out, logger = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(out), logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            code = run(argv)
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
    return code, out.getvalue()


@contextlib.contextmanager
def elsewhere() -> Iterator[None]:
    """An empty folder to stand in, and an environment that is as before afterwards."""
    before, home = dict(os.environ), os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("schema.sql").write_text("CREATE TABLE t (a int);")
        Path("drizzle/meta").mkdir(parents=True)
        Path("drizzle/meta/_journal.json").write_text(JOURNAL)
        Path("drizzle/0000_one.sql").write_text("CREATE TABLE t (a int);")
        os.environ.update(PGKIT_DEBUG="1", HOME=folder, PGCONNECT_TIMEOUT="5")
        try:
            yield
        finally:
            os.chdir(home)
            os.environ.clear()
            os.environ.update(before)


@given(
    secret=SECRET,
    way=st.sampled_from(WAYS),
    at=st.sampled_from(["wrong password", "wrong port", "wrong host", "not let in"]),
    command=st.sampled_from(sorted(COMMANDS)),
)
@settings(max_examples=3000 if PROOF else 150, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_command_tells_a_secret(
    places: dict[str, Place], secret: str, way: object, at: str, command: str
) -> None:
    """Neither stdout nor stderr, text nor JSON, nor a traceback with PGKIT_DEBUG=1."""
    assert callable(way)
    with elsewhere():
        code, text = said(COMMANDS[command](way(secret, places[at])))
    assert code in (2, 3), text
    assert "Traceback" not in text
    assert not leaks(secret, text), text


@pytest.mark.parametrize("command", ["show", "drift json"])
def test_a_bug_tells_none_either(
    command: str, places: dict[str, Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash with the URL in its message is told without the password, its traceback included."""
    secret = "QXZJ@0189/%"
    url = in_url(secret, places["wrong port"])

    async def crash(*_: object, **__: object) -> None:
        raise RuntimeError(f"cannot do {url} with {secret}")

    monkeypatch.setattr("pgkit.runtime.session.dial", crash)
    with elsewhere():
        code, text = said(COMMANDS[command](url))
    assert code == 70
    assert "Traceback" in text
    text = re.sub(r":\d+/d\b", "", text)  # a port may end as the secret does
    assert not leaks(secret, text), text
