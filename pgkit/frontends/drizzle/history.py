"""Rebuilds the state at the end of a history of version 9: a base, and the deltas of what came after it.

Where branches were merged, the deltas of the other branches are applied first, in the order of the folders.
Several ends are combined in the same way, the newest first, as drizzle-kit does before it generates.
"""

from collections.abc import Iterable, Sequence

from pgkit.frontends.drizzle.deltas import State, add, apply
from pgkit.frontends.drizzle.drafts import Drafts
from pgkit.frontends.drizzle.heads import ORIGIN, Head, head_of
from pgkit.frontends.drizzle.node import Node


def rebuild(history: Sequence[Node], drafts: Drafts) -> list[Node]:
    """The rows that stand at the end of `history`, which is in the order of the folders."""
    if len(history) == 1 and not _is_diff(history[0]):
        return _complete(history[0])
    nodes = {_head(node).id: node for node in history}
    parents = {parent for node in history for parent in _head(node).parents}
    ends = [id for id in reversed(nodes) if id not in parents]
    _all_reached(nodes, ends)
    state: State = {}
    for node in _main_line(nodes, ends[0]):
        _merge(state, nodes, _head(node).parents, drafts)
        _apply(state, node, drafts)
    _merge(state, nodes, ends, drafts)
    return list(state.values())


def _complete(node: Node) -> list[Node]:
    node.keys("type", "version", "dialect", "id", "prevIds", "prevId", "footprints", "ddl", "renames")
    return list(node.at("ddl").each())


def _all_reached(nodes: dict[str, Node], ends: Sequence[str]) -> None:
    """What no end leads to is its own ancestor."""
    reached = _ancestors(nodes, ends)
    for id, node in nodes.items():
        if id not in reached:
            raise node.wrong("the history before it leads back to itself", _RESTORE, "history-broken")


_RESTORE = "restore the missing folder from version control"


def _head(node: Node) -> Head:
    head = head_of(node.value)
    if head is None:
        raise node.wrong("expected an id and prevIds")
    return head


def _main_line(nodes: dict[str, Node], end: str) -> list[Node]:
    """The snapshots from the base to `end`, by the first parent of each."""
    line = [nodes[end]]
    while _is_diff(line[-1]):
        parent = (*_head(line[-1]).parents, ORIGIN)[0]
        if parent not in nodes:
            raise line[-1].wrong(f"the history lacks its parent {parent}", _RESTORE, "history-broken")
        line.append(nodes[parent])
    return line[::-1]


def _merge(state: State, nodes: dict[str, Node], parents: Sequence[str], drafts: Drafts) -> None:
    """Applies what only the parents after the first have seen."""
    if len(parents) < 2:
        return
    rest = _ancestors(nodes, parents[1:]) - _ancestors(nodes, parents[:1])
    for id, node in nodes.items():
        if id in rest and _is_diff(node):
            _apply(state, node, drafts)


def _ancestors(nodes: dict[str, Node], ids: Iterable[str]) -> set[str]:
    found: set[str] = set()
    stack = list(ids)
    while stack:
        id = stack.pop()
        if id in nodes and id not in found:
            found.add(id)
            stack.extend(_head(nodes[id]).parents)
    return found


def _apply(state: State, node: Node, drafts: Drafts) -> None:
    if _is_diff(node):
        node.keys("type", "version", "dialect", "id", "prevIds", "footprints", "deltas")
        for delta in node.at("deltas").each():
            apply(state, delta, drafts)
    else:
        for row in _complete(node):
            add(state, row)


def _is_diff(node: Node) -> bool:
    kind = node.text("type", "base")  # version 8 has none: it is always complete
    if kind not in ("base", "diff"):
        raise node.at("type").wrong("expected base or diff")
    return kind == "diff"
