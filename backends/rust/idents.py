"""Names that rustc accepts: fields, modules, types, made from whatever a column or a table is called."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_KEYWORDS: Final = frozenset(
    re.findall(
        r"\w+",
        """
        abstract as async await become box break const continue do dyn else enum extern false final fn for
        gen if impl in let loop macro match mod move mut override priv pub ref return static struct trait
        true try type typeof unsafe unsized use virtual where while yield
        """,
    )
)
_NEVER_RAW: Final = frozenset(("crate", "self", "Self", "super"))
_MODULES: Final = frozenset(("mod", "lib", "main", "rt", "enums", "composites", "ids", "drift"))
_DEVICES: Final = re.compile(r"con|nul|aux|prn|(?:com|lpt)[0-9]")  # no file on Windows may be called so
_NOT_MODULES: Final = _MODULES | _KEYWORDS | _NEVER_RAW
_PRELUDE: Final = frozenset(
    ("Option", "Result", "Some", "None", "Ok", "Err", "String", "Vec", "Box", "Default", "Self")
)
# Letters of scripts that rustc takes for common: others draw a warning that only a crate can silence.
_LATIN: Final = re.compile("[\u00c0-\u017f\u0218-\u021b]")
_LETTERS: Final = re.compile(
    "[\u0386-\u03ce\u0400-\u045f\u0531-\u0586\u05d0-\u05ea\u0620-\u063f\u0641-\u064a\u0904-\u0939"
    "\u0e01-\u0e2e\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3]"
)
# Those that look like a letter of another script: rustc warns where a crate has no others of their script.
_LOOKALIKES: Final = frozenset(
    "ΑΒΓΕΖΗΘΙΚΛΜΝΟΠΡΤΥΦΧαβγδεθικνοπρστυφЄЅІЈАБВГЕЗКЛМНОПРСТУФХЫЬЮабгекопрстуфхєѕіјћԻՄՈՊՌՍՏՓՕագզծհձոպռսցքօ"
    "וטיןסإاةهจบปฝพฟยくへイエカタトニノハヘロ一二八力卜夕工口丿囗"
)


@lru_cache(maxsize=4096)
def field_ident(name: str) -> str:
    """The field for a column: its own name where Rust can say it."""
    if not name.strip("_"):
        return f"underscore{name}"
    composed = unicodedata.normalize("NFC", name)
    distinct = any(_LETTERS.fullmatch(c) and c not in _LOOKALIKES for c in composed)
    ident = "".join(_letter(c, distinct) for c in composed)
    if not ident.strip("_"):
        return "".join(f"u{ord(c):x}_" for c in name)
    if ident[0].isdigit():
        return f"_{ident}"
    if ident in _NEVER_RAW:
        return f"{ident}_"
    return f"r#{ident}" if ident in _KEYWORDS else ident


def plain(ident: str) -> str:
    """An identifier without its `r#`, as serde sees it."""
    return ident.removeprefix("r#")


def is_snake(ident: str) -> bool:
    """Whether rustc has nothing to say about the case of a field."""
    return ident == ident.lower() and "__" not in ident.strip("_")


def module_ident(module: str) -> str:
    """The module, and so the file, of a table; `module` is of [a-z0-9_] only."""
    if module in _NOT_MODULES or _DEVICES.fullmatch(module):
        return f"{module}_"
    return f"_{module}" if module[0].isdigit() else module


def type_ident(stem: str) -> str:
    """An enum or struct that takes no name away from the code around it."""
    return f"{stem}_" if stem in _PRELUDE else stem


def id_ident(stem: str) -> str:
    """The type of a table's keys."""
    return f"{stem}Id"


def _letter(c: str, distinct: bool) -> str:
    if c.isascii():
        return c if c.isalnum() or c == "_" else "_"
    common = _LATIN.fullmatch(c) or (distinct and _LETTERS.fullmatch(c))
    stable = c.isidentifier() and unicodedata.normalize("NFKC", c) == c
    return c if common and stable else f"u{ord(c):x}_"
