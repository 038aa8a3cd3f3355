"""Checks of policies: clauses that their command takes, a table that asks them, roles that are there."""

from collections.abc import Iterator
from typing import Final

from pgkit.diag import Diagnostic
from pgkit.ir.constraints import Policy
from pgkit.ir.names import Ref
from pgkit.ir.relations import Table
from pgkit.passes.validate.known import Known, or_nearest, path, problem, warning
from pgkit.sql import quote

_COMMANDS: Final = ("all", "select", "insert", "update", "delete")
_ANYBODY: Final = ("public", "current_user", "current_role", "session_user")


def _policies(known: Known) -> Iterator[tuple[Table, Ref, Policy]]:
    for table in known.catalog.tables:
        for policy in table.policies:
            yield table, table.ref.of("policy", policy.name), policy


def policy_clauses(known: Known) -> Iterator[Diagnostic]:
    """USING is about rows that are there, WITH CHECK about rows that are written."""
    for _, ref, policy in _policies(known):
        if policy.command not in _COMMANDS:
            help = or_nearest(f"use one of {', '.join(_COMMANDS)}", policy.command, _COMMANDS)
            message = f"no policy command named {policy.command}"
            yield problem("policy-command", message, ref, policy, help)
        if policy.command == "insert" and policy.using is not None:
            message = "a policy for insert takes no using: there is no row yet"
            yield problem("policy-using", message, ref, policy, "write it as with check")
        if policy.command in ("select", "delete") and policy.check is not None:
            message = f"a policy for {policy.command} takes no with check: it writes no row"
            yield problem("policy-check", message, ref, policy, "write it as using")


def policies_without_row_security(known: Known) -> Iterator[Diagnostic]:
    """A policy on a table that does not ask its policies does nothing."""
    for table, ref, policy in _policies(known):
        if not table.row_security:
            message = f"the policy {quote(policy.name)} does nothing: {path(table.ref)} has no row security"
            yield warning("no-row-security", message, ref, policy, "enable row level security on the table")


def policy_roles(known: Known) -> Iterator[Diagnostic]:
    """Where a catalog declares roles, those of its policies should be among them."""
    declared = {r.name for r in known.catalog.roles}
    for _, ref, policy in _policies(known):
        for role in policy.roles:
            unknown = declared and role.name not in declared and role.name not in _ANYBODY
            if unknown and not role.name.startswith("pg_"):
                help = or_nearest(
                    "declare the role, or make sure that the server has it", role.name, declared
                )
                message = f"no role named {quote(role.name)} is declared"
                yield warning("unknown-role", message, ref, policy, help)
