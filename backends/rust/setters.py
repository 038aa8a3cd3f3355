"""How values get into the parameters of a write: what generated code does with each column of a struct."""

from functools import lru_cache

from pgkit.backends.rust.access import Access
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
    lines = [_set_value(m) for m in access.given]
    type = "Self::Insert" if access.key is not None else insert_name(access)
    guards = _guards(access, access.given)
    return method("set_values", f"values: {type}", "Assignments", [*lines, *guards])


def patches(access: Access) -> list[str]:
    """What takes a patch apart."""
    return [*[_set_patch(m) for m in access.patched], *_guards(access, access.patched)]


def set_member(member: Member, reference: str) -> str:
    """Gives a column its value."""
    return _set_bare(member.bare, reference)


@lru_cache(KNOWN)
def _set_bare(member: Member, reference: str) -> str:
    before, behind = member.cast
    column, value = string(member.column), bound(reference, member.value)
    if before:
        return f"to.set_as({column}, {string(before)}, {string(behind)}, {value});"
    return f"to.set({column}, {string(behind)}, {value});"


@lru_cache(KNOWN)
def _set_value(member: Member) -> str:
    if is_optional(member):
        return _if_given(member, "values")
    return set_member(member, f"&values.{member.ident}")


@lru_cache(KNOWN)
def _set_patch(member: Member) -> str:
    return _if_given(member, "patch")


def _if_given(member: Member, of: str) -> str:
    return f"if let Some(value) = &{of}.{member.ident} {{ {set_member(member, 'value')} }}"


def _guards(access: Access, members: tuple[Member, ...]) -> list[str]:
    columns = {m.column for m in members} if access.guards else set()
    return [
        f"to.guard({string(g.parent)}, &[{', '.join(f'({string(a)}, {string(b)})' for a, b in g.pairs)}]);"
        for g in access.guards
        if any(column in columns for _, column in g.pairs)
    ]
