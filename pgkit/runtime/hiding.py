"""Takes secrets out of text that was not written by us: usage errors, crashes, tracebacks."""

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from pgkit.diag import PgkitError
from pgkit.runtime.url import HIDDEN, PAIR, SECRETS, redact

_SHORTEST = 4  # what is shorter stands in any text


def hide(text: str, words: Iterable[str], environ: Mapping[str, str]) -> str:
    """`text` without the passwords that are in the words of a command line, or that they lead to."""
    given = [word for word in words if "@" in word or "=" in word or "://" in word]
    for word in given:
        for form in (word, _escaped(word)):
            text = text.replace(form, redact(word))
    found = {secret for word in given for secret in _secrets(word, environ)} | {environ.get("PGPASSWORD", "")}
    forms = {form for secret in found for form in _forms(secret) if len(form) >= _SHORTEST}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, HIDDEN)
    return text


def _secrets(word: str, environ: Mapping[str, str]) -> Iterator[str]:
    """What may be a password: in a URL, however broken, in key=value pairs, in the files that they name."""
    login = word.partition("://")[2].rpartition("@")[0] or word.rpartition("@")[0]
    yield from (login[found.end() :] for found in re.finditer(":", login))
    yield from re.findall(r"(?i)password=([^&\s]*)", word)
    for key, quoted, bare in PAIR.findall(word):
        if key.lower() in SECRETS:
            yield re.sub(r"(?s)\\(.)", r"\1", quoted[1:-1] if quoted else bare)
    yield from _resolved(word, environ)


def _resolved(word: str, environ: Mapping[str, str]) -> Iterator[str]:
    from pgkit.runtime.target import parse

    try:
        params = parse(word, environ).params
    except (PgkitError, ValueError, OSError):
        return
    yield from (params[key] for key in SECRETS if key in params)


def _forms(secret: str) -> Iterator[str]:
    for plain in (secret, unquote(secret), unquote_plus(secret)):
        yield from (plain, quote(plain, safe=""), quote(plain), quote_plus(plain), _escaped(plain))


def _escaped(text: str) -> str:
    """The text as repr() shows it."""
    return repr(text)[1:-1]
