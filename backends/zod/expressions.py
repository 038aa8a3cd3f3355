"""Zod expressions, `z.array(int8).nullable()`, laid out as prettier lays out a chain of calls."""

import re
from functools import cached_property
from typing import Final

from attrs import frozen

from pgkit.backends.typescript import syntax
from pgkit.backends.typescript.docs import HARD, LINE, SOFT, WIDTH, Broken, Doc, Group, Indent, lay_out, width
from pgkit.backends.typescript.type_docs import arguments, type_doc, union_parts

_SHORT: Final = 20  # a lone argument up to here is no reason to break a line
_SHORT_KEY: Final = 5  # after a key shorter than this prettier never breaks
_SHORT_REGEX: Final = 6  # up to its second slash: prettier takes it for a simple argument
_PROPERTY: Final = re.compile(r"[A-Za-z_$][\w$]*(\.[\w$]+)+")


@frozen
class Call:
    """A call in a chain: `.name(arg, arg)`, or `(arg, arg)` of what stands before it."""

    name: str
    args: "tuple[Chain, ...]" = ()


@frozen(cache_hash=True)
class Chain:
    """An expression: a root and the calls on it; `items` are those of an array, whose root is `[]`."""

    root: str
    calls: tuple[Call, ...] = ()
    items: "tuple[Chain, ...]" = ()

    def then(self, name: str, *args: "Chain") -> "Chain":
        """This expression with one more call."""
        return Chain(self.root, (*self.calls, Call(name, args)), self.items)

    @cached_property
    def flat(self) -> str:
        """The expression on one line."""
        root = f"[{_listed(self.items)}]" if self.items else self.root
        return root + "".join(map(_flat, self.calls))

    @cached_property
    def roots(self) -> frozenset[str]:
        """The names that it is made of: Zod's own, helpers' and other schemas'."""
        parts = (*self.items, *[arg for call in self.calls for arg in call.args])
        return frozenset((self.root,)).union(*[part.roots for part in parts])

    def __str__(self) -> str:
        return self.flat


def z(name: str, *args: Chain) -> Chain:
    """`z.name(arg, arg)`."""
    return Chain("z", (Call(name, args),))


def helper(name: str, *args: int) -> Chain:
    """One of the helpers of _pg.ts, or its result for `args`."""
    return called(name, *(Chain(str(arg)) for arg in args)) if args else Chain(name)


def called(name: str, *args: Chain) -> Chain:
    """`name(arg, arg)`."""
    return Chain(name, (Call("", args),))


def typed(schema: Chain, gives: str, takes: str = "") -> Chain:
    """A schema that is held to give this type, and to take it or another."""
    return called(f"typed<{gives}, {takes}>" if takes else f"typed<{gives}>", schema)


def array(*items: Chain) -> Chain:
    """`[item, item]`."""
    return Chain("[]", items=items)


def member(key: str, value: Chain, indent: int) -> str:
    """A property of an object literal."""
    flat = f"{' ' * indent}{key}: {value.flat},"
    if width(flat) <= WIDTH and not is_forced(value):
        return flat
    if width(key) < _SHORT_KEY:
        return " " * indent + lay_out((key, ": ", doc(value), ","), indent)
    return value_of(f"{key}:", value, ",", indent)


def value_of(left: Doc, value: Chain, end: str, indent: int) -> str:
    """`left` and its value, beside it or below."""
    if isinstance(left, str) and not is_forced(value):
        flat = f"{' ' * indent}{left} {value.flat}{end}"
        if width(flat) <= WIDTH:
            return flat
    if _breaks_poorly(value):
        return " " * indent + lay_out(Group((left, Group(Indent((LINE, doc(value)))), end)), indent)
    return syntax.assigned(left, doc(value), end, indent)


def doc(chain: Chain) -> Doc:
    """A chain as a document."""
    on_root, links = _parts(chain)
    root: Doc = syntax.bracketed("[", map(doc, chain.items), "]") if chain.items else _root_doc(chain.root)
    head: Doc = (root, *map(_call_doc, on_root))
    one_line = (head, *map(_call_doc, links))
    if not _is_member_chain(chain):
        return Group(one_line)
    expanded = (head, Indent((HARD, syntax.lines(map(_call_doc, links)))))
    return expanded if is_forced(chain) else Group(one_line, (one_line, expanded))


def _root_doc(root: str) -> Doc:
    return type_doc(root) if root.endswith(">") else root


def _parts(chain: Chain) -> tuple[list[Call], list[Call]]:
    """The calls of the root itself, and those of its members."""
    on_root = [c for c in chain.calls if not c.name]
    return on_root, [c for c in chain.calls if c.name]


def _is_member_chain(chain: Chain) -> bool:
    return len(_parts(chain)[1]) > 1


def is_forced(chain: Chain) -> bool:
    """Whether prettier breaks a chain that would fit: three calls, and an argument that is not simple."""
    if len(chain.calls) <= 2 or not _is_member_chain(chain):
        return False
    return not all(_is_simple(arg) for c in chain.calls for arg in c.args)


def _is_simple(arg: Chain, depth: int = 2) -> bool:
    """Whether an argument has little in it, and that not `depth` calls deep."""
    if depth == 0 or "=>" in arg.root or "${" in arg.root:
        return False
    if arg.root.startswith("/"):
        return arg.root.rindex("/") <= _SHORT_REGEX
    if any(len(call.args) > depth for call in arg.calls):
        return False
    inner = (*arg.items, *(a for call in arg.calls for a in call.args))
    return all(_is_simple(a, depth - 1) for a in inner)


def _breaks_poorly(chain: Chain) -> bool:
    """Whether prettier would rather move the value to the next line than break it."""
    if _is_member_chain(chain) or not chain.calls or _is_complex(arguments(chain.root)):
        return False
    if any("<{" in call.name for call in chain.calls):
        return False
    return all(not c.args or (len(c.args) == 1 and _is_short(c.args[0])) for c in chain.calls)


def _is_complex(types: list[str]) -> bool:
    """Whether prettier sees more than a name in the types that a function is called with."""
    return len(types) > 1 or any(len(union_parts(type)) > 1 for type in types)


def _is_short(arg: Chain) -> bool:
    if arg.root.isdigit():
        return True
    return not arg.calls and not arg.items and len(arg.root) <= _SHORT and not _PROPERTY.fullmatch(arg.root)


def _listed(args: tuple[Chain, ...]) -> str:
    return ", ".join([arg.flat for arg in args])


def _flat(call: Call) -> str:
    return f"{'.' if call.name else ''}{call.name}({_listed(call.args)})"


def _call_doc(call: Call) -> Doc:
    name = f".{call.name}" if call.name else ""
    if len(call.args) == 1 and call.args[0].items:  # an array opens beside the bracket
        return (f"{name}(", doc(call.args[0]), ")")
    if len(call.args) == 1 and " => " in call.args[0].root:  # and so does a function
        params, _, body = call.args[0].root.partition(" => ")
        return Group((f"{name}({params} =>", Indent((LINE, body)), Broken(","), SOFT, ")"))
    return (name, syntax.bracketed("(", map(doc, call.args), ")")) if call.args else f"{name}()"
