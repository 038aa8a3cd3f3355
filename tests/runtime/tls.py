"""A server that speaks TLS, with certificates of our own making."""

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attrs import frozen

from tests.faults.servers import harmed
from tests.toolchains.shell import missing

NAME = "db.pgkit.test"
# Who may come in how; the first line that fits counts
RULES = """
local all all trust
hostssl all certified all cert
hostssl all secret all scram-sha-256
hostssl plain all all trust
hostssl tls all all trust
hostnossl plain all all trust
"""


@frozen
class Speaks:
    """Where the server listens, and the certificates that belong to it."""

    address: str
    certificates: Path
    socket_url: str

    def file(self, name: str) -> str:
        """The path of a certificate or a key."""
        return str(self.certificates / name)


@contextmanager
def tls_server() -> Iterator[Speaks]:
    """A server on an address of its own, whose databases `tls` and `plain` differ in what they let in."""
    folder = Path(tempfile.mkdtemp(prefix="pgkit-tls-"))
    folder.chmod(0o755)
    address = "127." + ".".join(str(secrets.randbelow(250) + 2) for _ in range(3))
    try:
        make_certificates(folder, address)
        rules = folder / "rules"
        rules.write_text(RULES)
        settings = {
            "listen_addresses": address,
            "ssl": "on",
            "ssl_cert_file": str(folder / "server.crt"),
            "ssl_key_file": str(folder / "server.key"),
            "ssl_ca_file": str(folder / "root.crt"),
            "hba_file": str(rules),
        }
        with harmed(**settings) as server:
            yield Speaks(address, folder, server.url)
    finally:
        shutil.rmtree(folder)


def make_certificates(folder: Path, address: str) -> None:
    """A root, another root, a server's certificate by the first, a client's with its key under a password."""
    for root in ("root", "other"):
        subject = ("-subj", f"/CN={root} of pgkit's tests", "-days", "2", "-nodes")
        _openssl(
            folder,
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            *subject,
            "-keyout",
            f"{root}.key",
            "-out",
            f"{root}.crt",
        )
    signed(folder, "server", NAME, f"subjectAltName=DNS:{NAME},IP:{address}")
    signed(folder, "client", "certified", "extendedKeyUsage=clientAuth")
    locked = ("-in", "client.key", "-out", "locked.key", "-aes256", "-passout", "pass:h u'sh%")
    _openssl(folder, "pkey", *locked)
    for path in folder.iterdir():
        path.chmod(0o644)
    os.chmod(folder / "server.key", 0o600)
    if os.geteuid() == 0:  # Postgres runs as nobody then, and wants its key to be its own
        shutil.chown(folder / "server.key", "nobody")


def signed(folder: Path, name: str, common: str, extension: str) -> None:
    """A certificate that the root vouches for."""
    _openssl(
        folder,
        "req",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        f"/CN={common}",
        "-keyout",
        f"{name}.key",
        "-out",
        f"{name}.csr",
    )
    (folder / "extension").write_text(extension)
    root = ("-CA", "root.crt", "-CAkey", "root.key", "-CAcreateserial")
    _openssl(
        folder,
        "x509",
        "-req",
        "-in",
        f"{name}.csr",
        *root,
        "-days",
        "2",
        "-extfile",
        "extension",
        "-out",
        f"{name}.crt",
    )


def _openssl(folder: Path, *arguments: str) -> None:
    if not (program := shutil.which("openssl")):
        missing("openssl", "it makes the certificates of the tests of TLS")
    subprocess.run([program, *arguments], cwd=folder, check=True, capture_output=True)
