"""Types, schemas and modules of TypeScript in `[overrides]`: how they may be written."""

import re
from collections.abc import Iterator
from typing import Final

from pgkit.backends.typescript.type_docs import union_parts
from pgkit.jobs.config import Override

NAMES: Final = ("ts", "ts_import", "zod", "zod_import")
_NAME: Final = r"[A-Za-z_$][\w$]*"
_PATH: Final = re.compile(rf"{_NAME}(\.{_NAME})*", re.ASCII)
_TOKEN: Final = re.compile(rf'\s*({_PATH.pattern}|\d+|"[ !#-\[\]-~]*"|\[\]|[<>,|])\s*', re.ASCII)
_MODULE: Final = re.compile(r"[\w.@#~$][\w.@#~$/:+-]*", re.ASCII)
_PRIMITIVES: Final = frozenset(
    ("any", "bigint", "boolean", "never", "number", "object", "string", "symbol", "unknown", "void")
)
_KEYWORDS: Final = frozenset(
    (
        *(
            "arguments",
            "await",
            "break",
            "case",
            "catch",
            "class",
            "const",
            "continue",
            "debugger",
            "default",
        ),
        *("delete", "do", "else", "enum", "eval", "export", "extends", "false", "finally", "for", "function"),
        *("if", "implements", "import", "in", "instanceof", "interface", "let", "new", "null", "package"),
        *("private", "protected", "public", "return", "static", "super", "switch", "this", "throw", "true"),
        *("try", "type", "typeof", "undefined", "var", "void", "while", "with", "yield", "z"),
    )
)
"""What cannot be imported under its name: z is Zod itself in what is generated."""

Problem = tuple[str, str, str, str]
"""The key, the code, the message and the help, as in `overrides`."""


class _Malformed(Exception):
    """A type that is not one, or not one that is printed."""


def spelled(text: str) -> str | None:
    """A type as it is printed, or None for what is no union of names, literals, and arrays of those."""
    tokens = _tokens(text)
    try:
        found = _union(tokens) if tokens else None
    except _Malformed:
        return None
    return None if tokens else found


def head(text: str) -> str:
    """The name that a type or a schema begins with, which is what is imported; none before a literal."""
    found = re.match(_NAME, text, re.ASCII)
    return found[0] if found else ""


def said_names(override: Override) -> dict[str, str]:
    """What is said of a type in TypeScript, which goes together: what is left out is the empty text."""
    if override.ts is None and override.zod is None:
        return {}
    said = {key: getattr(override, key) or "" for key in NAMES}
    said["ts"] = spelled(said["ts"]) or ""
    said["zod_import"] = said["zod_import"] or said["ts_import"]
    return said


def bad_names(override: Override) -> Iterator[Problem]:
    """What is not written as it must be, or says where nothing is."""
    if override.ts is not None:
        yield from _bad_type(override.ts, override.ts_import is not None)
    if override.zod is not None and (not _PATH.fullmatch(override.zod) or head(override.zod) in _KEYWORDS):
        message = f"expected the name of a schema, found {override.zod}"
        yield "zod", "bad-type", message, "write it as settingsSchema, or schemas.settings"
    for key, what in (("ts_import", override.ts), ("zod_import", override.zod)):
        yield from _bad_module(key, getattr(override, key), what)
    if override.zod is not None and override.zod_import is None and override.ts_import is None:
        help = "set zod_import, or ts_import if its type is from there too"
        yield "zod", "no-module", f"nothing says which module {override.zod} is from", help


def _bad_type(text: str, imported: bool) -> Iterator[Problem]:
    written = spelled(text)
    if written is None:
        help = 'write it as Settings, Record<string, number> or "a" | "b"; declare what is longer'
        yield "ts", "bad-type", f"expected a type of TypeScript's, found {text}", help
    elif {"null", "undefined"} & set(union_parts(written)):
        help = "leave it out: the column says it, or nullable does"
        yield "ts", "bad-type", f"expected a type of what is not null, found {text}", help
    elif imported and (not (name := head(text)) or name in _KEYWORDS | _PRIMITIVES):
        help = "the first name in ts is the one that is imported"
        yield "ts", "bad-type", f"no module exports a type named {name or text}", help


def _bad_module(key: str, module: str | None, what: str | None) -> Iterator[Problem]:
    if module is None:
        return
    of = key.removesuffix("_import")
    if what is None:
        yield key, "misplaced-key", f"{key} says where {of} is from, and there is no {of}", f"set {of} too"
    if not _MODULE.fullmatch(module) or (module[0] == "." and not is_relative(module)):
        help = "write it as ./src/settings.js, seen from the configuration file, or as a package"
        yield key, "bad-module", f"expected a module, found {module}", help


def is_relative(module: str) -> bool:
    """Whether a module is named by its path, not by a package or an alias."""
    return module.startswith(("./", "../"))


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while match := _TOKEN.match(text, at):
        found.append(match[1])
        at = match.end()
    return found if at == len(text) else []


def _union(tokens: list[str]) -> str:
    parts = [_type(tokens)]
    while tokens[:1] == ["|"]:
        tokens.pop(0)
        parts.append(_type(tokens))
    return " | ".join(parts)


def _type(tokens: list[str]) -> str:
    if not tokens or tokens[0] in ("<", ">", ",", "|", "[]"):
        raise _Malformed
    text = tokens.pop(0)
    if tokens[:1] == ["<"] and _PATH.fullmatch(text):
        text += f"<{', '.join(_arguments(tokens))}>"
    while tokens[:1] == ["[]"]:
        text += tokens.pop(0)
    return text


def _arguments(tokens: list[str]) -> Iterator[str]:
    tokens.pop(0)
    yield _union(tokens)
    while tokens[:1] == [","]:
        tokens.pop(0)
        yield _union(tokens)
    if tokens[:1] != [">"]:
        raise _Malformed
    tokens.pop(0)
