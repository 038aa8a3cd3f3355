"""TLS as libpq does it: which certificates are trusted, which one is shown, and whose name must be in it."""

import os
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pgkit.diag import PgkitError, fail

SSLMODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
STRICT = ("require", "verify-ca", "verify-full")
TLS_VERSIONS = ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
_VERSION_BOUNDS = ("ssl_min_protocol_version", "ssl_max_protocol_version")
TLS = ("sslcert", "sslkey", "sslcertmode", "sslrootcert", "sslcrl", "sslcrldir", *_VERSION_BOUNDS)


def context(params: Mapping[str, str]) -> ssl.SSLContext | None:
    """What a connection must satisfy; None where TLS may be done without, and nothing is verified."""
    mode = params.get("sslmode") or ("verify-full" if params.get("sslrootcert") == "system" else "prefer")
    if mode not in STRICT:
        return None
    made = _Context(ssl.PROTOCOL_TLS_CLIENT)
    made.names = _names(params)
    trusts = _trust(made, params)
    if not trusts and mode != "require":
        help = "sslrootcert=FILE names one, sslrootcert=system trusts those of the machine"
        raise fail("no-connection", "there is no root certificate to verify the server with", help=help)
    made.check_hostname = mode == "verify-full"
    # As with libpq, a root certificate that is there is used, even if it was not asked for
    made.verify_mode = ssl.CERT_REQUIRED if trusts else ssl.CERT_NONE
    _revoke(made, params)
    _identify(made, params)
    made.minimum_version = _version(params.get(_VERSION_BOUNDS[0]) or "TLSv1.2")
    if highest := params.get(_VERSION_BOUNDS[1]):
        made.maximum_version = _version(highest)
    made.set_alpn_protocols(["postgresql"])
    return made


def known_roots() -> str:
    """The root certificate of the user's, else those of the machine."""
    own = _home("root.crt")
    return str(own) if own.exists() else "system"


class _Context(ssl.SSLContext):
    """Verifies the host's name where the connection goes to its address."""

    names: Mapping[str, str] = {}

    def wrap_bio(
        self,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
        server_side: bool = False,
        server_hostname: str | bytes | None = None,
        session: Any = None,
    ) -> ssl.SSLObject:
        name = self.names.get(str(server_hostname), server_hostname)
        return super().wrap_bio(incoming, outgoing, server_side, name, session)


def _names(params: Mapping[str, str]) -> dict[str, str]:
    addresses, hosts = (
        params.get(name, "").replace("[", "").replace("]", "") for name in ("hostaddr", "host")
    )
    return dict(zip(addresses.split(","), hosts.split(","), strict=False)) if addresses else {}


def _trust(made: ssl.SSLContext, params: Mapping[str, str]) -> bool:
    """Loads the root certificates, and says whether there are any."""
    given = params.get("sslrootcert")
    if given == "system":
        made.load_default_certs()
        return True
    path = Path(given) if given else _home("root.crt")
    if not given and not path.exists():
        return False
    try:
        made.load_verify_locations(cafile=path)
    except OSError as error:
        raise _unreadable("sslrootcert", path, error) from None
    return True


def _revoke(made: ssl.SSLContext, params: Mapping[str, str]) -> None:
    """Loads the list of revoked certificates, which then must be there for every issuer."""
    if folder := params.get("sslcrldir"):
        made.load_verify_locations(capath=folder)
    given = params.get("sslcrl")
    path = Path(given) if given else _home("root.crl")
    if given or path.exists():
        try:
            made.load_verify_locations(cafile=path)
        except OSError as error:
            raise _unreadable("sslcrl", path, error) from None
    elif not folder:
        return
    made.verify_flags |= ssl.VERIFY_CRL_CHECK_CHAIN


def _identify(made: ssl.SSLContext, params: Mapping[str, str]) -> None:
    """Loads the certificate that says who we are, if there is one."""
    given = params.get("sslcert")
    path = Path(given) if given else _home("postgresql.crt")
    if params.get("sslcertmode") == "disable" or not (given or path.exists()):
        return
    key = Path(params["sslkey"]) if params.get("sslkey") else _home("postgresql.key")
    if not key.exists() and params.get("sslkey"):
        raise _unreadable("sslkey", key, FileNotFoundError(2, os.strerror(2)))
    try:
        # Without a callback, OpenSSL would ask on the terminal
        made.load_cert_chain(path, key if key.exists() else None, lambda: params.get("sslpassword", ""))
    except OSError as error:
        raise _unreadable("sslcert", path, error) from None


def _unreadable(name: str, path: Path, error: OSError) -> PgkitError:
    if isinstance(error, ssl.SSLError):
        reason = (error.reason or "not in PEM format").lower().replace("_", " ")
    else:
        reason = (error.strerror or str(error)).lower()
    help = "check that it is there, and readable" if name != "sslcert" else "check it, sslkey and sslpassword"
    return fail("no-connection", f"cannot use the file of {name}: {reason}", where=str(path), help=help)


def _version(name: str) -> ssl.TLSVersion:
    return ssl.TLSVersion[name.replace(".", "_")]


def _home(name: str) -> Path:
    return Path(os.path.expanduser("~"), ".postgresql", name)
