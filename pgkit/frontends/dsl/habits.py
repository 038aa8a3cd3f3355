"""What people write by habit from SQL, Prisma, Drizzle or MySQL, and what the schema language has for it."""

import re
from typing import Final

from pgkit.ir.scalars import ALIASES, ROWS

# The first word of a line that is no declaration, in lower case.
_HEADS: Final = {
    "create": "a schema says what is, not how to get there: leave `create` out",
    "alter": "a schema says what is: change the declaration itself, `pgkit diff` finds the way there",
    "drop": "a schema says what is: remove the declaration, `pgkit diff` finds the way there",
    "insert": "rows are not part of a schema: put the statement into a migration",
    "update": "rows are not part of a schema: put the statement into a migration",
    "delete": "rows are not part of a schema: put the statement into a migration",
    "select": "a query stands in a view: view name as $$ select ... $$",
    "grant": "privileges go into a block: sql name $$ grant ... $$",
    "revoke": "privileges go into a block: sql name $$ revoke ... $$",
    "function": "functions go into a block: sql name before tables $$ create function ... $$",
    "procedure": "procedures go into a block: sql name before tables $$ create procedure ... $$",
    "trigger": "triggers go into a block: sql name $$ create trigger ... $$",
    "begin": "a schema has no transactions: leave it out",
    "commit": "a schema has no transactions: leave it out",
    "set": "a schema has no settings: leave it out",
    "index": "an index stands inside of its table",
    "unique": "a constraint stands inside of its table",
    "policy": "a policy stands inside of its table",
    "constraint": "a constraint stands inside of its table",
    "comment": "a comment stands at the end of what it is on: email text comment 'where to write'",
    "model": "a table is declared with `table`",
    "datasource": "the database is named on the command line or in pgkit.toml",
    "generator": "what is generated stands in pgkit.toml",
    "import": "all files of a folder are one schema: nothing is imported",
    "include": "all files of a folder are one schema: nothing is included",
    "export": "write `table name { column type }`",
    "const": "write `table name { column type }`",
    "struct": "a composite type is declared with `type`",
    "interface": "a table is declared with `table`",
    "composite": "a composite type is declared with `type`",
    "ref": "a foreign key stands in its table: column type references table (column)",
    "serial": "a column stands inside of its table",
    "user": "users are roles: role name login",
    "matview": "write `materialized view`",
}
# What a line holds, and what to write instead.
_LINES: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), help)
    for pattern, help in (
        (r"@id\b", "write `primary key` for @id"),
        (r"@default\(", "write `default` and the expression for @default(...)"),
        (r"@unique\b", "write `unique` for @unique"),
        (r"@map\(|@@map\(", "the name that is written is the name in the database: no @map is needed"),
        (r"@relation\(", "write `references table (column)` for @relation(...)"),
        (r"@@", "keys and indexes are members too: primary key (a, b), unique (a), index (a)"),
        (r"@db\.", "write the type of Postgres itself, as varchar(20)"),
        (r"^\s*\w+\s+\w+(\[\])?\?", "a column may be null unless it says `not null`: leave the ? out"),
        (r"\.notNull\(\)", "write `not null`: email text not null"),
        (r"\.primaryKey\(\)", "write `primary key`: id uuid primary key"),
        (r"\.(default|defaultNow|defaultRandom)\(", "write `default` and the expression: default now()"),
        (r"\.unique\(\)", "write `unique`: email text unique"),
        (r"\.references\(", "write `references table (column)`"),
        (r"^\s*\w+\s+\[\]\w+", "an array is its element's type and brackets: text[]"),
        (r"^\s*[\w\"']+\s*:", "no colon: a column is its name and its type, email text"),
        (r"//", "comments start with --, or stand between /* and */"),
        (r"^\s*#", "comments start with --, or stand between /* and */"),
        (r"\bauto_?increment\b", "write `generated always as identity`"),
        (r"`", 'odd names are quoted with double quotes: "name"'),
        (r"\bnullable\b", "a column may be null unless it says `not null`: leave it out"),
        (r"\bnot-null\b|\bnonnull\b|\bnotnull\b|\brequired\b", "write `not null`"),
        (r"\bunsigned\b", "Postgres has no unsigned types: use bigint, or add check (n >= 0)"),
        (r"\bon\s+update\s+current_timestamp", "Postgres needs a trigger for it: use a `sql` block"),
        (r"^\s*(unique\s+)?index\s.*\bon\b", "an index stands inside of its table: leave `on table` out"),
        (r"^\s*policy\s.*\bon\b", "a policy stands inside of its table: leave `on table` out"),
        (r"^\s*key\s+\w+\s*\(", "write `index name (columns)`"),
        (r"^\s*enable\s+row\s+level", "write `row level security`"),
        (r"\brow\s+level\s+security\s+(enabled?|on)\b", "write `row level security`"),
        (r"\bif\s+not\s+exists\b", "a schema says what is: leave `if not exists` out"),
        (r"\bor\s+replace\b", "a schema says what is: leave `or replace` out"),
        (r"\bis\s+enum\b|\bas\s+enum\b", "an enum is declared with `enum name { a, b }`"),
        (r"^\s*type\b.*\bas\s+range\b", "a range is declared with `range name (subtype = type)`"),
        (r"^\s*type\b.*\bas\b", "a composite type is `type name { field type }`"),
    )
)
_PRISMA: Final = {
    "string": "text", "int": "integer", "bigint": "bigint", "boolean": "boolean", "datetime": "timestamptz",
    "float": "double precision", "decimal": "numeric", "json": "jsonb", "bytes": "bytea",
}  # fmt: skip


def head_help(word: str) -> str | None:
    """What to write for a line that opens with this word."""
    return _HEADS.get(word.lower())


def line_help(line: str) -> str | None:
    """What to write instead of what this line holds."""
    return next((help for pattern, help in _LINES if pattern.search(line)), None)


def type_help(text: str) -> str:
    """What to write for a type with capitals."""
    name = re.split(r"[\s(\[]", text, maxsplit=1)[0]
    lower = text.lower()
    if name not in (name.lower(), name.upper()) and name.lower() in _PRISMA:
        return f"write {_PRISMA[name.lower()]}{text[len(name) :]}"
    if (
        name.lower() in ROWS
        or name.lower() in ALIASES
        or name.lower() in ("timestamp", "serial", "bigserial")
    ):
        return f"types are in lower case: {lower}"
    return f'quote it to keep the capitals: "{name}", or write {lower}'
