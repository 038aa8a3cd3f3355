"""Checks of types: that they are there, with modifiers they take, and are not inside themselves."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final

from pgkit.diag import Diagnostic, Severity
from pgkit.ir.kinds import Domain
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column
from pgkit.ir.scalars import ALIASES, ROWS, Shape
from pgkit.ir.types import Named, PgType, Scalar
from pgkit.ir.walk import refs_in, scalars_in
from pgkit.passes.validate.facts import COLLATABLE, MODIFIERS, PSEUDO
from pgkit.passes.validate.known import Known, circle, elements, nearest, own_values, path, problem
from pgkit.sql import quote, render

DECLARED: Final = ("enum", "domain", "composite", "range", "multirange")
_ROWS: Final = ("table", "view", "materialized_view")
_CUT: Final = ("time", "timestamp", "interval")  # Postgres takes a precision over 6, and makes it 6


def unknown_types(known: Known) -> Iterator[Diagnostic]:
    """A type that neither Postgres, nor the catalog, nor an extension that it declares can provide."""
    for ref, obj in known.all:
        for scalar in _scalars(obj):
            if scalar.row.shape is Shape.UNKNOWN:
                yield from _unknown(known, ref, obj, scalar)
            elif scalar.row.extension:
                yield from _of_extension(known, ref, obj, scalar)
        for type in _named(obj):
            if type not in known.objects and not _is_provided(known, type.schema, type.member or type.name):
                yield _no_type(known, ref, obj, path(type), type.member or type.name)


def type_modifiers(known: Known) -> Iterator[Diagnostic]:
    """Modifiers that a type does not take, or not of that size."""
    for ref, obj in known.all:
        for scalar in _scalars(obj):
            if scalar.row.shape is not Shape.UNKNOWN and (why := _bad_modifiers(scalar)):
                message, help = why
                yield problem("type-modifier", f"{render(scalar)}: {message}", ref, obj, help)


def collations(known: Known) -> Iterator[Diagnostic]:
    """A collation on what is no text."""
    for ref, obj in known.all:
        if getattr(obj, "collation", None) is None:
            continue
        type = known.base(elements(getattr(obj, "subtype", None) or obj.type))
        scalar = isinstance(type, Scalar) and type.row.shape is not Shape.UNKNOWN
        if isinstance(type, Named) or (scalar and isinstance(type, Scalar) and type.name not in COLLATABLE):
            message = f"{quote(obj.name)} has a collation, and its type {render(type)} sorts by none"
            yield problem("collation", message, ref, obj, "take the collation out")


def type_cycles(known: Known) -> Iterator[Diagnostic]:
    """A type that is made of itself, in the end."""
    graph: dict[Ref, set[Ref]] = {}
    for ref, obj in known.all:
        owner = ref.owner or ref
        if owner.kind in (*DECLARED, "table"):
            graph.setdefault(owner, set()).update(t.owner or t for t in _named(obj))
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        around: list[Ref] = error.args[1]
        message = circle(around, "is made of")
        help = "no type can hold itself: refer to a row by its key"
        yield problem("type-cycle", message, around[0], known.objects.get(around[0]), help)


def unknown_labels(known: Known) -> Iterator[Diagnostic]:
    """A default of an enum column that is none of its labels."""
    for ref, obj in known.all:
        default = getattr(obj, "default", None)
        if not isinstance(obj, Column | Domain) or default is None:
            continue
        type = known.base(obj.type)
        enum = known.objects.get(type.ref) if isinstance(type, Named) and type.ref.kind == "enum" else None
        label = getattr(getattr(default, "arg", default), "text", None)
        kind = getattr(getattr(default, "arg", default), "kind", None)
        if enum is not None and kind == "string" and label not in enum.labels:
            found = nearest(str(label), enum.labels)
            help = (
                f"did you mean {found!r}?" if found else f"its labels are {', '.join(enum.labels) or 'none'}"
            )
            yield problem(
                "unknown-label",
                f"{path(Ref('enum', enum.schema, enum.name))} has no label {label!r}",
                ref,
                obj,
                help,
            )


def _scalars(obj: Any) -> Iterator[Scalar]:
    for value in own_values(obj):
        yield from scalars_in(value)


def _named(obj: Any) -> Iterator[Ref]:
    """The declared types that an object's own fields mention, row types where they stand for a type."""
    type = getattr(obj, "type", None) or getattr(obj, "subtype", None)
    for value in own_values(obj):
        for ref in refs_in(value):
            if ref.kind in DECLARED or (ref.kind in _ROWS and value is type):
                yield ref


def _is_provided(known: Known, schema: str, name: str) -> bool:
    return (schema, name) in known.unmodelled or (not schema and any(n == name for _, n in known.unmodelled))


def _unknown(known: Known, ref: Ref, obj: Any, scalar: Scalar) -> Iterator[Diagnostic]:
    built_in = scalar.schema in ("pg_catalog", "information_schema") or scalar.name.startswith("pg_")
    if not scalar.schema and scalar.name.strip('"') in PSEUDO:
        message = f"{scalar.name} is no type for a column"
        yield problem("pseudo-type", message, ref, obj, "use a type that has values")
    elif not built_in and not _is_provided(known, scalar.schema, scalar.name):
        written = ".".join(p for p in (scalar.schema, scalar.name) if p)
        yield _no_type(known, ref, obj, written, scalar.name)


def _no_type(known: Known, ref: Ref, obj: Any, written: str, name: str) -> Diagnostic:
    """The finding, a warning where an extension that pgkit does not know may provide the type."""
    names = [*known.names(*DECLARED), *ROWS, *ALIASES]
    found = nearest(written, names) or nearest(name, names)
    help = f"did you mean {found}?" if found else "declare it with `enum`, or use a type of Postgres"
    severity = Severity.WARNING if known.is_outside("", "") else Severity.ERROR
    return problem("unknown-type", f"no type named {written}", ref, obj, help, severity)


def _of_extension(known: Known, ref: Ref, obj: Any, scalar: Scalar) -> Iterator[Diagnostic]:
    """A source that cannot declare extensions, such as a Drizzle folder, is not asked for one."""
    declared = known.extensions - {"plpgsql"}
    if declared and scalar.row.extension not in declared and not known.is_outside("", ""):
        extension = quote(scalar.row.extension)
        message = f"the type {scalar.name} comes with the extension {extension}, which is not declared"
        yield problem("missing-extension", message, ref, obj, f"declare the extension {extension}")


def _bad_modifiers(scalar: Scalar) -> tuple[str, str] | None:
    mods, ranges = scalar.mods, MODIFIERS.get(scalar.name, ())
    if scalar.name == "interval":
        mods, ranges = tuple(m for m in mods if m.isdigit()), ((0, 6),)
    elif len(mods) > max(scalar.row.mods, len(ranges)):
        return "too many modifiers", f"{scalar.name} takes {max(scalar.row.mods, len(ranges)) or 'none'}"
    for mod, (least, most) in zip(mods, ranges, strict=False):
        if not mod.lstrip("-").isdigit() or not least <= int(mod) <= most:
            cut = scalar.name.startswith(_CUT)
            help = f"it is {least} to {most}" + (", and Postgres cuts more silently" if cut else "")
            return f"{mod} is out of range", help
    return None


def is_integer(type: PgType) -> bool:
    """Whether a sequence can count in this type."""
    return isinstance(type, Scalar) and type.name in ("smallint", "integer", "bigint")
