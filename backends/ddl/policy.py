"""CREATE POLICY."""

from collections.abc import Iterator

from pgkit.backends.ddl.clauses import NOTHING, comment, words
from pgkit.backends.ddl.emitter import Emitter
from pgkit.ir.constraints import Policy
from pgkit.ir.names import Ref
from pgkit.sql import Sql, join, sql

_COMMANDS = {"all", "select", "insert", "update", "delete"}


def _create(ref: Ref, new: Policy) -> Iterator[Sql]:
    owner = ref.owner or ref
    yield words(
        sql("CREATE POLICY {name} ON {table}", name=ref, table=owner),
        NOTHING if new.permissive else Sql("AS RESTRICTIVE"),
        _command(new),
        sql("TO {roles}", roles=join(", ", new.roles)) if new.roles else NOTHING,
        sql("USING ({e})", e=new.using) if new.using is not None else NOTHING,
        sql("WITH CHECK ({e})", e=new.check) if new.check is not None else NOTHING,
    )
    yield from comment(Sql("POLICY"), sql("{name} ON {table}", name=ref, table=owner), new.comment)


def _command(policy: Policy) -> Sql:
    if policy.command not in _COMMANDS:
        raise ValueError(f"no command {policy.command!r} for a policy")
    return NOTHING if policy.command == "all" else Sql(f"FOR {policy.command.upper()}")


EMITTER = Emitter(kind=Policy, create=_create)
