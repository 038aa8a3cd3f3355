"""The text of _pg.ts: of the helpers, those that schemas are made of, each after what it stands on."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from pgkit.backends.typescript import syntax
from pgkit.backends.typescript.docs import HARD, LINE, Group, Indent, lay_out
from pgkit.backends.zod.expressions import doc, is_forced
from pgkit.backends.zod.helpers import ALL, BY_NAME
from pgkit.backends.zod.parts import Code, Helper
from pgkit.backends.zod.styles import Style, constant, type_doc

_UNREAD: Final = re.compile(r'"[^"\n]*"|/\*\*.*?\*/', re.S)  # strings and comments


def helpers(style: Style, names: Iterable[str], *, exported: bool) -> Iterator[str]:
    """The text of these helpers, and of what they are made of; `exported` to other files."""
    needed = _closed(frozenset(names))
    for part in ALL:
        if part.name in needed:
            yield _text(style, part, exported=exported)


@lru_cache(256)
def _closed(names: frozenset[str]) -> frozenset[str]:
    """These names, and those that what they name mentions."""
    found, todo = set[str](), list(names)
    while todo:
        if (name := todo.pop()) not in found:
            found.add(name)
            todo += _mentioned(BY_NAME[name])
    return frozenset(found)


def _mentioned(part: Helper | Code) -> list[str]:
    """What a helper stands on; code stands on no schema, whatever its variables are called."""
    text = part.text if isinstance(part, Code) else str(part.schema)
    words = set(re.findall(r"\w+", _UNREAD.sub("", text)))
    known = {p.name for p in ALL if isinstance(part, Helper) or isinstance(p, Code)}
    return sorted(words & known)


@lru_cache(256)
def _text(style: Style, part: Helper | Code, *, exported: bool) -> str:
    if isinstance(part, Code):
        word = f"const {part.name}"
        return part.text.replace(word, f"export {word}", 1) if exported and part.exported else part.text
    word = "export const" if exported and part.exported else "const"
    return "\n".join([*syntax.comment([part.comment]), _declared(style, part, word)])


def _declared(style: Style, part: Helper, word: str) -> str:
    if not part.params:
        return constant(style, f"{word} {part.name}", part.schema)
    generics = f"<{part.generics} extends {style.zod('Type')}>" if part.generics else ""
    generics, held = ("<T, I = T>", f" as {style.zod('Type')}<T, I>") if part.cast else (generics, "")
    type = (": ", type_doc(style.type(part.schema))) if style.explicit and not held else ""
    params = syntax.bracketed("(", part.params.split(", "), ")").of
    head, schema = Group((f"{word} {part.name} = {generics}", params, type)), style.written(part.schema)
    gap = HARD if is_forced(schema) else LINE
    return lay_out((head, " =>", Group(Indent((gap, doc(schema), held))), ";"))
