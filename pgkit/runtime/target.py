"""Where a connection goes: what libpq would read from the URL, the service file and the environment."""

import os
import re
from collections.abc import Mapping
from configparser import ConfigParser
from configparser import Error as ServiceFileError
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode

from attrs import field, frozen

from pgkit.diag import PgkitError, fail
from pgkit.runtime.passfile import password_for
from pgkit.runtime.url import HIDDEN, SECRETS, is_url, redact, split

_PLACE = ("host", "port", "user", "dbname", "passfile", "target_session_attrs", "krbsrvname", "gsslib")
_TLS = ("sslmode", "sslcert", "sslkey", "sslrootcert", "sslcrl", "sslnegotiation")
_TLS_VERSIONS = ("ssl_min_protocol_version", "ssl_max_protocol_version")
PASSED = frozenset((*_PLACE, *_TLS, *_TLS_VERSIONS, *SECRETS))
OURS = frozenset(("connect_timeout", "options", "application_name", "service", "hostaddr"))
# libpq knows these, asyncpg does not, and we can do without
_KEEPALIVE = ("keepalives", "keepalives_count", "keepalives_idle", "keepalives_interval", "tcp_user_timeout")
_WIRE = (
    "channel_binding",
    "client_encoding",
    "require_auth",
    "requirepeer",
    "replication",
    "load_balance_hosts",
)
_SECURITY = ("gssencmode", "gssdelegation", "sslcertmode", "sslcompression", "sslkeylogfile", "sslsni")
_OTHER = ("fallback_application_name", "min_protocol_version", "max_protocol_version")
IGNORED = frozenset((*_KEEPALIVE, *_WIRE, *_SECURITY, *_OTHER))
ENVIRONMENT = {
    "PGHOST": "host",
    "PGHOSTADDR": "hostaddr",
    "PGPORT": "port",
    "PGUSER": "user",
    "PGPASSWORD": "password",
    "PGDATABASE": "dbname",
    "PGSSLMODE": "sslmode",
    "PGSSLROOTCERT": "sslrootcert",
    "PGOPTIONS": "options",
    "PGAPPNAME": "application_name",
    "PGCONNECT_TIMEOUT": "connect_timeout",
    "PGSERVICE": "service",
}
DEFAULT_TIMEOUT = 15.0
_SSLMODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_ENCODE = "percent-encode signs in user and password, as in postgresql://user:p%40ss@host/db for p@ss"


@frozen
class Target:
    """A connection's parameters under libpq's names; `shown` is fit for any output."""

    params: Mapping[str, str] = field(repr=False)

    @property
    def dsn(self) -> str:
        """The URL for asyncpg, which reads every parameter from the query part."""
        passed = {key: value for key, value in self.params.items() if key in PASSED and value}
        if self.trusts_system:
            del passed["sslrootcert"]
        return f"postgresql://?{urlencode(passed, quote_via=quote)}"

    @property
    def trusts_system(self) -> bool:
        """Whether the server's certificate is held against the roots that the machine trusts."""
        return self.params.get("sslrootcert") == "system"

    @property
    def timeout(self) -> float:
        """Seconds until a connection attempt is given up."""
        seconds = float(self.params.get("connect_timeout") or DEFAULT_TIMEOUT)
        return seconds if seconds > 0 else 3600.0  # libpq: zero is for ever

    @property
    def shown(self) -> str:
        """Who, where and which database, as a URL."""
        user, host = self.params.get("user", ""), self.params.get("host", "")
        port, database = self.params.get("port", ""), self.params.get("dbname", "")
        login = f"{user}@" if user else ""
        if host.startswith("/"):
            return f"postgresql://{login}/{database}?host={host}{f'&port={port}' if port else ''}"
        return f"postgresql://{login}{host}{f':{port}' if port else ''}/{database}"

    def hide(self, text: str) -> str:
        """`text` without the secrets of this target, should one have found its way in."""
        told = {self.params.get(key) for key in ("user", "host", "dbname")}
        for secret in {self.params.get(key, "") for key in SECRETS} - told:
            for form in (secret, quote(secret, safe=""), quote(secret)):
                text = text.replace(form, HIDDEN) if len(form) > 3 else text
        return text


def parse(url: str, environ: Mapping[str, str] = os.environ) -> Target:
    """The target of a libpq URL: the URL wins over the service file, that one over the environment."""
    given = _from_url(url)
    ambient = {key: environ[name] for name, key in ENVIRONMENT.items() if environ.get(name)}
    service = given.get("service") or ambient.get("service")
    listed = _from_service(service, environ) if service else {}
    params = {**ambient, **listed, **given}
    if "hostaddr" in params:
        params.setdefault("host", params["hostaddr"])
    if re.fullmatch(r"[0-9a-fA-F]*(:[0-9a-fA-F.]*){2,}", params.get("host", "")):
        params["host"] = f"[{params['host']}]"
    _check(params, url)
    found = None if "password" in params else password_for(params, environ)
    return Target(params if found is None else {**params, "password": found})


def _from_url(url: str) -> dict[str, str]:
    if not is_url(url):
        raise _bad(url, "expected a URL that starts with postgresql://")
    authority, database, query = split(url)
    if "@" in database + query:
        raise _bad(url, "found an @ after the host of the URL", _ENCODE)
    login, _, hosts = authority.rpartition("@")
    user, _, password = login.partition(":")
    found = {"user": unquote(user), "password": unquote(password), "dbname": unquote(database)}
    found |= _hosts(hosts, url) | _query(query, url)
    if "database" in found:
        found["dbname"] = found.pop("database")
    return {key: value for key, value in found.items() if value}


def _hosts(text: str, url: str) -> dict[str, str]:
    """Hosts and ports as libpq lists them: both by comma, a port left out as nothing."""
    matches = [re.fullmatch(r"(\[[^\]]+\]|[^:\[\]]*)(?::([0-9]*))?", part) for part in text.split(",")]
    found = [match.groups() for match in matches if match]
    if len(found) != len(matches):
        raise _bad(url, "cannot tell host and port of the URL apart", _ENCODE)
    ports = [port or "" for _, port in found]
    listed = {"host": ",".join(unquote(host) for host, _ in found)}
    return listed | ({"port": ",".join(port or "5432" for port in ports)} if any(ports) else {})


def _query(query: str, url: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(query, strict_parsing=bool(query), keep_blank_values=True))
    except ValueError:
        raise _bad(url, "expected name=value pairs after the ? of the URL", _ENCODE) from None


def _from_service(service: str, environ: Mapping[str, str]) -> dict[str, str]:
    files = _service_files(environ)
    for path in files:
        file = ConfigParser(interpolation=None, strict=False, delimiters=("=",), comment_prefixes=("#",))
        try:
            file.read(path, encoding="utf-8")
        except (ServiceFileError, UnicodeDecodeError):
            raise fail("bad-url", "cannot read the service file", where=str(path)) from None
        if file.has_section(service):
            return dict(file[service])
    help = f"looked in {' and '.join(map(str, files))}; PGSERVICEFILE names another file"
    raise fail("bad-url", f'no connection service named "{service}"', help=help)


def _service_files(environ: Mapping[str, str]) -> list[Path]:
    own = environ.get("PGSERVICEFILE") or os.path.expanduser("~/.pg_service.conf")
    system = environ.get("PGSYSCONFDIR")
    return [Path(own), *([Path(system) / "pg_service.conf"] if system else [])]


def _check(params: Mapping[str, str], url: str) -> None:
    unknown = sorted(params.keys() - PASSED - OURS - IGNORED)
    if unknown:
        raise _bad(url, f'no connection parameter named "{unknown[0]}"', "leave it out of the URL")
    if any("\0" in value for value in params.values()):
        raise _bad(url, "found a zero byte in a connection parameter")
    if not re.fullmatch(r"([0-9]{1,5}(,|$))*", params.get("port", "")):
        raise _bad(url, "expected a number as port", _ENCODE)
    if not re.fullmatch(r"-?[0-9]{0,6}", params.get("connect_timeout", "")):
        raise _bad(url, "expected whole seconds as connect_timeout")
    if params.get("sslmode", "prefer") not in _SSLMODES:
        raise _bad(url, "no such sslmode", f"one of {', '.join(_SSLMODES)}")


def _bad(url: str, message: str, help: str | None = None) -> PgkitError:
    return fail("bad-url", message, where=redact(url), help=help)
