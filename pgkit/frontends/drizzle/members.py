"""What belongs to a table, from the words of versions 5 to 9, which differ in little."""

from pgkit.frontends.drizzle.drafts import TableDraft
from pgkit.frontends.drizzle.index_element import index_key
from pgkit.frontends.drizzle.node import Node
from pgkit.frontends.drizzle.objects import options
from pgkit.frontends.drizzle.policies import policy
from pgkit.frontends.drizzle.sqltext import default, expression, required, text_of
from pgkit.frontends.drizzle.types import Enums, TypeText, column_type
from pgkit.ir.constraints import Action, Check, ForeignKey, Index, IndexKey, PrimaryKey, Unique
from pgkit.ir.names import Ref, column, object_name, truncate
from pgkit.ir.relations import Column, Generated, Identity
from pgkit.ir.types import PgType, Scalar


def add_column(node: Node, draft: TableDraft, enums: Enums) -> None:
    """A column; its NOT NULL may still follow from a key."""
    node.keys(*_COLUMN)
    name = node.name("name")
    written = type_text(node)
    type = column_type(written, draft.ref.schema, enums)
    made = Column(
        name=name,
        type=type,
        nullable=not node.flag("notNull"),
        default=default(node),
        identity=_identity(node.find("identity"), draft.ref, name, type),
        generated=_generated(node.find("generated")),
    )
    draft.add_column(node, made, written.serial)


_COLUMN = (
    *("schema", "table", "name", "type", "typeSchema", "dimensions", "primaryKey", "notNull", "default"),
    *("generated", "identity", "isUnique", "uniqueName", "nullsNotDistinct", "entityType"),
)


def type_text(node: Node) -> TypeText:
    """The type as the snapshot writes it."""
    dims = node.integer("dimensions") or 0
    if not 0 <= dims <= 6:
        raise node.at("dimensions").wrong("expected at most 6 dimensions")
    return TypeText(node.filled("type"), node.name("typeSchema", ""), dims)


def _identity(node: Node | None, table: Ref, name: str, type: PgType) -> Identity | None:
    if node is None:
        return None
    node.keys("type", "name", "schema", "increment", "startWith", "minValue", "maxValue", "cache", "cycle")
    kind = node.text("type")
    if kind not in ("always", "byDefault"):
        raise node.at("type").wrong("expected always or byDefault")
    sequence = node.name("name", "") or object_name(table.name, name, "seq")
    return Identity(
        always=kind == "always",
        options=options(node, type.name if isinstance(type, Scalar) else "bigint"),
        sequence=Ref("sequence", node.name("schema", "") or table.schema, sequence),
    )


def _generated(node: Node | None) -> Generated | None:
    if node is None:
        return None
    node.keys("as", "type")
    if node.text("type") not in ("stored", "virtual"):
        raise node.at("type").wrong("expected stored or virtual")
    return Generated(expr=required(node, "as"), stored=node.text("type") == "stored")


def add_primary_key(node: Node, draft: TableDraft) -> None:
    """A primary key with a name of its own."""
    node.keys(*_KEY)
    draft.add(node, PrimaryKey(name=node.name("name"), columns=columns(node, "columns", draft.ref)))


def add_unique(node: Node, draft: TableDraft) -> None:
    """A unique constraint."""
    node.keys(*_KEY, "nullsNotDistinct")
    made = Unique(
        name=node.name("name"),
        columns=columns(node, "columns", draft.ref),
        nulls_not_distinct=node.flag("nullsNotDistinct", False),
    )
    draft.add(node, made)


_KEY = ("schema", "table", "name", "nameExplicit", "columns", "entityType")


def add_check(node: Node, draft: TableDraft) -> None:
    """A check constraint."""
    node.keys("schema", "table", "name", "value", "entityType")
    draft.add(node, Check(name=node.name("name"), expr=required(node, "value")))


def add_foreign_key(node: Node, draft: TableDraft) -> None:
    """A foreign key; a target without a schema is in public."""
    node.keys(*_KEY, "tableFrom", "tableTo", "schemaTo", "columnsFrom", "columnsTo", "onDelete", "onUpdate")
    target = Ref("table", node.name("schemaTo", "") or "public", node.name("tableTo"))
    made = ForeignKey(
        name=node.name("name"),
        columns=columns(node, "columnsFrom" if node.find("columnsFrom") else "columns", draft.ref),
        references=columns(node, "columnsTo", target),
        on_delete=_action(node, "onDelete"),
        on_update=_action(node, "onUpdate"),
    )
    if len(made.columns) != len(made.references):
        raise node.wrong(f"{len(made.columns)} columns refer to {len(made.references)}")
    if node.name("tableFrom", draft.table.name) != draft.table.name:
        node.notes.misnamed.append(f"{node.place}.tableFrom")
    draft.add(node, made)


def _action(node: Node, key: str) -> Action:
    text = node.text(key, "").lower() or Action.NO_ACTION
    if text not in list(Action):
        raise node.at(key).wrong("expected no action, restrict, cascade, set null or set default")
    return Action(text)


def columns(node: Node, key: str, table: Ref) -> tuple[Ref, ...]:
    """The columns of `table` that are named under `key`; at least one."""
    found = node.at(key).names()
    if not found:
        raise node.at(key).wrong("expected a column, found none")
    return tuple(column(table, name) for name in found)


def add_index(node: Node, draft: TableDraft) -> None:
    """An index. CONCURRENTLY says how it is made, not what it is."""
    node.keys(*_KEY, "isUnique", "where", "concurrently", "method", "with")
    made = Index(
        name=node.name("name"),
        keys=tuple(_index_key(key, draft.ref) for key in node.at("columns").each()),
        unique=node.flag("isUnique"),
        method=node.name("method", "btree"),
        where=expression(node, "where"),
        storage=storage(node.find("with")),
    )
    if not made.keys:
        raise node.at("columns").wrong("expected a column, found none")
    draft.add(node, made)


def _index_key(node: Node, table: Ref) -> IndexKey:
    if isinstance(node.value, str):  # versions 5 and 6: a bare column
        return IndexKey(column=column(table, node.as_name()))
    node.keys("expression", "value", "isExpression", "asc", "nulls", "nullsFirst", "opclass")
    text = node.filled("expression" if node.find("expression") else "value")
    if node.flag("isExpression"):
        return index_key(table, text)
    return IndexKey(
        column=column(table, truncate(text)),
        opclass=_opclass(node.find("opclass")),
        descending=not node.flag("asc"),
        nulls_first=node.text("nulls", "last") == "first" or node.flag("nullsFirst", False),
    )


def _opclass(node: Node | None) -> str | None:
    if node is None:
        return None
    if isinstance(node.value, str):
        return node.as_text() or None
    return None if node.flag("default", False) else node.text("name")


def storage(node: Node | None) -> tuple[tuple[str, str], ...]:
    """Storage parameters: an object up to version 7, `k=v,k=v` from 8 on."""
    if node is None:
        return ()
    if isinstance(node.value, str):
        pairs = [part.partition("=") for part in node.as_text().split(",") if part.strip()]
        return tuple(sorted((key.strip(), value.strip()) for key, _, value in pairs))
    return tuple(sorted((key, text_of(value)) for key, value in node.members() if value.value is not None))


def add_policy(node: Node, draft: TableDraft) -> None:
    """A policy."""
    draft.add(node, policy(node))
