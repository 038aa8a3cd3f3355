"""Connection URLs as text: told apart, pointed at another database, and shown without their password."""

import re
from urllib.parse import quote, unquote_plus

SECRETS = ("password", "sslpassword")
HIDDEN = "***"
_SCHEMES = ("postgres://", "postgresql://")
PAIR = re.compile(
    r"""\s*(\w+)\s*=\s*(?:('(?:[^'\\]|\\.)*')|((?:[^\s'\\]|\\.)(?:\\.|[^\s\\])*|))(?=\s|$)""", re.DOTALL
)
"""One `key=value` of a connection string: the key, its value in quotes, its value without."""
_KEYS = ("service", "host", "hostaddr", "port", "user", "dbname", *SECRETS)
PAIRS = re.compile(rf"(?:{PAIR.pattern})+\s*", re.DOTALL)


def is_url(text: str) -> bool:
    """Whether the text is a Postgres connection URL."""
    return text.startswith(_SCHEMES)


def is_connection(text: str) -> bool:
    """Whether the text says where a database is: a URL, or libpq's `host=h dbname=d`."""
    return is_url(text) or (
        bool(PAIRS.fullmatch(text)) and any(key in _KEYS for key, *_ in PAIR.findall(text))
    )


def is_mistaken(text: str) -> bool:
    """Whether the text was meant to be a URL, though it is none: it may hold a password."""
    return not is_url(text) and re.match(r"(?si)\s*(?:postgres(?:ql)?:|[^/@]*:.*@)", text) is not None


def split(url: str) -> tuple[str, str, str]:
    """Who and where, the database, and the query of a URL, each still encoded."""
    place, _, query = url.partition("://")[2].partition("?")
    authority, _, database = place.partition("/")
    return authority, database, query


def with_database(url: str, name: str) -> str:
    """The same URL with another database in it."""
    if not is_url(url):
        escaped = name.replace("\\", "\\\\").replace("'", "\\'")
        return f"{url} dbname='{escaped}'"
    authority, _, query = split(url)
    kept = [pair for pair in query.split("&") if pair and _key(pair) not in ("dbname", "database")]
    tail = f"?{'&'.join(kept)}" if kept else ""
    return f"{url.partition('://')[0]}://{authority}/{quote(name, safe='')}{tail}"


def redact(url: str) -> str:
    """The URL, or key=value string, with its passwords replaced; where they end cannot be told, with more."""
    scheme = url.partition("://")[0]
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme) or scheme == url:
        return HIDDEN if "@" in url else redact_pairs(url)
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


def redact_pairs(text: str) -> str:
    """The text with what follows `password=` replaced."""
    value = r"'(?:[^'\\]|\\.)*'?|(?:\\.|[^\s\\])*"
    return re.sub(rf"(?is)((?:ssl)?password\s*=\s*)({value})", rf"\1{HIDDEN}", text)


def _key(pair: str) -> str:
    return unquote_plus(pair.partition("=")[0]).lower()
