"""What the checks know: every object and member of a catalog by its Ref, duplicates included."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from attrs import field, frozen

from pgkit.diag import Diagnostic, Severity
from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import Check, ForeignKey, PrimaryKey, Unique
from pgkit.ir.fields import Mark, fields_marked
from pgkit.ir.kinds import Domain, Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, MaterializedView, Table, View
from pgkit.ir.types import Array, Named, PgType
from pgkit.ir.walk import Declared, members_of
from pgkit.sql import quote

# Extensions whose types pgkit knows, or which bring no type, relation or access method with them.
_FAMILIAR: Final = frozenset(
    {
        "plpgsql", "citext", "vector", "hstore", "ltree", "cube", "seg", "isn", "pgcrypto", "uuid-ossp",
        "pg_trgm", "btree_gin", "btree_gist", "unaccent", "fuzzystrmatch", "intarray", "bloom", "tablefunc",
        "moddatetime", "pg_stat_statements", "pgstattuple", "pgrowlocks", "pg_prewarm", "pg_buffercache",
        "sslinfo", "dblink", "postgres_fdw", "file_fdw", "xml2", "tcn", "autoinc", "refint",
        "dict_int", "dict_xsyn", "tsm_system_rows", "tsm_system_time", "amcheck", "pageinspect",
    }
)  # fmt: skip


_WITH_COLUMNS: Final = (Table, View, MaterializedView)


@frozen
class Known:
    """A catalog, the version it is meant for, and its objects at hand."""

    catalog: Catalog
    version: int
    all: tuple[tuple[Ref, Any], ...]  # two objects of one name are both here
    objects: Mapping[Ref, Any]
    columns: Mapping[Ref, Mapping[str, Column]]
    schemas: frozenset[str]
    unmodelled: frozenset[tuple[str, str]] = field(repr=False)

    def base(self, type: PgType) -> PgType:
        """What a domain is made of in the end; any other type is itself."""
        for _ in self.catalog.domains:
            found = self.objects.get(type.ref) if isinstance(type, Named) else None
            if not isinstance(found, Domain):
                break
            type = found.type
        return type

    def is_outside(self, schema: str, name: str) -> bool:
        """Whether the object may well be there, though the catalog does not hold it."""
        foreign = bool(schema) and schema not in self.schemas
        read = self.catalog.postgres is not None  # a server had all that it needs, also where part was read
        return (
            read or foreign or (schema, name) in self.unmodelled or not _FAMILIAR.issuperset(self.extensions)
        )

    @property
    def extensions(self) -> frozenset[str]:
        """The names of the extensions that the catalog declares."""
        return frozenset(e.name for e in self.catalog.extensions)

    @property
    def functions(self) -> frozenset[str]:
        """The names of functions that the catalog is known to have: `t.f` may call one."""
        return frozenset(u.name for u in self.catalog.unmodelled if u.kind == "function")

    def names(self, *kinds: str) -> Iterator[str]:
        """The names of the objects of these kinds, as one would write them."""
        for ref, _ in self.all:
            if ref.kind in kinds and not ref.member:
                yield path(ref)


def known(catalog: Catalog, version: int) -> Known:
    """The catalog as the checks see it."""
    every = tuple(_every(catalog))
    return Known(
        catalog,
        version,
        every,
        dict(every),
        {r: {c.name: c for c in o.columns} for r, o in every if isinstance(o, _WITH_COLUMNS)},
        frozenset({"public", *(s.name for s in catalog.schemas)}),
        frozenset((u.schema, name) for u in catalog.unmodelled for name in (u.name, u.member) if name),
    )


def _every(owner: Catalog | Declared, ref: Ref | None = None) -> Iterator[tuple[Ref, Any]]:
    for found, obj in members_of(owner, ref):
        if not isinstance(obj, Unmodelled):
            yield found, obj
            yield from _every(obj, found)


def keys_of(table: Table) -> tuple[PrimaryKey | Unique, ...]:
    """The primary keys and unique constraints of a table."""
    return (*table.primary_keys, *table.uniques)


def constraints_of(table: Table) -> tuple[PrimaryKey | Unique | ForeignKey | Check, ...]:
    """All constraints of a table."""
    return (*table.primary_keys, *table.uniques, *table.foreign_keys, *table.checks)


def index_owners(known: Known) -> Iterator[tuple[Ref, Table | MaterializedView]]:
    """What may have indexes, each with its Ref."""
    yield from ((table.ref, table) for table in known.catalog.tables)
    for view in known.catalog.materialized_views:
        yield Ref("materialized_view", view.schema, view.name), view


def own_values(obj: Any) -> Iterator[Any]:
    """The values of an object's own fields, its members and what follows from them aside."""
    return (getattr(obj, name) for name in fields_marked(type(obj), Mark.ALTER, Mark.RECREATE))


def problem(
    code: str, message: str, at: Ref, obj: Any, help: str, severity: Severity = Severity.ERROR
) -> Diagnostic:
    """What is wrong with an object: at its span if it has one, else at its name."""
    span = getattr(obj, "span", None)
    return Diagnostic(code, message, span, help, severity, "" if span else str(at))


def warning(code: str, message: str, at: Ref, obj: Any, help: str) -> Diagnostic:
    """What Postgres accepts and nobody means."""
    return problem(code, message, at, obj, help, Severity.WARNING)


def path(ref: Ref) -> str:
    """A name as one would write it: without `public`, quoted where it must be."""
    parts = (ref.schema if ref.schema != "public" else "", ref.name, ref.member)
    return ".".join(quote(p) for p in parts if p)


def noun(kind: str) -> str:
    """A kind in plain words."""
    return "unique constraint" if kind == "unique" else kind.replace("_", " ")


def circle(around: Sequence[Ref], verb: str) -> str:
    """How objects lead back to the first: `a reads b, which reads a`."""
    first, *rest = (path(ref) for ref in reversed(around))
    return f"{first} {verb} " + f", which {verb} ".join(rest)


def article(words: str) -> str:
    """The words with `a` or `an` before them."""
    return f"an {words}" if words[:1] in "aeiou" and not words.startswith("uni") else f"a {words}"


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The name that was probably meant."""
    folded = {n.lower(): n for n in names}
    found = get_close_matches(name.lower(), folded, n=1, cutoff=0.7)
    return folded[found[0]] if found else None


def or_nearest(advice: str, name: str, names: Iterable[str]) -> str:
    """`advice`, or the name that was probably meant."""
    found = nearest(name, names)
    return f"did you mean {found}?" if found is not None else advice


def elements(type: PgType) -> PgType:
    """The type inside all arrays."""
    while isinstance(type, Array):
        type = type.of
    return type
