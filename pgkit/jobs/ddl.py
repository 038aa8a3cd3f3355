"""The SQL that makes a catalog in an empty database."""

from collections.abc import Iterable, Iterator

from pgkit.backends.ddl import Statement, emit
from pgkit.grammar.definitions import creatable
from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Change
from pgkit.ir.kinds import Extension
from pgkit.ir.walk import ref_of
from pgkit.passes.normalize import normalize
from pgkit.passes.plan import creation
from pgkit.sql import quote

_ROUTINES = ("function", "procedure")
_TOLD = ("partition_key", "inherits")  # CREATE TABLE says it


def create_sql(catalog: Catalog) -> str:
    """The statements that make `catalog` in an empty database, in an order that works.

    What no statement makes is a comment at the top. Types and operator classes of extensions are unqualified:
    where they are not on every search path, the first statement puts them there.
    """
    catalog = normalize(catalog)
    changes = creation(catalog)
    made = tuple(emit(changes))
    return "".join((*_not_made(catalog, changes, made), *_settings(catalog), *map(_line, made)))


def statements(catalog: Catalog) -> str:
    """The statements that make a catalog as it stands, its expressions bound or not."""
    return "".join(map(_line, emit(creation(catalog))))


def _line(statement: Statement) -> str:
    return f"{statement.sql.text};\n"


def extension_path(extensions: Iterable[Extension]) -> str:
    """The search path on which what extensions bring is found; `public` comes first."""
    schemas = {"public": None, **{e.schema: None for e in extensions if e.schema}}
    return ", ".join(quote(schema) for schema in schemas if schema != "pg_catalog")


def _settings(catalog: Catalog) -> Iterator[str]:
    """What the session needs: a path to what extensions bring, and bodies that may name later objects."""
    path = extension_path(catalog.extensions)
    if path != "public":
        yield f"SET search_path = {path};\n"
    if any(u.kind in _ROUTINES for u in catalog.unmodelled):
        yield "SET check_function_bodies = off;\n"


def _not_made(catalog: Catalog, changes: Iterable[Change], made: Iterable[Statement]) -> Iterator[str]:
    silent = {change.ref for change in changes} - {statement.ref for statement in made}
    for obj in catalog.unmodelled:
        if (ref_of(obj) in silent and obj.kind not in _TOLD) or not creatable(obj):
            yield f"-- not made: {obj.kind} {_place(obj.schema, obj.name, obj.member)}\n"


def _place(*names: str) -> str:
    return ".".join(n for n in names if n).replace("\n", " ").replace("\r", " ")
