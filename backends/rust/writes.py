"""The structs of what is written: a new row, a change of one, and a key of several columns."""

from functools import lru_cache

from pgkit.backends.rust.access import Access
from pgkit.backends.rust.fields import Member, declared, struct
from pgkit.backends.rust.idents import plain
from pgkit.backends.rust.text import (
    CALL_WIDTH,
    Block,
    attribute,
    block,
    code,
    derive,
    doc,
    field,
    shown,
    skipped_if_long,
    string,
    width,
)
from pgkit.backends.values import KNOWN

_READ = "::serde::Deserialize"


def insert_name(access: Access) -> str:
    """The type of a new row."""
    return f"{access.row.stem}Insert"


def patch_name(access: Access) -> str:
    """The type of a change."""
    return f"{access.row.stem}Patch"


def key_type(access: Access) -> str:
    """What finds a row: the type of its only key column, a struct of several, `()` of none."""
    match access.key or ():
        case ():
            return "()"
        case (member,):
            return member.required
        case _:
            return f"{access.row.stem}Key"


def is_optional(member: Member) -> bool:
    """Whether a new row may leave a column to its default."""
    return member.field.has_default


def insert_struct(access: Access) -> list[str]:
    """What a new row is given."""
    default = all(is_optional(m) or m.field.nullable for m in access.given)
    tenant = (
        [f"The column {code(shown(access.tenant.field.name))} is not here: it is the tenant's."]
        if access.tenant
        else []
    )
    comment = [
        f"A new row of {access.label}.",
        "`None` leaves a column to its default, or to NULL where it has none; `Some(None)` is NULL.",
        *tenant,
    ]
    blocks = [_inserted(m) for m in access.given]
    return _struct(access, insert_name(access), comment, default, "", access.given, blocks)


def patch_struct(access: Access) -> list[str]:
    """What a change of a row is given."""
    comment = [
        f"A change of a row of {access.label}.",
        "`None` leaves a column as it is; `Some(None)` sets it to NULL.",
    ]
    blocks = [_patched(m) for m in access.patched]
    return _struct(access, patch_name(access), comment, True, "default, ", access.patched, blocks)


def key_struct(access: Access) -> list[str]:
    """The struct of a key of several columns; no lines for any other."""
    key = access.key or ()
    if len(key) < 2:
        return []
    derives = ("Debug", "Clone", "PartialEq", "::serde::Serialize", _READ)
    whose = " among those of its tenant" if access.tenant else ""
    return [
        *doc(f"What finds a row of {access.label}{whose}."),
        *struct(key_type(access), key, derives),
        "",
    ]


def _struct(
    access: Access,
    name: str,
    comment: list[str],
    default: bool,
    options: str,
    members: tuple[Member, ...],
    blocks: list[Block],
) -> list[str]:
    debug = [] if access.secret else ["Debug"]
    derives = derive(*debug, "Clone", *(["Default"] if default else []), "PartialEq", _READ)
    return [
        *(line for text in comment for line in doc(text)),
        *declared(name, members, [*derives, f"#[serde({options}deny_unknown_fields)]"], blocks),
        "",
        *(_debug(name, members, access.secret) if access.secret else []),
    ]


@lru_cache(KNOWN)
def _inserted(member: Member) -> Block:
    type, arguments = member.required, [*member.rename]
    wire, nullable = member.wire, member.field.nullable
    if is_optional(member):
        arguments += ["default", _present(nullable, wire)]
        type = f"Option<{_option(type, nullable)}>"
    elif nullable:
        arguments += ["default", *_with(wire)]
        type = f"Option<{type}>"
    else:
        arguments += _with(wire)
    return block([*attribute("serde", arguments, "    "), *field(member.ident, type)])


@lru_cache(KNOWN)
def _patched(member: Member) -> Block:
    nullable = member.field.nullable
    arguments = [*member.rename, _present(nullable, member.wire)]
    type = f"Option<{_option(member.required, nullable)}>"
    return block([*attribute("serde", arguments, "    "), *field(member.ident, type)])


def _option(type: str, nullable: bool) -> str:
    return f"Option<{type}>" if nullable else type


def _with(wire: bool) -> list[str]:
    return ['with = "super::rt::wire"'] if wire else []


def _present(nullable: bool, wire: bool) -> str:
    reader = "double_option" if nullable else "present"
    return f'deserialize_with = "super::rt::{"wire::" if wire else ""}{reader}"'


def _debug(name: str, members: tuple[Member, ...], secret: tuple[Member, ...]) -> list[str]:
    """Debug that prints no secret."""
    values = ('"..."' if m in secret else f"self.{m.ident}" for m in members)
    arguments = [f"{string(plain(m.ident))}, &{value}" for m, value in zip(members, values, strict=True)]
    shown_fields = [f"            .field({some})" for some in arguments]
    chain = [f"        f.debug_struct({string(name)})", *shown_fields, "            .finish()"]
    whole = "".join(line.strip() for line in chain)
    before = [
        f"impl ::core::fmt::Debug for {name} {{",
        "    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {",
    ]
    body = block([f"        {whole}"] if width(whole) <= CALL_WIDTH else chain, arguments)
    return [*skipped_if_long(before, [body], ["    }", "}"]), ""]
