"""Names in generated code that cannot stand: two for one, or one that the configuration spells oddly."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

from pgkit.diag import Diagnostic
from pgkit.ir.names import Ref

if TYPE_CHECKING:
    from pgkit.backends.model import Model
from pgkit.backends.rows import field_ref
from pgkit.backends.values import OTHER, EnumModel

T = TypeVar("T")


def duplicates(items: Iterable[tuple[str, T]]) -> Iterator[tuple[str, T, T]]:
    """Each name that is there again, with what has it first and what has it then."""
    items = [*items]
    seen = dict(items)
    if len(seen) == len(items):
        return  # as nearly always
    seen.clear()
    for name, item in items:
        if name in seen:
            yield name, seen[name], item
        seen.setdefault(name, item)


def collisions(model: "Model") -> Iterator[Diagnostic]:
    """A diagnostic for each two names of a model that are the same, in JSON or as a stem."""
    for owner in model.owners:
        for key, a, b in duplicates((f.key, f) for f in owner.columns):
            yield Diagnostic(
                "json-key-collision",
                f"{field_ref(owner, a)} and {field_ref(owner, b)} are both {key} in JSON",
                where=str(owner.ref),
                help=f'set json_name in [overrides."{field_ref(owner, b)}"]',
            )
    for enum in model.enums:
        yield from _label_collisions(enum)
    yield from name_collisions((r.stem, r.ref) for r in model.rows)
    yield from name_collisions((t.stem, t.ref) for t in model.types)


def odd_names(names: Mapping[Ref, str]) -> Iterator[Diagnostic]:
    """A diagnostic for each chosen name that cannot be part of an identifier."""
    for ref, name in sorted(names.items()):
        if not re.fullmatch(r"[A-Z][0-9A-Za-z]*", name):
            yield Diagnostic(
                "odd-name",
                f'"{name}" cannot name {ref}',
                where="pgkit.toml",
                help="a name is ASCII letters and digits, and begins with a capital",
            )


def _label_collisions(enum: "EnumModel") -> Iterator[Diagnostic]:
    labels = [*zip(enum.members, (f'"{label}"' for label in enum.labels), strict=True)]
    others = [(OTHER, "those that are not listed")] if enum.open else []
    for name, a, b in duplicates([*labels, *others]):
        yield Diagnostic(
            "label-name-collision",
            f"labels {a} and {b} would both be named {name}",
            where=str(enum.ref),
            help=f'give one another name in [overrides."{enum.ref}".labels]',
        )


def name_collisions(names: Iterable[tuple[str, Ref]]) -> Iterator[Diagnostic]:
    """A diagnostic for each two objects whose generated names are the same."""
    for name, first, second in duplicates(names):
        yield same_name(name, first, second)


def same_name(name: str, first: Ref, second: Ref) -> Diagnostic:
    """That two objects would have this name."""
    return Diagnostic(
        "type-name-collision",
        f"{first.kind} {first} and {second.kind} {second} would both be named {name}",
        where=str(second),
        help=f'set name in [overrides."{second}"]',
    )
