"""Small pieces of SQL that queries are put together from, and names as SQL writes them."""

import re
from collections.abc import Mapping
from typing import Final

_PLAIN: Final = re.compile(r"[a-z_][a-z0-9_]*")


def quoted(name: str) -> str:
    """`name` as SQL, quoted unless it is plain."""
    return name if _PLAIN.fullmatch(name) else '"' + name.replace('"', '""') + '"'


def qualified(schema: str, name: str) -> str:
    """A qualified name as SQL."""
    return f"{quoted(schema)}.{quoted(name)}"


def formatted(template: str, *arguments: str) -> str:
    """The SQL that fills `template` as format() does: %I is a quoted name, %L a literal, %s as it stands."""
    return f"pg_catalog.format({literal(template)}, {', '.join(arguments)})"


def literal(text: str) -> str:
    """A constant of ours as SQL."""
    return "'" + text.replace("'", "''") + "'"


def cases(column: str, words: Mapping[str, str], otherwise: str = "") -> str:
    """The SQL of the word that a one-letter code stands for."""
    found = " ".join(f"WHEN {literal(code)} THEN {literal(word)}" for code, word in words.items())
    return f"CASE {column} {found} ELSE {literal(otherwise)} END"


def signature(proc: str) -> str:
    """The SQL of a function's name and argument types, which together identify it: `f(integer, text)`."""
    return f"{proc}.proname || '(' || pg_catalog.oidvectortypes({proc}.proargtypes) || ')'"


def regproc(column: str) -> str:
    """The SQL of a function's qualified name, null where there is none."""
    return f"NULLIF(({column})::pg_catalog.regproc::pg_catalog.text, '-')"


def operator_name(oid: str) -> str:
    """The SQL of an operator by its qualified name, null where there is none: `OPERATOR(s.+)`."""
    return f"""(SELECT pg_catalog.format('OPERATOR(%I.%s)', opn.nspname, op.oprname)
        FROM pg_catalog.pg_operator op JOIN pg_catalog.pg_namespace opn ON opn.oid = op.oprnamespace
        WHERE op.oid = ({oid})::pg_catalog.oid)"""


def words(values: Mapping[str, str]) -> str:
    """The SQL of `name value` for each value that is not null."""
    written = ", ".join(f"'{name} ' || ({value})::pg_catalog.text" for name, value in values.items())
    return f"pg_catalog.concat_ws(' ', {written})"


def regtype(column: str) -> str:
    """The SQL of a type's qualified name, null where there is none."""
    return f"pg_catalog.format_type(NULLIF({column}, 0), NULL)"


def options(values: Mapping[str, str]) -> str:
    """The SQL of `name = value` for each value that is not null."""
    written = ", ".join(f"'{name} = ' || ({value})::pg_catalog.text" for name, value in values.items())
    return f"pg_catalog.concat_ws(', ', {written})"
