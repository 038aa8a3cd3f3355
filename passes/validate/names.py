"""Checks of names: given, of a length that Postgres keeps, free, and once in each name space."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from attrs import frozen

from pgkit.diag import Diagnostic
from pgkit.ir.constraints import Check, ForeignKey, PrimaryKey, Unique
from pgkit.ir.names import MAX_BYTES, Ref, truncate
from pgkit.passes.naming import NameParts
from pgkit.passes.validate.known import Known, article, constraints_of, noun, path, problem
from pgkit.sql import quote

_NAMED_BY_POSTGRES: Final = ("primary_key", "unique", "foreign_key", "check", "index", "multirange")
SYSTEM_COLUMNS: Final = ("tableoid", "ctid", "xmin", "cmin", "xmax", "cmax")
_MAX_COLUMNS: Final = 1600
# Relations and types, in the order in which the later of two is told to change its name.
_RELATIONS: Final = ("table", "view", "materialized_view", "sequence", "composite")
_TYPES: Final = ("enum", "domain", "range", "multirange", "composite")
_OWNING: Final = ("primary_key", "unique", "index")  # relations that belong to a table
_CONSTRAINTS: Final = ("primary_key", "unique", "foreign_key", "check")


@frozen
class _Use:
    """A name that is used: where, by what."""

    name: str
    kind: str
    ref: Ref
    obj: Any


def empty_names(known: Known) -> Iterator[Diagnostic]:
    """An object without a name that Postgres would not name by itself."""
    for ref, obj in known.all:
        by_postgres = obj.kind in _NAMED_BY_POSTGRES or (obj.kind == "sequence" and obj.owned_by)
        if not obj.name and not by_postgres:
            yield problem("empty-name", f"{article(noun(obj.kind))} has no name", ref, obj, "give it a name")


def long_names(known: Known) -> Iterator[Diagnostic]:
    """A name over 63 bytes: Postgres cuts it without an error, and makes something of another name."""
    for ref, obj in known.all:
        if (size := len(obj.name.encode())) > MAX_BYTES:
            message = (
                f"the name of {article(noun(obj.kind))} has {size} bytes, and Postgres keeps {MAX_BYTES}"
            )
            yield problem(
                "long-name", message, ref, obj, f"shorten it; cut, it is {quote(truncate(obj.name))}"
            )


def too_many_columns(known: Known) -> Iterator[Diagnostic]:
    """More columns or attributes than a row has room for."""
    for ref, obj in known.all:
        count = (
            len(getattr(obj, "columns", ())) if obj.kind == "table" else len(getattr(obj, "attributes", ()))
        )
        if count > _MAX_COLUMNS:
            message = f"{path(ref)} has {count} columns, and Postgres takes {_MAX_COLUMNS}"
            yield problem("too-many-columns", message, ref, obj, "split it, or keep part of it in jsonb")


def reserved_names(known: Known) -> Iterator[Diagnostic]:
    """Names that Postgres keeps for itself."""
    for ref, obj in known.all:
        if why := _reserved(ref, obj.name):
            yield problem("reserved-name", f"{quote(obj.name)} {why}", ref, obj, "choose another name")


def _reserved(ref: Ref, name: str) -> str | None:
    match ref.kind:
        case "schema" if name == "public":
            return "is in every database, and is not declared"
        case "schema" | "role" if name.startswith("pg_"):
            return "begins with pg_, which Postgres keeps for itself"
        case "role" if name in ("public", "none"):
            return "is no name for a role"
        case "column" if name in SYSTEM_COLUMNS:
            return "is a system column of every table"
        case _:
            return None


def duplicate_relations(known: Known) -> Iterator[Diagnostic]:
    """Tables, views, sequences, indexes and composite types of one schema share their names."""
    found = [_Use(r.name, r.kind, r, o) for k in _RELATIONS for r, o in known.all if r.kind == k]
    found += [_Use(r.member, r.kind, r, o) for r, o in known.all if r.kind in _OWNING]
    found += _of_identities(known)
    help = "tables, views, sequences, indexes and composites share the names of a schema: rename one of them"
    yield from _clashes(found, lambda use: use.ref.schema, help)


def _of_identities(known: Known) -> Iterator[_Use]:
    """The sequences of identity columns, which are no objects of a catalog."""
    for table in known.catalog.tables:
        for column in table.columns:
            sequence = column.identity.sequence if column.identity else None
            if sequence is not None:
                yield _Use(sequence.name, "sequence", table.ref.of("column", column.name), column)


def duplicate_types(known: Known) -> Iterator[Diagnostic]:
    """Types of one schema share their names, also with the row types of its tables and views."""
    types = [_Use(r.member or r.name, r.kind, r, o) for r, o in known.all if r.kind in _TYPES]
    rows = [_Use(r.name, r.kind, r, o) for r, o in known.all if r.kind in _RELATIONS[:-1]]
    help = "types share the names of a schema, also with its tables and views: rename one of them"
    both = _RELATIONS  # two relations are told of already
    yield from _clashes([*types, *rows, *_of_identities(known)], lambda use: use.ref.schema, help, both)


def duplicate_constraints(known: Known) -> Iterator[Diagnostic]:
    """The constraints of one table, or of one domain, have names of their own."""
    found = [_Use(r.member, r.kind, r, o) for r, o in known.all if r.kind in _CONSTRAINTS]
    help = "the constraints of a table share their names: rename one of them"
    yield from _clashes(found, lambda use: use.ref.owner or _place(use.ref), help, _OWNING)


def duplicate_members(known: Known) -> Iterator[Diagnostic]:
    """Columns, attributes and policies: once in each table or type."""
    for kind in ("column", "attribute", "policy"):
        found = (_Use(o.name, kind, r, o) for r, o in known.all if o.kind == kind)
        yield from _clashes(found, lambda use: use.ref.owner or use.ref, "rename one of them, or take it out")


def duplicate_globals(known: Known) -> Iterator[Diagnostic]:
    """Schemas, roles and extensions: once in each database."""
    for kind in ("schema", "role", "extension"):
        found = [_Use(o.name, kind, r, o) for r, o in known.all if o.kind == kind]
        yield from _clashes(found, lambda use: "", "declare it once")


def duplicate_labels(known: Known) -> Iterator[Diagnostic]:
    """Each label of an enum once, and none over 63 bytes, which Postgres refuses to cut."""
    for enum in known.catalog.enums:
        ref, seen = Ref("enum", enum.schema, enum.name), set[str]()
        for label in enum.labels:
            if label in seen:
                message = f"{path(ref)} has the label {label!r} twice"
                yield problem("duplicate-label", message, ref, enum, "take one of them out")
            if (size := len(label.encode())) > MAX_BYTES:
                message = f"the label {label!r} has {size} bytes, and Postgres takes {MAX_BYTES}"
                yield problem("long-label", message, ref, enum, "shorten it")
            seen.add(label)


def taken_by_not_null(known: Known) -> Iterator[Diagnostic]:
    """NOT NULL is a constraint with a name, made with its table (18+) or its domain (17+)."""
    if known.version >= 17:
        yield from _taken_in_domains(known)
    if known.version < 18:
        return
    named = [r for r, _ in known.all if r.kind in _CONSTRAINTS and "_not_null" in r.member]
    for table in known.catalog.tables if named else ():
        implied = {NameParts(table.name, c.name, "not_null").name for c in table.columns if not c.nullable}
        for obj in constraints_of(table):
            alone = [r.member for r in named if r.schema == table.schema].count(obj.name) == 1
            if obj.name in implied and alone and _made_later(obj):
                ref = table.ref.of(obj.kind, obj.name)
                message = (
                    f"{quote(obj.name)} is the name that Postgres gives to a NOT NULL of {path(table.ref)}"
                )
                yield problem("duplicate-name", message, ref, obj, "choose another name")


def _taken_in_domains(known: Known) -> Iterator[Diagnostic]:
    for domain in known.catalog.domains:
        implied = NameParts(domain.name, "", "not_null").name
        for check in domain.checks if not domain.nullable else ():
            if check.name == implied:
                ref = Ref("domain", domain.schema, domain.name)
                message = (
                    f"{quote(check.name)} is the name that Postgres gives to the NOT NULL of {path(ref)}"
                )
                yield problem(
                    "duplicate-name", message, ref.of("check", check.name), check, "choose another name"
                )


def _made_later(obj: PrimaryKey | Unique | ForeignKey | Check) -> bool:
    """A check in CREATE TABLE comes before NOT NULL, which then takes another name."""
    return not isinstance(obj, Check) or not obj.validated


def _place(ref: Ref) -> Ref:
    return Ref(ref.within, ref.schema, ref.name)


def _clashes(uses: Iterable[_Use], space: Any, help: str, told: tuple[str, ...] = ()) -> Iterator[Diagnostic]:
    """A diagnostic for each use of a name after the first; those between kinds `told` are told elsewhere."""
    first: dict[tuple[Any, str], _Use] = {}
    for use in uses:
        if not use.name:
            continue
        other = first.setdefault((space(use), truncate(use.name)), use)
        if other is not use and not (other.kind in told and use.kind in told):
            yield _clash(use, other, help)


def _clash(use: _Use, other: _Use, help: str) -> Diagnostic:
    if use.name != other.name:
        message = f"{quote(use.name)} and {quote(other.name)} are one name, cut to {MAX_BYTES} bytes"
        return problem(
            "truncated-clash", message, use.ref, use.obj, "make them differ earlier, or shorten them"
        )
    what = f"another {noun(use.kind)}" if use.kind == other.kind else article(noun(other.kind))
    owner = f" of {path(other.ref.owner)}" if other.ref.owner else ""
    message = f"{article(noun(use.kind))} has the name of {what}{owner}: {_written(use)}"
    return problem("duplicate-name", message, use.ref, use.obj, help)


def _written(use: _Use) -> str:
    return path(use.ref) if not use.ref.owner else quote(use.name)
