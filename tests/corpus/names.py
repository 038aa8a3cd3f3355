"""Names that Postgres or Drizzle made up: aligned in a migrated database before its dump is compared.

A table keeps them when it gets another name, and they are no part of what a schema says. One is told by its
end and by the name of its table; that only such names differ is what the dump then shows.
"""

from __future__ import annotations

import re
from typing import Final

from attrs import evolve, frozen

from pgkit.runtime.session import AsyncpgExecutor
from pgkit.sql import quote

_ENDS: Final = "pkey|pk|key|unique|fkey|fk|check|not_null|excl|index|idx|seq"
_QUERY: Final = """
    SELECT relation, kind, meaning, name, made_up FROM (
        SELECT conrelid::pg_catalog.regclass::text AS relation, 'constraint' AS kind, conname::text AS name,
               pg_catalog.pg_get_constraintdef(oid) AS meaning, contype = 'n' AS made_up
        FROM pg_catalog.pg_constraint WHERE conrelid <> 0 AND coninhcount = 0
        UNION ALL
        SELECT pg_catalog.format_type(contypid, NULL), 'domain', conname::text,
               pg_catalog.pg_get_constraintdef(oid), contype = 'n'
        FROM pg_catalog.pg_constraint WHERE contypid <> 0
        UNION ALL
        SELECT indrelid::pg_catalog.regclass::text, 'index', relname::text,
               pg_catalog.replace(pg_catalog.pg_get_indexdef(indexrelid),
                                  ' ' || pg_catalog.quote_ident(relname) || ' ON ', ' ON '), false
        FROM pg_catalog.pg_index JOIN pg_catalog.pg_class ON pg_class.oid = indexrelid
        WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conindid = indexrelid)
        UNION ALL
        SELECT refobjid::pg_catalog.regclass::text, 'sequence', relname::text,
               deptype::text || ' ' || attname, deptype = 'i'
        FROM pg_catalog.pg_depend
        JOIN pg_catalog.pg_class ON pg_class.oid = objid AND relkind = 'S'
        JOIN pg_catalog.pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
        WHERE classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND refobjsubid > 0 AND deptype IN ('a', 'i')
    ) AS named
    WHERE relation LIKE '%.%' AND relation !~ '^(information_schema|pg_toast)\\.' ORDER BY 1, 2, 3, 4"""


@frozen(order=True)
class Named:
    """Something of a table: its name, and all else that there is to say of it."""

    relation: str
    kind: str
    meaning: str
    name: str
    made_up: bool  # whatever it is: pgkit gives no such name

    @property
    def is_implied(self) -> bool:
        """Whether the name looks as if nobody had chosen it."""
        table = re.escape(self.relation.rpartition(".")[2].strip('"'))
        return self.made_up or re.fullmatch(rf"{table}_(?:.*_)?(?:{_ENDS})[0-9]*", self.name) is not None


Names = tuple[Named, ...]


async def names(session: AsyncpgExecutor) -> Names:
    """What there is in a database whose name may be of nobody's choosing."""
    return tuple(Named(*row) for row in await session.fetch(_QUERY))


async def align(session: AsyncpgExecutor, wanted: Names) -> None:
    """Gives what is in the database the name that its like has in `wanted`, if either of the two is implied."""
    found = await names(session)
    missing = [named for named in wanted if named not in found]
    twins: list[tuple[Named, str]] = []
    for named in found:
        twin = next((other for other in missing if named not in wanted and _are_twins(named, other)), None)
        if twin is not None:
            missing.remove(twin)
            twins.append((named, twin.name))
    for number, (named, _) in enumerate(twins):  # through names of nobody: two may have to swap theirs
        await session.execute(_rename(named, f"pgkit_{number}"))
    for number, (named, to) in enumerate(twins):
        await session.execute(_rename(evolve(named, name=f"pgkit_{number}"), to))


def _are_twins(one: Named, other: Named) -> bool:
    same = (one.relation, one.kind, one.meaning) == (other.relation, other.kind, other.meaning)
    return same and (one.is_implied or other.is_implied)


def _rename(named: Named, to: str) -> str:
    if named.kind in ("constraint", "domain"):
        owner = "TABLE" if named.kind == "constraint" else "DOMAIN"
        return f"ALTER {owner} {named.relation} RENAME CONSTRAINT {quote(named.name)} TO {quote(to)}"
    schema = named.relation.rpartition(".")[0]
    return f"ALTER {named.kind} {schema}.{quote(named.name)} RENAME TO {quote(to)}"
