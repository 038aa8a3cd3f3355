"""Row level security as SQL: what makes a policy, and what turns the policies of a table on."""

from collections.abc import Iterator
from typing import Final

from pgkit.ir.constraints import Policy
from pgkit.ir.names import Ref
from pgkit.ir.relations import Table
from pgkit.sql.text import Sql, join, sql

_COMMANDS: Final = {"all", "select", "insert", "update", "delete"}


def create_policy(ref: Ref, policy: Policy) -> Sql:
    """CREATE POLICY."""
    parts = [
        sql("CREATE POLICY {name} ON {table}", name=ref, table=ref.owner or ref),
        *([] if policy.permissive else [Sql("AS RESTRICTIVE")]),
        *_command(policy),
        *([sql("TO {roles}", roles=join(", ", policy.roles))] if policy.roles else []),
        *([sql("USING ({e})", e=policy.using)] if policy.using is not None else []),
        *([sql("WITH CHECK ({e})", e=policy.check)] if policy.check is not None else []),
    ]
    return join(" ", parts)


def row_security(table: Table) -> Iterator[Sql]:
    """All statements that give a new table its policies."""
    if table.row_security:
        yield sql("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", table=table.ref)
    if table.force_row_security:
        yield sql("ALTER TABLE {table} FORCE ROW LEVEL SECURITY", table=table.ref)
    for policy in table.policies:
        yield create_policy(table.ref.of("policy", policy.name), policy)


def _command(policy: Policy) -> list[Sql]:
    if policy.command not in _COMMANDS:
        raise ValueError(f"no command {policy.command!r} for a policy")
    return [] if policy.command == "all" else [Sql(f"FOR {policy.command.upper()}")]
