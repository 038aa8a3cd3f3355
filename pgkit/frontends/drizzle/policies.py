"""Policies, also those of tables that the snapshot does not hold."""

import hashlib
import json
import re

from pgkit.frontends.drizzle.node import Node
from pgkit.frontends.drizzle.sqltext import expression
from pgkit.ir.constraints import Policy
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref, truncate

COMMANDS = ("all", "select", "insert", "update", "delete")
_QUALIFIED = re.compile(r'(?:"(?P<schema>(?:[^"]|"")+)"\.)?"(?P<name>(?:[^"]|"")+)"')


def policy(node: Node) -> Policy:
    """A policy. PUBLIC among its roles makes all others moot."""
    node.keys("schema", "table", "on", "name", "as", "for", "to", "roles", "using", "withCheck", "entityType")
    command, mode = node.text("for", "ALL").lower(), node.text("as", "PERMISSIVE").lower()
    if command not in COMMANDS:
        raise node.at("for").wrong("expected all, select, insert, update or delete")
    if mode not in ("permissive", "restrictive"):
        raise node.at("as").wrong("expected permissive or restrictive")
    to = node.find("to") or node.find("roles")
    roles = to.names() if to else ()
    return Policy(
        name=node.name("name"),
        permissive=mode == "permissive",
        command=command,
        roles=() if "public" in roles else tuple(Ref("role", "", role) for role in roles),
        using=expression(node, "using"),
        check=expression(node, "withCheck"),
    )


def foreign_policy(node: Node, schema: str, table: str) -> Unmodelled:
    """A policy on a table that the snapshot does not hold: named, and compared by its text."""
    made = policy(node)
    texts = (node.text("using", ""), node.text("withCheck", ""))
    definition = json.dumps((made.permissive, made.command, [role.name for role in made.roles], *texts))
    return Unmodelled(
        kind="policy",
        schema=schema,
        name=table,
        member=made.name,
        hash=hashlib.sha256(definition.encode()).hexdigest(),
        refs=(Ref("table", schema, table), *made.roles),
        definition=definition,
    )


def split_name(text: str) -> tuple[str, str]:
    """The schema and the name of a table written `"schema"."table"`."""
    match = _QUALIFIED.fullmatch(text)
    if match is None:
        return "public", truncate(text)
    schema, name = (truncate((part or "").replace('""', '"')) for part in match.group("schema", "name"))
    return schema or "public", name
