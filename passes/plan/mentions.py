"""Which objects mention which: what must be let go before something can be dropped or altered."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from attrs import define, field

from pgkit.ir.expr import Opaque
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.walk import Declared, bare, inside, refs_in

QUERIES = ("view", "materialized_view", "policy")
_WORD = re.compile(r'"(?:[^"]|"")+"|[^\W\d][\w$]*')
_STAR = re.compile(r"(?:\bselect|\bdistinct|,|\.)\s*\*", re.IGNORECASE)


@define
class Mentions:
    """The objects of one catalog by what they mention."""

    objects: Mapping[Ref, Declared]
    by_ref: Mapping[Ref, set[Ref]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        found: dict[Ref, set[Ref]] = defaultdict(set)
        for ref, obj in self.objects.items():
            for mentioned in mentioned_by(bare(obj)):
                found[mentioned].add(ref)
                if mentioned.owner and mentioned.owner != ref.owner and mentioned.owner != ref:
                    found[mentioned.owner].add(ref)
            if isinstance(obj, Unmodelled) and obj.needed_by:
                found[ref].update(obj.needed_by)
        self.by_ref = found

    def of(self, ref: Ref) -> Iterator[Ref]:
        """The objects that mention `ref`: for a column, queries over its table that hold its name, too."""
        sure = self.by_ref.get(ref, set())
        yield from sorted(sure)
        if ref.kind != "column" or ref.owner is None:
            return
        for other in sorted(self.by_ref.get(ref.owner, set()) - sure):
            if other.kind in QUERIES and _says(self.objects[other], ref.member):
                yield other


def mentioned_by(obj: Declared) -> Iterable[Ref]:
    """Every Ref that an object mentions."""
    return obj.refs if isinstance(obj, Unmodelled) else refs_in(obj)


def groups(obj: object) -> bool:
    """Whether a query in it may group rows."""
    return any("group" in text.lower() for e in inside(obj, Opaque) for text in e.text)


def _says(obj: Declared, name: str) -> bool:
    """Whether the name stands unbound in the SQL inside, or a star, which is every column."""
    texts = [text for e in inside(obj, Opaque) for text in e.text]
    if any(_STAR.search(text) for text in texts):
        return True
    words = {word for text in texts for word in _WORD.findall(text)}
    return bool(words & {name, '"' + name.replace('"', '""') + '"'})
