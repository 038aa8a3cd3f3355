"""Schemas, extensions, roles, types and plain SQL from their trees, and the table of all declarations."""

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any, Final

from pgkit.frontends.dsl.builder import Builder, Renamed, subtrees, tokens_of, trees_of
from pgkit.frontends.dsl.constraints import Owner, collation, constraint
from pgkit.frontends.dsl.sequences import sequence
from pgkit.frontends.dsl.tables import materialized_view, table, view
from pgkit.grammar.lexer import Token
from pgkit.grammar.schema import Tree
from pgkit.ir.kinds import (
    Attribute,
    Composite,
    Domain,
    Enum,
    Extension,
    Multirange,
    Range,
    Role,
    Schema,
    Unmodelled,
)
from pgkit.ir.names import Ref

_FLAGS: Final = {
    "superuser": "superuser",
    "createdb": "create_db",
    "createrole": "create_role",
    "inherit": "inherit",
    "login": "login",
    "replication": "replication",
    "bypassrls": "bypass_rls",
}
_PLACES: Final = {"policies": "policy", "indexes": "index", "type": "composite", "types": "composite"}


def extension(build: Builder, tree: Tree) -> None:
    """`extension NAME schema S version 'V'`."""
    token = tokens_of(tree)[0]
    found: dict[str, str] = {}
    for option in trees_of(tree):
        value = tokens_of(option)[0]
        if option.data == "version":
            found["version"] = build.string(value)
        else:
            found["schema"] = build.name(value)
    build.parts["extensions"].append(Extension(name=build.name(token), span=build.span(token), **found))


def schema(build: Builder, tree: Tree) -> None:
    """`schema NAME`."""
    token = tokens_of(tree)[0]
    made = Schema(name=build.name(token), comment=build.comment(tree), span=build.span(token))
    build.parts["schemas"].append(made)
    build.was(tree, Ref("schema", "", made.name))


def role(build: Builder, tree: Tree) -> None:
    """`role NAME login createdb`."""
    token = tokens_of(tree)[0]
    found: dict[str, Any] = {}
    for option in trees_of(tree):
        if option.data == "connection_limit":
            found["connection_limit"] = build.number(tokens_of(option)[0])
        elif option.data == "flag":
            word = tokens_of(option)[0].value
            found[_FLAGS[word.removeprefix("no")]] = not word.startswith("no")
    made = Role(name=build.name(token), comment=build.comment(tree), span=build.span(token), **found)
    build.parts["roles"].append(made)
    build.was(tree, Ref("role", "", made.name))


def enum(build: Builder, tree: Tree) -> None:
    """`enum NAME { a, 'b c' }`."""
    schema, name = build.qname(trees_of(tree)[0])
    ref = Ref("enum", schema, name)
    before = build.was(tree, ref)
    labels = []
    for label in subtrees(tree, "label"):
        new, *old = [build.string(t) for t in tokens_of(label)]
        labels.append(new)
        build.renames.extend(
            Renamed(before.ref.of("enum_value", o), ref.of("enum_value", new), build.span(label), before.full)
            for o in old
        )
    made = Enum(schema=schema, name=name, labels=tuple(labels), comment=build.comment(tree),
                span=build.span(trees_of(tree)[0]))  # fmt: skip
    build.parts["enums"].append(made)


def domain(build: Builder, tree: Tree) -> None:
    """`domain NAME as TYPE default ... not null check (...)`."""
    schema, name = build.qname(trees_of(tree)[0])
    ref = Ref("domain", schema, name)
    owner = Owner(ref, build.was(tree, ref))
    found: dict[str, Any] = {"type": build.type(tokens_of(tree, "DATATYPE")[0])}
    comment = build.comment(tree)
    for option in _options(tree):
        match option.data:
            case "collate":
                found["collation"] = collation(build, option)
            case "default":
                found["default"] = build.expression(tokens_of(option)[0], "default")
            case "not_null":
                found["nullable"] = False
            case "constraint":
                constraint(build, owner, option)
            case "commented":
                constraint(build, owner, trees_of(option)[0], build.comment(option))
            case "domain_members":
                comment = comment or build.comment(option)
    _only_checks(build, owner)
    made = Domain(schema=schema, name=name, checks=tuple(owner.parts.get("checks", ())), comment=comment,
                  span=build.span(trees_of(tree)[0]), **found)  # fmt: skip
    build.parts["domains"].append(made)


def _options(tree: Tree) -> Iterator[Tree]:
    for option in trees_of(tree):
        yield option
        if option.data == "domain_members":
            yield from trees_of(option)


def _only_checks(build: Builder, owner: Owner) -> None:
    for field, made in owner.parts.items():
        for stray in made if field != "checks" else ():
            build.wrong("clause", "a domain has checks, and no other constraints", stray.span.start,
                        stray.span.end, "put the key on the table")  # fmt: skip


def composite(build: Builder, tree: Tree) -> None:
    """`type NAME { field type }`."""
    schema, name = build.qname(trees_of(tree)[0])
    ref = Ref("composite", schema, name)
    owner = Owner(ref, build.was(tree, ref))
    attributes = tuple(_attribute(build, owner, a) for a in subtrees(tree, "attribute"))
    made = Composite(schema=schema, name=name, attributes=attributes, comment=build.comment(tree),
                     span=build.span(trees_of(tree)[0]))  # fmt: skip
    build.parts["composites"].append(made)


def _attribute(build: Builder, owner: Owner, tree: Tree) -> Attribute:
    name, type = tokens_of(tree)[:2]
    collations = [collation(build, c) for c in subtrees(tree, "collate")]
    made = Attribute(
        name=build.name(name), type=build.type(type), collation=collations[0] if collations else None,
        comment=build.comment(tree), span=build.span(name),
    )  # fmt: skip
    build.was(tree, owner.ref.of("attribute", made.name), owner.before)
    return made


def range_(build: Builder, tree: Tree) -> None:
    """`range NAME (subtype = TYPE, multirange_type_name = NAME)`."""
    schema, name = build.qname(trees_of(tree)[0])
    found: dict[str, Any] = {}
    for option in trees_of(tree)[1:]:
        found |= _range_option(build, schema, option)
    if "subtype" not in found:
        span = build.span(trees_of(tree)[0])
        help = "write range name (subtype = type)"
        build.wrong("no-subtype", "a range needs its subtype", span.start, span.end, help)
        return
    made = Range(schema=schema, name=name, comment=build.comment(tree), span=build.span(trees_of(tree)[0]),
                 **found)  # fmt: skip
    build.parts["ranges"].append(made)
    build.was(tree, Ref("range", schema, name))


def _range_option(build: Builder, schema: str, option: Tree) -> dict[str, Any]:
    match option.data:
        case "subtype":
            return {"subtype": build.type(tokens_of(option)[0])}
        case "subtype_opclass":
            return {"opclass": ".".join(build.path(trees_of(option)[0]))}
        case "collation":
            return {"collation": collation(build, option)}
        case "canonical" | "subtype_diff" as field:
            return {str(field): Ref("function", *build.qname(trees_of(option)[0], ""))}
        case "multirange":
            return {"multiranges": (Multirange(name=build.path(trees_of(option)[0])[-1]),)}
        case _:
            return {}


def sql(build: Builder, tree: Tree) -> None:
    """`sql NAME after tables $$ ... $$`: what pgkit does not model, with its place among what it does."""
    token = tokens_of(tree, "IDENT")[0]
    text = build.body(tokens_of(tree, "BODY")[0], "script")
    places: dict[str, Any] = {"after": (), "before": ()}
    for clause in subtrees(tree, "after", "before"):
        places[str(clause.data)] += tuple(_place(build, p) for p in trees_of(clause))
    made = Unmodelled(kind="sql", name=build.name(token), hash=_hash(text), definition=text, **places)
    build.parts["unmodelled"].append(made)


def _place(build: Builder, tree: Tree) -> Ref:
    """An object, or all of a kind as a Ref without a name."""
    word = tokens_of(tree)[0]
    if word.type == "PLURAL":
        return Ref(_PLACES.get(word.value, word.value.removesuffix("s")), "", "")
    kind = _PLACES.get(word.value, word.value.replace(" ", "_"))
    path = build.path(trees_of(tree)[0])
    if kind in ("schema", "role", "extension", "sql"):
        return Ref(kind, "", path[-1])
    return Ref(kind, *(path[-2:] if len(path) > 1 else ("public", path[0])))


def unmodelled(build: Builder, tree: Tree) -> None:
    """`unmodelled KIND PATH hash '...' depends on ... as $$ ... $$`: what another source holds."""
    bodies = tokens_of(tree, "BODY")
    definition = build.text(bodies[0]) if bodies else None
    hashes = [build.string(tokens_of(h)[0]) for h in subtrees(tree, "hash")]
    path = _path(build, subtrees(tree, "path")[0])
    made = Unmodelled(
        kind=build.string(tokens_of(tree, "LABEL")[0]), schema=path[0], name=path[1], member=path[2],
        hash=hashes[0] if hashes else _hash(definition or ""), definition=definition,
        refs=tuple(_dependency(build, d) for ds in subtrees(tree, "depends") for d in trees_of(ds)),
    )  # fmt: skip
    build.parts["unmodelled"].append(made)


def _dependency(build: Builder, tree: Tree) -> Ref:
    kind, *within = [build.string(t) for t in tokens_of(tree, "LABEL")]
    schema, name, member = _path(build, trees_of(tree)[0])
    return Ref(kind, schema, name, member, *within)


def _path(build: Builder, tree: Tree) -> tuple[str, str, str]:
    """Schema, name and member; here a part may be empty."""
    parts = [_part(build, t) for t in tokens_of(tree, "IDENT")]
    match parts:
        case [name]:
            return "", name, ""
        case [schema, name]:
            return schema, name, ""
        case [schema, name, member]:
            return schema, name, member
    span = build.span(tree)
    build.wrong(
        "path", "a name has three parts at most", span.start, span.end, "quote a part that holds dots"
    )
    return parts[0], parts[1], parts[2]


def _part(build: Builder, token: Token) -> str:
    return "" if token.value == '""' else build.name(token)


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


DECLARATIONS: Final[Mapping[str, Callable[[Builder, Tree], None]]] = {
    "extension": extension,
    "schema": schema,
    "role": role,
    "enum": enum,
    "domain": domain,
    "composite": composite,
    "range": range_,
    "sequence": sequence,
    "table": table,
    "view": view,
    "materialized_view": materialized_view,
    "sql": sql,
    "unmodelled": unmodelled,
}
