"""A table among the tables: its implementations of the traits of rt.rs."""

from collections.abc import Iterator

from pgkit.backends.rust.access import Access
from pgkit.backends.rust.fields import Member
from pgkit.backends.rust.idents import type_ident
from pgkit.backends.rust.params import is_text
from pgkit.backends.rust.setters import RT, bound, method, patches, set_member, set_values
from pgkit.backends.rust.text import skipped_if_long
from pgkit.backends.rust.writes import insert_name, key_type, patch_name
from pgkit.backends.values import ArrayValue

_CONSTANTS = ("FIND", "FIND_MANY", "LIST", "LIST_AFTER", "COUNT", "LOCK", "DELETE")


def name_of(access: Access) -> str:
    """The type that names the table."""
    return type_ident(access.row.stem)


def between_blanks(items: list[list[str]]) -> list[str]:
    """The lines of items, a blank line between them."""
    return [line for item in items for line in ("", *item)][1:]


def traits(access: Access) -> list[str]:
    """The implementations, of a table that has a key."""
    flavour = "Tenant" if access.tenant else ""
    name = name_of(access)
    lines = [
        "",
        *skipped_if_long([f"impl {RT}sealed::Sealed for {name} {{}}"]),
        "",
        "#[rustfmt::skip]",
        f"impl {RT}{flavour}Table for {name} {{",
        *between_blanks([_associated(access), *_methods(access)]),
        "}",
    ]
    if access.chosen:
        lines += [
            "",
            "#[rustfmt::skip]",
            f"impl {RT}{flavour}Upsert for {name} {{",
            "    const UPSERT: &'static str = Self::UPSERT;",
            "",
            *method(
                "set_key",
                "key: &Self::Key",
                "Assignments",
                [set_member(m, r) for m, r in _key_refs(access)],
            ),
            "}",
        ]
    return lines


def _associated(access: Access) -> list[str]:
    stem = access.row.stem
    tenant = [f"    type Tenant = {access.tenant.required};"] if access.tenant else []
    return [
        f"    type Row = {stem}Row;",
        *tenant,
        f"    type Key = {key_type(access)};",
        f"    type Insert = {insert_name(access)};",
        f"    type Patch = {patch_name(access)};",
        "",
        *(f"    const {name}: &'static str = Self::{name};" for name in _CONSTANTS),
        f"    const FRAGMENTS: {RT}Fragments = Self::FRAGMENTS;",
    ]


def _methods(access: Access) -> Iterator[list[str]]:
    if access.tenant:
        added = f"to.add({bound('tenant', access.tenant.value)});"
        yield method("bind_tenant", "tenant: &Self::Tenant", "Arguments", [added])
        yield method(
            "set_tenant",
            "tenant: &Self::Tenant",
            "Assignments",
            [set_member(access.tenant, "tenant")],
        )
    refs = _key_refs(access)
    yield method(
        "bind_key", "key: &Self::Key", "Arguments", [f"to.add({bound(r, m.value)});" for m, r in refs]
    )
    yield method("bind_keys", "keys: &[Self::Key]", "Arguments", [_bind_many(access, m) for m, _ in refs])
    yield set_values(access)
    yield method("set_patch", "patch: Self::Patch", "Assignments", [*patches(access)])
    yield _key_of(access)


def _key_refs(access: Access) -> list[tuple[Member, str]]:
    key = access.key or ()
    return [(m, "key" if len(key) == 1 else f"&key.{m.ident}") for m in key]


def _bind_many(access: Access, member: Member) -> str:
    value = ArrayValue(member.value)
    if len(access.key or ()) == 1:
        return f"to.add({bound('&keys.to_vec()' if is_text(value) else 'keys', value)});"
    column = f"{RT}column(keys, |key| &key.{member.ident})"
    return f"to.add({bound(f'&{column}', value)});"


def _key_of(access: Access) -> list[str]:
    key = access.key or ()
    values = [f"::core::clone::Clone::clone(&row.{m.ident})" for m in key]
    match key:
        case ():
            body = []
        case (_,):
            body = [f"        {values[0]}"]
        case _:
            pairs = [f"{m.ident}: {value}" for m, value in zip(key, values, strict=True)]
            body = [f"        {key_type(access)} {{", *(f"            {p}," for p in pairs), "        }"]
    return [f"    fn key_of({'row' if key else '_row'}: &Self::Row) -> Self::Key {{", *body, "    }"]
