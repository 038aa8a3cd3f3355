"""Checks of one value, and values for them: near what they say, near their bounds, and anything at all."""

from __future__ import annotations

import re
import struct
from decimal import Decimal
from random import Random
from typing import Any, Final

CHECKS: Final = (
    ("text", "VALUE ~ '^[a-z]+$'"),
    ("text", "VALUE ~ '^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}$'"),
    ("text", "VALUE ~* '^[a-f]k?s?$'"),
    ("text", "VALUE ~* '^(red|green blue)[^a-c]*$'"),
    ("text", "VALUE !~ '[;''\"]'"),
    ("text", "VALUE !~* 'k'"),
    ("text", "VALUE ~ 'a.b'"),
    ("text", "VALUE ~ '^.$'"),
    ("text", "VALUE ~ '^[^@]+@[^@]+$'"),
    ("text", "VALUE ~ '^\\d{3}-\\d{2,4}$'"),
    ("text", "VALUE ~ '^[-+]?[0-9]+(\\.[0-9]*)?$'"),
    ("text", "VALUE ~ '^(?:ab|a\\|b|)$'"),
    ("text", "VALUE ~ 'x|^é+$|[ß€]'"),
    ("text", "VALUE LIKE 'http%'"),
    ("text", "VALUE LIKE 'a_b%'"),
    ("text", "VALUE NOT LIKE '%\\_%'"),
    ("text", "VALUE LIKE '%.%'"),
    ("text", "length(VALUE) <= 3"),
    ("text", "length(VALUE) BETWEEN 2 AND 5"),
    ("text", "char_length(VALUE) = 4"),
    ("text", "length(VALUE) <> 2 AND character_length(VALUE) > 1"),
    ("text", "4 > length(VALUE)"),
    ("text", "length(trim(VALUE)) > 0"),
    ("text", "btrim(VALUE) <> ''"),
    ("text", "VALUE IN ('red', 'green', 'blü')"),
    ("text", "VALUE NOT IN ('', 'red')"),
    ("text", "VALUE = 'red' OR VALUE ~ '^#[0-9a-f]{6}$'"),
    ("text", "NOT (VALUE = 'a' OR length(VALUE) > 2)"),
    ("text", "VALUE IS NULL OR VALUE <> 'a'"),
    ("text", "VALUE IS NOT NULL AND VALUE ~ '^a'"),
    ("varchar(5)", "VALUE ~ '^[a-z]*$'"),
    ("varchar(5)", "VALUE IN ('a', 'b', 'red')"),
    ("varchar(5)", "length(VALUE) >= 2"),
    ("char(3)", "VALUE IN ('a', 'red')"),
    ("char(3)", "VALUE::text ~ '^[a-z]{2}$'"),
    ("char(3)", "length(VALUE) = 2"),
    ("integer", "VALUE > 0"),
    ("integer", "VALUE BETWEEN -90 AND 90"),
    ("integer", "VALUE IN (1, 2, 5)"),
    ("integer", "VALUE <> ALL (ARRAY[0, 7])"),
    ("integer", "VALUE > 1.5"),
    ("smallint", "VALUE >= 0 AND VALUE <= 100"),
    ("smallint", "VALUE < 0 OR VALUE > 10"),
    ("bigint", "VALUE > 0"),
    ("bigint", "VALUE <= 9007199254740993"),
    ("bigint", "VALUE NOT BETWEEN -5 AND 5"),
    ("bigint", "VALUE = -9223372036854775808 OR VALUE >= 3"),
    ("numeric", "VALUE >= 0"),
    ("numeric", "VALUE < 100.005"),
    ("numeric", "VALUE <> 1.50"),
    ("numeric", "VALUE > 12345678901234567890.123456789"),
    ("numeric(5,2)", "VALUE > 0"),
    ("numeric(5,2)", "VALUE <= 10"),
    ("numeric(5,2)", "VALUE >= -0.5 AND VALUE < 99.995"),
    ("numeric(5,2)", "VALUE IN (1, 2.5)"),
    ("numeric(30,1)", "VALUE < 5 OR VALUE = 7.5"),
    ("double precision", "VALUE >= 0 AND VALUE <= 1"),
    ("double precision", "VALUE > 0.1"),
    ("double precision", "VALUE <> 0.3"),
    ("real", "VALUE >= 0.1"),
    ("real", "VALUE < 5"),
    ("integer[]", "cardinality(VALUE) <= 2"),
    ("integer[]", "array_length(VALUE, 1) = 2"),
    ("text[]", "cardinality(VALUE) > 0"),
)
"""Checks that translate."""

LOOSER: Final = frozenset((("text", "VALUE ~ '^\\d{3}-\\d{2,4}$'"),))
"""Of them, those that let more pass: which characters are digits depends on the locale."""

LEFT_OUT: Final = (
    ("text", "VALUE ~ '\\w+'"),
    ("text", "VALUE ~ '[[:alpha:]]'"),
    ("text", "VALUE ~* '^é'"),
    ("text", "VALUE ~ '(.)\\1'"),
    ("text", "VALUE ~ '(?i)a'"),
    ("text", "VALUE !~ '\\d'"),
    ("text", "VALUE ~ '[^\\d]'"),
    ("text", "VALUE ILIKE 'a%'"),
    ("text", "VALUE = lower(VALUE)"),
    ("text", "VALUE > 'a'"),
    ("text", "VALUE COLLATE \"C\" = 'a'"),
    ("text", "length(VALUE) > 1 OR VALUE = upper(VALUE)"),
    ("text", "octet_length(VALUE) < 4"),
    ("text", "VALUE IN ('a', NULL)"),
    ("char(3)", "VALUE ~ '^[a-z]{2}$'"),
    ("char(3)", "VALUE = 'a '::text"),
    ("name", "VALUE = 'a'"),
    ("integer", "VALUE % 2 = 0"),
    ("integer", "VALUE::text ~ '^1'"),
    ("bigint", "VALUE::double precision < 5"),
    ("numeric", "VALUE < 5::double precision"),
    ("numeric(5,-2)", "VALUE < 500"),
    ("real", "VALUE > '0.1'::real"),
    ("date", "VALUE > '2000-01-01'"),
    ("integer[]", "VALUE[1] = 1"),
    ("integer[]", "array_position(VALUE, NULL) IS NULL"),
)
"""Checks that do not, since JavaScript could say otherwise."""

_ALPHABET: Final = (
    "aabcdefkszKSRB0123459 -_.@#%|;'\"\\\n\t\u00e9\u00df\u20ac\u212a\u017f\u0130\u0663\U0001f600\u0301\u2028"
)
_WORDS: Final = (
    *("", " ", "  ", "a", "ab", "red", "RED", "green", "green blue", "blü", "a@b.co", "http://x", "#00ff1a"),
    *(
        "k",
        "aKs",
        "a\u212as",
        "as",
        "a\u017f",
        "123-4567",
        "\u0661\u0662\u0663-12",
        "+12.5",
        "a|b",
        "a\nb",
        "x",
    ),
    *("\u00e9\u00e9", "a_b", "a b", " a ", "\n", "\u2028", "\U0001f600\U0001f600", "a\U0001f600b"),
)


def values(random: Random, type: str, check: str, count: int) -> list[tuple[str, Any]]:
    """Values of a type, as the text of SQL and as JSON."""
    base = type.partition("(")[0]
    if base in ("text", "varchar", "char", "name"):
        longest = int(length[0]) if (length := re.findall(r"\d+", type)) else None
        texts = (*_WORDS, *(_text(random) for _ in range(count - len(_WORDS))))
        return [(text, text) for text in (text[:longest] for text in texts)]
    if base.endswith("[]"):
        arrays = [[random.randrange(9) for _ in range(random.randrange(5))] for _ in range(count // 2)]
        items = [[str(n) for n in a] if base == "text[]" else a for a in arrays]
        return [("{" + ",".join(map(str, a)) + "}", a) for a in items]
    if base == "date":
        return [(f"{year}-01-01", f"{year}-01-01") for year in range(1990, 2010)]
    texts = [_number(random, type, check) for _ in range(count)]
    return [(text, text if base in ("bigint", "numeric") else json_number(text)) for text in texts]


def json_number(text: str) -> float | int:
    """A number as JSON has it."""
    return int(text) if re.fullmatch(r"-?\d+", text) else float(text)


def _text(random: Random) -> str:
    if random.random() < 0.4:
        return "".join(random.choice(_ALPHABET) for _ in range(random.randrange(8)))
    word = random.choice(_WORDS)
    at = random.randrange(len(word) + 1)
    return word[:at] + random.choice((*_ALPHABET, "", "")) + word[at + random.randrange(2) :]


def _number(random: Random, type: str, check: str) -> str:
    bounds = [Decimal(b) for b in re.findall(r"-?\d+(?:\.\d+)?", check)] or [Decimal(0)]
    near = random.choice(bounds)
    if type in ("smallint", "integer", "bigint"):
        return str(int(near) + random.choice((0, 0, 1, -1, 2, random.randint(-200, 200))))
    if type.startswith("numeric"):
        if random.random() < 0.05 and type == "numeric":
            return random.choice(("NaN", "Infinity", "-Infinity"))
        step = Decimal(
            random.choice((0, 1, -1, 5, -5, 4999, 5001, -4999, -5000, random.randint(-9999, 9999)))
        )
        return format(near + step.scaleb(-random.randrange(7)), "f")
    found = float(near) + random.choice((0, 1e-9, -1e-9, 0.5, -0.5, 1e-17, random.uniform(-9, 9)))
    if type == "real" and random.random() < 0.5:
        found = struct.unpack("f", struct.pack("f", found))[0] * random.choice((1, 1, 1 + 2**-25, 1 - 2**-25))
    return repr(found)
