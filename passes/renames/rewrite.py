"""A catalog in its new names: its objects, whatever mentions them, and the labels inside expressions."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import attrs
from attrs import frozen

from pgkit.ir.catalog import Catalog
from pgkit.ir.expr import Cast, Expr, Lit, Opaque
from pgkit.ir.hints import Hints
from pgkit.ir.kinds import Domain, Enum, Extension, Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, MaterializedView, Table, View
from pgkit.ir.types import Array, Named, PgType, Scalar
from pgkit.ir.walk import Declared, map_members, ref_of, walked_fields
from pgkit.passes.renames.labels import in_array, in_opaque
from pgkit.passes.renames.names import NewNames, new_names
from pgkit.passes.renames.queries import with_column_names

T = TypeVar("T")


def renamed(before: Catalog, hints: Hints) -> Catalog:
    """`before` in its new names."""
    names = new_names(before, hints)
    return _Rewrite(names, _labels(before, names)).catalog(before)


def _labels(catalog: Catalog, names: NewNames) -> Mapping[Ref, Mapping[str, str]]:
    """The labels that change, by their enum, by the domains over it and by the columns of any of these."""
    found: dict[Ref, dict[str, str]] = {}
    for old, new in names.renames.items():
        if old.kind == "enum_value" and old.owner is not None and old.member != new.member:
            found.setdefault(old.owner, {})[old.member] = new.member
    return found | dict(_holders(catalog, found)) if found else found


def _holders(catalog: Catalog, labels: Mapping[Ref, dict[str, str]]) -> Iterator[tuple[Ref, dict[str, str]]]:
    domains = {ref_of(d): d.type for d in catalog.domains}

    def base(type: PgType) -> Ref | None:
        while isinstance(type, Named) and type.ref in domains:
            type = domains[type.ref]
        return type.ref if isinstance(type, Named) else None

    yield from ((ref, labels[of]) for ref, type in domains.items() if (of := base(type)) in labels and of)
    relations: tuple[Table | View | MaterializedView, ...]
    relations = (*catalog.tables, *catalog.views, *catalog.materialized_views)
    for relation in relations:
        for column in relation.columns:
            if (of := base(column.type)) in labels and of:
                yield ref_of(relation).of("column", column.name), labels[of]


def _with_new_names(obj: Unmodelled, new_name: Callable[[Ref], Ref]) -> Unmodelled:
    if obj.definition is None or obj.kind == "sql":
        return obj
    from pgkit.grammar.renaming import renamed  # costs 0.1 s, and most catalogs have nothing for it

    return renamed(obj, new_name)


@frozen
class _Rewrite:
    """The new names of things, and the new labels of enums by their old names."""

    names: NewNames
    labels: Mapping[Ref, Mapping[str, str]]

    def catalog(self, before: Catalog) -> Catalog:
        """The catalog in new names."""
        return self.value(map_members(before, self._object))

    def _object(self, ref: Ref, obj: Declared) -> Any:
        """An object under its new name; what it mentions comes later."""
        obj = map_members(self._own_columns(ref, obj), self._object, ref)
        match obj:
            case Unmodelled():
                new = self.names.of_unmodelled(ref, obj)
                now = _with_new_names(attrs.evolve(obj, member=new.member), self.names.of)
                name = new.name if new.name != ref.name else now.name
                now = attrs.evolve(now, schema=new.schema, name=name)
                self.names.seen[ref] = ref_of(now)  # for what mentions it
                return now
            case Enum(labels=labels) if ref in self.labels:
                obj = attrs.evolve(obj, labels=tuple(self.labels[ref].get(label, label) for label in labels))
            case Extension(schema=str(schema)):
                return attrs.evolve(obj, schema=self.names.of(Ref("schema", "", schema)).name)
        return _called(obj, ref, self.names.of(ref))

    def _own_columns(self, ref: Ref, obj: Declared) -> Declared:
        """A view under new names of its own columns: its query gives them by AS, where it did otherwise."""
        if not isinstance(obj, View | MaterializedView):
            return obj
        own = {r.member: new.member for r, new in self.names.renames.items() if r.owner == ref}
        query = with_column_names(obj.query, self.names.of, own)
        if not own:
            return obj if query is obj.query else attrs.evolve(obj, query=query)
        columns = tuple(attrs.evolve(c, name=own.get(c.name, c.name)) for c in obj.columns)
        return attrs.evolve(obj, query=query, columns=columns)

    def value(self, value: T) -> T:
        """A value with every Ref and label in it replaced; what does not change stays the same object."""
        if isinstance(value, Ref):
            return self.names.of(value)  # type: ignore[return-value]
        if isinstance(value, tuple):
            new = tuple(map(self.value, value))
            same = all(a is b for a, b in zip(new, value, strict=True))
            return value if same else new  # type: ignore[return-value]
        old: Any = self._relabelled(value) if self.labels else value
        if isinstance(old, Scalar) and old.schema:
            return attrs.evolve(old, schema=self.names.of(Ref("schema", "", old.schema)).name)  # type: ignore[return-value]
        changed: dict[str, Any] = {}
        for name in walked_fields(type(old)):
            inside = getattr(old, name)
            if (mapped := self.value(inside)) is not inside:
                changed[name] = mapped
        return attrs.evolve(old, **changed) if changed else old  # type: ignore[no-any-return]

    def _relabelled(self, value: Any) -> Any:
        """A value with its own labels replaced, those further inside not yet; its types are the old ones."""
        match value:
            case Cast(Lit("string") as arg, to):
                return self._with(value, "arg", arg, to)
            case (
                Column(default=Lit("string") as default, type=type)
                | Domain(default=Lit("string") as default, type=type)
            ):
                return self._with(value, "default", default, type)
            case Opaque():
                return in_opaque(value, self.labels)
            case _:
                return value

    def _with(self, value: Any, name: str, constant: Lit, type: PgType) -> Any:
        new = self._constant(constant, type)
        return value if new is constant else attrs.evolve(value, **{name: new})

    def _constant(self, constant: Lit, type: PgType) -> Expr:
        element, array = (type.of, True) if isinstance(type, Array) else (type, False)
        labels = self.labels.get(element.ref) if isinstance(element, Named) else None
        if labels is None:
            return constant
        text = in_array(constant.text, labels) if array else labels.get(constant.text, constant.text)
        return constant if text == constant.text else attrs.evolve(constant, text=text)


def _called(obj: Any, ref: Ref, new: Ref) -> Any:
    if new == ref:
        return obj
    if ref.member:
        return attrs.evolve(obj, name=new.member)
    place: dict[str, Any] = {"schema": new.schema} if ref.schema else {}
    return attrs.evolve(obj, name=new.name, **place)
