"""Enums, domains, composite types and ranges."""

from collections.abc import Iterator

from pgkit.backends.ddl.clauses import NOTHING, comment, words
from pgkit.backends.ddl.constraint import check_clause
from pgkit.backends.ddl.emitter import Emitter
from pgkit.backends.ddl.statements import comment_changed, commenter, dropper, member_path, renamer
from pgkit.ir.change import Alter
from pgkit.ir.expr import Lit
from pgkit.ir.kinds import Attribute, Composite, Domain, Enum, Multirange, Range
from pgkit.ir.names import Ref
from pgkit.sql import Ident, Sql, join, render, sql, written_name

_TYPE = Sql("TYPE")
_DOMAIN = Sql("DOMAIN")


def _enum(ref: Ref, new: Enum) -> Iterator[Sql]:
    labels = join(", ", [Lit("string", label) for label in new.labels])
    yield sql("CREATE TYPE {name} AS ENUM ({labels})", name=ref, labels=labels)
    yield from comment(Sql("TYPE"), Sql(render(ref)), new.comment)


def _alter_enum(change: Alter) -> Iterator[Sql]:
    old, new = change.old, change.new
    assert isinstance(old, Enum)
    assert isinstance(new, Enum)
    name = sql("{name}", name=change.ref)
    for label, before in _added(old.labels, new.labels):
        where = NOTHING if before is None else sql("BEFORE {label}", label=Lit("string", before))
        added = sql("ALTER TYPE {name} ADD VALUE {label}", name=name, label=Lit("string", label))
        yield words(added, where)
    yield from comment_changed(_TYPE, name, old, new)


def _added(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[tuple[str, str | None]]:
    """Each new label, in order, with the old one that it comes before; None for the end."""
    for i, label in enumerate(new):
        if label not in old:
            yield label, next((other for other in new[i:] if other in old), None)


def _rename_label(ref: Ref, to: Ref) -> Iterator[Sql]:
    yield sql(
        "ALTER TYPE {name} RENAME VALUE {old} TO {new}",
        name=ref.owner or ref,
        old=Lit("string", ref.member),
        new=Lit("string", to.member),
    )


def _domain(ref: Ref, new: Domain) -> Iterator[Sql]:
    yield words(
        sql("CREATE DOMAIN {name} AS {type}", name=ref, type=new.type),
        sql("COLLATE {c}", c=new.collation) if new.collation else NOTHING,
        sql("DEFAULT {e}", e=new.default) if new.default else NOTHING,
        NOTHING if new.nullable else Sql("NOT NULL"),
        *(check_clause(c) for c in new.checks),
    )
    yield from comment(Sql("DOMAIN"), Sql(render(ref)), new.comment)
    for check in new.checks:
        on = sql("{name} ON DOMAIN {domain}", name=Ident(check.name), domain=ref)
        yield from comment(Sql("CONSTRAINT"), on, check.comment)


def _alter_domain(change: Alter) -> Iterator[Sql]:
    old, new = change.old, change.new
    assert isinstance(old, Domain)
    assert isinstance(new, Domain)
    name = sql("{name}", name=change.ref)
    for action in _domain_actions(old, new):
        yield sql("ALTER DOMAIN {name} {action}", name=name, action=action)
    yield from comment_changed(_DOMAIN, name, old, new)


def _domain_actions(old: Domain, new: Domain) -> Iterator[Sql]:
    if old.default != new.default:
        yield Sql("DROP DEFAULT") if new.default is None else sql("SET DEFAULT {e}", e=new.default)
    if old.nullable != new.nullable:
        yield Sql("DROP NOT NULL" if new.nullable else "SET NOT NULL")


def _composite(ref: Ref, new: Composite) -> Iterator[Sql]:
    fields = [_attribute_clause(a) for a in new.attributes]
    yield sql("CREATE TYPE {name} AS ({fields})", name=ref, fields=join(", ", fields))
    yield from comment(Sql("TYPE"), Sql(render(ref)), new.comment)
    for a in new.attributes:
        column = sql("{type}.{name}", type=ref, name=Ident(a.name))
        yield from comment(Sql("COLUMN"), column, a.comment)


def _attribute_clause(attribute: Attribute) -> Sql:
    collate = sql("COLLATE {c}", c=attribute.collation) if attribute.collation else NOTHING
    return words(sql("{name} {type}", name=Ident(attribute.name), type=attribute.type), collate)


def _on_type(ref: Ref, action: Sql) -> Sql:
    """ALTER of the composite type that an attribute belongs to."""
    return sql("ALTER TYPE {type} {action}", type=ref.owner or ref, action=action)


def _add_attribute(ref: Ref, new: Attribute) -> Iterator[Sql]:
    yield _on_type(ref, sql("ADD ATTRIBUTE {clause}", clause=_attribute_clause(new)))
    yield from comment(Sql("COLUMN"), member_path(ref), new.comment)


def _drop_attribute(ref: Ref, old: Attribute) -> Iterator[Sql]:
    yield _on_type(ref, sql("DROP ATTRIBUTE {name}", name=ref))


def _rename_attribute(ref: Ref, to: Ref) -> Iterator[Sql]:
    if ref.member != to.member:
        yield _on_type(ref, sql("RENAME ATTRIBUTE {name} TO {to}", name=ref, to=to))


def _alter_attribute(change: Alter) -> Iterator[Sql]:
    ref, old, new = change.ref, change.old, change.new
    assert isinstance(old, Attribute)
    assert isinstance(new, Attribute)
    if (old.type, old.collation) != (new.type, new.collation):
        collate = sql("COLLATE {c}", c=new.collation) if new.collation else NOTHING
        to = words(sql("TYPE {type}", type=new.type), collate)
        yield _on_type(ref, sql("ALTER ATTRIBUTE {name} {to}", name=ref, to=to))
    yield from comment_changed(Sql("COLUMN"), member_path(ref), old, new)


def _range(ref: Ref, new: Range) -> Iterator[Sql]:
    options = [sql("SUBTYPE = {t}", t=new.subtype)]
    if new.opclass:
        options.append(sql("SUBTYPE_OPCLASS = {o}", o=written_name(new.opclass)))
    if new.collation:
        options.append(sql("COLLATION = {c}", c=new.collation))
    if new.canonical:
        options.append(sql("CANONICAL = {f}", f=_by_name(new.canonical)))
    if new.subtype_diff:
        options.append(sql("SUBTYPE_DIFF = {f}", f=_by_name(new.subtype_diff)))
    for multirange in new.multiranges:
        name = Ref("multirange", ref.schema, multirange.name)
        options.append(sql("MULTIRANGE_TYPE_NAME = {m}", m=name))
    yield sql("CREATE TYPE {name} AS RANGE ({options})", name=ref, options=join(", ", options))
    yield from comment(Sql("TYPE"), Sql(render(ref)), new.comment)


def _by_name(function: Ref) -> Ref:
    """A function without its argument types, which the options of a range do not take."""
    return Ref("function", function.schema, function.name.partition("(")[0])


def _multirange(ref: Ref) -> Ref:
    """A multirange as SQL names it: a type of its own, in the schema of its range."""
    return Ref("multirange", ref.schema, ref.member)


def _comes_and_goes(ref: Ref, multirange: Multirange) -> Iterator[Sql]:
    """A multirange is made and dropped with its range."""
    return iter(())


def _rename_multirange(ref: Ref, to: Ref) -> Iterator[Sql]:
    yield from renamer(_TYPE)(_multirange(ref), _multirange(to))


EMITTERS = (
    Emitter(
        kind=Enum,
        create=_enum,
        drop=dropper(_TYPE),
        rename=renamer(_TYPE),
        alter=_alter_enum,
        fields=frozenset(("labels", "comment")),
    ),
    Emitter(
        kind=Domain,
        create=_domain,
        drop=dropper(_DOMAIN),
        rename=renamer(_DOMAIN),
        alter=_alter_domain,
        fields=frozenset(("nullable", "default", "comment")),
    ),
    Emitter(
        kind=Composite,
        create=_composite,
        drop=dropper(_TYPE),
        rename=renamer(_TYPE),
        alter=commenter(_TYPE),
        fields=frozenset(("comment",)),
    ),
    Emitter(
        kind=Attribute,
        create=_add_attribute,
        drop=_drop_attribute,
        rename=_rename_attribute,
        alter=_alter_attribute,
        fields=frozenset(("type", "collation", "comment")),
    ),
    Emitter(
        kind=Range,
        create=_range,
        drop=dropper(_TYPE),
        rename=renamer(_TYPE),
        alter=commenter(_TYPE),
        fields=frozenset(("comment",)),
    ),
    Emitter(
        kind=Multirange,
        create=_comes_and_goes,
        drop=_comes_and_goes,
        rename=_rename_multirange,
    ),
)
# A label is no object of the IR, but it can be renamed.
LABELS: Emitter[Enum] = Emitter(kind=Enum, rename=_rename_label)
