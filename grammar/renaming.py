"""Renames inside the definitions of objects that the IR does not model, as Postgres would print them then.

    CREATE TRIGGER x BEFORE UPDATE OF mail ON app.users ...   =>   ... UPDATE OF email ON app.people ...

Text in quotes and the bodies of functions stay as they are: Postgres does not look into them either.
"""

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Final

import attrs
import postgast
from attrs import frozen

from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.sql import quote
from pgkit.sql.objects import opening

NewName = Callable[[Ref], Ref]
_ROUTINES: Final = ("aggregate", "function", "procedure")
_OF_TYPES: Final = ("cast", "operator", "transform")


def renamed(obj: Unmodelled, new_name: NewName) -> Unmodelled:
    """The object with new names in its definition and in what its own name says of others."""
    words = _words(obj, new_name)
    definition = None if obj.definition is None else words.text(obj.definition)
    if obj.kind in _ROUTINES:
        at = opening(obj.name)
        obj = attrs.evolve(obj, name=obj.name[:at] + words.text(obj.name[at:]))
    elif obj.kind in _OF_TYPES:
        obj = attrs.evolve(obj, name=words.text(obj.name))
    elif obj.kind == "inherits":
        obj = attrs.evolve(obj, member=words.text(obj.member))
    elif obj.kind == "index_statistics":
        index, space, number = obj.member.rpartition(" ")
        obj = attrs.evolve(obj, member=f"{words.alone.get(index, index)}{space}{number}")
    if definition is None or definition == obj.definition:
        return obj
    return attrs.evolve(obj, definition=definition, hash=sha256(definition.encode()).hexdigest())


@frozen
class _Words:
    """What names become: with a schema before them, alone, and as columns of what is mentioned."""

    qualified: dict[tuple[str, str], tuple[str, str]]
    alone: dict[str, str]
    relations: tuple[Ref, ...]
    new_name: NewName

    def text(self, sql: str) -> str:
        """SQL in new names."""
        source, at, parts = sql.encode(), 0, []
        for start, end, word in self._changed(source):
            parts += [source[at:start].decode(), word]
            at = end
        return "".join((*parts, source[at:].decode()))

    def _changed(self, source: bytes) -> Iterator[tuple[int, int, str]]:
        tokens = [
            (t.start, t.end, source[t.start : t.end].decode()) for t in postgast.scan(source.decode()).tokens
        ]
        at = 0
        while at < len(tokens):
            size = _path_length([t[2] for t in tokens[at : at + 5]])
            if size:
                path = tokens[at : at + 2 * size - 1 : 2]
                before = tokens[at - 1][2].upper() if at else ""
                called = at + 2 * size - 1 < len(tokens) and tokens[at + 2 * size - 1][2] == "("
                new = self._path([_unquoted(t[2]) for t in path], before, called)
                yield from (
                    (s, e, quote(n)) for (s, e, t), n in zip(path, new, strict=True) if _unquoted(t) != n
                )
            at += max(1, 2 * size - 1)

    def _path(self, parts: list[str], before: str, called: bool) -> list[str]:
        """The names of one path as they are then."""
        if len(parts) == 1:
            (name,) = parts
            if before == "SCHEMA":
                return [self.new_name(Ref("schema", "", name)).name]
            return [name if called else self._column(name, self.relations)]
        first, second, *rest = parts
        if (first, second) in self.qualified:
            owners = tuple(r for r in self.relations if (r.schema, r.name) == (first, second))
            return [*self.qualified[first, second], *(self._column(c, owners) for c in rest)]
        schema = self.new_name(Ref("schema", "", first)).name
        if schema != first or rest:
            return [schema, second, *rest]
        relation = next((self.new_name(r).name for r in self.relations if r.name == first), first)
        return [relation, second if called else self._column(second, self.relations)]

    def _column(self, name: str, relations: tuple[Ref, ...]) -> str:
        for relation in relations:
            new = self.new_name(relation.of("column", name)).member
            if new != name:
                return new
        return self.alone.get(name, name)


def _words(obj: Unmodelled, new_name: NewName) -> _Words:
    own = (obj.schema, obj.name)
    relations: dict[Ref, None] = {}
    qualified: dict[tuple[str, str], tuple[str, str]] = {}
    alone: dict[str, str] = {}
    for ref in obj.refs:
        thing, new = ref.owner or ref, new_name(ref.owner or ref)
        relations[thing] = None
        name = thing.name[: opening(thing.name)] if thing.kind in _ROUTINES else thing.name
        qualified[thing.schema, name] = new.schema, name if thing.kind in _ROUTINES else new.name
        if ref.member and ref.kind != "column":
            alone[ref.member] = new_name(ref).member
            qualified[ref.schema, ref.member] = new.schema, alone[ref.member]
    if own not in qualified and obj.schema:
        schema = new_name(Ref("schema", "", obj.schema)).name
        name = obj.name[: opening(obj.name)] if obj.kind in _ROUTINES else obj.name
        qualified[obj.schema, name] = schema, name
    return _Words(qualified, alone, tuple(relations), new_name)


def _path_length(tokens: list[str]) -> int:
    """How many names, with dots between them, come next."""
    size = 0
    while size < 3 and 2 * size < len(tokens) and _is_name(tokens[2 * size]):
        size += 1
        if 2 * size - 1 >= len(tokens) or tokens[2 * size - 1] != ".":
            break
    return size


def _is_name(token: str) -> bool:
    return token.startswith('"') or token[:1].isalpha() or token[:1] == "_"


def _unquoted(word: str) -> str:
    return word[1:-1].replace('""', '"') if word.startswith('"') else word
