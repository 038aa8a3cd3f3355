"""Where a connection goes: what libpq would read from the URL, the service file and the environment."""

import os
import re
from collections.abc import Mapping
from configparser import ConfigParser
from configparser import Error as ServiceFileError
from pathlib import Path
from types import MappingProxyType
from urllib.parse import parse_qsl, quote, unquote, urlencode

from attrs import field, frozen

from pgkit.diag import PgkitError, fail
from pgkit.runtime.passfile import password_for
from pgkit.runtime.tls import SSLMODES, STRICT, TLS, TLS_VERSIONS, known_roots
from pgkit.runtime.url import HIDDEN, PAIR, SECRETS, is_connection, is_url, redact, split

_PLACE = ("host", "port", "user", "dbname", "passfile", "target_session_attrs", "krbsrvname", "gsslib")
PASSED = frozenset((*_PLACE, "password", "sslmode", "sslnegotiation"))
_OURS = (
    "connect_timeout",
    "options",
    "application_name",
    "service",
    "servicefile",
    "hostaddr",
    "channel_binding",
)
OURS = frozenset((*_OURS, *TLS, *SECRETS))
# libpq knows these, asyncpg does not, and we can do without
_KEEPALIVE = ("keepalives", "keepalives_count", "keepalives_idle", "keepalives_interval", "tcp_user_timeout")
_WIRE = ("client_encoding", "load_balance_hosts", "min_protocol_version", "max_protocol_version")
_OTHER = ("fallback_application_name", "gssdelegation", "sslcompression", "sslkeylogfile", "sslsni")
IGNORED = frozenset((*_KEEPALIVE, *_WIRE, *_OTHER))
# What asyncpg cannot hold a server to, with the values that ask for nothing
UNKEPT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "require_auth": (),
        "requirepeer": (),
        "gssencmode": ("disable", "allow", "prefer"),
        "replication": ("false", "off", "no", "0"),
    }
)
_VARIABLES = (
    *("host", "hostaddr", "port", "user", "password", "passfile", "service", "options", "require_auth"),
    *("channel_binding", "requirepeer", "gssencmode", "krbsrvname", "gsslib", "target_session_attrs"),
    *("sslmode", "sslnegotiation", *TLS),
)
# PGSSLMODE and most others are named after their parameters
ENVIRONMENT: Mapping[str, str] = MappingProxyType(
    {f"PG{name.replace('_', '').upper()}": name for name in _VARIABLES}
    | {"PGDATABASE": "dbname", "PGAPPNAME": "application_name", "PGCONNECT_TIMEOUT": "connect_timeout"}
)
DEFAULT_TIMEOUT = 15.0
_ENCODE = "percent-encode signs in user and password, as in postgresql://user:p%40ss@host/db for p@ss"
_CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sslmode": SSLMODES,
        "sslnegotiation": ("postgres", "direct"),
        "sslcertmode": ("disable", "allow"),
        "channel_binding": ("disable", "prefer", "require"),
        "ssl_min_protocol_version": TLS_VERSIONS,
        "ssl_max_protocol_version": TLS_VERSIONS,
        "target_session_attrs": ("any", "read-write", "read-only", "primary", "standby", "prefer-standby"),
    }
)


@frozen
class Target:
    """A connection's parameters under libpq's names; `shown` is fit for any output."""

    params: Mapping[str, str] = field(repr=False)

    @property
    def dsn(self) -> str:
        """The URL for asyncpg, which reads every parameter from the query part."""
        passed = {key: value for key, value in self.params.items() if key in PASSED and value}
        if "hostaddr" in self.params:
            passed["host"] = self.params["hostaddr"]
        return f"postgresql://?{urlencode(passed, quote_via=quote)}"

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
    """The target of a libpq URL, or of key=value pairs.

    It wins over the service file, that one over the environment.
    """
    given = _from_url(url) if is_url(url) else _from_pairs(url)
    ambient = {key: environ[name] for name, key in ENVIRONMENT.items() if environ.get(name)}
    service = given.get("service") or ambient.get("service")
    listed = _from_service(service, given.get("servicefile"), environ) if service else {}
    params = {**ambient, **listed, **given}
    if "hostaddr" in params:
        params.setdefault("host", params["hostaddr"])
    for name in {"host", "hostaddr"} & params.keys():
        params[name] = ",".join(map(_bracketed, params[name].split(",")))
    _check(params, url)
    params |= _instead_of_binding(params, url)
    found = None if "password" in params else password_for(params, environ)
    return Target(params if found is None else {**params, "password": found})


def _instead_of_binding(params: Mapping[str, str], url: str) -> dict[str, str]:
    """What keeps the promise of channel_binding=require: asyncpg can verify a server, but not bind to it."""
    if params.get("channel_binding") != "require":
        return {}
    if params.get("sslmode") in ("disable", "allow") or params.get("host", "/").startswith("/"):
        raise _bad(url, "channel_binding=require needs TLS", "leave it out, or ask for sslmode=verify-full")
    return {"sslmode": "verify-full", "sslrootcert": params.get("sslrootcert") or known_roots()}


def _bracketed(host: str) -> str:
    return f"[{host}]" if re.fullmatch(r"[0-9a-fA-F]*(:[0-9a-fA-F.%]*){2,}", host) else host


def _from_pairs(text: str) -> dict[str, str]:
    """A `host=h dbname='my db'` string, with backslashes before quotes and backslashes."""
    if not is_connection(text):
        raise _bad(text, "expected a URL that starts with postgresql://")
    pairs = ((key, quoted_[1:-1] if quoted_ else bare) for key, quoted_, bare in PAIR.findall(text))
    return {key: value for key, raw in pairs if (value := re.sub(r"(?s)\\(.)", r"\1", raw))}


def _from_url(url: str) -> dict[str, str]:
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


def _from_service(service: str, named: str | None, environ: Mapping[str, str]) -> dict[str, str]:
    files = [Path(named)] if named else _service_files(environ)
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
    unknown = sorted(params.keys() - PASSED - OURS - IGNORED - UNKEPT.keys())
    if unknown:
        raise _bad(url, f'no connection parameter named "{unknown[0]}"', "leave it out of the URL")
    if any("\0" in value for value in params.values()):
        raise _bad(url, "found a zero byte in a connection parameter")
    if not re.fullmatch(r"([0-9]{1,5}(,|$))*", params.get("port", "")):
        raise _bad(url, "expected a number as port", _ENCODE)
    if not re.fullmatch(r"-?[0-9]{0,6}", params.get("connect_timeout", "")):
        raise _bad(url, "expected whole seconds as connect_timeout")
    _check_lists(params, url)
    _check_choices(params, url)


def _check_lists(params: Mapping[str, str], url: str) -> None:
    hosts = len(params.get("host", "").split(","))
    if len(params.get("hostaddr", params.get("host", "")).split(",")) != hosts:
        raise _bad(url, "expected as many addresses in hostaddr as there are hosts")
    if len(params.get("port", "").split(",")) not in (1, hosts):
        raise _bad(url, "expected one port, or as many as there are hosts")


def _check_choices(params: Mapping[str, str], url: str) -> None:
    for name, choices in _CHOICES.items():
        if name in params and params[name] not in choices:
            raise _bad(url, f"no such {name}", f"one of {', '.join(choices)}")
    for name, harmless in UNKEPT.items():
        if name in params and params[name] not in harmless:
            help = "leave it out; sslmode=verify-full makes sure of the server"
            raise _bad(url, f"cannot hold the server to {name}", help)
    if params.get("sslrootcert") == "system" and params.get("sslmode", "verify-full") != "verify-full":
        raise _bad(url, "sslrootcert=system needs sslmode=verify-full", "any site has a certificate of those")
    if params.get("sslnegotiation") == "direct" and params.get("sslmode") not in STRICT:
        raise _bad(url, "sslnegotiation=direct needs sslmode=require or stricter")


def _bad(url: str, message: str, help: str | None = None) -> PgkitError:
    return fail("bad-url", message, where=redact(url), help=help)
