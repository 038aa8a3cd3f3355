"""Where a connection goes: libpq's parameters, all of them known, followed or refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgkit.diag import PgkitError
from pgkit.runtime.target import ENVIRONMENT, IGNORED, OURS, PASSED, UNKEPT, parse
from pgkit.runtime.url import is_connection, is_mistaken, with_database

# The manual, 34.1.2 and 34.15, of Postgres 18
PARAMETERS = [
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "passfile",
    "require_auth",
    "channel_binding",
    "connect_timeout",
    "client_encoding",
    "options",
    "application_name",
    "fallback_application_name",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_count",
    "tcp_user_timeout",
    "replication",
    "gssencmode",
    "sslmode",
    "sslnegotiation",
    "sslcompression",
    "sslcert",
    "sslkey",
    "sslkeylogfile",
    "sslpassword",
    "sslcertmode",
    "sslrootcert",
    "sslcrl",
    "sslcrldir",
    "sslsni",
    "requirepeer",
    "ssl_min_protocol_version",
    "ssl_max_protocol_version",
    "min_protocol_version",
    "max_protocol_version",
    "krbsrvname",
    "gsslib",
    "gssdelegation",
    "service",
    "servicefile",
    "target_session_attrs",
    "load_balance_hosts",
]
VARIABLES = [
    "PGHOST",
    "PGHOSTADDR",
    "PGPORT",
    "PGDATABASE",
    "PGUSER",
    "PGPASSWORD",
    "PGPASSFILE",
    "PGREQUIREAUTH",
    "PGCHANNELBINDING",
    "PGSERVICE",
    "PGOPTIONS",
    "PGAPPNAME",
    "PGSSLMODE",
    "PGSSLNEGOTIATION",
    "PGSSLCERT",
    "PGSSLKEY",
    "PGSSLCERTMODE",
    "PGSSLROOTCERT",
    "PGSSLCRL",
    "PGSSLCRLDIR",
    "PGREQUIREPEER",
    "PGSSLMINPROTOCOLVERSION",
    "PGSSLMAXPROTOCOLVERSION",
    "PGGSSENCMODE",
    "PGKRBSRVNAME",
    "PGGSSLIB",
    "PGCONNECT_TIMEOUT",
    "PGTARGETSESSIONATTRS",
]


def refused(text: str, environ: dict[str, str] | None = None) -> str:
    with pytest.raises(PgkitError) as caught:
        parse(text, environ or {})
    assert caught.value.diagnostics[0].code == "bad-url"
    return str(caught.value)


def test_every_parameter_is_known() -> None:
    """Those of libpq, and no others."""
    assert set(PARAMETERS) == PASSED | OURS | IGNORED | UNKEPT.keys()


def test_every_variable_is_read() -> None:
    """Those of libpq that say where, who and how safely; PGSERVICEFILE and PGSYSCONFDIR name files."""
    assert set(VARIABLES) == set(ENVIRONMENT)
    environ = {
        name: name.lower()
        for name in ("PGHOST", "PGUSER", "PGDATABASE", "PGAPPNAME", "PGSSLCERT", "PGOPTIONS")
    }
    expected = {"host": "pghost", "user": "pguser", "dbname": "pgdatabase", "application_name": "pgappname"}
    assert parse("postgresql://", environ).params == {
        **expected,
        "sslcert": "pgsslcert",
        "options": "pgoptions",
    }


def test_what_cannot_be_kept_is_refused() -> None:
    """A demand that asyncpg cannot make of a server is never dropped in silence; what asks for nothing passes."""
    for name in (
        "require_auth=scram-sha-256",
        "requirepeer=postgres",
        "gssencmode=require",
        "replication=database",
    ):
        assert f"cannot hold the server to {name.partition('=')[0]}" in refused(f"postgresql://h/d?{name}")
    assert "require_auth" in refused("postgresql://h", {"PGREQUIREAUTH": "none"})
    assert (
        parse("postgresql://h/d?gssencmode=prefer&replication=off&sslsni=1&keepalives=0", {}).params["host"]
        == "h"
    )


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://h?sslnegotiation=early", "no such sslnegotiation"),
        ("postgresql://h?sslcertmode=require", "no such sslcertmode"),
        ("postgresql://h?channel_binding=yes", "no such channel_binding"),
        ("postgresql://h?target_session_attrs=leader", "no such target_session_attrs"),
        ("postgresql://h?ssl_min_protocol_version=SSLv3", "no such ssl_min_protocol_version"),
        ("postgresql://a,b,c?port=1,2", "expected one port, or as many as there are hosts"),
        ("postgresql://a,b?hostaddr=127.0.0.1", "expected as many addresses in hostaddr as there are hosts"),
        ("postgresql:///d?channel_binding=require", "channel_binding=require needs TLS"),
        ("host=h nothing", "expected a URL that starts with postgresql://"),
        ("host='h", "expected a URL that starts with postgresql://"),
        ("host=h colour=red", 'no connection parameter named "colour"'),
    ],
)
def test_a_bad_parameter_is_told(url: str, said: str) -> None:
    """Before anything is tried."""
    assert said in refused(url)


WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)


@given(password=WORDS, database=WORDS)
def test_pairs_keep_every_value(password: str, database: str) -> None:
    """Quotes, backslashes and blanks in values are told from those between them."""
    quote = [value.replace("\\", "\\\\").replace("'", "\\'") for value in (password, database)]
    text = f"host = h  password='{quote[0]}' dbname='{quote[1]}'"
    assert is_connection(text)
    assert parse(text, {}).params == {"host": "h", "password": password, "dbname": database}
    other = parse(with_database(text, "it's\\ another"), {}).params
    assert (other["dbname"], other["password"]) == ("it's\\ another", password)


def test_a_service_of_a_named_file(tmp_path: Path) -> None:
    """`servicefile` names the file as PGSERVICEFILE does; it wins."""
    for name in ("one", "two"):
        (tmp_path / name).write_text(f"[s]\nhost={name}\nsslmode=require\n")
    environ = {"PGSERVICEFILE": str(tmp_path / "one"), "PGSERVICE": "s", "PGSSLMODE": "disable"}
    assert parse("postgresql://", environ).params["host"] == "one"
    assert parse("postgresql://", environ).params["sslmode"] == "require"
    assert parse(f"postgresql://?servicefile={tmp_path / 'two'}", environ).params["host"] == "two"


def test_what_was_meant_as_a_url() -> None:
    """Paths are paths; what holds a login is not shown as one."""
    assert all(map(is_mistaken, ["postgres:/u:p@h/d", "u:p@h:5432/d", "postgresql:u@h", " u:p@h"]))
    assert not any(
        map(is_mistaken, ["drizzle@0001", "a/b@c", "replay", "dir:x", "postgresql://u:p@h/d", "./u:p@h"])
    )
    assert not any(map(is_connection, ["a=b", "drizzle", "host", "schema.sql", "x host=h"]))
