"""Types that a catalog declares, and what lives beside relations: schemas, extensions, roles.

Facts: pg_type, pg_enum, pg_range, pg_namespace, pg_extension, pg_roles; the manual, CREATE TYPE and DOMAIN.
"""

from collections.abc import Iterable
from typing import ClassVar

from attrs import frozen

from pgkit.diag import Span
from pgkit.ir.constraints import Check
from pgkit.ir.expr import Expr
from pgkit.ir.fields import derived, members, name, note, recreate
from pgkit.ir.names import Ref
from pgkit.ir.types import PgType


@frozen(kw_only=True)
class Schema:
    """A namespace. `public` is there in every database and is not declared."""

    kind: ClassVar = "schema"
    name: str = name()
    comment: str | None = None
    span: Span | None = note()


@frozen(kw_only=True)
class Extension:
    """An installed extension; its objects are its own and never part of a catalog."""

    kind: ClassVar = "extension"
    name: str = name()
    schema: str | None = derived()
    version: str | None = derived()
    span: Span | None = note()


@frozen(kw_only=True)
class Role:
    """A role of the server, with the attributes that CREATE ROLE takes; never its password."""

    kind: ClassVar = "role"
    name: str = name()
    superuser: bool = False
    create_db: bool = False
    create_role: bool = False
    inherit: bool = True
    login: bool = False
    replication: bool = False
    bypass_rls: bool = False
    connection_limit: int = -1
    comment: str | None = None
    span: Span | None = note()


def can_extend(old: Iterable[str], new: Iterable[str]) -> bool:
    """Whether labels can be had from others by ALTER TYPE ... ADD VALUE: none gone, none moved."""
    rest = iter(new)
    return all(label in rest for label in old)


def extends(old: "Enum", new: "Enum", version: int) -> bool:
    """ADD VALUE puts labels before, between and after those that are there."""
    return can_extend(old.labels, new.labels)


@frozen(kw_only=True)
class Enum:
    """An enum type; the order of its labels is their sort order."""

    kind: ClassVar = "enum"
    schema: str = name(default="public")
    name: str = name()
    labels: tuple[str, ...] = recreate(unless=extends, default=())
    comment: str | None = None
    span: Span | None = note()


@frozen(kw_only=True)
class Domain:
    """A domain over another type."""

    kind: ClassVar = "domain"
    schema: str = name(default="public")
    name: str = name()
    type: PgType = recreate()
    collation: Ref | None = recreate(default=None)
    nullable: bool = True
    default: Expr | None = None
    checks: tuple[Check, ...] = members(Check)
    comment: str | None = None
    span: Span | None = note()


@frozen(kw_only=True)
class Attribute:
    """A field of a composite type."""

    kind: ClassVar = "attribute"
    name: str = name()
    type: PgType
    collation: Ref | None = None
    comment: str | None = None
    span: Span | None = note()


@frozen(kw_only=True)
class Composite:
    """A composite type made by CREATE TYPE."""

    kind: ClassVar = "composite"
    schema: str = name(default="public")
    name: str = name()
    attributes: tuple[Attribute, ...] = members(Attribute)
    comment: str | None = None
    span: Span | None = note()


@frozen(kw_only=True)
class Multirange:
    """The multirange type that came with a range type."""

    kind: ClassVar = "multirange"
    name: str = name()


@frozen(kw_only=True)
class Range:
    """A range type made by CREATE TYPE."""

    kind: ClassVar = "range"
    schema: str = name(default="public")
    name: str = name()
    subtype: PgType = recreate()
    opclass: str | None = recreate(default=None)
    collation: Ref | None = recreate(default=None)
    canonical: Ref | None = recreate(default=None)  # functions
    subtype_diff: Ref | None = recreate(default=None)
    multiranges: tuple[Multirange, ...] = members(Multirange)
    comment: str | None = None
    span: Span | None = note()


@frozen(kw_only=True)
class Unmodelled:
    """Something that pgkit does not model yet: named, never dropped silently, compared by its hash.

    `kind` is Postgres's word for it (`trigger`, `function`), `member` its name within `name`, if it has an
    owner (a table's trigger); `refs` are what it depends on, `needed_by` what of the modelled kinds depends
    on it, `hash` the sha256 of its definition.
    """

    kind: str = name()
    schema: str = name(default="")
    member: str = name(default="")
    name: str = name()
    hash: str
    refs: tuple[Ref, ...] = derived(())
    after: tuple[Ref, ...] = derived(
        ()
    )  # where a `sql` block was put; a Ref without a name is all of its kind
    before: tuple[Ref, ...] = derived(())
    needed_by: tuple[Ref, ...] = derived(())  # objects with a kind of their own that mention it: a check
    definition: str | None = note()  # SQL that makes it, of one or more statements
