"""The statements of a table as Rust constants: those of pgkit.sql, and writes that parents guard."""

from collections.abc import Callable
from typing import Final

from attrs import evolve, frozen

from pgkit.backends.rust.access import Access, Guard, Lookup, Texts
from pgkit.backends.rust.fields import Member
from pgkit.backends.rust.rows import columns_const
from pgkit.backends.rust.text import string
from pgkit.ir.relations import Column, Table
from pgkit.sql import Sql, quoted
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
    of = _Texts.of(access)
    found = {"LIST": of.text("LIST", lambda s: list_(s).text)}
    if access.key is not None:
        found["LIST_AFTER"] = of.text("LIST_AFTER", lambda s: list_after(s).text)
        found["FIND"] = of.text("FIND", lambda s: find(s).text)
        found["FIND_MANY"] = of.text("FIND_MANY", _many)
        found["LOCK"] = of.text("LOCK", lambda s: lock(s).text)
    found["COUNT"] = of.text("COUNT", lambda s: count(s).text)
    if access.row.writable:
        found["INSERT"] = _insert(access, fixed)
    if access.key is not None:
        found["DELETE"] = of.text("DELETE", lambda s: delete(s).text)
        found |= {"UPDATE": _update(access, fixed)} if access.patched else {}
        key = access.key
        found |= {"UPSERT": _upsert(access, fixed, key, key)} if access.chosen else {}
    return found | _lookups(access, of) | _upserts(access, fixed)


def _lookups(access: Access, of: "_Texts") -> dict[str, str]:
    columns = {c.name: c for c in access.scope.table.columns} if access.lookups else {}
    found = {}
    for lookup in access.lookups:
        by = [columns[m.field.name] for m in lookup.members]
        text = of.text("FIND_BY", lambda s, by=by: find_by(s, by).text, *by)  # type: ignore[misc]
        found[f"FIND_BY_{lookup.name.upper()}"] = text
    return found


def _upserts(access: Access, fixed: Fragments) -> dict[str, str]:
    found = {}
    for lookup in access.lookups:
        if lookup.conflict:
            fragments = conflicting(access, fixed, lookup)
            found[f"UPSERT_BY_{lookup.name.upper()}"] = _upsert(
                access, fragments, (), untouched(access, lookup)
            )
    return found


def conflicting(access: Access, fixed: Fragments, lookup: Lookup) -> Fragments:
    """The fragments for rows that are there by other columns than the key's."""
    names = [quoted(name) for name in lookup.conflict]
    own = quoted(lookup.members[0].field.name)
    return evolve(
        fixed,
        conflict=f" ON CONFLICT ({', '.join(names)}) DO UPDATE SET ",
        unchanged=f"{own} = t.{own}",
    )


def untouched(access: Access, lookup: Lookup) -> tuple[Member, ...]:
    """The columns that an upsert by others than the key gives to a new row alone."""
    return tuple(m for m in access.given if m in (*lookup.members, *(access.key or ())))


@frozen
class _Texts:
    """The statements of a table that say no more of it than its name, its key and its tenant column.

    Tables that are alike in these have the same, but for the name; in most schemas nearly all of them are.
    """

    access: Access
    known: Texts
    name: str

    @classmethod
    def of(cls, access: Access) -> "_Texts":
        """Those of one table."""
        ref, texts = access.row.ref, access.texts
        if ref not in texts:
            shape = tuple(_told(access, c) for c in (access.scope.tenant, *access.scope.key))
            texts[ref] = texts.setdefault(shape, {})
        return cls(access, texts[ref], access.scope.name.text)

    def text(self, what: str, make: Callable[[Scope], str], *columns: Column) -> str:
        """What `make` makes of the table's scope."""
        which = (what, *(_told(self.access, c) for c in columns))
        if which not in self.known:
            self.known[which] = make(evolve(self.access.scope, table=_NAMELESS))
        return self.known[which].replace(_ITS_NAME, self.name)


def _told(access: Access, column: Column | None) -> tuple[object, ...]:
    """All of a column that a statement depends on."""
    if column is None:
        return ()
    form = access.scope.forms(column)
    return column.name, column.type, form.write(_ANY).text, form.write_many(_ANY).text


_ANY: Final = Sql("$0")


def fragments(access: Access) -> Fragments:
    """The fixed texts of a table's writes."""
    scope, tenant = access.scope, access.scope.tenant
    new = f"excluded.{quoted(tenant.name)}" if tenant else ""
    same = f" WHERE {scope.read(tenant)} {scope.operator('=', tenant)} {new}" if tenant else ""
    names = [quoted(c.name) for c in scope.key]
    return Fragments(
        insert=f"INSERT INTO {scope.name} AS t",
        update=f"UPDATE {scope.name} AS t SET ",
        one=_Texts.of(access).text("ONE", lambda s: f" WHERE {s.held(Binder(), s.own_key)}"),
        conflict=f" ON CONFLICT ({', '.join(names)}) DO UPDATE SET ",
        unchanged=f"{names[0]} = t.{names[0]}" if names else "",
        same=same,
    )


def joined(access: Access, text: str) -> str:
    """A statement as an expression in Rust, with the constant of the select list in it."""
    select = columns_const(access.row) if access.row.fields else '"NULL"'  # RETURNING wants a column
    if text.startswith(_SELECT):
        return f"super::rt::sql!({string(text[:7])}, {select}, {string(text[7:])})"
    if text.endswith(_RETURNING):
        return f"super::rt::sql!({string(text)}, {select})"
    return string(text)


def _many(scope: Scope) -> str:
    return find_many(scope).text if scope.own_key else find(scope).text


def _insert(access: Access, text: Fragments) -> str:
    members = (*([access.tenant] if access.tenant else []), *access.given)
    return f"{_inserted(access, text, members)}{_RETURNING}"


def _upsert(access: Access, text: Fragments, first: tuple[Member, ...], kept: tuple[Member, ...]) -> str:
    own = (*([access.tenant] if access.tenant else []), *first)
    given = tuple(m for m in access.given if m not in own)
    names = [m.column for m in given if m not in kept]
    set_ = ", ".join(f"{n} = excluded.{n}" for n in names) or text.unchanged
    start = _inserted(access, text, (*own, *given))
    return f"{start}{text.conflict}{set_}{text.same}{_RETURNING}"


def _update(access: Access, text: Fragments) -> str:
    first = len(access.key or ()) + bool(access.tenant) + 1
    values = {m.column: access.parameter(m, i) for i, m in enumerate(access.patched, first)}
    set_ = ", ".join(f"{name} = {value}" for name, value in values.items())
    guards = "".join(f" AND {g}" for g in _guards(access, values, "t."))
    return f"{text.update}{set_}{text.one}{guards}{_RETURNING}"


def _inserted(access: Access, text: Fragments, members: tuple[Member, ...]) -> str:
    start = text.insert
    if not members:
        return f"{start} DEFAULT VALUES"
    values = {m.column: access.parameter(m, i) for i, m in enumerate(members, 1)}
    names, params = ", ".join(values), ", ".join(values.values())
    guards = " AND ".join(_guards(access, values, ""))
    if guards:
        return f"{start} ({names}) SELECT {params} WHERE {guards}"
    return f"{start} ({names}) VALUES ({params})"


def _guards(access: Access, values: dict[str, str], absent: str) -> list[str]:
    guards = [g for g in access.guards if any(column in values for _, column in g.pairs)]
    return [_guard(g, values, absent) for g in guards]


def _guard(guard: Guard, values: dict[str, str], absent: str) -> str:
    terms = [(compared, values.get(column, f"{absent}{column}")) for compared, column in guard.pairs]
    # NULL comes last: a comparison says the parameter's type to those who prepare it without
    matches = "".join(f" AND {compared} {value}" for compared, value in terms)
    nulls = "".join(f" OR {value} IS NULL" for _, value in terms)
    return f"(EXISTS ({guard.parent}{matches}){nulls})"
