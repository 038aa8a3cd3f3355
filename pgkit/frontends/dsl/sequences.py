"""The options of a sequence, of its own or of an identity column."""

from typing import Any

from pgkit.frontends.dsl.builder import Builder, subtrees, tokens_of, trees_of
from pgkit.grammar.schema import Tree
from pgkit.ir.names import Ref, column
from pgkit.ir.relations import Sequence, SequenceOptions, sequence_options
from pgkit.ir.types import PgType, Scalar

_NUMBERS = {
    "increment": "increment",
    "min_value": "min_value",
    "max_value": "max_value",
    "start_with": "start",
    "cache": "cache",
}


def options(build: Builder, written: list[Tree], type: PgType) -> SequenceOptions:
    """All the numbers, given those that are written."""
    found: dict[str, Any] = {}
    for option in written:
        if option.data in _NUMBERS:
            found[_NUMBERS[option.data]] = build.number(tokens_of(option)[0])
        elif option.data == "cycle":
            found["cycle"] = True
    if found.get("increment") == 0:
        span = build.span(next(o for o in written if o.data == "increment"))
        build.wrong(
            "not-a-number", "a sequence cannot increment by zero", span.start, span.end, "leave it out"
        )
    return sequence_options(type.name if isinstance(type, Scalar) else "bigint", **found)


def sequence(build: Builder, tree: Tree) -> None:
    """`sequence NAME as integer start with 7 owned by t.c`."""
    schema, name = build.qname(trees_of(tree)[0])
    types = [build.type(tokens_of(t)[0]) for t in subtrees(tree, "sequence_type")]
    type = types[0] if types else Scalar("bigint")
    owners = [_column(build, schema, trees_of(o)[0]) for o in subtrees(tree, "owned")]
    made = Sequence(
        schema=schema, name=name, type=type, options=options(build, trees_of(tree), type),
        unlogged=bool(tokens_of(tree, "UNLOGGED")), owned_by=owners[0] if owners else None,
        comment=build.comment(tree), span=build.span(trees_of(tree)[0]),
    )  # fmt: skip
    build.parts["sequences"].append(made)
    build.was(tree, Ref("sequence", schema, name))


def _column(build: Builder, schema: str, tree: Tree) -> Ref | None:
    path = build.path(tree)
    if len(path) == 3:
        return column(Ref("table", path[0], path[1]), path[2])
    if len(path) == 2:
        return column(Ref("table", schema, path[0]), path[1])
    span = build.span(tree)
    build.wrong(
        "owned-by", "expected a column of a table", span.start, span.end, "write owned by table.column"
    )
    return None
