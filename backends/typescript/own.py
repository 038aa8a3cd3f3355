"""Types and schemas of the project's own: what is printed for them, and what is imported."""

import re
from collections.abc import Iterator, Sequence, Set
from itertools import chain
from typing import NamedTuple

from pgkit.backends.model import Model
from pgkit.backends.values import Field, Own, own_of
from pgkit.diag import Diagnostic


class OwnName(NamedTuple):
    """A name of the project's own, and the module that exports it."""

    name: str
    module: str


def own_type(own: Own) -> str:
    """The type of the project's own, else that of its schema, else nothing."""
    if own.ts:
        return own.ts
    return f"z.infer<typeof {own.zod}>" if own.zod else ""


def type_import(field: Field) -> OwnName | None:
    """What is imported for the type of a field."""
    own = own_of(field.value)
    if own.ts:
        return OwnName(_head(own.ts), own.ts_import) if own.ts_import else None
    return schema_import(field)


def schema_import(field: Field) -> OwnName | None:
    """What is imported for the schema of a field."""
    own = own_of(field.value)
    return OwnName(_head(own.zod), own.zod_import) if own.zod and own.zod_import else None


def import_problems(model: Model, taken: Set[str], *, one_file: bool) -> Iterator[Diagnostic]:
    """What is imported under a name that is `taken`, or twice into a file from different modules."""
    if not any(map(_imports, {field for owner in model.owners for field in owner.columns})):
        return  # as most projects have none
    for owner, fields in _files(model, one_file=one_file):
        for name, modules in _modules(fields).items():
            message = f"{owner} imports {name} from {' and from '.join(sorted(modules))}"
            if name in taken:
                yield _problem(name, f"{message}, and {name} is generated too", owner)
            elif len(modules) > 1:
                yield _problem(name, message, owner)


def _files(model: Model, *, one_file: bool) -> Iterator[tuple[str, Sequence[Field]]]:
    attributes = [f for composite in model.composites for f in composite.fields]
    if one_file:
        yield "index.ts", [*attributes, *(f for row in model.rows for f in row.columns)]
        return
    yield "composites.ts", attributes
    for row in model.rows:
        yield str(row.ref), row.columns


def _modules(fields: Sequence[Field]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for own in chain.from_iterable(map(_imports, fields)):
        found.setdefault(own.name, set()).add(own.module)
    return found


def _imports(field: Field) -> tuple[OwnName, ...]:
    return tuple(filter(None, (type_import(field), schema_import(field))))


def _problem(name: str, message: str, place: str) -> Diagnostic:
    help = f"export it under another name than {name}"
    return Diagnostic("import-collision", message, where=place, help=help)


def _head(path: str) -> str:
    found = re.match(r"[\w$]+", path)
    return found[0] if found else path
