"""Roles of the server, but the predefined ones and the bootstrap superuser."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from pgkit.frontends.live.names import Names
from pgkit.frontends.live.rows import Query, Raw, rows, select
from pgkit.ir.kinds import Role

BOOTSTRAP_SUPERUSER: Final = 10


class RoleRow(NamedTuple):
    """A role, as everyone may see it."""

    oid: int
    name: str
    superuser: bool
    create_db: bool
    create_role: bool
    inherit: bool
    login: bool
    replication: bool
    bypass_rls: bool
    connection_limit: int


def query(version: int) -> Query[RoleRow]:
    """Every role: policies may name the predefined ones too."""
    return select(
        "role",
        RoleRow,
        "pg_catalog.pg_roles r",
        oid="r.oid",
        name="r.rolname",
        superuser="r.rolsuper",
        create_db="r.rolcreatedb",
        create_role="r.rolcreaterole",
        inherit="r.rolinherit",
        login="r.rolcanlogin",
        replication="r.rolreplication",
        bypass_rls="r.rolbypassrls",
        connection_limit="r.rolconnlimit",
    )


def roles(raw: Raw, names: Names) -> Iterator[Role]:
    """The roles that someone created."""
    for row in rows(raw, query):
        if row.oid != BOOTSTRAP_SUPERUSER and not row.name.startswith("pg_"):
            attributes = row._asdict()
            oid = attributes.pop("oid")
            yield Role(**attributes, comment=names.comment("pg_authid", oid))
