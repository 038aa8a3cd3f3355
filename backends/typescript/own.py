"""Types and schemas of the project's own: what is printed for them, and what is imported."""

import re
from collections.abc import Iterable, Iterator, Sequence, Set

from attrs import frozen

from pgkit.backends.model import Model
from pgkit.backends.values import Field, Own, own_of
from pgkit.diag import Diagnostic


@frozen
class OwnName:
    """A name of the project's own, and the module that exports it."""

    name: str
    module: str


def own_type(own: Own) -> str:
    """The type of the project's own, else that of its schema, else nothing."""
    if own.ts:
        return own.ts
    return f"z.infer<typeof {own.zod}>" if own.zod else ""


def own_types(fields: Iterable[Field]) -> Iterator[OwnName]:
    """What is imported for the types of fields."""
    for own in (own_of(field.value) for field in fields):
        if own.ts and own.ts_import:
            yield OwnName(_head(own.ts), own.ts_import)
        elif not own.ts and own.zod and own.zod_import:
            yield OwnName(_head(own.zod), own.zod_import)


def zod_types(fields: Iterable[Field]) -> tuple[str, ...]:
    """The import of Zod's types, where types of fields are those of schemas."""
    own = (own_of(field.value) for field in fields)
    return ('import type * as z from "zod";',) if any(o.zod and not o.ts for o in own) else ()


def own_schemas(fields: Iterable[Field]) -> Iterator[OwnName]:
    """What is imported for the schemas of fields."""
    for own in (own_of(field.value) for field in fields):
        if own.zod and own.zod_import:
            yield OwnName(_head(own.zod), own.zod_import)


def import_problems(model: Model, taken: Set[str], *, one_file: bool) -> Iterator[Diagnostic]:
    """What is imported under a name that is `taken`, or twice into a file from different modules."""
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
        yield "index.ts", [*attributes, *(f for row in model.rows for f in row.fields)]
        return
    yield "composites.ts", attributes
    for row in model.rows:
        yield str(row.ref), row.fields


def _modules(fields: Sequence[Field]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for own in (*own_types(fields), *own_schemas(fields)):
        found.setdefault(own.name, set()).add(own.module)
    return found


def _problem(name: str, message: str, place: str) -> Diagnostic:
    help = f"export it under another name than {name}"
    return Diagnostic("import-collision", message, where=place, help=help)


def _head(path: str) -> str:
    found = re.match(r"[\w$]+", path)
    return found[0] if found else path
