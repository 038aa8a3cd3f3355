"""Connection URLs: what libpq reads from a URL, a service file and the environment, with the password kept hidden."""

import os
import re
from collections.abc import Mapping
from configparser import ConfigParser
from configparser import Error as ServiceFileError
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode

from attrs import field, frozen

from pgkit.diag import PgkitError, fail

SECRETS = ("password", "sslpassword")
_TLS = "sslmode sslcert sslkey sslrootcert sslcrl sslnegotiation ssl_min_protocol_version ssl_max_protocol_version"
PASSED = frozenset(
    [
        *SECRETS,
        *_TLS.split(),
        *"host port user dbname passfile target_session_attrs krbsrvname gsslib".split(),
    ]
)
OURS = frozenset(("connect_timeout", "options", "application_name", "service"))
# libpq knows these, asyncpg does not, and leaving them out changes nothing that we rely on
IGNORED = frozenset(
    "channel_binding client_encoding fallback_application_name gssdelegation gssencmode hostaddr keepalives "
    "keepalives_count keepalives_idle keepalives_interval load_balance_hosts max_protocol_version "
    "min_protocol_version replication require_auth requirepeer sslcertmode sslcompression sslkeylogfile sslsni "
    "tcp_user_timeout".split()
)
ENVIRONMENT = {
    "PGHOST": "host",
    "PGPORT": "port",
    "PGUSER": "user",
    "PGPASSWORD": "password",
    "PGDATABASE": "dbname",
    "PGSSLMODE": "sslmode",
    "PGOPTIONS": "options",
    "PGAPPNAME": "application_name",
    "PGCONNECT_TIMEOUT": "connect_timeout",
    "PGSERVICE": "service",
}
HIDDEN = "***"
DEFAULT_TIMEOUT = 15.0


@frozen
class Target:
    """Where a URL leads once environment and service file are read; `shown` is fit for any output."""

    params: Mapping[str, str] = field(repr=False)
    shown: str

    @property
    def dsn(self) -> str:
        """The URL for asyncpg, which reads every parameter from the query part."""
        passed = {key: value for key, value in self.params.items() if key in PASSED and value}
        return f"postgresql://?{urlencode(passed, quote_via=quote)}"

    @property
    def timeout(self) -> float:
        """Seconds until a connection attempt is given up."""
        seconds = float(self.params.get("connect_timeout") or DEFAULT_TIMEOUT)
        return seconds if seconds > 0 else 3600.0  # to libpq, zero means for ever

    def hide(self, text: str) -> str:
        """`text` without the secrets of this target, should one have found its way in."""
        for value in (self.params.get(key, "") for key in SECRETS):
            for form in {value, quote(value, safe=""), quote(value)} - {""}:
                text = text.replace(form, HIDDEN)
        return text


def parse(url: str, environ: Mapping[str, str] = os.environ) -> Target:
    """The target of a libpq URL: the URL wins over the service file, that one over the environment."""
    given = _from_url(url)
    ambient = {key: environ[name] for name, key in ENVIRONMENT.items() if environ.get(name)}
    service = given.get("service") or ambient.get("service")
    listed = _from_service(service, environ) if service else {}
    params = {**ambient, **listed, **given}
    _check(params, url)
    return Target(params, _shown(params))


def redact(url: str) -> str:
    """The URL, or key/value string, with every password replaced, whatever else is wrong with it."""
    text = re.sub(r"(?i)((?:ssl)?password\s*(?:=|%3D)\s*)('(?:[^'\\]|\\.)*'?|[^&\s]*)", rf"\1{HIDDEN}", url)
    head, scheme, rest = text.partition("://")
    if not scheme:
        return text
    # A raw `@`, `/` or `?` in a password moves the borders, so everything up to the last `@` counts as password.
    user, at, place = rest.rpartition("@")
    if at:
        name, colon, _ = user.partition(":")
        return f"{head}://{name}{f':{HIDDEN}' if colon else ''}@{place}"
    return f"{head}://{re.sub(r':(?![0-9]+(?:[/?,]|$))[^/?,]+', f':{HIDDEN}', rest)}"


def with_database(url: str, name: str) -> str:
    """The same URL with another database in it."""
    params = {**_from_url(url), "dbname": name}
    return f"postgresql:///?{urlencode(params, quote_via=quote)}"


def is_url(text: str) -> bool:
    """Whether the text is a Postgres connection URL."""
    return text.startswith(("postgres://", "postgresql://"))


def _from_url(url: str) -> dict[str, str]:
    if not is_url(url):
        raise _bad(url, "expected a URL that starts with postgresql://")
    rest = url.partition("://")[2]
    place, _, query = rest.partition("?")
    authority, _, database = place.partition("/")
    login, _, hosts = authority.rpartition("@")
    user, _, password = login.partition(":")
    found = {
        "user": unquote(user),
        "password": unquote(password),
        "dbname": unquote(database),
        **_hosts(hosts, url),
    }
    try:
        found |= dict(parse_qsl(query, strict_parsing=bool(query), keep_blank_values=True))
    except ValueError:
        raise _bad(url, "expected `name=value` pairs joined by `&` after the `?` of the URL") from None
    if "database" in found:
        found["dbname"] = found.pop("database")
    return {key: value for key, value in found.items() if value}


def _hosts(text: str, url: str) -> dict[str, str]:
    hosts, ports = [], []
    for part in text.split(",") if text else ():
        match = re.fullmatch(r"(\[[^\]@]+\]|[^:\[\]@]*)(?::([0-9]*))?", part)
        if match is None:
            raise _bad(url, "cannot tell host and port of the URL apart")
        hosts.append(unquote(match[1]))
        ports.append(match[2] or "5432")
    has_port = any(":" in part.rpartition("]")[2] for part in text.split(","))
    return {"host": ",".join(hosts)} | ({"port": ",".join(ports)} if has_port else {})


def _from_service(service: str, environ: Mapping[str, str]) -> dict[str, str]:
    for path in _service_files(environ):
        file = ConfigParser(interpolation=None, strict=False, delimiters=("=",), comment_prefixes=("#",))
        try:
            file.read(path, encoding="utf-8")
        except (ServiceFileError, UnicodeDecodeError):
            raise fail("bad-url", "cannot read the service file", where=str(path)) from None
        if file.has_section(service):
            return dict(file[service])
    files = " and ".join(str(path) for path in _service_files(environ))
    raise fail("bad-url", f'no connection service named "{service}"', help=f"looked in {files or 'no file'}")


def _service_files(environ: Mapping[str, str]) -> list[Path]:
    home = environ.get("PGSERVICEFILE") or os.path.expanduser("~/.pg_service.conf")
    system = environ.get("PGSYSCONFDIR")
    return [Path(home), *([Path(system) / "pg_service.conf"] if system else [])]


def _check(params: Mapping[str, str], url: str) -> None:
    unknown = sorted(params.keys() - PASSED - OURS - IGNORED)
    if unknown:
        raise _bad(url, f'no connection parameter named "{unknown[0]}"', "leave it out of the URL")
    if any("\0" in value for value in params.values()):
        raise _bad(url, "found a zero byte in a connection parameter")
    if not re.fullmatch(r"[0-9]*(,[0-9]*)*", params.get("port", "")):
        raise _bad(url, "expected a number as port")
    if not re.fullmatch(r"-?[0-9]*", params.get("connect_timeout", "")):
        raise _bad(url, "expected whole seconds as connect_timeout")


def _bad(url: str, message: str, help: str | None = None) -> PgkitError:
    advice = (
        "percent-encode @ : / ? # % in user and password (@ is %40), as in postgresql://user:p%40ss@host/db"
    )
    return fail("bad-url", message, where=redact(url), help=help or advice)


def _shown(params: Mapping[str, str]) -> str:
    user = f"{params['user']}@" if "user" in params else ""
    host = params.get("host", "")
    database = params.get("dbname", "")
    port = f":{params['port']}" if "port" in params else ""
    if host.startswith("/"):
        return f"postgresql://{user}/{database}?host={host}" + (f"&port={params['port']}" if port else "")
    return f"postgresql://{user}{host}{port}/{database}"
