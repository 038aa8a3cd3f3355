"""Schemas, extensions, roles, types, sequences and plain SQL as declarations."""

from hashlib import sha256

from pgkit.backends.dsl.constraints import check, collation
from pgkit.backends.dsl.layout import Declaration, Line
from pgkit.backends.dsl.tables import Names
from pgkit.backends.dsl.text import (
    body,
    comment,
    expression,
    label,
    name,
    path,
    place,
    sequence,
    string,
    type_,
    words,
)
from pgkit.ir.constraints import Check
from pgkit.ir.kinds import Composite, Domain, Enum, Extension, Range, Role, Schema, Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.relations import Sequence
from pgkit.sql import quote, quoted

_WIDTH = 100
_PLURALS = {"policy": "policies", "index": "indexes", "composite": "types"}
_KINDS = {"composite": "type", "materialized_view": "materialized view"}


def extension(of: Extension, names: Names) -> Declaration:
    """An extension."""
    schema = f"schema {name(of.schema)}" if of.schema and of.schema != "public" else ""
    version = f"version {string(of.version)}" if of.version else ""
    return Declaration(words("extension", name(of.name), schema, version), span=of.span)


def schema(of: Schema, names: Names) -> Declaration:
    """A schema."""
    was = names.was(Ref("schema", "", of.name))
    return Declaration(words("schema", name(of.name), was, comment(of.comment)), span=of.span)


def role(of: Role, names: Names) -> Declaration:
    """A role with the attributes that are not the usual ones."""
    flags = {
        "superuser": of.superuser,
        "createdb": of.create_db,
        "createrole": of.create_role,
        "noinherit": not of.inherit,
        "login": of.login,
        "replication": of.replication,
        "bypassrls": of.bypass_rls,
    }
    limit = f"connection limit {of.connection_limit}" if of.connection_limit != -1 else ""
    on = [word for word, set_ in flags.items() if set_]
    was = names.was(Ref("role", "", of.name))
    return Declaration(words("role", name(of.name), was, *on, limit, comment(of.comment)), span=of.span)


def enum(of: Enum, names: Names) -> Declaration:
    """An enum, on one line if it is not too long."""
    ref = Ref("enum", of.schema, of.name)
    labels = [_label(ref, text, names) for text in of.labels]
    head = words("enum", place(ref), names.was(ref))
    line = f"{head} {{ {', '.join(labels)} }}" if labels else f"{head} {{}}"
    if len(line) <= _WIDTH:
        return Declaration(line, (), comment(of.comment), of.span)
    return Declaration(head, (tuple(_listed(labels)),), comment(of.comment), of.span)


def _listed(labels: list[str]) -> list[Line]:
    return [Line(f"{text},") for text in labels[:-1]] + [Line(labels[-1])]


def _label(enum: Ref, text: str, names: Names) -> str:
    old = names.renames.get(enum.of("enum_value", text))
    return f"{label(text)} was {label(old.member)}" if old else label(text)


def domain(of: Domain, names: Names) -> Declaration:
    """A domain; its checks in a block if there are several, or one that has a comment."""
    ref = Ref("domain", of.schema, of.name)
    head = words(
        "domain",
        place(ref),
        names.was(ref),
        "as",
        type_(of.type),
        collation(of.collation),
        f"default {expression(of.default)}" if of.default is not None else "",
        "" if of.nullable else "not null",
    )
    lines = [words(_named(of, c, names), check(c), comment(c.comment)) for c in of.checks]
    if len(lines) == 1 and of.checks[0].comment is None:
        return Declaration(words(head, lines[0]), (), comment(of.comment), of.span)
    groups = (tuple(Line(text, c.span) for text, c in zip(lines, of.checks, strict=True)),)
    return Declaration(head, groups if lines else (), comment(of.comment), of.span)


def _named(of: Domain, check: Check, names: Names) -> str:
    said = names.said(of, check)
    return f"constraint {said}" if said else ""


def composite(of: Composite, names: Names) -> Declaration:
    """A composite type."""
    ref = Ref("composite", of.schema, of.name)
    head = words("type", place(ref), names.was(ref))
    width = max((len(name(a.name)) for a in of.attributes), default=0)
    lines = tuple(
        Line(
            words(
                f"{name(a.name):<{width}} ", type_(a.type), collation(a.collation),
                names.was(ref.of("attribute", a.name)), comment(a.comment),
            ),
            a.span,
        )
        for a in of.attributes
    )  # fmt: skip
    if not lines:
        return Declaration(f"{head} {{}}", (), comment(of.comment), of.span)
    return Declaration(head, (lines,), comment(of.comment), of.span)


def range_(of: Range, names: Names) -> Declaration:
    """A range type."""
    ref = Ref("range", of.schema, of.name)
    options = [f"subtype = {type_(of.subtype)}"]
    if of.opclass:
        options.append(f"subtype_opclass = {'.'.join(quote(p) for p in of.opclass.split('.'))}")
    if of.collation:
        options.append(f"collation = {path(of.collation.schema, of.collation.name, 'pg_catalog')}")
    for word, function in (("canonical", of.canonical), ("subtype_diff", of.subtype_diff)):
        if function:
            options.append(f"{word} = {path(function.schema, function.name, '')}")
    options.extend(f"multirange_type_name = {name(m.name)}" for m in of.multiranges)
    head = words("range", place(ref), names.was(ref), f"({', '.join(options)})")
    return Declaration(head, (), comment(of.comment), of.span)


def sequence_(of: Sequence, names: Names) -> Declaration:
    """A sequence."""
    ref = Ref("sequence", of.schema, of.name)
    type = type_(of.type)
    head = words(
        "unlogged" if of.unlogged else "",
        "sequence",
        place(ref),
        names.was(ref),
        "" if type == "bigint" else f"as {type}",
        sequence(of.options, of.type),
        f"owned by {_column(of.schema, of.owned_by)}" if of.owned_by else "",
    )
    return Declaration(head, (), comment(of.comment), of.span)


def _column(schema: str, ref: Ref) -> str:
    return f"{path(ref.schema, ref.name, schema)}.{name(ref.member)}"


def unmodelled(of: Unmodelled, names: Names) -> Declaration:
    """A `sql` block, or what a source holds that pgkit knows by name only."""
    own = sha256((of.definition or "").encode("utf-8", "surrogatepass")).hexdigest() == of.hash
    text = of.definition if own else None
    if of.kind == "sql" and text is not None and not of.schema and not of.member:
        return Declaration(words("sql", name(of.name), *_placement(of), body(text)))
    refs = ", ".join(_dependency(ref) for ref in of.refs)
    return Declaration(
        words(
            f"unmodelled {label(of.kind)} {_path(of.schema, of.name, of.member)}",
            f"hash {string(of.hash)}" if text is None else "",
            f"depends on {refs}" if refs else "",
            f"as {body(text)}" if text is not None else "",
        )
    )


def _placement(of: Unmodelled) -> list[str]:
    return [
        f"{word} {', '.join(map(_place, refs))}"
        for word, refs in (("after", of.after), ("before", of.before))
        if refs
    ]


def _place(ref: Ref) -> str:
    if not ref.name:
        return _PLURALS.get(ref.kind, f"{ref.kind}s")
    kind = _KINDS.get(ref.kind, ref.kind)
    return f"{kind} {path(ref.schema, ref.name) if ref.schema else name(ref.name)}"


def _dependency(ref: Ref) -> str:
    within = f" of {label(ref.within)}" if ref.within != "table" else ""
    return f"{label(ref.kind)}{within} {_path(ref.schema, ref.name, ref.member)}"


def _path(schema: str, own: str, member: str) -> str:
    """All parts that are needed to tell them apart; here a part may be empty."""
    parts = (schema, own, member) if member else (schema, own) if schema else (own,)
    return ".".join(name(p) if p else quoted("") for p in parts)
