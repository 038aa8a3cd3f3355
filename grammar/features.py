"""What stands in an expression that Postgres does not take everywhere: subqueries, aggregates, columns."""

import re
from collections.abc import Iterator
from typing import Any, Final

from attrs import define, field, frozen

from pgkit.grammar.tree import inside, nodes_of, parsed_expression, parsed_query, strings
from pgkit.ir.expr import Call, Cast, Expr, Lit

_OF_THEIR_OWN: Final = (
    "CommonTableExpr",
    "RangeSubselect",
    "RangeFunction",
    "SubLink",
    "XmlTable",
    "JsonTable",
)
_PART: Final = re.compile(r'"((?:[^"]|"")*)"|([^".\s]+)')


@frozen
class FunctionCall:
    """A call: the name as it is written, and whether only an aggregate or a window can be called so."""

    schema: str
    name: str
    is_aggregate: bool = False
    is_window: bool = False


@define
class Features:
    """What an expression has outside of its subqueries, which have rules of their own."""

    subqueries: int = 0
    calls: list[FunctionCall] = field(factory=list)
    columns: list[tuple[str, ...]] = field(factory=list)  # their parts; a star is ""
    sequences: list[str] = field(factory=list)  # that nextval and its like are asked for, as they are written
    changes: bool = False  # a value such as current_user, which is another one tomorrow


def features(expr: Expr) -> Features | None:
    """What is in an expression; None if Postgres does not accept it as one."""
    match expr:
        case Lit():
            return Features()
        case Call(function, args):
            found = Features(calls=[FunctionCall(function.schema, function.name)])
            return _with_all(found, args)
        case Cast(arg, _):
            return features(arg)
        case _:
            node = parsed_expression(expr)
            if node is None:
                return None
            found = Features()
            _collect(node, found)
            return found


def _with_all(found: Features, args: tuple[Expr, ...]) -> Features | None:
    for arg in args:
        inner = features(arg)
        if inner is None:
            return None
        found.subqueries += inner.subqueries
        found.calls += inner.calls
        found.columns += inner.columns
        found.sequences += inner.sequences
        found.changes |= inner.changes
    return found


def _collect(node: Any, found: Features) -> None:
    match type(node).__name__:
        case "SubLink":
            found.subqueries += 1
            return
        case "ColumnRef":
            found.columns.append((*strings(node.fields), *("" for f in node.fields if f.HasField("a_star"))))
            return
        case "FuncCall":
            found.calls.append(_call(node))
            found.sequences += _asked(node)
        case "SQLValueFunction":
            found.changes = True
    for inner in inside(node):
        _collect(inner, found)


def _call(node: Any) -> FunctionCall:
    *schema, name = strings(node.funcname)
    only_aggregate = bool(node.agg_star or node.agg_distinct or node.agg_order or node.agg_within_group)
    aggregate = only_aggregate or node.HasField("agg_filter")
    return FunctionCall("".join(schema), name, aggregate, node.HasField("over"))


def _asked(node: Any) -> Iterator[str]:
    """The sequence in nextval('s') or nextval('s'::regclass)."""
    if strings(node.funcname)[-1] not in ("nextval", "currval", "setval") or not node.args:
        return
    arg = node.args[0]
    if arg.WhichOneof("node") == "type_cast":
        arg = arg.type_cast.arg
    if arg.WhichOneof("node") == "a_const" and arg.a_const.WhichOneof("val") == "sval":
        yield arg.a_const.sval.sval


def relations_read(query: Expr) -> tuple[tuple[str, str], ...] | None:
    """The relations that a query reads, as (schema, name), but those of WITH; None if it is no query."""
    tree = parsed_query(query)
    if tree is None:
        return None
    nodes = tuple(nodes_of(tree))
    named = {n.ctename for n in nodes if type(n).__name__ == "CommonTableExpr"}
    read = (n for n in nodes if type(n).__name__ == "RangeVar" and (n.schemaname or n.relname not in named))
    return tuple(dict.fromkeys((n.schemaname, n.relname) for n in read))


def columns_read(query: Expr) -> tuple[tuple[str, str, str], ...]:
    """The columns that a plain query reads, as (schema, relation, column), as far as the text tells.

    Nothing of a query with subqueries or functions in FROM: there names may stand for something else.
    """
    tree = parsed_query(query)
    if tree is None or any(type(n).__name__ in _OF_THEIR_OWN for n in nodes_of(tree)):
        return ()
    relations = [n for n in nodes_of(tree) if type(n).__name__ == "RangeVar"]
    named = {
        n.alias.aliasname or n.relname: (n.schemaname, n.relname) for n in relations if not n.alias.colnames
    }
    found: list[tuple[str, str, str]] = []
    for node in (n for part in (*tree.target_list, tree.where_clause) for n in nodes_of(part)):
        parts = strings(node.fields) if type(node).__name__ == "ColumnRef" else ()
        if len(parts) == 2 and parts[0] in named:
            found.append((*named[parts[0]], parts[1]))
        elif len(parts) == 1 and len(relations) == len(named) == 1 and parts[0] not in named:
            found.append((*next(iter(named.values())), parts[0]))
    return tuple(dict.fromkeys(found))


def written_parts(name: str) -> tuple[str, ...]:
    """The parts of a name in a string, as regclass reads it: folded unless quoted."""
    return tuple(bare.lower() or quoted.replace('""', '"') for quoted, bare in _PART.findall(name))
