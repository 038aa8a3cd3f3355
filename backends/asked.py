"""Finds the checks that new values must pass: of domains, and of tables whose rows nothing changes before."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import evolve, frozen

from pgkit.backends.constraints import Constraint
from pgkit.backends.values import ArrayValue, CompositeValue, Field, ScalarValue, Value, own_of
from pgkit.ir.catalog import Catalog
from pgkit.ir.kinds import Domain, Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.relations import MaterializedView, Table, View
from pgkit.ir.types import Named, PgType
from pgkit.ir.walk import Declared

_FAMILY: Final = ("partition_of", "inherits")
_PLAIN: Final = ("C", "POSIX", "default", "ucs_basic")


@frozen
class Asked:
    """The checks of a catalog. `rewritten`: columns and types whose values the project sends changed."""

    objects: Mapping[Ref, Declared]
    altered: frozenset[Ref]  # tables whose rows triggers or rules may change before they are checked
    rewritten: frozenset[Ref | str]
    read: bool = True

    def of_domain(self, domain: Domain, value: Value) -> tuple[Constraint, ...]:
        """What a domain asks of its values, without those that it is over."""
        ref = Ref("domain", domain.schema, domain.name)
        if not (self.read and domain.checks) or ref in self.rewritten or self._is_sent_changed(value):
            return ()
        from pgkit.backends.checks import of_domain  # costs 0.1 s

        return of_domain(domain.checks, value, plain=self._is_plain(Named(ref), None))

    def of_fields(
        self, relation: Table | View | MaterializedView, fields: tuple[Field, ...]
    ) -> tuple[Field, ...]:
        """The columns of a table with what its checks ask of each by itself."""
        if (
            not (self.read and isinstance(relation, Table) and relation.checks)
            or relation.ref in self.altered
        ):
            return fields
        from pgkit.backends.checks import of_columns

        columns, by_name = {c.name: c for c in relation.columns}, {f.name: f for f in fields}

        def known(name: str) -> tuple[Value, bool] | None:
            field = by_name.get(name)
            if field is None or self._is_sent_changed(field.given):
                return None
            if self.rewritten and relation.ref.of("column", name) in self.rewritten:
                return None
            return field.given, self._is_plain(columns[name].type, columns[name].collation)

        found = of_columns(relation.checks, known)
        return tuple(evolve(f, checks=found[f.name]) if f.name in found else f for f in fields)

    def _is_sent_changed(self, value: Value) -> bool:
        own = own_of(value)
        if own.replaces or own.write_sql or (value.domain and value.domain.ref in self.rewritten):
            return True
        if isinstance(value, ArrayValue):
            return self._is_sent_changed(value.of)
        if isinstance(value, ScalarValue):
            return value.type.name in self.rewritten
        return isinstance(value, CompositeValue)

    def _is_plain(self, type: PgType, collation: Ref | None) -> bool:
        """Whether texts are equal only if they are the same, and their case is the database's own."""
        while collation is None and isinstance(type, Named):
            domain = self.objects.get(type.ref)
            if not isinstance(domain, Domain):
                return True
            collation, type = domain.collation, domain.type
        return collation is None or collation.name in _PLAIN


def altered(catalog: Catalog) -> frozenset[Ref]:
    """Tables whose rows may be changed before they are checked, and those that share rows with them."""
    found = {ref for thing in catalog.unmodelled for ref in _altered_by(thing, catalog)}
    families = [[r for r in u.refs if r.kind == "table"] for u in catalog.unmodelled if u.kind in _FAMILY]
    size = -1
    while size < len(found):
        size = len(found)
        for family in families:
            if found.intersection(family):
                found.update(family)
    return frozenset(found)


def _altered_by(thing: Unmodelled, catalog: Catalog) -> Iterator[Ref]:
    if thing.kind == "rule" or (thing.kind == "trigger" and not _fires_after(thing.definition)):
        yield Ref("table", thing.schema, thing.name)
    elif thing.kind == "sql" and {"trigger", "rule"} & {*(thing.definition or "").lower().split()}:
        yield from (table.ref for table in catalog.tables if table.name in (thing.definition or ""))


def _fires_after(definition: str | None) -> bool:
    from pgkit.grammar.tree import parsed_statement

    parsed: Any = parsed_statement(definition.partition(";")[0]) if definition else None
    is_trigger = parsed is not None and parsed.HasField("create_trig_stmt")
    return is_trigger and parsed.create_trig_stmt.timing == 0
