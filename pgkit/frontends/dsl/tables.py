"""Tables, views and their columns from their trees."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import attrs

from pgkit.frontends.dsl.builder import Builder, leaves_of, subtrees, tokens_of, trees_of
from pgkit.frontends.dsl.constraints import (
    Owner,
    check,
    collation,
    constraint,
    foreign_key,
    index,
    key_clauses,
    policy,
)
from pgkit.frontends.dsl.sequences import options
from pgkit.grammar.lexer import Token
from pgkit.grammar.schema import Tree
from pgkit.ir.constraints import PrimaryKey, Unique
from pgkit.ir.expr import opaque
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Generated, Identity, MaterializedView, Table, View
from pgkit.ir.types import Scalar

# What a column may say once only, and what that is called.
_ONCE: Final[Mapping[str, str]] = {
    "default": "default",
    "always": "identity",
    "by_default": "identity",
    "generated": "generated",
    "collate": "collate",
    "comment": "comment",
    "was": "was",
    "not_null": "null",
    "nullable": "null",
    "column_primary_key": "primary key",
}


def table(build: Builder, tree: Tree) -> None:
    """`table NAME { ... }`."""
    schema, name = build.qname(trees_of(tree)[0])
    owner = _owner(build, tree, Ref("table", schema, name))
    for member in trees_of(tree):
        if put := _MEMBERS.get(member.data):
            put(build, owner, member)
    storage = [build.parameters(w) for w in subtrees(tree, "with")]
    flags = {str(m.data) for m in trees_of(tree)}
    parts: dict[str, Any] = {field: tuple(members) for field, members in owner.parts.items()}
    key = {ref for k in parts.get("primary_keys", ()) for ref in k.columns}
    columns = tuple(_in_key(owner.ref, c, key) for c in parts.pop("columns", ()))
    made = Table(
        schema=schema, name=name, columns=columns, unlogged=bool(tokens_of(tree, "UNLOGGED")),
        row_security="row_security" in flags, force_row_security="force_row_security" in flags,
        storage=storage[0] if storage else (), comment=build.comment(tree),
        span=build.span(trees_of(tree)[0]), **parts,
    )  # fmt: skip
    build.parts["tables"].append(made)


def _in_key(table: Ref, column: Column, key: set[Ref]) -> Column:
    """A column of a primary key is never null."""
    if column.nullable and table.of("column", column.name) in key:
        return attrs.evolve(column, nullable=False)
    return column


def _owner(build: Builder, tree: Tree, ref: Ref) -> Owner:
    """The owner of members; they lived in its old name, if it had one."""
    return Owner(ref, build.was(tree, ref))


def _commented(build: Builder, owner: Owner, tree: Tree) -> None:
    constraint(build, owner, trees_of(tree)[0], build.comment(tree))


def column(build: Builder, owner: Owner, tree: Tree) -> None:
    """A column, with the constraints that stand in its line."""
    name_token, type_token = tokens_of(tree)[:2]
    name = build.name(name_token)
    ref = owner.ref.of("column", name)
    made: dict[str, Any] = {"type": build.type(type_token)}
    seen: set[str] = set()
    for option in trees_of(tree):
        _once(build, seen, option, name_token)
        if option.data in _OPTIONS:
            made |= _OPTIONS[option.data](build, option, made)
        else:
            _inline(build, owner, ref, option)
    if made.get("identity"):
        made["nullable"] = False
    owner.add("columns", Column(name=name, span=build.span(name_token), **made))
    build.was(tree, ref, owner.before)


def _once(build: Builder, seen: set[str], option: Tree, column: Token) -> None:
    said = _ONCE.get(option.data)
    if said and said in seen:
        at = next(leaves_of(option), column)
        message = f"column {column.value} says `{said}` twice"
        build.wrong("twice", message, at.start, at.end, "keep one of them")
    if said:
        seen.add(said)


_INLINE: Final[Mapping[str, str]] = {
    "column_primary_key": "primary_key",
    "column_unique": "unique",
    "check": "check",
    "references": "foreign_key",
}


def _inline(build: Builder, owner: Owner, column: Ref, option: Tree) -> None:
    """`primary key`, `unique`, `check (...)` or `references ...` on a column."""
    name, named = "", option
    if option.data == "named":
        name = build.name(tokens_of(option)[0])
        option = trees_of(option)[-1]
        build.was(named, owner.ref.of(_INLINE[option.data], name), owner.before)
    match option.data:
        case "column_primary_key":
            key = PrimaryKey(name=name, columns=(column,), **key_clauses(build, option))
            owner.add("primary_keys", key)
        case "column_unique":
            same = bool(subtrees(option, "nulls_not_distinct"))
            extra = key_clauses(build, option)
            owner.add("uniques", Unique(name=name, columns=(column,), nulls_not_distinct=same, **extra))
        case "check":
            owner.add("checks", check(build, name, option))
        case "references":
            owner.add("foreign_keys", foreign_key(build, name, (column,), option))


def _default(build: Builder, tree: Tree, made: dict[str, Any]) -> dict[str, Any]:
    token = tokens_of(tree)[0]
    return {"default": build.expression(token, "default")}


def _generated(build: Builder, tree: Tree, made: dict[str, Any]) -> dict[str, Any]:
    how = tokens_of(tree, "STORED")
    expr = build.expression(tokens_of(tree, "PARENS")[0])
    stored = not how or how[0].value == "stored"
    return {"generated": Generated(expr=expr, stored=stored)}


def _identity(build: Builder, tree: Tree, made: dict[str, Any]) -> dict[str, Any]:
    written = [o for group in subtrees(tree, "identity_options") for o in trees_of(group)]
    names = [o for o in written if o.data == "sequence_name"]
    sequence = Ref("sequence", *build.qname(trees_of(names[0])[0])) if names else None
    type = made["type"]
    counts = options(build, [o for o in written if o.data != "sequence_name"], type)
    return {"identity": Identity(always=tree.data == "always", options=counts, sequence=sequence)}


_OPTIONS: Final[Mapping[str, Callable[[Builder, Tree, dict[str, Any]], dict[str, Any]]]] = {
    "not_null": lambda build, tree, made: {"nullable": False},
    "nullable": lambda build, tree, made: {"nullable": True},
    "default": _default,
    "generated": _generated,
    "always": _identity,
    "by_default": _identity,
    "collate": lambda build, tree, made: {"collation": collation(build, tree)},
    "comment": lambda build, tree, made: {"comment": build.said(tree)},
    "was": lambda build, tree, made: {},
}
_MEMBERS: Final[Mapping[str, Callable[[Builder, Owner, Tree], None]]] = {
    "column": column,
    "commented": _commented,
    "constraint": constraint,
    "index": index,
    "unique_index": index,
    "policy": policy,
}


def view(build: Builder, tree: Tree) -> None:
    """`view NAME as $$ ... $$`."""
    schema, name, parts, query = _query(build, tree, "view")
    options_ = [build.parameters(w) for w in subtrees(tree, "with")]
    made = View(
        schema=schema, name=name, query=query, options=options_[0] if options_ else (),
        columns=tuple(parts.get("columns", ())), comment=_comment(build, tree),
        span=build.span(trees_of(tree)[0]),
    )  # fmt: skip
    build.parts["views"].append(made)
    for stray in parts.get("indexes", ()):
        build.wrong("clause", "a view has no indexes", stray.span.start, stray.span.end,
                    "index the tables below it, or make it a materialized view")  # fmt: skip


def materialized_view(build: Builder, tree: Tree) -> None:
    """`materialized view NAME as $$ ... $$ { index ... }`."""
    schema, name, parts, query = _query(build, tree, "materialized_view")
    storage = [build.parameters(w) for w in subtrees(tree, "with")]
    methods = [build.name(tokens_of(u)[0]) for u in subtrees(tree, "using")]
    made = MaterializedView(
        schema=schema, name=name, query=query, storage=storage[0] if storage else (),
        method=methods[0] if methods else "heap", populated=not subtrees(tree, "no_data"),
        columns=tuple(parts.get("columns", ())), indexes=tuple(parts.get("indexes", ())),
        comment=_comment(build, tree), span=build.span(trees_of(tree)[0]),
    )  # fmt: skip
    build.parts["materialized_views"].append(made)


def _query(build: Builder, tree: Tree, kind: str) -> tuple[str, str, dict[str, list[Any]], Any]:
    schema, name = build.qname(trees_of(tree)[0])
    owner = _owner(build, tree, Ref(kind, schema, name))
    for block in subtrees(tree, "view_members"):
        for member in trees_of(block):
            if put := _MEMBERS.get(member.data):
                put(build, owner, member)
    text = build.body(tokens_of(tree, "BODY")[0], "query")
    return schema, name, owner.parts, opaque(text.strip(" \t\r\n\f\v"))


def _comment(build: Builder, tree: Tree) -> str | None:
    inside = [build.comment(block) for block in subtrees(tree, "view_members")]
    return build.comment(tree) or next((c for c in inside if c is not None), None)


def serial(type: Scalar) -> str | None:
    """The integer type behind serial and its sisters."""
    return _SERIALS.get(type.name) if not type.schema and not type.mods else None


_SERIALS: Final = {
    "serial": "integer", "serial4": "integer", "bigserial": "bigint", "serial8": "bigint",
    "smallserial": "smallint", "serial2": "smallint",
}  # fmt: skip
