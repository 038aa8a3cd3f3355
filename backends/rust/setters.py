"""How values get into the parameters of a write: what generated code does with each column of a struct."""

from collections.abc import Iterator
from functools import lru_cache

from pgkit.backends.rust.access import Access, Cast
from pgkit.backends.rust.fields import Member
from pgkit.backends.rust.params import bind
from pgkit.backends.rust.text import string
from pgkit.backends.rust.writes import insert_name, is_optional
from pgkit.backends.values import KNOWN, Value

RT = "super::rt::"


def bound(reference: str, value: Value) -> str:
    """A reference to what is bound for a value, given a reference to the value."""
    made = bind(reference, value)
    return reference if made == reference else f"&{made}"


def method(name: str, parameter: str, to: str, lines: list[str]) -> list[str]:
    """A function that fills `to`; what it does not use is named so that nobody is warned."""
    used = "" if lines else "_"
    return [
        f"    fn {name}({used}{parameter}, {used}to: &mut {RT}{to}) {{",
        *(f"        {line}" for line in lines),
        "    }",
    ]


def set_values(access: Access) -> list[str]:
    """The function that takes a new row apart."""
    lines = [
        _optional(access, m, "values") if is_optional(m) else set_member(access, m, f"&values.{m.ident}")
        for m in access.given
    ]
    type = "Self::Insert" if access.key is not None else insert_name(access)
    guards = _guards(access, access.given)
    return method("set_values", f"values: {type}", "Assignments", [*lines, *guards])


def patches(access: Access) -> Iterator[str]:
    """What takes a patch apart."""
    yield from (_optional(access, m, "patch") for m in access.patched)
    yield from _guards(access, access.patched)


def set_member(access: Access, member: Member, reference: str) -> str:
    """Gives a column its value."""
    return _set_member(member, access.casts[member.field.name], reference)


@lru_cache(KNOWN)
def _set_member(member: Member, cast: Cast, reference: str) -> str:
    before, behind = cast
    column, value = string(member.column), bound(reference, member.field.value)
    if before:
        return f"to.set_as({column}, {string(before)}, {string(behind)}, {value});"
    return f"to.set({column}, {string(behind)}, {value});"


def _optional(access: Access, member: Member, of: str) -> str:
    return _if_given(member, access.casts[member.field.name], of)


@lru_cache(KNOWN)
def _if_given(member: Member, cast: Cast, of: str) -> str:
    return f"if let Some(value) = &{of}.{member.ident} {{ {_set_member(member, cast, 'value')} }}"


def _guards(access: Access, members: tuple[Member, ...]) -> list[str]:
    columns = {m.column for m in members} if access.guards else set()
    return [
        f"to.guard({string(g.parent)}, &[{', '.join(f'({string(a)}, {string(b)})' for a, b in g.pairs)}]);"
        for g in access.guards
        if any(column in columns for _, column in g.pairs)
    ]
