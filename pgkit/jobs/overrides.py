"""`[overrides]`: what each name is, whether what is said of it can be, and what the backends are told."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from attrs import frozen

from pgkit.backends.values import Own
from pgkit.ir.catalog import Catalog
from pgkit.ir.kinds import Domain, Enum
from pgkit.ir.names import Ref
from pgkit.ir.relations import Table
from pgkit.ir.scalars import Shape
from pgkit.ir.type_text import parse_type
from pgkit.ir.types import Array, Named, PgType, Scalar
from pgkit.ir.walk import Declared, scalars_in
from pgkit.jobs.config import Override
from pgkit.jobs.toml import nearest
from pgkit.jobs.type_names import NAMES, Problem, bad_names, said_names

RELATIONS: Final = ("table", "view", "materialized_view")
TYPES: Final = ("enum", "composite", "domain", "range", "scalar")
_VALUES: Final = ("column", *TYPES)
_PLACES: Final = ("column", "attribute")
_FITS: Final = {
    "json_name": (_PLACES, "columns"),
    "name": ((*RELATIONS, "enum", "composite", "domain"), "tables, views and types"),
    "labels": (("enum",), "enums"),
    "enum_unknown": (("enum",), "enums"),
    "tenant_column": (RELATIONS, "tables and views"),
    "rust": ((*_VALUES, "attribute"), "columns, attributes and types"),
    **dict.fromkeys(NAMES, ((*_VALUES, "attribute"), "columns, attributes and types")),
    "read_sql": ((*_VALUES, "attribute"), "columns, attributes and types"),
    "write_sql": (_VALUES, "columns and types"),
    "array_nulls": ((*_VALUES, "attribute"), "columns, attributes and types"),
    "infinity": ((*_VALUES, "attribute"), "columns, attributes and types"),
    "nullable": (("column",), "columns"),
}
_OWN: Final = ("rust", "read_sql", "write_sql", "infinity", "array_nulls", "nullable")
_RUST_TYPE: Final = re.compile(r"(::)?[A-Za-z_]\w*(::[A-Za-z_]\w*)*(<[\w:<>, ]+>)?", re.ASCII)
_STEM: Final = re.compile(r"[A-Z][0-9A-Za-z]*", re.ASCII)
_INFINITE: Final = (Shape.DATE, Shape.TIMESTAMP, Shape.INSTANT)


@frozen
class Target:
    """What an override is of: an object of the catalog by its Ref, or a scalar by its name."""

    kind: str
    key: Ref | str
    type: PgType | None = None  # of a column or a domain


@frozen
class Overrides:
    """The names that overrides can be of, in one catalog."""

    objects: Mapping[Ref, Declared]
    scalars: frozenset[str]

    @classmethod
    def of(cls, catalog: Catalog, objects: Mapping[Ref, Declared]) -> "Overrides":
        """Those of a catalog, whose objects are given by their Refs."""
        return cls(objects, frozenset(map(scalar_key, scalars_in(catalog))))

    @property
    def names(self) -> dict[str, Target]:
        """Everything that an override can be of; the kinds have no name in common."""
        named: dict[str, Target] = {name: Target("scalar", name) for name in self.scalars}
        for ref, obj in self.objects.items():
            if ref.kind in _FITS["name"][0] + _VALUES + ("attribute",):
                named[str(ref)] = Target(ref.kind, ref, getattr(obj, "type", None))
        return named

    def find(self, name: str) -> Target | None:
        """What a name in the configuration is of; a scalar under any of its names."""
        found = self.names.get(name)
        if found is not None:
            return found
        type = parse_type(name)
        key = scalar_key(type) if isinstance(type, Scalar) and not type.mods else ""
        return Target("scalar", key) if key in self.scalars else None

    def problems(self, target: Target, override: Override) -> Iterator[Problem]:
        """What cannot be said of this, or not so."""
        for key, (kinds, meant) in _FITS.items():
            if _said(override, key) and target.kind not in kinds:
                name = target.key if isinstance(target.key, str) else str(target.key)
                yield key, "misplaced-key", f"{key} means nothing to {name}", f"{key} is for {meant}"
        yield from _bad_names(override)
        yield from _bad_types(override)
        yield from bad_names(override)
        yield from self._bad_tenant(target, override)
        yield from self._bad_labels(target, override)
        yield from self._bad_nullable(target, override)
        if target.type is not None:
            yield from self._pointless(target, target.type, override)

    def _bad_labels(self, target: Target, override: Override) -> Iterator[Problem]:
        enum = self.objects.get(target.key) if isinstance(target.key, Ref) else None
        if isinstance(enum, Enum):
            for label in override.labels.keys() - set(enum.labels):
                near = nearest(label, list(enum.labels))
                help = f"did you mean {near}?" if near else f"its labels are {', '.join(enum.labels)}"
                message = f'enum {enum.schema}.{enum.name} has no label "{label}"'
                yield "labels", "unknown-name", message, help

    def _bad_tenant(self, target: Target, override: Override) -> Iterator[Problem]:
        relation = self.objects.get(target.key) if isinstance(target.key, Ref) else None
        names = [c.name for c in getattr(relation, "columns", ())]
        if override.tenant_column and names and override.tenant_column not in names:
            near = nearest(override.tenant_column, names)
            message = f"{target.key} has no column {override.tenant_column}"
            yield (
                "tenant_column",
                "unknown-name",
                message,
                f"did you mean {near}?" if near else "see its columns",
            )

    def _bad_nullable(self, target: Target, override: Override) -> Iterator[Problem]:
        owner = target.key.owner if isinstance(target.key, Ref) else None
        table = self.objects.get(owner) if owner else None
        primary = [c for key in table.primary_keys for c in key.columns] if isinstance(table, Table) else []
        if override.nullable and target.key in primary:
            message = f"{target.key} is never NULL: it is of the primary key"
            yield "nullable", "misplaced-key", message, "leave it out"

    def _pointless(self, target: Target, type: PgType, override: Override) -> Iterator[Problem]:
        base = self.base(type)
        if override.array_nulls is not None and not isinstance(base, Array) and target.kind in _PLACES:
            yield "array_nulls", "misplaced-key", f"{target.key} is no array", "array_nulls is for arrays"
        bottom = self.base(base.of) if isinstance(base, Array) else base
        infinite = isinstance(bottom, Scalar) and bottom.row.shape in _INFINITE
        if override.infinity is not None and not infinite:
            help = "infinity is for date, timestamp and timestamptz"
            yield "infinity", "misplaced-key", f"{target.key} is never infinite", help

    def base(self, type: PgType) -> PgType:
        """What is below a type's domains."""
        while isinstance(type, Named) and isinstance(domain := self.objects.get(type.ref), Domain):
            type = domain.type
        return type


def is_known_type(name: str) -> bool:
    """Whether a name is that of one of Postgres's own types, or of an extension's."""
    type = parse_type(name)
    return isinstance(type, Scalar) and type.row.shape is not Shape.UNKNOWN


def own(override: Override) -> Own | None:
    """What is said of a type, if anything is."""
    said = {key: getattr(override, key) for key in _OWN} | said_names(override)
    return Own(**said) if any(value is not None for value in said.values()) else None


def scalar_key(type: Scalar) -> str:
    """What a scalar is called among the overrides of a model."""
    return f"{type.schema}.{type.name}" if type.schema else type.name


def _said(override: Override, key: str) -> bool:
    return getattr(override, key) not in (None, {})


def _bad_names(override: Override) -> Iterator[Problem]:
    if override.json_name == "":
        help = "leave it out, and the name follows `case`"
        yield "json_name", "bad-name", "expected a name, found an empty one", help
    for key, name in (("name", override.name), *(("labels", n) for n in override.labels.values())):
        if name is not None and not _STEM.fullmatch(name):
            message = f"expected a name like LineItem, found {name}"
            yield key, "bad-name", message, "it becomes part of type names"


def _bad_types(override: Override) -> Iterator[Problem]:
    if override.rust is not None and not _RUST_TYPE.fullmatch(override.rust):
        message = f"expected the path of a type, found {override.rust}"
        yield "rust", "bad-type", message, "write it as crate::money::Price, or ::time::Date"
    if override.read_sql is not None and "{}" not in override.read_sql:
        yield "read_sql", "bad-sql", "expected SQL around {}, which is the column", "as in ST_AsText({})"
    if override.write_sql is not None and override.write_sql.count("{}") != 1:
        help = "as in ST_GeomFromText({})"
        yield "write_sql", "bad-sql", "expected SQL around one {}, which is the parameter", help
