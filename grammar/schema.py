"""Parses the schema language, each declaration on its own: a mistake in one hides nothing in others."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, Final

import lark
from attrs import frozen
from lark.lexer import Lexer as LarkLexer

from pgkit.grammar.blocks import Block, blocks
from pgkit.grammar.lexer import Lexer, Token, Unclosed
from pgkit.grammar.tokens import Remark
from pgkit.grammar.words import Words, words_of

Tree = lark.Tree[Token]


@frozen
class Mismatch:
    """A declaration that the grammar does not take: at which token, and what it takes there."""

    block: Block
    found: Token | None
    expected: tuple[str, ...]
    before: Token | None
    unclosed: bool = False


@frozen
class Parsed:
    """The declarations of a text, in their order: trees, or where they cannot be read."""

    declarations: tuple[Tree | Mismatch, ...]
    extents: tuple[tuple[int, int], ...]  # where each starts and ends
    remarks: tuple[Remark, ...]


class _NoLexer(LarkLexer):
    """Lark is fed terminal by terminal: ours depend on what its parser can take."""

    def __init__(self, _: Any) -> None:
        pass

    def lex(self, *_: Any) -> Iterator[Any]:
        return iter(())


@cache
def _parser() -> lark.Lark:
    grammar = files("pgkit.grammar").joinpath("schema.lark").read_text("utf-8")
    return lark.Lark(grammar, parser="lalr", lexer=_NoLexer, maybe_placeholders=False)


@cache
def words() -> Words:
    """The key words of the language."""
    return words_of((t.name, t.pattern.to_regexp()) for t in _parser().terminals)


def parse(text: str) -> Parsed:
    """The declarations of a text."""
    found: list[Tree | Mismatch] = []
    extents: list[tuple[int, int]] = []
    remarks: list[Remark] = []
    for block in blocks(text, remarks):
        found.append(_declaration(text, block))
        extents.append((block.start, block.raw[-1].end))
    return Parsed(tuple(found), tuple(extents), tuple(remarks))


_END: Final = "$END"


def _declaration(text: str, block: Block) -> Tree | Mismatch:
    if block.broken is not None:
        raw = block.broken
        return Mismatch(block, Token("BAD", raw.text, raw.start, raw.end), (), None)
    lexer = Lexer(text, block.raw, words())
    parser = _parser().parse_interactive("")
    state = parser.parser_state
    states, stack, feed = state.parse_conf.states, state.state_stack, state.feed_token
    token = before = None
    try:
        while (token := lexer.next(states[stack[-1]])) is not None:
            feed(token)  # type: ignore[arg-type]
            before = token
        end = block.raw[-1].end
        token = Token(_END, "", end, end)
        tree: Tree = feed(token, True)  # type: ignore[arg-type]
    except lark.UnexpectedToken:
        # The states of LALR take more than the grammar does: only a trial tells.
        expected = tuple(sorted(parser.accepts()))  # type: ignore[no-untyped-call]
        return Mismatch(block, token, expected, before)
    except Unclosed as error:
        at = Token("UNCLOSED", error.at.text, error.at.start, error.at.end)
        return Mismatch(block, at, (), before, unclosed=True)
    return tree.children[0]  # type: ignore[return-value]
