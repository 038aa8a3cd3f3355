"""Tells what a statement is about as a whole: its kind, a database or a table, and the roles in it."""

from collections.abc import Iterator
from typing import Any, Final

import postgast
from attrs import frozen
from postgast import pg_query_pb2 as pg

_OBJECTS: Final = {
    pg.OBJECT_DATABASE: "database",
    pg.OBJECT_TABLESPACE: "tablespace",
    pg.OBJECT_SUBSCRIPTION: "subscription",
    pg.OBJECT_SCHEMA: "schema",
    pg.OBJECT_ROLE: "role",
}
_NAMED: Final = {
    "createdb_stmt": "database",
    "dropdb_stmt": "database",
    "alter_database_stmt": "database",
    "alter_database_set_stmt": "database",
    "alter_database_refresh_coll_stmt": "database",
    "create_table_space_stmt": "tablespace",
    "drop_table_space_stmt": "tablespace",
    "alter_table_space_options_stmt": "tablespace",
    "create_subscription_stmt": "subscription",
    "alter_subscription_stmt": "subscription",
    "drop_subscription_stmt": "subscription",
    "create_schema_stmt": "schema",
    "create_role_stmt": "role",
    "alter_role_stmt": "role",
    "alter_role_set_stmt": "role",
    "drop_role_stmt": "role",
}
_DROPS: Final = (pg.AT_DropConstraint, pg.AT_DropColumn, pg.AT_ColumnDefault, pg.AT_DropNotNull)


@frozen
class About:
    """What a statement is about. `kind` is the parser's own word for it, `create_policy_stmt`.

    An ALTER TABLE that does nothing but change the owner is an `alter_owner_stmt`, as other objects have it;
    one that only drops something is a `drop_stmt`, and so is what pg_dump --clean makes of a view: one in its
    place that selects nothing but NULLs, and needs nothing.
    """

    kind: str
    object: str = ""  # "database", "tablespace", "subscription", "schema", "role", or ""
    name: str = ""  # of a database, a schema or a role that is created
    roles: tuple[str, ...] = ()


def about(statement: str) -> About | None:
    """What a statement is about; None if Postgres's parser does not accept it as one statement."""
    try:
        statements = postgast.parse(statement).stmts
    except (postgast.PgQueryError, ValueError):
        return None
    if len(statements) != 1:
        return None
    kind = str(statements[0].stmt.WhichOneof("node"))
    node = getattr(statements[0].stmt, kind)
    name = node.role if kind == "create_role_stmt" else getattr(node, "dbname", "")
    name = name or getattr(node, "schemaname", "")
    return About(_kind(kind, node), _object(kind, node), name, tuple(dict.fromkeys(_roles(kind, node))))


def _kind(kind: str, node: Any) -> str:
    if kind == "view_stmt" and node.replace and _selects_nothing(node.query.select_stmt):
        return "drop_stmt"
    if kind != "alter_table_stmt":
        return kind
    commands = [command.alter_table_cmd for command in node.cmds]
    if all(command.subtype == pg.AT_ChangeOwner for command in commands):
        return "alter_owner_stmt"
    drops = all(c.subtype in _DROPS and not c.HasField("def") for c in commands)
    return "drop_stmt" if drops else kind


def _selects_nothing(select: Any) -> bool:
    values = [target.res_target.val.type_cast.arg.a_const for target in select.target_list]
    return not select.from_clause and all(value.isnull for value in values)


def _object(kind: str, node: Any) -> str:
    if kind == "alter_role_set_stmt" and node.database:
        return "database"
    if kind in _NAMED:
        return _NAMED[kind]
    number = next(
        (getattr(node, f) for f in ("objtype", "object_type", "rename_type") if hasattr(node, f)), 0
    )
    return _OBJECTS.get(number, "")


def _roles(kind: str, node: Any) -> Iterator[str]:
    match kind:
        case "variable_set_stmt":
            if node.name in ("role", "session_authorization"):
                yield from (arg.a_const.sval.sval for arg in node.args if arg.a_const.sval.sval != "none")
        case "create_role_stmt":
            yield node.role
        case "rename_stmt" if node.rename_type == pg.OBJECT_ROLE:
            yield node.subname
        case "comment_stmt" if node.objtype == pg.OBJECT_ROLE:
            yield node.object.string.sval
        case "grant_role_stmt":
            yield from (role.access_priv.priv_name for role in node.granted_roles)
    yield from (n.rolename for n in _nodes(node) if type(n).__name__ == "RoleSpec" and n.rolename)


def _nodes(message: Any) -> Iterator[Any]:
    yield message
    for descriptor, value in message.ListFields():
        if descriptor.message_type is None:
            continue
        for child in value if descriptor.is_repeated else (value,):
            yield from _nodes(child)
