"""The SQL that makes a catalog in an empty database."""

from pgkit.backends.ddl import emit
from pgkit.ir.catalog import Catalog
from pgkit.passes.normalize import normalize
from pgkit.passes.plan import creation


def create_sql(catalog: Catalog) -> str:
    """The statements that make `catalog`, in an order that works; unmodelled objects as a comment each.

    Types and operator classes of extensions are unqualified: their schemas belong in the search_path.
    """
    missing = (u for u in catalog.unmodelled if u.kind != "sql" or u.definition is None)
    notes = "".join(f"-- not made: {u.kind} {_place(u.schema, u.name, u.member)}\n" for u in missing)
    return notes + statements(normalize(catalog))


def statements(catalog: Catalog) -> str:
    """The statements that make a catalog as it stands, its expressions bound or not."""
    return "".join(f"{s.sql.text};\n" for s in emit(creation(catalog)))


def _place(*names: str) -> str:
    return ".".join(n for n in names if n).replace("\n", " ").replace("\r", " ")
