"""Whether a default is one value for all rows, so that ADD COLUMN need not write them.

Facts: pg_proc.provolatile of Postgres 18 and of the extensions that are used for defaults. What is not known
to be stable is taken for volatile, as CREATE FUNCTION takes it.
"""

import re
from collections.abc import Mapping
from typing import Final

from pgkit.ir.expr import Call, Cast, Expr, Lit, Opaque
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.walk import Declared
from pgkit.sql import render

_VOLATILE: Final = frozenset(
    {
        *("array_sample", "array_shuffle", "clock_timestamp", "current_query", "currtid2", "currval"),
        *("gen_random_bytes", "gen_random_uuid", "gen_salt", "lastval", "loread", "lowrite", "nextval"),
        *("random", "random_normal", "set_config", "setseed", "setval", "timeofday", "ts_rewrite"),
        *("txid_status", "uuidv4", "uuidv7", "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4"),
    }
)
# Of these, most are.
_MOSTLY_VOLATILE: Final = ("pg_", "lo_", "query_to_", "cursor_to_", "brin_", "gin_", "binary_upgrade_")
_STABLE: Final = frozenset({"pg_typeof", "pg_backend_pid", "pg_current_xact_id", "pg_column_size"})
_STRING: Final = re.compile(r"'(?:[^']|'')*'")
_CALL: Final = re.compile(r'(?:("(?:[^"]|"")+"|[\w$]+)\s*\.\s*)?("(?:[^"]|"")+"|[\w$]+)\s*\(')
_KEPT: Final = re.compile(r"^\s*(?:.*\s)?(IMMUTABLE|STABLE)\b", re.MULTILINE)
_INLINED: Final = re.compile(r"\bLANGUAGE\s+sql\b", re.IGNORECASE)
_NOT_INLINED: Final = re.compile(
    r"\b(?:FROM|SECURITY\s+DEFINER|SET|INSERT|UPDATE|DELETE|WITH)\b", re.IGNORECASE
)
_BODY: Final = re.compile(r"(\bRETURN\b|\bATOMIC\b|\Z)")  # of a function in SQL proper
# Words that stand before a parenthesis and call nothing.
_WORDS: Final = frozenset(
    {"and", "any", "array", "case", "else", "in", "not", "or", "then", "values", "when"}
)


def is_volatile(expr: Expr, objects: Mapping[Ref, Declared]) -> bool:
    """Whether an expression may give each row another value; `objects` hold the functions of the catalog."""
    match expr:
        case Lit():
            return False
        case Cast(arg):
            return is_volatile(arg, objects)
        case Call(function, args):
            here = _calls_volatile(function.schema, function.name, objects)
            return here or any(is_volatile(arg, objects) for arg in args)
        case Opaque():
            return _calls(render(expr), objects)


def _calls_volatile(schema: str, name: str, objects: Mapping[Ref, Declared]) -> bool:
    if schema in ("", "pg_catalog") and _is_volatile(name.lower()):
        return True
    if schema == "pg_catalog" or name.lower() in _WORDS:
        return False
    found = [o for ref, o in objects.items() if isinstance(o, Unmodelled) and _makes(ref, o, schema, name)]
    if not found:
        return bool(schema)
    return not all(_is_kept(o, objects) for o in found)


def _is_kept(function: Unmodelled, objects: Mapping[Ref, Declared]) -> bool:
    """Whether a function is declared stable, or is a mere expression that Postgres puts in its place."""
    definition = function.definition or ""
    head, _, body = definition.partition("$") if "$" in definition else _BODY.split(definition, 1)
    if _KEPT.search(head):
        return True
    others = {ref: obj for ref, obj in objects.items() if obj is not function}
    return bool(_INLINED.search(head)) and not _NOT_INLINED.search(definition) and not _calls(body, others)


def _calls(text: str, objects: Mapping[Ref, Declared]) -> bool:
    """Whether SQL calls a volatile function."""
    calls = _CALL.findall(_STRING.sub("''", text))
    return any(_calls_volatile(_plain(schema), _plain(name), objects) for schema, name in calls)


def _is_volatile(name: str) -> bool:
    return name in _VOLATILE or (name.startswith(_MOSTLY_VOLATILE) and name not in _STABLE)


def _makes(ref: Ref, obj: Unmodelled, schema: str, name: str) -> bool:
    """Whether an object is a function of that name, or a block of SQL that makes one perhaps."""
    if ref.kind == "sql":
        return f"{name}(" in (obj.definition or "")
    own = ref.name.partition("(")[0]
    return ref.kind == "function" and own in (name, f'"{name}"') and schema in ("", ref.schema)


def _plain(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name
