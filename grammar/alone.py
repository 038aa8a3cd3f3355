"""Tells what a statement that runs outside of transactions is about: the names in it."""

import re
from typing import Any, Final

from attrs import frozen
from postgast import pg_query_pb2 as pg

from pgkit.grammar.tree import parsed_statement, strings

_SAVED: Final = (pg.VAR_SET_VALUE, pg.VAR_SET_DEFAULT, pg.VAR_SET_CURRENT, pg.VAR_RESET, pg.VAR_RESET_ALL)

_CONFIGURES: Final = re.compile(r"select\s+(?:pg_catalog\.)?set_config\s*\(", re.IGNORECASE)


@frozen
class Subject:
    """The object that a statement makes, drops or changes, as its name is written; `of` is its table."""

    name: tuple[str, ...] = ()
    of: tuple[str, ...] = ()


def subject(statement: str) -> Subject:
    """What a statement is about; nothing where there is no one thing."""
    node = parsed_statement(statement)
    kind = str(node.WhichOneof("node")) if node is not None else ""
    inner: Any = getattr(node, kind, None)
    match kind:
        case "index_stmt":
            return Subject((inner.idxname,) if inner.idxname else (), _path(inner.relation))
        case "drop_stmt" if len(inner.objects) == 1:
            return Subject(strings(inner.objects[0].list.items))
        case "reindex_stmt":
            return Subject(_path(inner.relation) if inner.HasField("relation") else ())
        case "alter_table_stmt" if len(inner.cmds) == 1:
            part = getattr(inner.cmds[0].alter_table_cmd, "def").partition_cmd.name
            return Subject(_path(part), _path(inner.relation))
        case _:
            return Subject(_single(inner))


def keeps_setting(statement: str) -> bool:
    """Whether a statement only changes a setting of the session, for what comes after it."""
    if _CONFIGURES.match(statement):
        return True
    node = parsed_statement(statement)
    if node is None or not node.HasField("variable_set_stmt"):
        return False
    return node.variable_set_stmt.kind in _SAVED and not node.variable_set_stmt.is_local


def _single(node: Any) -> tuple[str, ...]:
    """The name of a database, a tablespace, a subscription or a prepared transaction."""
    names = (str(getattr(node, key, "")) for key in ("dbname", "tablespacename", "subname", "gid"))
    return tuple(name for name in names if name)[:1]


def _path(relation: Any) -> tuple[str, ...]:
    return tuple(part for part in (relation.catalogname, relation.schemaname, relation.relname) if part)
