"""ids.ts: a schema for the keys of each table that has a key of one column, for whatever refers to it too."""

from pgkit.backends.typescript import syntax
from pgkit.backends.values import IdModel
from pgkit.backends.zod.expressions import Chain
from pgkit.backends.zod.schemas import id_schema_name, of_key, plain_schema
from pgkit.backends.zod.styles import Style, constant


def id_schema(id: IdModel, chain: Chain, style: Style) -> str:
    """The schema of a table's keys, which takes what they are in the database and gives their type."""
    name = id_schema_name(id)
    said = f"Makes a key of `{syntax.visible(str(id.ref))}` of what can be one: `{name}.parse(value)`."
    return "\n".join([*syntax.comment([said]), constant(style, f"export const {name}", chain)])


def id_chain(id: IdModel) -> Chain:
    """The expression of the schema of a table's keys."""
    return of_key(id, plain_schema(id.value, insert=True))
