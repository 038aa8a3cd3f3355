"""A table's type: its statements, its place among the tables of a tenant, and how its rows are looked up."""

from collections.abc import Iterator

from pgkit.backends.rust.access import Access, Lookup
from pgkit.backends.rust.idents import is_snake, plain
from pgkit.backends.rust.impls import between_blanks, name_of, traits
from pgkit.backends.rust.setters import RT, bound, set_member, set_values
from pgkit.backends.rust.statements import (
    Fragments,
    conflicting,
    constants,
    fragments,
    joined,
    select_of,
    untouched,
)
from pgkit.backends.rust.text import code, doc, string
from pgkit.backends.rust.writes import (
    insert_name,
    insert_struct,
    key_struct,
    patch_struct,
)
from pgkit.backends.values import Own, owned
from pgkit.ir.relations import Table
from pgkit.sql.policies import row_security

_COMMENTS = {
    "FIND": "Reads the row of a key.",
    "FIND_MANY": "Reads the rows of some keys.",
    "LIST": "Reads the first rows.",
    "LIST_AFTER": "Reads the rows after a key.",
    "COUNT": "Counts the rows.",
    "LOCK": "Reads the row of a key and locks it.",
    "INSERT": "Inserts a row of all columns that can be given.",
    "UPDATE": "Changes all columns of a row that can be changed.",
    "UPSERT": "Inserts a row, or changes the one of its key.",
    "DELETE": "Deletes the row of a key.",
}
_ERRORS = ("", "# Errors", "", "As sqlx has them.")
_COMMENTS_BY = {
    "FIND": "Reads the row that has these values.",
    "UPSERT": "Inserts a row, or changes the one that has these values.",
}


def table_items(access: Access) -> list[str]:
    """What follows the row in a table's or view's module."""
    if access.refused:
        return ["", *_refusal(access)]
    written = access.row.writable
    return [
        "",
        *(key_struct(access)),
        *(insert_struct(access) if written else []),
        *(patch_struct(access) if access.key is not None else []),
        *doc(_about(access)),
        "#[derive(Debug, Clone, Copy)]",
        f"pub struct {name_of(access)};",
        "",
        "#[rustfmt::skip]",
        f"impl {name_of(access)} {{",
        *between_blanks([*_constants(access), *_functions(access)]),
        "}",
        *(traits(access) if access.key is not None else []),
    ]


def _refusal(access: Access) -> list[str]:
    column = (
        "the tenant column may be NULL"
        if access.refused == "nullable"
        else "Postgres generates the tenant column"
    )
    return [f"// REFUSED, nothing but the row: {column}."]


def _about(access: Access) -> str:
    what = f"The {access.row.ref.kind.replace('_', ' ')} {access.label}"
    if access.tenant:
        what += f", whose rows belong to the tenant in {code(access.tenant.field.name)}"
    notes = []
    if access.unscoped:
        notes.append("No column of it tells tenants apart: its rows are there for all of them.")
    if not access.row.writable:
        notes.append("It is read only.")
    elif access.key is None:
        notes.append("It has no key, so that no single row of it can be found, changed or deleted.")
    return "\n\n".join([f"{what}.", *notes])


def _constants(access: Access) -> Iterator[list[str]]:
    fixed, select = fragments(access), select_of(access)
    for name, text in constants(access, fixed).items():
        comment = _COMMENTS.get(name) or _COMMENTS_BY[name[: name.index("_BY_")]]
        yield [f"    /// {comment}", f"    pub const {name}: &'static str = {joined(select, text)};"]
    if policies := _policies(access):
        yield policies
    if access.row.writable:
        yield [*_fragments(select, fixed)]


def _policies(access: Access) -> list[str]:
    table = access.row.relation
    statements = [*row_security(table)] if isinstance(table, Table) else []
    if not statements:
        return []
    return [
        "    /// What gives the table its row level security, for databases that tests make.",
        "    pub const POLICIES: &'static [&'static str] = &[",
        *(f"        {string(statement.text)}," for statement in statements),
        "    ];",
    ]


def _fragments(select: str, text: Fragments) -> Iterator[str]:
    yield f"    const FRAGMENTS: {RT}Fragments = {RT}Fragments {{"
    for name in ("insert", "update", "one", "conflict", "unchanged", "same"):
        yield f"        {name}: {string(getattr(text, name))},"
    yield f"        returning: {joined(select, ' RETURNING ')},"
    yield "    };"


def _functions(access: Access) -> Iterator[list[str]]:
    row = f"{access.row.stem}Row"
    tenant, of_tenant = _tenant_argument(access), _bind_tenant(access)
    by = "_by_tenant" if access.tenant else ""
    if access.key is None:
        yield _function(
            f"list{by}",
            "The first rows, in no order.",
            [*tenant, "limit: i64"],
            f"Vec<{row}>",
            [
                *_arguments(of_tenant),
                f"arguments.add(&{RT}bounded(limit));",
                f"{RT}all(db, Self::LIST, arguments).await",
            ],
        )
        lines = [*_arguments(of_tenant), f"{RT}count(db, Self::COUNT, arguments).await"]
        if not of_tenant:
            lines = [line.replace("let mut", "let") for line in lines]
        yield _function(f"count{by}", "How many rows there are.", tenant, "i64", lines)
    if access.key is None and access.row.writable:
        yield _insert_function(access, row)
        yield _insert_many_function(access, row)
    for lookup in access.lookups:
        yield _lookup(access, lookup, row)
        if lookup.conflict:
            yield _upsert_function(access, lookup, row)
    if access.row.writable and access.key is None:
        yield set_values(access)


def _insert_function(access: Access, row: str) -> list[str]:
    comment = "Inserts a row and gives it as it is stored."
    if access.guards:
        comment += " `RowNotFound` where a foreign key refers to another tenant's row."
    set_tenant = [set_member(access.tenant, "tenant")] if access.tenant else []
    lines = [
        f"let mut to = {RT}Assignments::insert();",
        *set_tenant,
        "Self::set_values(values, &mut to);",
        f"{RT}inserted(db, to, &Self::FRAGMENTS).await",
    ]
    return _function(
        "insert", comment, [*_tenant_argument(access), f"values: {insert_name(access)}"], row, lines
    )


def _insert_many_function(access: Access, row: str) -> list[str]:
    comment = (
        "Inserts rows in one statement, all of them or none, and gives them as they are stored, in no order."
    )
    if access.guards:
        comment += "\n`RowNotFound` where a foreign key of one refers to another tenant's row."
    set_tenant = [set_member(access.tenant, "tenant"), "to.fix();"] if access.tenant else []
    lines = [
        f"let mut to = {RT}Assignments::insert();",
        *set_tenant,
        "for row in values {",
        "    Self::set_values(row, &mut to);",
        "    to.end_row();",
        "}",
        f"{RT}inserted_all(db, to, &Self::FRAGMENTS).await",
    ]
    parameters = [*_tenant_argument(access), f"values: Vec<{insert_name(access)}>"]
    return _function("insert_many", comment, parameters, f"Vec<{row}>", lines)


def _upsert_function(access: Access, lookup: Lookup, row: str) -> list[str]:
    fixed = fragments(access)
    other = conflicting(access, fixed, lookup)
    kept = ", ".join(string(m.column) for m in untouched(access, lookup))
    comment = [
        "Inserts a row; where there is one of these unique values, gives it the others. Its key stays, and",
        "what `values` leaves to a default.",
    ]
    if access.guards:
        comment.append(
            "`RowNotFound`, and nothing is changed, where a foreign key refers to another tenant's row."
        )
    set_tenant = [set_member(access.tenant, "tenant")] if access.tenant else []
    values = "Self" if access.key is None else f"<Self as {RT}{'Tenant' if access.tenant else ''}Table>"
    lines = [
        f"let mut to = {RT}Assignments::insert();",
        *set_tenant,
        "to.fix();",
        f"{values}::set_values(values, &mut to);",
        f"let conflict = {string(other.conflict)};",
        f"let unchanged = {string(other.unchanged)};",
        f"let table = {RT}Fragments {{ conflict, unchanged, ..Self::FRAGMENTS }};",
        f"{RT}upserted(db, to, &table, &[{kept}]).await",
    ]
    parameters = [*_tenant_argument(access), f"values: {insert_name(access)}"]
    return _function(f"upsert_by_{lookup.name}", "\n".join(comment), parameters, row, lines)


def _lookup(access: Access, lookup: Lookup, row: str) -> list[str]:
    names = [f"{m.ident}_" if m.ident in ("db", "tenant") else m.ident for m in lookup.members]
    types = {"String": "str", "Vec<u8>": "[u8]"}
    parameters = [
        f"{name}: &{types.get(m.required, m.required)}" for name, m in zip(names, lookup.members, strict=True)
    ]
    adds = [
        f"arguments.add({bound(name, owned(m.value, Own(nullable=False)))});"  # which is what is given
        for name, m in zip(names, lookup.members, strict=True)
    ]
    constant = f"Self::FIND_BY_{lookup.name.upper()}"
    lines = [*_arguments(_bind_tenant(access)), *adds, f"{RT}optional(db, {constant}, arguments).await"]
    whose = ", if it is this tenant's" if access.tenant else ""
    made = _function(
        f"find_by_{lookup.name}",
        f"The row that has these values{whose}.",
        [*_tenant_argument(access), *parameters],
        f"Option<{row}>",
        lines,
    )
    allow = [] if all(is_snake(plain(n)) for n in names) else ["    #[allow(non_snake_case)]"]
    many = ["    #[allow(clippy::too_many_arguments)]"] if len(names) > 5 else []
    return [made[0], *allow, *many, *made[1:]]


def _function(name: str, comment: str, parameters: list[str], result: str, lines: list[str]) -> list[str]:
    given = ", ".join(["db: E", *parameters])
    return [
        *(f"    /// {line}".rstrip() for line in [*comment.split("\n"), *_ERRORS]),
        f"    pub async fn {name}<'e, E>({given}) -> ::sqlx::Result<{result}>",
        "    where",
        "        E: ::sqlx::Executor<'e, Database = ::sqlx::Postgres>,",
        "    {",
        *(f"        {line}" for line in lines),
        "    }",
    ]


def _arguments(adds: list[str]) -> list[str]:
    return [f"let mut arguments = {RT}Arguments::new();", *adds]


def _tenant_argument(access: Access) -> list[str]:
    return [f"tenant: &{access.tenant.required}"] if access.tenant else []


def _bind_tenant(access: Access) -> list[str]:
    return [f"arguments.add({bound('tenant', access.tenant.value)});"] if access.tenant else []
