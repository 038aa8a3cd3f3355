"""Tells which statements no transaction may be open around, and which begin or end one."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from attrs import frozen
from postgast import pg_query_pb2 as pg

from pgkit.grammar.tree import nodes_of, parsed_statement, strings

# Most statements start with a word, and have none of the others, that decides without a parse tree.
_SUSPECT: Final = re.compile(
    r"(?:vacuum|begin|start|commit|end|rollback|abort|prepare|discard|reindex|cluster)\b"
    r"|(?:create|drop|alter)\b.*?\b(?:concurrently|database|tablespace|system|subscription)\b",
    re.IGNORECASE | re.DOTALL,
)
_ENDS: Final = {
    pg.TRANS_STMT_BEGIN,
    pg.TRANS_STMT_START,
    pg.TRANS_STMT_COMMIT,
    pg.TRANS_STMT_ROLLBACK,
    pg.TRANS_STMT_PREPARE,
    pg.TRANS_STMT_COMMIT_PREPARED,
    pg.TRANS_STMT_ROLLBACK_PREPARED,
}
_PREPARED: Final = {
    pg.TRANS_STMT_COMMIT_PREPARED: "COMMIT PREPARED",
    pg.TRANS_STMT_ROLLBACK_PREPARED: "ROLLBACK PREPARED",
}
_REINDEXED: Final = {
    pg.REINDEX_OBJECT_SCHEMA: "REINDEX SCHEMA",
    pg.REINDEX_OBJECT_SYSTEM: "REINDEX SYSTEM",
    pg.REINDEX_OBJECT_DATABASE: "REINDEX DATABASE",
}
# Reading the labels of a type fails as well while one of them is not committed.
_READS_LABELS: Final = ("enum_range", "enum_last", "enum_first")


@frozen
class Behaviour:
    """How a statement stands to transactions.

    `alone` names what it is, if no transaction may be open around it. REINDEX and CLUSTER of what is
    partitioned are such too, but no text shows what is. `controls` is whether it begins or ends a
    transaction itself; savepoints do neither.
    """

    alone: str | None = None
    controls: bool = False


def behaviour(statement: str) -> Behaviour:
    """How a statement stands to transactions; as any other does, if Postgres does not accept it."""
    if not _SUSPECT.match(statement):
        return Behaviour()
    node = parsed_statement(statement)
    if node is None:
        return Behaviour()
    kind = str(node.WhichOneof("node"))
    inner = getattr(node, kind)
    controls = kind == "transaction_stmt" and inner.kind in _ENDS
    return Behaviour(_ALONE[kind](inner) if kind in _ALONE else None, controls)


def _concurrent_index(node: Any) -> str | None:
    return "CREATE INDEX CONCURRENTLY" if node.concurrent else None


def _concurrent_drop(node: Any) -> str | None:
    return "DROP INDEX CONCURRENTLY" if node.concurrent else None


def _reindex(node: Any) -> str | None:
    if "concurrently" in _chosen(node.params):
        return "REINDEX CONCURRENTLY"
    return _REINDEXED.get(node.kind)


def _vacuum(node: Any) -> str | None:
    return "VACUUM" if node.is_vacuumcmd else None  # the other one is ANALYZE


def _cluster(node: Any) -> str | None:
    return None if node.HasField("relation") else "CLUSTER without a table"


def _discard(node: Any) -> str | None:
    return "DISCARD ALL" if node.target == pg.DISCARD_ALL else None


def _detach(node: Any) -> str | None:
    commands = (c.alter_table_cmd for c in node.cmds)
    parts = (c for c in commands if c.subtype == pg.AT_DetachPartition)
    concurrent = any(getattr(c, "def").partition_cmd.concurrent for c in parts)
    return "DETACH PARTITION CONCURRENTLY" if concurrent else None


def _alter_database(node: Any) -> str | None:
    moves = any(o.def_elem.defname == "tablespace" for o in node.options)
    return "ALTER DATABASE SET TABLESPACE" if moves else None


def _create_subscription(node: Any) -> str | None:
    """It makes a slot on the other server, unless told not to."""
    off = _refused(node.options)
    return None if off & {"create_slot", "connect"} else "CREATE SUBSCRIPTION with a slot"


_REFRESHING: Final = (
    pg.ALTER_SUBSCRIPTION_SET_PUBLICATION,
    pg.ALTER_SUBSCRIPTION_ADD_PUBLICATION,
    pg.ALTER_SUBSCRIPTION_DROP_PUBLICATION,
)


def _alter_subscription(node: Any) -> str | None:
    if node.kind == pg.ALTER_SUBSCRIPTION_REFRESH:
        return "ALTER SUBSCRIPTION REFRESH PUBLICATION"
    off = _refused(node.options)
    if node.kind in _REFRESHING and "refresh" not in off:
        return "ALTER SUBSCRIPTION with a refresh"
    # These change the slot on the other server
    if "failover" in _chosen(node.options) | off:
        return "ALTER SUBSCRIPTION SET (failover)"
    return "ALTER SUBSCRIPTION SET (two_phase = off)" if "two_phase" in off else None


def _always(name: str) -> Callable[[Any], str | None]:
    return lambda node: name


_ALONE: Final[dict[str, Callable[[Any], str | None]]] = {
    "transaction_stmt": lambda node: _PREPARED.get(node.kind),
    "index_stmt": _concurrent_index,
    "drop_stmt": _concurrent_drop,
    "reindex_stmt": _reindex,
    "vacuum_stmt": _vacuum,
    "cluster_stmt": _cluster,
    "discard_stmt": _discard,
    "alter_table_stmt": _detach,
    "createdb_stmt": _always("CREATE DATABASE"),
    "dropdb_stmt": _always("DROP DATABASE"),
    "alter_database_stmt": _alter_database,
    "create_table_space_stmt": _always("CREATE TABLESPACE"),
    "drop_table_space_stmt": _always("DROP TABLESPACE"),
    "alter_system_stmt": _always("ALTER SYSTEM"),
    "create_subscription_stmt": _create_subscription,
    # The one that has no slot any more could go in a transaction; what it has is in the database only.
    "drop_subscription_stmt": _always("DROP SUBSCRIPTION"),
    "alter_subscription_stmt": _alter_subscription,
}
_OFF: Final = ("false", "off", "0", "none")


def _chosen(options: Any) -> set[str]:
    """The names of the options that are on."""
    return {o.def_elem.defname for o in options} - _refused(options)


def _refused(options: Any) -> set[str]:
    """The names of the options that are off."""
    return {o.def_elem.defname for o in options if _value(o.def_elem.arg).lower() in _OFF}


def _value(node: Any) -> str:
    match node.WhichOneof("node"):
        case "string":
            return str(node.string.sval)
        case "integer":
            return str(node.integer.ival)
        case "boolean":
            return str(node.boolean.boolval)
        case "type_name":
            return strings(node.type_name.names)[-1]
        case _:
            return ""


@frozen
class Added:
    """A label that a statement adds to an enum, and the first later one that may use it."""

    statement: int
    label: str
    user: int


def labels_used(statements: Sequence[str]) -> Iterator[Added]:
    """The labels that are added to an enum and may be used before the transaction that does so is over.

    Postgres refuses that, unless the type is as new as the label. A use is any text that holds the label as a
    word: a constant, or what stands in the body of a function or of DO.
    """
    created: list[tuple[str, ...]] = []
    added: list[tuple[int, str]] = []
    for i, text in enumerate(statements):
        tree = parsed_statement(text) if added else None
        used = [(at, label) for at, label in added if tree and _mentions(tree, label)]
        yield from (Added(at, label, i) for at, label in used)
        added = [each for each in added if each not in used]
        created += _created(text)
        added += [(i, label) for name, label in _added(text) if not any(_same(c, name) for c in created)]


_ADDS: Final = re.compile(r"alter\b.*\bvalue\b", re.IGNORECASE | re.DOTALL)
_CREATES: Final = re.compile(r"create\b.*\benum\b", re.IGNORECASE | re.DOTALL)


def _added(statement: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """The type and the label, if the statement adds one."""
    node = parsed_statement(statement) if _ADDS.match(statement) else None
    if node is not None and node.HasField("alter_enum_stmt") and not node.alter_enum_stmt.old_val:
        yield strings(node.alter_enum_stmt.type_name), str(node.alter_enum_stmt.new_val)


def _created(statement: str) -> Iterator[tuple[str, ...]]:
    """The name of the enum, if the statement makes one."""
    node = parsed_statement(statement) if _CREATES.match(statement) else None
    if node is not None and node.HasField("create_enum_stmt"):
        yield strings(node.create_enum_stmt.type_name)


def _same(made: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Whether two names may be of one type: the schema counts where both have it."""
    return made[-1] == name[-1] and (len(made) != len(name) or made == name)


def _mentions(tree: Any, label: str) -> bool:
    word = re.compile(rf"(?<!\w){re.escape(label)}(?!\w)")
    return any(word.search(text) or text in _READS_LABELS for text in _texts(tree))


def _texts(tree: Any) -> Iterator[str]:
    """The constants of a statement, its names, and the bodies in it."""
    for node in nodes_of(tree):
        match type(node).__name__:
            case "A_Const":
                yield str(node.sval.sval)
            case "FuncCall":
                yield strings(node.funcname)[-1]
            case "DefElem":
                yield from (str(n.sval) for n in nodes_of(node) if type(n).__name__ == "String")
