"""Connection URLs as text: told apart, pointed at another database, and shown without their password."""

import re
from urllib.parse import quote, unquote_plus

SECRETS = ("password", "sslpassword")
HIDDEN = "***"
_SCHEMES = ("postgres://", "postgresql://")


def is_url(text: str) -> bool:
    """Whether the text is a Postgres connection URL."""
    return text.startswith(_SCHEMES)


def split(url: str) -> tuple[str, str, str]:
    """Who and where, the database, and the query of a URL, each still encoded."""
    place, _, query = url.partition("://")[2].partition("?")
    authority, _, database = place.partition("/")
    return authority, database, query


def with_database(url: str, name: str) -> str:
    """The same URL with another database in it."""
    authority, _, query = split(url)
    kept = [pair for pair in query.split("&") if pair and _key(pair) not in ("dbname", "database")]
    tail = f"?{'&'.join(kept)}" if kept else ""
    return f"{url.partition('://')[0]}://{authority}/{quote(name, safe='')}{tail}"


def redact(url: str) -> str:
    """The URL, or key=value string, with its passwords replaced; where they end cannot be told, with more."""
    scheme = url.partition("://")[0]
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme) or scheme == url:
        return HIDDEN if "@" in url else _redact_pairs(url)
    authority, database, query = split(url)
    login, at, hosts = authority.rpartition("@")
    # An `@` this late, or a port with letters: a raw / or ? in the password cut the URL in the wrong place
    if "@" in database + query or re.search(r":[0-9]*[^0-9,:\]][^\]]*$", hosts):
        return f"{scheme}://{HIDDEN}"
    user, colon, _ = login.partition(":")
    path = f"/{database}" if database else ""
    return f"{scheme}://{user}{f':{HIDDEN}' if colon else ''}{at}{hosts}{path}{_redact_query(query)}"


def _redact_query(query: str) -> str:
    pairs = (f"{_key(pair)}={HIDDEN}" if _key(pair) in SECRETS else pair for pair in query.split("&"))
    return f"?{'&'.join(pairs)}" if query else ""


def _redact_pairs(text: str) -> str:
    value = r"'(?:[^'\\]|\\.)*'?|(?:\\.|[^\s\\])*"
    return re.sub(rf"(?is)((?:ssl)?password\s*=\s*)({value})", rf"\1{HIDDEN}", text)


def _key(pair: str) -> str:
    return unquote_plus(pair.partition("=")[0]).lower()
