"""Drift: how a database differs from what is expected of it."""

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Any

import attrs
from attrs import frozen

from pgkit.diag import Diagnostic
from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Alter, Change, Create, Drop, differing
from pgkit.ir.fields import Mark, fields_marked
from pgkit.ir.kinds import Extension
from pgkit.ir.names import Ref
from pgkit.ir.walk import Declared, index, members_of, ref_of
from pgkit.jobs.describe import definition, describe_field
from pgkit.jobs.settle import Surroundings
from pgkit.jobs.sides import Sides, settle_both
from pgkit.passes.comments import without_comments
from pgkit.passes.normalize import normalize
from pgkit.runtime.embedded import Server


class Class(StrEnum):
    """On which side something is missing, or that it differs."""

    MISSING = "missing"  # expected, and not in the database
    EXTRA = "extra"  # in the database, and not expected
    DIFFERENT = "different"


@frozen
class Difference:
    """One disagreement, with both sides as text and what would mend it."""

    class_: Class
    kind: str
    ref: Ref
    field: str | None
    expected: str | None
    actual: str | None
    mend: str


@frozen
class Ignore:
    """A pattern for differences that a configuration leaves out; None matches everything."""

    kind: str | None = None
    schema: str | None = None
    name: str | None = None
    class_: str | None = None

    def matches(self, d: Difference) -> bool:
        """Whether the difference is one of those."""
        wanted = (self.kind, self.schema, self.name, self.class_)
        found = (d.kind, d.ref.schema, d.ref.name, d.class_)
        return all(w is None or w == f for w, f in zip(wanted, found, strict=True))


@frozen(kw_only=True)
class DriftOptions:
    """How strictly to compare, and what to leave out."""

    strict_names: bool = False
    comments: bool = True  # False where the expected side cannot hold any, as a Drizzle folder
    ignore: tuple[Ignore, ...] = ()
    prelude: tuple[str, ...] = ()  # SQL that a scratch database needs before the objects


@frozen
class Drift:
    """The differences, in the order of kind, schema and name, and what could not be compared exactly."""

    differences: tuple[Difference, ...]
    findings: tuple[Diagnostic, ...] = ()


async def drift(
    expected: Catalog, actual: Catalog, server: Callable[[], Server], options: DriftOptions
) -> Drift:
    """The differences between an expected catalog and one read from a database.

    What is equal as it stands is not asked about; the rest is settled on a scratch database of the server,
    which is asked for only then.
    """
    expected, actual = normalize(expected), _without_other_roles(normalize(actual), expected)
    if not options.comments:
        expected, actual = without_comments(expected), without_comments(actual)
    both = Sides(expected, actual, options.strict_names)
    findings = await settle_both(both, server, surroundings(actual.extensions, (actual,), options.prelude))
    found = sorted(_differences(both.changes), key=lambda d: (d.kind, d.ref, d.field or ""))
    kept = (d for d in found if not any(i.matches(d) for i in options.ignore))
    return Drift(tuple(kept), findings)


def without_given(actual: Catalog, given: Catalog, expected: Catalog) -> tuple[Catalog, Catalog]:
    """`expected` and `actual` without what was in the database before the SQL of interest ran.

    What the SQL changed of it stays on both sides, so that only the change is a difference.
    """
    before = index(given)
    taken = index(expected)
    kept: dict[str, Any] = {}
    added: dict[str, Any] = {}
    for name in fields_marked(Catalog, Mark.MEMBERS):
        changed = [o for o in getattr(actual, name) if before.get(ref_of(o)) != o]
        kept[name] = tuple(changed)
        missing = (before.get(r) for o in changed if (r := ref_of(o)) not in taken)
        added[name] = (*getattr(expected, name), *(o for o in missing if o is not None))
    return attrs.evolve(expected, **added), attrs.evolve(actual, **kept)


def _without_other_roles(actual: Catalog, expected: Catalog) -> Catalog:
    """Roles belong to the server: those that nobody expects are no difference of this database."""
    wanted = {r.name for r in expected.roles}
    return attrs.evolve(actual, roles=tuple(r for r in actual.roles if r.name in wanted))


def surroundings(
    extensions: tuple[Extension, ...], catalogs: Iterable[Catalog], prelude: tuple[str, ...]
) -> Surroundings:
    """What a scratch database needs before parts of these catalogs can be made in it."""
    all_ = (u for catalog in catalogs for u in catalog.unmodelled)
    functions = dict.fromkeys(u.definition for u in all_ if u.kind in ("function", "procedure"))
    return Surroundings(extensions, tuple(f for f in functions if f), prelude)


def _differences(changes: Iterable[Change]) -> Iterator[Difference]:
    dropped = {c.ref: c.old for c in changes if isinstance(c, Drop)}
    created = {c.ref for c in changes if isinstance(c, Create)}
    for change in changes:
        match change:
            case Drop(ref, old) if ref not in created:
                yield _one_sided(Class.MISSING, ref, old)
            case Create(ref, new) if ref in dropped:
                yield from _fields(ref, dropped[ref], new)
            case Create(ref, new):
                yield _one_sided(Class.EXTRA, ref, new)
            case Alter(ref, old, new):
                yield from _fields(ref, old, new)


def _one_sided(class_: Class, ref: Ref, obj: Declared) -> Difference:
    text = definition(ref, obj)
    if class_ is Class.MISSING:
        mend = f"create the {_noun(ref)} in the database, or take it out of the model"
        return Difference(class_, ref.kind, ref, None, text, None, mend)
    mend = f"add the {_noun(ref)} to the model, or drop it from the database"
    return Difference(class_, ref.kind, ref, None, None, text, mend)


def _fields(ref: Ref, old: Declared, new: Declared) -> Iterator[Difference]:
    for field in differing(old, new):
        mend = f"change {field.replace('_', ' ')} in the database, or in the model"
        expected = describe_field(field, getattr(old, field))
        actual = describe_field(field, getattr(new, field))
        yield Difference(Class.DIFFERENT, ref.kind, ref, field, expected, actual, mend)
    if not differing(old, new):
        for (member, a), (_, b) in zip(members_of(old, ref), members_of(new, ref), strict=False):
            if a != b:
                yield from _fields(member, a, b)


def _noun(ref: Ref) -> str:
    return ref.kind.replace("_", " ")
