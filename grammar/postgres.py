"""Reads SQL expressions and queries with Postgres's own parser, and finds the mentions inside them."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

import attrs
import postgast
from attrs import frozen
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

from pgkit.grammar.frames import column_mentions
from pgkit.grammar.mentions import Scope
from pgkit.grammar.tree import nodes_of, strings
from pgkit.ir.expr import Call, Cast, Expr, Form, Hole, Lit, Opaque, opaque
from pgkit.ir.names import Ref
from pgkit.ir.type_text import array_of, scalar
from pgkit.ir.types import Named, PgType

_OPEN: Final = b"SELECT ("
_COLUMN_FORMS: Final[dict[int, Form]] = {1: "name", 2: "owner.name", 3: "schema.owner.name"}


def expression(text: str, scope: Scope) -> Expr:
    """An expression as IR: constants, plain calls and casts as such, the rest opaque with its holes.

    Text that Postgres does not accept as one expression stays opaque and unbound.
    """
    source = _OPEN + text.encode() + b"\n)"
    select = _only_select(source)
    if select is None or len(select.target_list) != 1:
        return opaque(text)
    value = select.target_list[0].res_target.val
    if (known := _known(value, scope)) is not None:
        return known
    return _with_holes(source, len(_OPEN), len(source) - 2, select, scope)


def query(text: str, scope: Scope) -> Expr:
    """A query as opaque SQL with a hole for each relation, type and column that can be told."""
    source = text.encode()
    select = _only_select(source)
    if select is None:
        return opaque(text)
    return _with_holes(source, 0, len(source), select, attrs.evolve(scope, table=None))


@frozen
class _Mention:
    """A name in the source: where it starts, its parts, and what it may mean."""

    start: int
    parts: tuple[str, ...]
    ref: Ref
    literal: bool = False
    alias: bool = False


def _only_select(source: bytes) -> Any | None:
    try:
        statements = postgast.parse(source.decode()).stmts
    except (postgast.PgQueryError, ValueError, DecodeError):  # DecodeError: nested deeper than we can look
        return None
    if len(statements) != 1 or not statements[0].stmt.HasField("select_stmt"):
        return None
    return statements[0].stmt.select_stmt


def _known(node: Any, scope: Scope) -> Expr | None:
    """A constant, a plain call or a cast of one; None for everything else."""
    match node.WhichOneof("node"):
        case "a_const":
            return _constant(node.a_const)
        case "type_cast":
            arg, to = _known(node.type_cast.arg, scope), _type(node.type_cast.type_name, scope)
            return Cast(arg, to) if arg is not None and to is not None else None
        case "func_call":
            return _call(node.func_call, scope)
        case _:
            return None


def _constant(const: Any) -> Lit | None:
    if const.isnull:
        return Lit("null")
    match const.WhichOneof("val"):
        case "ival":
            return Lit("number", str(const.ival.ival))
        case "fval":
            return Lit("number", const.fval.fval)
        case "boolval":
            return Lit("bool", "true" if const.boolval.boolval else "false")
        case "sval":
            return Lit("string", const.sval.sval)
        case _:
            return None


def _call(call: Any, scope: Scope) -> Call | None:
    plain = not (
        call.agg_order or call.HasField("agg_filter") or call.HasField("over") or call.agg_star
        or call.agg_distinct or call.func_variadic or call.agg_within_group
    )  # fmt: skip
    names = strings(call.funcname)
    if not plain or call.funcformat != 1 or len(names) > 2 or names[-1].lower() in ("nextval",):
        return None  # 1 is COERCE_EXPLICIT_CALL; nextval holds a mention in its string
    args = tuple(_known(a, scope) for a in call.args)
    if any(a is None for a in args):
        return None
    schema = names[0] if len(names) == 2 and names[0] != "pg_catalog" else ""
    return Call(Ref("function", schema, names[-1]), tuple(a for a in args if a is not None))


def _type(name: Any, scope: Scope) -> PgType | None:
    parts, mods = strings(name.names), tuple(_modifiers(name.typmods))
    if name.setof or name.pct_type or len(parts) > 2 or None in mods or parts[-1] == "interval":
        return None
    schema = parts[0] if len(parts) == 2 else ""
    if (ref := scope.type(schema, parts[-1])) is not None:
        return array_of(Named(ref), len(name.array_bounds))
    if parts[-1] in ("regclass",):
        return None  # its string may be a mention
    return array_of(scalar(schema, parts[-1], tuple(m for m in mods if m)), len(name.array_bounds))


def _modifiers(nodes: Any) -> Iterator[str | None]:
    for node in nodes:
        lit = _constant(node.a_const) if node.WhichOneof("node") == "a_const" else None
        yield lit.text if lit and lit.kind == "number" else None


def _with_holes(source: bytes, start: int, end: int, tree: Any, scope: Scope) -> Opaque:
    scanned = postgast.scan(source.decode()).tokens
    tokens = {t.start: i for i, t in enumerate(scanned)}
    found: dict[int, tuple[int, Hole]] = {}
    for mention in _mentions(tree, scope):
        at = tokens.get(mention.start)
        if at is None:
            continue
        words = scanned[at : at + (1 if mention.literal else 2 * len(mention.parts) - 1)]
        spelled = [source[t.start : t.end].decode() for t in words]
        if hole := _hole(mention, spelled):
            first = words[-1] if hole.form == "name" else words[0]
            found[first.start] = (words[-1].end, hole)
    return _cut(source, start, end, found)


def _hole(mention: _Mention, spelled: list[str]) -> Hole | None:
    """The hole for a mention, if the source spells it as the parser understood it."""
    if mention.literal:
        return Hole(mention.ref, "literal") if spelled[0].startswith("'") else None
    if any(dot != "." for dot in spelled[1::2]) or tuple(map(_unquoted, spelled[::2])) != mention.parts:
        return None
    if mention.alias and len(mention.parts) == 2:
        return Hole(mention.ref, "name")  # through an alias: only the column's own name is a mention
    if not mention.ref.member or mention.ref.kind == "multirange":
        return Hole(mention.ref, "schema.name")  # so that it means the same under any search_path
    return Hole(mention.ref, _COLUMN_FORMS[len(mention.parts)])


def _cut(source: bytes, start: int, end: int, found: dict[int, tuple[int, Hole]]) -> Opaque:
    spans = sorted((at, stop, hole) for at, (stop, hole) in found.items())
    spans = [s for i, s in enumerate(spans) if i == 0 or s[0] >= spans[i - 1][1]]
    quoted = [(at + 1, stop - 1) if h.form == "literal" else (at, stop) for at, stop, h in spans]
    edges = [start, *(edge for span in quoted for edge in span), end]
    texts = [source[a:b].decode() for a, b in list(pairwise(edges))[::2]]
    return Opaque(tuple(texts), tuple(h for _, _, h in spans))


def _mentions(tree: Any, scope: Scope) -> Iterator[_Mention]:
    named_queries = _named_queries(tree)
    for column in column_mentions(tree, scope, named_queries):
        parts = strings(column.node.fields)
        yield _Mention(column.node.location, parts, column.ref, alias=column.alias)
    for node in nodes_of(tree):
        match type(node).__name__:
            case "RangeVar" if node.schemaname or node.relname not in named_queries:
                yield from _relation_mention(node, scope)
            case "TypeName":
                yield from _type_mention(node, scope)
            case "TypeCast" if strings(node.type_name.names)[-1:] == ("regclass",):
                yield from _literal_mention(node.arg, scope)
            case "FuncCall" if strings(node.funcname)[-1:] == ("nextval",) and len(node.args) == 1:
                yield from _literal_mention(node.args[0], scope)


def _relation_mention(node: Any, scope: Scope) -> Iterator[_Mention]:
    if ref := scope.relation(node.schemaname, node.relname):
        yield _Mention(node.location, tuple(p for p in (node.schemaname, node.relname) if p), ref)


def _type_mention(node: Any, scope: Scope) -> Iterator[_Mention]:
    parts = strings(node.names)
    if len(parts) > 2:
        return
    if ref := scope.type(parts[0] if len(parts) == 2 else "", parts[-1] if parts else ""):
        yield _Mention(node.location, parts, ref)


def _literal_mention(node: Any, scope: Scope) -> Iterator[_Mention]:
    if node.WhichOneof("node") == "type_cast":
        node = node.type_cast.arg
    if node.WhichOneof("node") != "a_const" or not node.a_const.sval.sval:
        return
    parts = tuple(map(_unquoted, _split_path(node.a_const.sval.sval)))
    if len(parts) <= 2 and (ref := scope.relation(parts[0] if len(parts) == 2 else "", parts[-1])):
        yield _Mention(node.a_const.location, parts, ref, literal=True)


def _named_queries(tree: Any) -> frozenset[str]:
    """The names that WITH gives: they hide relations of the same name."""
    return frozenset(n.ctename for n in nodes_of(tree) if type(n).__name__ == "CommonTableExpr")


def _split_path(text: str) -> list[str]:
    parts, quoted = [""], False
    for c in text:
        quoted ^= c == '"'
        if c == "." and not quoted:
            parts.append("")
        else:
            parts[-1] += c
    return parts


def _unquoted(word: str) -> str:
    return word[1:-1].replace('""', '"') if word.startswith('"') else word.lower()
