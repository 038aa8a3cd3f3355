"""Zod expressions, `z.array(int8).nullable()`, laid out as prettier lays out a chain of calls."""

from typing import Final

from attrs import frozen

from pgkit.backends.typescript import syntax
from pgkit.backends.typescript.docs import HARD, LINE, WIDTH, Doc, Group, Indent, lay_out, width

_SHORT: Final = 20  # a lone argument up to here is no reason to break a line
_SHORT_KEY: Final = 5  # after a key shorter than this prettier never breaks


@frozen
class Call:
    """A call in a chain: `.name(arg)`, or `(arg)` of what stands before it."""

    name: str
    arg: "Chain | None" = None


@frozen
class Chain:
    """An expression: a root and the calls on it."""

    root: str
    calls: tuple[Call, ...] = ()

    def then(self, name: str, arg: "Chain | None" = None) -> "Chain":
        """This expression with one more call."""
        return Chain(self.root, (*self.calls, Call(name, arg)))

    def __str__(self) -> str:
        return self.root + "".join(map(_flat, self.calls))


def z(name: str, arg: Chain | None = None) -> Chain:
    """`z.name(arg)`."""
    return Chain("z", (Call(name, arg),))


def helper(name: str, *args: int) -> Chain:
    """One of the helpers of _pg.ts, or its result for `args`."""
    arg = Chain(", ".join(map(str, args)))
    return Chain(name, (Call("", arg),) if args else ())


def member(key: str, value: Chain, indent: int) -> str:
    """A property of an object literal."""
    flat = f"{' ' * indent}{key}: {value},"
    if width(flat) <= WIDTH and not _is_forced(value):
        return flat
    if width(key) < _SHORT_KEY:
        return " " * indent + lay_out((key, ": ", doc(value), ","), indent)
    if _breaks_poorly(value):
        return " " * indent + lay_out(Group((key, ":", Group(Indent((LINE, doc(value)))), ",")), indent)
    return syntax.assigned(f"{key}:", doc(value), ",", indent)


def doc(chain: Chain) -> Doc:
    """A chain as a document."""
    on_root, links = _parts(chain)
    head: Doc = (chain.root, *map(_call_doc, on_root))
    one_line = (head, *map(_call_doc, links))
    if not _is_member_chain(chain):
        return Group(one_line)
    expanded = (head, Indent((HARD, syntax.lines(map(_call_doc, links)))))
    return expanded if _is_forced(chain) else Group(one_line, (one_line, expanded))


def _parts(chain: Chain) -> tuple[list[Call], list[Call]]:
    """The calls of the root itself, and those of its members."""
    on_root = [c for c in chain.calls if not c.name]
    return on_root, [c for c in chain.calls if c.name]


def _is_member_chain(chain: Chain) -> bool:
    return len(_parts(chain)[1]) > 1


def _is_forced(chain: Chain) -> bool:
    """Whether prettier breaks a chain that would fit: three calls, and one with calls within calls."""
    args = [c.arg for c in chain.calls if c.arg is not None]
    return _is_member_chain(chain) and len(chain.calls) > 2 and any(_nested(a) > 1 for a in args)


def _nested(chain: Chain) -> int:
    return max((1 + _nested(c.arg) for c in chain.calls if c.arg is not None), default=0)


def _breaks_poorly(chain: Chain) -> bool:
    """Whether prettier would rather move the value to the next line than break it."""
    if _is_member_chain(chain) or not chain.calls:
        return False
    return all(c.arg is None or _is_short(c.arg) for c in chain.calls)


def _is_short(arg: Chain) -> bool:
    if arg.root.isdigit():
        return True
    return not arg.calls and len(arg.root) <= _SHORT


def _flat(call: Call) -> str:
    return f"{'.' if call.name else ''}{call.name}({'' if call.arg is None else call.arg})"


def _call_doc(call: Call) -> Doc:
    name = f".{call.name}" if call.name else ""
    return f"{name}()" if call.arg is None else (name, syntax.arguments(doc(call.arg)))
