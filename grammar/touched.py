"""Finds the objects that a statement makes, changes or drops, as far as Postgres's parser can tell."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import postgast
from postgast import pg_query_pb2 as pg

from pgkit.ir.names import Ref

# The statements of a DO block that only guards them: DO $$ BEGIN ...; EXCEPTION WHEN ... END $$
_GUARDED: Final = re.compile(r"\s*begin\b(?P<body>.*?)(?:\bexception\s+when\b.*)?\bend\s*;?\s*", re.I | re.S)
_OF_COLUMN: Final = re.compile("Column|NotNull|Identity|Expression|Statistics|Storage|Compression")
_CONSTRAINTS: Final[Mapping[int, str]] = {
    pg.CONSTR_PRIMARY: "primary_key",
    pg.CONSTR_UNIQUE: "unique",
    pg.CONSTR_FOREIGN: "foreign_key",
    pg.CONSTR_CHECK: "check",
    pg.CONSTR_EXCLUSION: "exclusion",
}
_OBJECTS: Final[Mapping[int, str]] = {
    pg.OBJECT_TABLE: "table",
    pg.OBJECT_INDEX: "index",
    pg.OBJECT_VIEW: "view",
    pg.OBJECT_MATVIEW: "materialized_view",
    pg.OBJECT_SEQUENCE: "sequence",
    pg.OBJECT_TYPE: "type",
    pg.OBJECT_DOMAIN: "domain",
    pg.OBJECT_SCHEMA: "schema",
    pg.OBJECT_EXTENSION: "extension",
    pg.OBJECT_FUNCTION: "function",
    pg.OBJECT_TRIGGER: "trigger",
    pg.OBJECT_POLICY: "policy",
    pg.OBJECT_COLUMN: "column",
    pg.OBJECT_TABCONSTRAINT: "constraint",
}


def touched(statement: str, schema: str = "public") -> tuple[Ref, ...]:
    """The objects that the statement makes, changes or drops; unqualified names are taken to be in `schema`.

    What has no name in the text is left out. A constraint whose kind the text does not tell is a
    `constraint`, an index that is only named an `index` without a table.
    """
    try:
        parsed = postgast.parse(statement).stmts
    except (postgast.PgQueryError, ValueError):
        return ()
    found = (ref for raw in parsed for ref in _of(raw.stmt, schema))
    return tuple(dict.fromkeys(found))


def extension_of(statement: str) -> str | None:
    """The extension that the statement creates, alters, drops or comments on."""
    if not re.match(r"(create|alter|drop|comment)\b.*\bextension\b", statement, re.I | re.S):
        return None
    return next((ref.name for ref in touched(statement) if ref.kind == "extension"), None)


def _of(node: Any, schema: str) -> Iterator[Ref]:
    kind = node.WhichOneof("node")
    if finder := _FINDERS.get(kind):
        yield from finder(getattr(node, kind), schema)


def _relation(kind: str, relation: Any, schema: str) -> Ref:
    return Ref(kind, relation.schemaname or schema, relation.relname)


def _made_relation(kind: str) -> Callable[[Any, str], Iterator[Ref]]:
    return lambda node, schema: iter((_relation(kind, node.relation, schema),))


def _named(kind: str, field: str) -> Callable[[Any, str], Iterator[Ref]]:
    return lambda node, schema: iter((_path(kind, getattr(node, field), schema),))


def _path(kind: str, nodes: Any, schema: str) -> Ref:
    parts = [node.string.sval for node in nodes]
    return Ref(kind, parts[-2] if len(parts) > 1 else schema, parts[-1])


def _alter_table(node: Any, schema: str) -> Iterator[Ref]:
    table = _relation(_OBJECTS.get(node.objtype, "table"), node.relation, schema)
    for command in node.cmds:
        yield from _command(command.alter_table_cmd, table)


def _command(command: Any, table: Ref) -> Iterator[Ref]:
    match command.subtype:
        case pg.AT_AddColumn:
            yield table.of("column", getattr(command, "def").column_def.colname)
        case pg.AT_AddConstraint:
            constraint = getattr(command, "def").constraint
            if constraint.conname:
                yield table.of(_CONSTRAINTS.get(constraint.contype, "constraint"), constraint.conname)
        case pg.AT_DropConstraint | pg.AT_ValidateConstraint | pg.AT_AlterConstraint:
            yield table.of("constraint", command.name)
        case _ if command.name and _OF_COLUMN.search(pg.AlterTableType.Name(command.subtype)):
            yield table.of("column", command.name)
        case _:
            yield table


def _index(node: Any, schema: str) -> Iterator[Ref]:
    if node.idxname:
        yield _relation("table", node.relation, schema).of("index", node.idxname)


def _table_as(node: Any, schema: str) -> Iterator[Ref]:
    yield _relation(_OBJECTS.get(node.objtype, "table"), node.into.rel, schema)


def _rename(node: Any, schema: str) -> Iterator[Ref]:
    kind = _OBJECTS.get(node.rename_type)
    if kind is None or not node.relation.relname:
        return
    relation = _relation("table", node.relation, schema)
    if node.subname:
        yield from (relation.of(kind, node.subname), relation.of(kind, node.newname))
    else:
        yield from (Ref(kind, relation.schema, relation.name), Ref(kind, relation.schema, node.newname))


def _drop(node: Any, schema: str) -> Iterator[Ref]:
    kind = _OBJECTS.get(node.remove_type)
    for dropped in node.objects if kind else ():
        yield from _dropped(str(kind), dropped, schema)


def _dropped(kind: str, node: Any, schema: str) -> Iterator[Ref]:
    match node.WhichOneof("node"), kind:
        case "string", _:
            yield Ref(kind, "", node.string.sval)
        case "list", "trigger" | "policy":
            *table, member = node.list.items
            yield _path("table", table, schema).of(kind, member.string.sval)
        case "list", _:
            yield _path(kind, node.list.items, schema)
        case "type_name", _:
            yield _path(kind, node.type_name.names, schema)
        case "object_with_args", _:
            yield _path(kind, node.object_with_args.objname, schema)


def _guarded(node: Any, schema: str) -> Iterator[Ref]:
    for arg in node.args:
        if arg.def_elem.defname == "as" and (inner := _GUARDED.fullmatch(arg.def_elem.arg.string.sval)):
            yield from touched(inner["body"], schema)


def _comment(node: Any, schema: str) -> Iterator[Ref]:
    if node.objtype == pg.OBJECT_EXTENSION:
        yield Ref("extension", "", node.object.string.sval)


_FINDERS: Final[Mapping[str, Callable[[Any, str], Iterator[Ref]]]] = {
    "create_stmt": _made_relation("table"),
    "create_table_as_stmt": _table_as,
    "view_stmt": lambda node, schema: iter((_relation("view", node.view, schema),)),
    "create_seq_stmt": lambda node, schema: iter((_relation("sequence", node.sequence, schema),)),
    "index_stmt": _index,
    "alter_table_stmt": _alter_table,
    "create_enum_stmt": _named("enum", "type_name"),
    "alter_enum_stmt": _named("enum", "type_name"),
    "create_range_stmt": _named("range", "type_name"),
    "create_domain_stmt": _named("domain", "domainname"),
    "alter_domain_stmt": _named("domain", "type_name"),
    "composite_type_stmt": lambda node, schema: iter((_relation("composite", node.typevar, schema),)),
    "create_function_stmt": _named("function", "funcname"),
    "create_trig_stmt": lambda n, schema: iter(
        (_relation("table", n.relation, schema).of("trigger", n.trigname),)
    ),
    "create_policy_stmt": lambda n, schema: iter(
        (_relation("table", n.table, schema).of("policy", n.policy_name),)
    ),
    "alter_policy_stmt": lambda n, schema: iter(
        (_relation("table", n.table, schema).of("policy", n.policy_name),)
    ),
    "create_schema_stmt": lambda node, schema: iter((Ref("schema", "", node.schemaname),)),
    "create_extension_stmt": lambda node, schema: iter((Ref("extension", "", node.extname),)),
    "alter_extension_stmt": lambda node, schema: iter((Ref("extension", "", node.extname),)),
    "rename_stmt": _rename,
    "drop_stmt": _drop,
    "comment_stmt": _comment,
    "do_stmt": _guarded,
}
