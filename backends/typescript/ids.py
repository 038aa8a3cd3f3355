"""ids.ts: a type for the keys of each table that has a key of one column, for whatever refers to it too."""

from collections.abc import Iterable, Iterator
from typing import Final

from pgkit.backends.typescript import syntax
from pgkit.backends.typescript.docs import LINE, WIDTH, Group, Indent, width
from pgkit.backends.typescript.interfaces import id_name
from pgkit.backends.typescript.types import wire_type
from pgkit.backends.values import IdModel

_BRAND: Final = """\
declare const brand: unique symbol;

/**
 * What tells the keys of one table from those of others; at run time there is
 * nothing of it.
 */
export interface Branded<Name extends string> {
  readonly [brand]: Name;
}"""


def id_types(ids: Iterable[IdModel]) -> Iterator[str]:
    """What ids.ts holds of types."""
    yield _BRAND
    for id in ids:
        yield _declared(id)


def _declared(id: IdModel) -> str:
    name, plain = id_name(id), wire_type(id.value.form)
    said = f"A key of `{syntax.visible(str(id.ref))}`, and of what refers to it; `value as {name}` makes one."
    left, brand = f"export type {name} =", f'Branded<"{name}">'
    flat = f"{left} {plain} & {brand};"
    if width(flat) > WIDTH:
        flat = syntax.assigned(left, Group((f"{plain} &", Indent((LINE, brand)))), ";")
    return "\n".join([*syntax.comment([said]), flat])
