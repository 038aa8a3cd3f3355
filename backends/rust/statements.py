"""The statements of a table as Rust constants: those of pgkit.sql, and writes that parents guard."""

from collections.abc import Callable, Sequence
from typing import Final

from attrs import evolve, frozen

from pgkit.backends.rust.access import Access, Guard, Lookup
from pgkit.backends.rust.fields import Member
from pgkit.backends.rust.rows import columns_const
from pgkit.backends.rust.text import string
from pgkit.ir.relations import Table
from pgkit.sql import quoted
from pgkit.sql.statements import Scope, count, delete, find, find_by, find_many, list_, list_after, lock
from pgkit.sql.statements.statement import Binder

_SELECT: Final = "SELECT  FROM"
_RETURNING: Final = " RETURNING "
_NAMELESS: Final = Table(schema="\0", name="\0")  # no name in Postgres has a zero byte
_ITS_NAME: Final = '"\0"."\0"'


@frozen
class Fragments:
    """The fixed texts around the columns of a write, as rt::Fragments has them."""

    insert: str
    update: str
    one: str
    conflict: str
    unchanged: str
    same: str


def constants(access: Access, fixed: Fragments) -> dict[str, str]:
    """The statements of a table or view by their names, without a select list: see `joined`."""
    found = {"LIST": _text(access, "LIST", lambda s: list_(s).text)}
    if access.key is not None:
        found["LIST_AFTER"] = _text(access, "LIST_AFTER", lambda s: list_after(s).text)
        found["FIND"] = _text(access, "FIND", lambda s: find(s).text)
        found["FIND_MANY"] = _text(access, "FIND_MANY", _many)
        found["LOCK"] = _text(access, "LOCK", lambda s: lock(s).text)
    found["COUNT"] = _text(access, "COUNT", lambda s: count(s).text)
    if access.row.writable:
        found["INSERT"] = _insert(access, fixed)
    if access.key is not None:
        found["DELETE"] = _text(access, "DELETE", lambda s: delete(s).text)
        found |= {"UPDATE": _update(access, fixed)} if access.patched else {}
        key = access.key
        found |= {"UPSERT": _upsert(access, fixed, key, key)} if access.chosen else {}
    for lookup in access.lookups:
        found[f"FIND_BY_{lookup.name.upper()}"] = _find_by(access, lookup)
    for lookup in access.lookups:
        if lookup.conflict:
            other, kept = conflicting(access, fixed, lookup), untouched(access, lookup)
            found[f"UPSERT_BY_{lookup.name.upper()}"] = _upsert(access, other, (), kept)
    return found


def _find_by(access: Access, lookup: Lookup) -> str:
    columns = {c.name: c for c in access.scope.table.columns}
    by = [columns[m.field.name] for m in lookup.members]
    return _text(access, "FIND_BY", lambda s: find_by(s, by).text, *lookup.members)


def conflicting(access: Access, fixed: Fragments, lookup: Lookup) -> Fragments:
    """The fragments for rows that are there by other columns than the key's."""
    unchanged = _unchanged(lookup.members[0].field.name)
    return evolve(fixed, conflict=_on_conflict(lookup.conflict), unchanged=unchanged)


def untouched(access: Access, lookup: Lookup) -> tuple[Member, ...]:
    """The columns that an upsert by others than the key gives to a new row alone."""
    return tuple(m for m in access.given if m in (*lookup.members, *(access.key or ())))


def _text(access: Access, what: str, make: Callable[[Scope], str], *members: Member) -> str:
    """What `make` makes of the table's scope, and of these members of it.

    It says no more of the table than its name, its key and its tenant column: tables that are alike in these
    have the same, but for the name; in most schemas nearly all of them are.
    """
    known, scope = access.texts, access.scope
    which = (what, *(m.in_statements for m in members)) if members else (what,)
    if which not in known:
        known[which] = make(evolve(scope, table=_NAMELESS))
    return known[which].replace(_ITS_NAME, access.table)


def fragments(access: Access) -> Fragments:
    """The fixed texts of a table's writes."""
    return Fragments(
        insert=f"INSERT INTO {access.table} AS t",
        update=f"UPDATE {access.table} AS t SET ",
        one=_text(access, "ONE", lambda s: f" WHERE {s.held(Binder(), s.own_key)}"),
        conflict=_text(access, "CONFLICT", lambda s: _on_conflict([c.name for c in s.key])),
        unchanged=_text(access, "UNCHANGED", lambda s: _unchanged(s.key[0].name) if s.key else ""),
        same=_text(access, "SAME", _same),
    )


def _on_conflict(columns: Sequence[str]) -> str:
    """What comes between a new row and the changes of the one that is there."""
    return f" ON CONFLICT ({', '.join(map(quoted, columns))}) DO UPDATE SET "


def _unchanged(column: str) -> str:
    return f"{quoted(column)} = t.{quoted(column)}"


def _same(scope: Scope) -> str:
    tenant = scope.tenant
    if tenant is None:
        return ""
    return f" WHERE {scope.read(tenant)} {scope.operator('=', tenant)} excluded.{quoted(tenant.name)}"


def joined(select: str, text: str) -> str:
    """A statement as an expression in Rust, with the constant of the select list in it."""
    if text.startswith(_SELECT):
        return f"super::rt::sql!({string(text[:7])}, {select}, {string(text[7:])})"
    if text.endswith(_RETURNING):
        return f"super::rt::sql!({string(text)}, {select})"
    return string(text)


def select_of(access: Access) -> str:
    """The constant of the select list."""
    return columns_const(access.row) if access.row.fields else '"NULL"'  # RETURNING wants a column


def _many(scope: Scope) -> str:
    return find_many(scope).text if scope.own_key else find(scope).text


def _insert(access: Access, text: Fragments) -> str:
    members = (*([access.tenant] if access.tenant else []), *access.given)
    return f"{_inserted(access, text, members)}{_RETURNING}"


def _upsert(access: Access, text: Fragments, first: tuple[Member, ...], kept: tuple[Member, ...]) -> str:
    own = (*([access.tenant] if access.tenant else []), *first)
    given = [m for m in access.given if m not in own]
    names = [m.column for m in given if m not in kept]
    set_ = ", ".join([f"{n} = excluded.{n}" for n in names]) or text.unchanged
    start = _inserted(access, text, (*own, *given))
    return f"{start}{text.conflict}{set_}{text.same}{_RETURNING}"


def _update(access: Access, text: Fragments) -> str:
    first = len(access.key or ()) + bool(access.tenant) + 1
    values = _parameters(access.patched, first)
    set_ = ", ".join([f"{name} = {value}" for name, value in values.items()])
    guards = "".join([f" AND {g}" for g in _guards(access, values, "t.")])
    return f"{text.update}{set_}{text.one}{guards}{_RETURNING}"


def _inserted(access: Access, text: Fragments, members: tuple[Member, ...]) -> str:
    start = text.insert
    if not members:
        return f"{start} DEFAULT VALUES"
    values = _parameters(members, 1)
    names, params = ", ".join(values), ", ".join(values.values())
    guards = " AND ".join(_guards(access, values, ""))
    if guards:
        return f"{start} ({names}) SELECT {params} WHERE {guards}"
    return f"{start} ({names}) VALUES ({params})"


def _parameters(members: tuple[Member, ...], first: int) -> dict[str, str]:
    """What stands for the values of columns, by the columns."""
    return {m.column: f"{m.cast[0]}${i}{m.cast[1]}" for i, m in enumerate(members, first)}


def _guards(access: Access, values: dict[str, str], absent: str) -> list[str]:
    guards = [g for g in access.guards if any(column in values for _, column in g.pairs)]
    return [_guard(g, values, absent) for g in guards]


def _guard(guard: Guard, values: dict[str, str], absent: str) -> str:
    terms = [(compared, values.get(column, f"{absent}{column}")) for compared, column in guard.pairs]
    # NULL comes last: a comparison says the parameter's type to those who prepare it without
    matches = "".join(f" AND {compared} {value}" for compared, value in terms)
    nulls = "".join(f" OR {value} IS NULL" for _, value in terms)
    return f"(EXISTS ({guard.parent}{matches}){nulls})"
