"""TLS for real: who is trusted, who is refused, and what is said then."""

import asyncio
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pgkit.diag import PgkitError
from pgkit.runtime.connect import open_
from tests.faults.servers import say
from tests.runtime.tls import NAME, Speaks, tls_server


@pytest.fixture(scope="module")
def speaks() -> Iterator[Speaks]:
    """A server with TLS, with the databases `tls`, which wants it, and `plain`, which does not."""
    with tls_server() as server:
        for name in ("tls", "plain"):
            say(server.socket_url, f"CREATE DATABASE {name}")
        say(server.socket_url, "CREATE ROLE certified LOGIN; CREATE ROLE secret LOGIN PASSWORD 'h@:/ %'")
        yield server


@pytest.fixture(autouse=True)
def nobody_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No certificates of the user's, and no variables."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in [name for name in os.environ if name.startswith("PG") and not name.startswith("PGKIT")]:
        monkeypatch.delenv(name)


def session(url: str) -> tuple[bool, str | None]:
    """Whether the session is encrypted, and who the client's certificate says that it is."""

    async def asked() -> tuple[bool, str | None]:
        async with open_(url) as session:
            query = (
                "SELECT ssl, client_dn FROM pg_catalog.pg_stat_ssl WHERE pid = pg_catalog.pg_backend_pid()"
            )
            ((encrypted, name),) = await session.fetch(query)
            return bool(encrypted), name

    return asyncio.run(asked())


def refused(url: str) -> str:
    with pytest.raises(PgkitError) as caught:
        session(url)
    assert caught.value.exit_code == 3
    return str(caught.value)


def to(server: Speaks, database: str = "tls", user: str = "postgres", **params: str) -> str:
    """The URL by the server's name, which only `hostaddr` knows the address of."""
    host = params.pop("host", NAME)
    files = {
        name: server.file(value)
        if name in ("sslrootcert", "sslcert", "sslkey") and value != "system"
        else value
        for name, value in params.items()
    }
    query = "&".join(
        f"{name}={value}" for name, value in {"hostaddr": server.address, **files}.items() if value
    )
    return f"postgresql://{user}@{host}/{database}?{query}"


@pytest.mark.parametrize("mode", ["allow", "prefer", "require", "verify-ca", "verify-full", ""])
def test_every_mode_but_one_reaches_it(speaks: Speaks, mode: str) -> None:
    """With the root that vouches for the server, and its name, each mode is encrypted."""
    assert session(to(speaks, sslmode=mode, sslrootcert="root.crt")) == (True, None)
    assert session(to(speaks, sslmode=mode, sslrootcert="root.crt", host=speaks.address)) == (True, None)


def test_what_wants_tls_is_not_reached_without(speaks: Speaks) -> None:
    """`hostssl` refuses sslmode=disable; where both are let in, `disable` and `allow` do without."""
    text = refused(to(speaks, sslmode="disable"))
    assert "no pg_hba.conf entry" in text
    assert "check user, sslmode" in text
    assert session(to(speaks, "plain", sslmode="disable")) == (False, None)
    assert session(to(speaks, "plain", sslmode="allow")) == (False, None)
    assert session(to(speaks, "plain", sslmode="prefer")) == (True, None)


@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
def test_the_wrong_root(speaks: Speaks, mode: str) -> None:
    """A server that another root vouches for is no server of ours, as soon as a root is named."""
    text = refused(to(speaks, sslmode=mode, sslrootcert="other.crt"))
    assert (
        "cannot verify the server's certificate: self-signed certificate in certificate chain" in text
        or "unable to get local issuer" in text
    )
    assert "sslrootcert names a root to trust" in text


def test_the_wrong_name(speaks: Speaks) -> None:
    """verify-full wants the name that we asked for, verify-ca does not care."""
    wrong = to(speaks, sslmode="verify-full", sslrootcert="root.crt", host="elsewhere.test")
    assert "certificate is not valid for 'elsewhere.test'" in refused(wrong)
    assert session(wrong.replace("verify-full", "verify-ca")) == (True, None)


def test_the_roots_of_the_machine(speaks: Speaks, monkeypatch: pytest.MonkeyPatch) -> None:
    """sslrootcert=system is verify-full by itself; a root that the machine does not have is not trusted."""
    assert "cannot verify" in refused(to(speaks, sslrootcert="system"))
    monkeypatch.setenv("SSL_CERT_FILE", speaks.file("root.crt"))
    assert session(to(speaks, sslrootcert="system")) == (True, None)
    assert "not valid for 'no.test'" in refused(to(speaks, sslrootcert="system", host="no.test"))
    assert "needs sslmode=verify-full" in refused(to(speaks, sslrootcert="system", sslmode="require"))


def test_channel_binding_is_kept_by_verifying(speaks: Speaks) -> None:
    """Neon's URLs ask for it: who the server is gets verified instead; never is it dropped in silence."""
    assert "cannot verify" in refused(to(speaks, sslmode="require", channel_binding="require"))
    assert session(to(speaks, sslmode="require", channel_binding="require", sslrootcert="root.crt")) == (
        True,
        None,
    )
    assert "needs TLS" in refused(to(speaks, sslmode="disable", channel_binding="require"))
    assert session(to(speaks, channel_binding="prefer")) == (True, None)


def test_a_root_that_is_not_there(speaks: Speaks, tmp_path: Path) -> None:
    """To verify, there must be something to verify with; the user's own root counts, even for require."""
    assert "no root certificate to verify the server with" in refused(to(speaks, sslmode="verify-ca"))
    assert "no such file" in refused(to(speaks, sslmode="verify-full", sslrootcert="nothing.crt"))
    assert "cannot use the file of sslrootcert" in refused(
        to(speaks, sslmode="verify-full", sslrootcert="extension")
    )
    own = tmp_path / ".postgresql"
    own.mkdir()
    (own / "root.crt").write_text(Path(speaks.file("other.crt")).read_text())
    assert "cannot verify" in refused(to(speaks, sslmode="require"))
    (own / "root.crt").write_text(Path(speaks.file("root.crt")).read_text())
    assert session(to(speaks, sslmode="verify-full")) == (True, None)


def test_a_certificate_of_the_clients(speaks: Speaks, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is shown where it is named, by parameters or variables, its key locked or not; else we are refused."""
    plain = {"user": "certified", "sslmode": "verify-full", "sslrootcert": "root.crt"}
    assert (
        "28000" in (said := refused(to(speaks, **plain)))
        or "connection requires a valid client certificate" in said
    )
    assert session(to(speaks, **plain, sslcert="client.crt", sslkey="client.key")) == (True, "/CN=certified")
    locked = {**plain, "sslcert": "client.crt", "sslkey": "locked.key"}
    assert session(to(speaks, **locked, sslpassword="h%20u'sh%25")) == (True, "/CN=certified")
    wrong = refused(to(speaks, **locked, sslpassword="hush"))
    assert "cannot use the file of sslcert" in wrong
    assert "hush" not in wrong
    assert "cannot use the file of sslkey: no such file" in refused(
        to(speaks, **{**locked, "sslkey": "none"})
    )
    monkeypatch.setenv("PGSSLCERT", speaks.file("client.crt"))
    monkeypatch.setenv("PGSSLKEY", speaks.file("client.key"))
    assert session(to(speaks, **plain)) == (True, "/CN=certified")
    assert "client certificate" in refused(to(speaks, **plain, sslcertmode="disable"))


def test_a_password_over_tls(speaks: Speaks) -> None:
    """SCRAM works as ever; a wrong password is not shown."""
    url = to(speaks, user="secret:h%40%3A%2F%20%25", sslmode="verify-full", sslrootcert="root.crt")
    assert session(url) == (True, None)
    text = refused(url.replace("%25@", "%25wrong@"))
    assert "password authentication failed" in text
    assert "wrong" not in text.replace("give the right", "")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # TLS 1.0 is what must be refused
def test_versions_of_tls(speaks: Speaks) -> None:
    """Bounds are held: the server speaks 1.2 and 1.3."""
    for version in ("TLSv1.2", "TLSv1.3"):
        bounds = {"ssl_min_protocol_version": version, "ssl_max_protocol_version": version}
        assert session(to(speaks, sslmode="require", **bounds)) == (True, None)
    assert "cannot agree on TLS" in refused(
        to(speaks, sslmode="require", ssl_min_protocol_version="TLSv1", ssl_max_protocol_version="TLSv1.1")
    )


def test_direct_negotiation(speaks: Speaks) -> None:
    """TLS from the first byte, which 17 and later understand."""
    assert session(to(speaks, sslmode="verify-full", sslrootcert="root.crt", sslnegotiation="direct")) == (
        True,
        None,
    )
    assert "needs sslmode=require" in refused(to(speaks, sslnegotiation="direct", sslmode="prefer"))


def test_a_list_of_revoked_certificates(speaks: Speaks) -> None:
    """A list that is named must be there; a server whose issuer is in none is refused."""
    good = {"sslmode": "verify-full", "sslrootcert": "root.crt"}
    assert "cannot use the file of sslcrl" in refused(to(speaks, **good, sslcrl="/nowhere/root.crl"))


def test_everything_from_the_environment(speaks: Speaks, monkeypatch: pytest.MonkeyPatch) -> None:
    """PG variables alone are enough: `postgresql://` names nothing itself."""
    given = {
        "PGHOST": NAME, "PGHOSTADDR": speaks.address, "PGUSER": "secret", "PGPASSWORD": "h@:/ %", "PGDATABASE": "tls",
        "PGSSLMODE": "verify-full", "PGSSLROOTCERT": speaks.file("root.crt"), "PGSSLMINPROTOCOLVERSION": "TLSv1.3",
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert session("postgresql://") == (True, None)
    monkeypatch.setenv("PGSSLROOTCERT", speaks.file("other.crt"))
    assert "cannot verify" in refused("postgresql://")


def test_key_and_value(speaks: Speaks) -> None:
    """libpq's other form of a connection string does as well."""
    pairs = f"host={NAME} hostaddr={speaks.address} user=secret password='h@:/ %' dbname=tls sslmode=require"
    assert session(pairs) == (True, None)


def test_a_second_host(speaks: Speaks) -> None:
    """The next host is tried where nobody listens; each is verified by its own name."""
    addresses = f"127.0.0.1,{speaks.address}"
    ports = "1,5432"
    url = f"postgresql://postgres@wrong.test,{NAME}/tls?hostaddr={addresses}&port={ports}&sslmode=verify-full&sslrootcert={speaks.file('root.crt')}"
    assert session(url) == (True, None)
    assert "not valid for 'wrong.test'" in refused(url.replace(f"wrong.test,{NAME}", f"{NAME},wrong.test"))


@pytest.mark.parametrize("answer", [b"N", b"", b"EFATAL\0"])
def test_a_server_without_tls(answer: bytes) -> None:
    """What does not speak TLS is not talked to where TLS is asked for, and hears no password."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as there:
        port = there.getsockname()[1]

        def serve() -> None:
            peer, _ = there.accept()
            with peer:
                heard.append(peer.recv(100))
                peer.sendall(answer)
                peer.settimeout(2)
                heard.append(peer.recv(1000) if answer == b"N" else b"")

        server = threading.Thread(target=serve)
        server.start()
        text = refused(f"postgresql://u:hush@127.0.0.1:{port}/d?sslmode=require")
        server.join(5)
    assert heard == [b"\0\0\0\x08\x04\xd2\x16\x2f", b""]
    assert ("does not speak TLS" in text) == (answer == b"N")
    assert "hush" not in text
