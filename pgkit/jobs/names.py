"""`names.json`: what `schema.ts` calls columns and what Drizzle makes of them."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from attrs import field, frozen

from pgkit.backends.modes import Mode, fits
from pgkit.backends.names import pascal
from pgkit.backends.rows import Relation
from pgkit.diag import Diagnostic, PgkitError, Severity, fail
from pgkit.ir.catalog import Catalog
from pgkit.ir.kinds import Domain
from pgkit.ir.names import Ref, truncate
from pgkit.ir.relations import Column
from pgkit.ir.types import Named, PgType
from pgkit.ir.walk import index

FORMAT: Final = "pgkit-drizzle-names"
VERSION: Final = 1
_AGAIN: Final = "write it again with `pgkit names src/schema.ts --output {}`"
_STEM: Final = re.compile(r"[A-Z][0-9A-Za-z]*", re.ASCII)
_SHOWN: Final = 5


@frozen(kw_only=True)
class NamedColumn(Mode):
    """A column as `schema.ts` has it; `property` is its name there."""

    property: str


@frozen(kw_only=True)
class NamedRelation:
    """A table or view as `schema.ts` has it; its columns by their names in the database."""

    export: str
    columns: Mapping[str, NamedColumn]


@frozen(kw_only=True)
class Names:
    """What a names file says. Relations are under `schema.name`."""

    relations: Mapping[str, NamedRelation] = field(factory=dict)
    enums: Mapping[str, str] = field(factory=dict)
    file: str = ""


@frozen(kw_only=True)
class Chosen:
    """What names mean to the objects of one catalog, and where the two have drifted apart."""

    properties: Mapping[Ref, str] = field(factory=dict)  # of columns
    exports: Mapping[Ref, str] = field(factory=dict)  # table or view -> the stem that its export gives
    modes: Mapping[Ref, Mode] = field(factory=dict)
    findings: tuple[Diagnostic, ...] = ()


def read_names(path: Path | None) -> Names:
    """The names in a file; none where there is no file to read."""
    if path is None:
        return Names()
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = (error.strerror or "").lower()
        raise _bad(path, f"cannot read the names: {reason}", "no-names") from None
    except ValueError:
        raise _bad(path, "expected JSON as drizzle-names.mjs writes it") from None
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise _bad(path, "expected JSON as drizzle-names.mjs writes it")
    if body.get("version") != VERSION:
        raise _bad(path, f"expected names of version {VERSION}, found {body.get('version')}")
    return _structured(body, path)


def _structured(body: dict[str, Any], path: Path) -> Names:
    import cattrs  # which takes its time, and is rarely needed

    converter = cattrs.Converter(forbid_extra_keys=True, detailed_validation=False)
    converter.register_structure_hook_func(lambda t: t is str, _text)
    said = {key: value for key, value in body.items() if key not in ("format", "version")}
    try:
        return converter.structure({**said, "file": str(path)}, Names)
    except Exception as error:  # cattrs raises what the constructors do
        raise _bad(path, f"expected names as drizzle-names.mjs writes them: {error}") from None


def _text(value: Any, _: type) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"expected a text, found {value!r}")
    return value


def _bad(path: Path, message: str, code: str = "bad-names") -> PgkitError:
    return fail(code, message, where=str(path), help=_AGAIN.format(path))


def choose(names: Names, catalog: Catalog) -> Chosen:
    """What the names mean to a catalog. Whatever does not fit it is a warning, and does not count."""
    if not names.file:
        return Chosen()
    found: tuple[Relation, ...] = (*catalog.tables, *catalog.views, *catalog.materialized_views)
    relations = {f"{r.schema}.{r.name}": r for r in found}
    known = {key: truncated for key in names.relations if (truncated := _key(key)) in relations}
    domains = {ref: obj for ref, obj in index(catalog).items() if isinstance(obj, Domain)}
    pairs = [_Pair(names.file, domains, relations[key], names.relations[n]) for n, key in known.items()]
    gone = (_gone(names.file, key) for key in names.relations if key not in known)
    return Chosen(
        properties={ref: column.property for pair in pairs for ref, column in pair.columns()},
        exports=_stems((pair.ref, pair.named.export) for pair in pairs),
        modes={ref: column for pair in pairs for ref, column in pair.columns() if pair.fits(ref.member)},
        findings=(*gone, *(finding for pair in pairs for finding in pair.findings())),
    )


def _key(key: str) -> str:
    schema, _, name = key.partition(".")
    return f"{truncate(schema)}.{truncate(name)}"


def _stems(exports: Iterable[tuple[Ref, str]]) -> dict[Ref, str]:
    """The stem of each export that is one's alone: `userRoles` is UserRoles."""
    stems = {ref: _first_up(pascal(export)) for ref, export in exports}
    count = Counter(stems.values())
    return {ref: stem for ref, stem in stems.items() if count[stem] == 1 and _STEM.fullmatch(stem)}


def _first_up(name: str) -> str:
    return name[:1].upper() + name[1:]


@frozen
class _Pair:
    file: str
    domains: Mapping[Ref, Domain]
    relation: Relation
    named: NamedRelation

    @property
    def ref(self) -> Ref:
        return Ref(self.relation.kind, self.relation.schema, self.relation.name)

    @property
    def held(self) -> dict[str, Column]:
        return {column.name: column for column in self.relation.columns}

    @property
    def said(self) -> dict[str, NamedColumn]:
        return {truncate(name): column for name, column in self.named.columns.items()}

    def columns(self) -> Iterator[tuple[Ref, NamedColumn]]:
        """The columns that are in the catalog, too."""
        return ((self.ref.of("column", n), c) for n, c in self.said.items() if n in self.held)

    def fits(self, name: str) -> bool:
        """Whether a column can be what `schema.ts` says."""
        type: PgType = self.held[name].type
        while isinstance(type, Named) and (domain := self.domains.get(type.ref)) is not None:
            type = domain.type
        return fits(type, self.said[name])

    def findings(self) -> Iterator[Diagnostic]:
        """Where the two disagree, in a warning a table; nobody knows the columns of an excluded view."""
        if not self.held:
            return
        parts = {
            "lacks column": self.held.keys() - self.said.keys(),
            "has another type for column": [
                n for n in self.said.keys() & self.held.keys() if not self.fits(n)
            ],
            "has a column that is not there:": self.said.keys() - self.held.keys(),
        }
        for what, columns in parts.items():
            if columns:
                yield self.drifted(f"{what} {_listed(columns)}")

    def drifted(self, what: str) -> Diagnostic:
        return _drifted(self.file, f"for {self.relation.schema}.{self.relation.name}, it {what}")


def _gone(file: str, key: str) -> Diagnostic:
    return _drifted(file, f"it has {key}, which does not exist")


def _drifted(file: str, what: str) -> Diagnostic:
    message = f"schema.ts is not what is generated from: {what}"
    help = _AGAIN.format(file)
    return Diagnostic("stale-names", message, where=file, help=help, severity=Severity.WARNING)


def _listed(names: Iterable[str]) -> str:
    shown = sorted(names)
    rest = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    return ", ".join(shown[:_SHOWN]) + rest
