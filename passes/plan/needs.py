"""What a change makes and what it needs: the facts that put changes in order."""

from collections.abc import Iterator

from pgkit.ir.change import Alter, Change, Create, Rename
from pgkit.ir.constraints import Deferral, ForeignKey, Index, PrimaryKey, Unique
from pgkit.ir.kinds import Extension
from pgkit.ir.names import Ref
from pgkit.ir.types import Scalar
from pgkit.ir.walk import Declared, bare, members_of, scalars_in
from pgkit.passes.plan.mentions import mentioned_by


def makes(change: Change) -> Iterator[Ref]:
    """What is there after a change and was not before."""
    if isinstance(change, Create):
        yield from provided(change.ref, change.new)


def provided(ref: Ref, obj: Declared) -> Iterator[Ref]:
    """What there is with an object: it, its members, what its keys make unique."""
    yield ref
    yield from _unique_on(obj)
    for member, inside in members_of(obj, ref):
        yield member
        yield from _unique_on(inside)
    yield from (ref.of("column", c.name) for c in getattr(obj, "columns", ()))


def needs(change: Change) -> Iterator[Ref]:
    """What must be there for a change to work."""
    match change:
        case Create(ref, new):
            yield from needed(ref, new)
        case Alter(ref, _, new):
            yield ref
            yield from needed(ref, bare(new))
        case Rename(_, to):  # renames are in sequence, and before all else but new schemas
            if to.schema:
                yield Ref("schema", "", to.schema)


def needed(ref: Ref, obj: Declared) -> Iterator[Ref]:
    """What an object needs: its owner, its schema, what it mentions, the extensions of its types."""
    if ref.owner:
        yield ref.owner
    if ref.schema:
        yield Ref("schema", "", ref.schema)
    if isinstance(obj, Extension) and obj.schema:
        yield Ref("schema", "", obj.schema)
    if isinstance(obj, ForeignKey) and obj.references:
        yield _uniqueness(obj.references)
    for mentioned in mentioned_by(obj):
        yield mentioned
        if mentioned.owner and mentioned.owner != ref:
            yield mentioned.owner
    for scalar in scalars_in(obj):
        yield from _extension(scalar)


def _unique_on(obj: Declared) -> Iterator[Ref]:
    """What a unique index or constraint lets a foreign key refer to: its columns, in any order."""
    if isinstance(obj, PrimaryKey | Unique) and obj.deferral is Deferral.NO:
        yield _uniqueness(obj.columns)
    elif isinstance(obj, Index) and obj.unique and obj.where is None:
        yield _uniqueness(tuple(k.column for k in obj.keys if k.column is not None))


def _uniqueness(columns: tuple[Ref, ...]) -> Ref:
    table = columns[0].owner if columns and columns[0].owner else Ref("table", "", "")
    return table.of("uniqueness", ",".join(sorted(c.member for c in columns)))


def _extension(scalar: Scalar) -> Iterator[Ref]:
    if scalar.row.extension:
        yield Ref("extension", "", scalar.row.extension)
