"""Files of a TypeScript folder: names, headers, imports, and the checks that hold for all of them."""

from collections.abc import Iterable, Iterator
from typing import Final

from pgkit.backends.collisions import name_collisions
from pgkit.backends.model import Model
from pgkit.backends.rows import RowModel, field_ref
from pgkit.backends.typescript.interfaces import RESERVED, id_name, open_name, type_name
from pgkit.backends.typescript.own import import_problems
from pgkit.diag import Diagnostic
from pgkit.ir.names import Ref

_TAKEN: Final = frozenset(("index", "enums", "composites", "domains", "ids", "drizzle", "_pg"))
_DEVICES: Final = ("con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10)))
_FORBIDDEN: Final = _TAKEN.union(_DEVICES)


def lower_first(name: str) -> str:
    """`LineItem` as `lineItem`."""
    return name[:1].lower() + name[1:]


def file_name(row: RowModel) -> str:
    """The file of a table or view, without its extension; never one of ours, nor a device of Windows."""
    name = lower_first(row.stem)
    return f"{name}_" if name.lower() in _FORBIDDEN else name


def problems(
    model: Model, names: Iterable[tuple[str, Ref]], others: Iterable[str] = (), *, one_file: bool = False
) -> Iterator[Diagnostic]:
    """What TypeScript cannot hold, and what of all that is exported, imported or written has one name.

    `others` are names of what stands in the files for no object of the catalog.
    """
    exported = [*names]
    yield from name_collisions(exported)
    yield from _file_collisions(model)
    taken = {*RESERVED, *others, *(name for name, _ in exported)}
    yield from import_problems(model, taken, one_file=one_file)
    for owner in model.owners:
        for field in owner.columns:
            if field.key == "__proto__":  # in an object literal it sets the prototype
                ref = field_ref(owner, field)
                yield Diagnostic(
                    "forbidden-key",
                    f"{ref} would be the key __proto__, which JavaScript objects cannot hold",
                    where=str(ref),
                    help=f'set json_name in [overrides."{ref}"]',
                )


def exported_types(model: Model) -> Iterator[tuple[str, Ref]]:
    """Every type that the TypeScript files export."""
    for row in model.rows:
        for suffix in ("Row", "Insert", "Update") if row.writable else ("Row",):
            yield f"{row.stem}{suffix}", row.ref
    for type in (*model.types, *model.domains):
        yield type_name(type), type.ref
    for enum in model.enums:
        if enum.open:
            yield open_name(enum), enum.ref
    for id in model.ids:
        yield id_name(id), id.ref


def _file_collisions(model: Model) -> Iterator[Diagnostic]:
    seen: dict[str, tuple[str, Ref]] = {}
    for row in model.rows:
        name = file_name(row)
        other, first = seen.setdefault(name.lower(), (name, row.ref))
        if other != name:  # the same name is a collision of types already
            yield Diagnostic(
                "file-name-collision",
                f"{first} and {row.ref} would be one file, {name}.ts, where file names ignore case",
                where=str(row.ref),
                help=f'set name in [overrides."{row.ref}"]',
            )
