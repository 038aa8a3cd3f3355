"""Row-level security policies."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final, NamedTuple

from pgkit.frontends.live.names import Names
from pgkit.frontends.live.rows import Ints, Query, Raw, optional, rows, select
from pgkit.ir.constraints import Policy
from pgkit.ir.names import Ref

COMMANDS: Final = {"*": "all", "r": "select", "a": "insert", "w": "update", "d": "delete"}


class PolicyRow(NamedTuple):
    """A policy."""

    oid: int
    table: int
    name: str
    permissive: bool
    command: str
    roles: Ints
    using: str | None
    check: str | None


def query(version: int) -> Query[PolicyRow]:
    """Every policy of the user's tables."""
    return select(
        "policy",
        PolicyRow,
        "pg_catalog.pg_policy p JOIN rel ON rel.oid = p.polrelid",
        oid="p.oid",
        table="p.polrelid",
        name="p.polname",
        permissive="p.polpermissive",
        command="p.polcmd",
        roles="p.polroles",
        using="pg_catalog.pg_get_expr(p.polqual, p.polrelid)",
        check="pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)",
    )


def policies(raw: Raw, names: Names) -> Mapping[int, list[Policy]]:
    """The policies of each table, sorted by name."""
    found: dict[int, list[Policy]] = defaultdict(list)
    for row in sorted(rows(raw, query), key=lambda row: row.name):
        found[row.table].append(_policy(row, names))
    return found


def _policy(row: PolicyRow, names: Names) -> Policy:
    return Policy(
        name=row.name,
        permissive=row.permissive,
        command=COMMANDS[row.command],
        roles=tuple(sorted(Ref("role", "", names.roles[oid]) for oid in row.roles if oid)),  # zero: PUBLIC
        using=optional(row.using),
        check=optional(row.check),
        comment=names.comment("pg_policy", row.oid),
    )
