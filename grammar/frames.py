"""Which column a name in a query means: each SELECT is a frame of relations, the inner before the outer."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from attrs import frozen

from pgkit.grammar.mentions import Scope
from pgkit.grammar.tree import inside, strings
from pgkit.ir.names import Ref

_ITEMS: Final = ("RangeVar", "RangeSubselect", "RangeFunction", "RangeTableFunc", "JsonTable")


@frozen
class Relation:
    """An item of FROM: the relation that it is, if we know it, and whether an alias hides its name."""

    ref: Ref | None
    alias: bool = False


@frozen
class ColumnMention:
    """A reference to a column: its node, what it means, and whether the relation goes by an alias."""

    node: Any
    ref: Ref
    alias: bool = False


Frame = Mapping[str, Relation]
Frames = tuple[Frame, ...]
_NOTHING: Final = Relation(None)
_OUTPUT: Final[Frame] = {"": _NOTHING}  # ORDER BY of a UNION speaks of what comes out


def column_mentions(tree: Any, scope: Scope, named_queries: frozenset[str]) -> Iterator[ColumnMention]:
    """The references to columns whose meaning is sure; those to what WITH or a subquery gives are none."""
    return _Walk(scope, named_queries).walk(tree, ())


@frozen
class _Walk:
    scope: Scope
    named_queries: frozenset[str]

    def walk(self, node: Any, frames: Frames) -> Iterator[ColumnMention]:
        """The columns in a node, looked up in the frames around it, the innermost last."""
        match type(node).__name__:
            case "ColumnRef":
                yield from self._column(node, frames)
            case "SelectStmt":
                yield from self._select(node, frames)
            case _:
                for child in inside(node):
                    yield from self.walk(child, frames)

    def _select(self, node: Any, frames: Frames) -> Iterator[ColumnMention]:
        union = node.HasField("larg")
        frame = _OUTPUT if union else dict(self._relations(node.from_clause))
        aliases = {t.res_target.name for t in node.target_list}
        for descriptor, value in node.ListFields():
            if descriptor.message_type is None:
                continue
            apart = descriptor.name in ("larg", "rarg", "with_clause")
            around = frames if apart else (*frames, frame)
            for child in value if descriptor.is_repeated else (value,):
                if descriptor.name == "from_clause":
                    yield from self._from(child, frames, around)
                elif not _is_output(child, aliases):
                    yield from self.walk(child, around)

    def _from(self, node: Any, outer: Frames, around: Frames) -> Iterator[ColumnMention]:
        """An item of FROM: only LATERAL ones see their neighbours, and conditions of joins do."""
        match type(node).__name__:
            case "RangeSubselect":
                yield from self.walk(node.subquery, around if node.lateral else outer)
            case "Node" | "JoinExpr":
                for child in inside(node):
                    yield from self._from(child, outer, around)
            case _:
                yield from self.walk(node, around)

    def _relations(self, nodes: Any, hidden: bool = False) -> Iterator[tuple[str, Relation]]:
        """The relations of a FROM, by the name that they go by there."""
        for node in nodes:
            match type(node).__name__:
                case "RangeVar":
                    yield self._relation(node)
                case "JoinExpr" if node.alias.aliasname:
                    yield node.alias.aliasname, _NOTHING
                case "JoinExpr" | "Node" | "RangeTableSample":
                    yield from self._relations(inside(node))
                case kind if kind in _ITEMS:
                    yield node.alias.aliasname, _NOTHING

    def _relation(self, node: Any) -> tuple[str, Relation]:
        alias = node.alias.aliasname
        hidden = not node.schemaname and node.relname in self.named_queries
        ref = None if hidden else self.scope.relation(node.schemaname, node.relname)
        if node.alias.colnames or not self.scope.names.columns.get(ref or Ref("", "", "")):
            ref = None  # its columns go by other names, or are not known
        return alias or node.relname, Relation(ref, bool(alias))

    def _column(self, node: Any, frames: Frames) -> Iterator[ColumnMention]:
        parts = strings(node.fields)
        if len(parts) != len(node.fields):
            return  # a star
        relation = self._owner(parts, frames)
        if ref := self.scope.column(relation.ref, parts[-1]):
            yield ColumnMention(node, ref, relation.alias)

    def _owner(self, parts: Sequence[str], frames: Frames) -> Relation:
        match parts:
            case (name,):
                return self._of_bare(name, frames)
            case (relation, _):
                known = next((f[relation] for f in reversed(frames) if relation in f), None)
                own = self.scope.table if self.scope.table and self.scope.table.name == relation else None
                return known or Relation(own or self.scope.relation("", relation))
            case (schema, relation, _):
                return Relation(self.scope.relation(schema, relation))
            case _:
                return _NOTHING

    def _of_bare(self, name: str, frames: Frames) -> Relation:
        """The only relation that has such a column, in the innermost frame where any may have it."""
        for frame in reversed(frames):
            if any(relation.ref is None for relation in frame.values()):
                return _NOTHING
            found = [r for r in frame.values() if self.scope.column(r.ref, name)]
            if found:
                return found[0] if len(found) == 1 else _NOTHING
        return Relation(self.scope.table)


def _is_output(node: Any, aliases: set[str]) -> bool:
    """Whether a node of ORDER BY is the name of a column that comes out, given by AS."""
    sort = node.sort_by if type(node).__name__ == "Node" and node.WhichOneof("node") == "sort_by" else None
    if sort is None or sort.node.WhichOneof("node") != "column_ref":
        return False
    names = strings(sort.node.column_ref.fields)
    return len(names) == 1 and names[0] in aliases - {""}
