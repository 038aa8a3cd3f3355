"""Small catalogs, and what Rust is printed for them."""

from pgkit.backends.options import ModelOptions
from pgkit.backends.rust import Rust
from pgkit.ir.catalog import Catalog
from pgkit.ir.kinds import Composite, Domain, Enum
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Table
from pgkit.ir.type_text import parse_type
from pgkit.ir.types import PgType


def column(
    name: str, type: str | PgType = "text", *, nullable: bool = False, comment: str | None = None
) -> Column:
    """A column, not null unless it is said."""
    parsed = parse_type(type) if isinstance(type, str) else type
    return Column(name=name, type=parsed, nullable=nullable, comment=comment)


def table(
    *columns: Column | str, name: str = "t", schema: str = "public", comment: str | None = None
) -> Table:
    """A table of these columns; a name alone is a text column."""
    made = tuple(column(c) if isinstance(c, str) else c for c in columns)
    return Table(schema=schema, name=name, columns=made, comment=comment)


def catalog(*objects: Table | Enum | Composite | Domain) -> Catalog:
    """A catalog of these objects."""
    return Catalog(
        tables=tuple(o for o in objects if isinstance(o, Table)),
        enums=tuple(o for o in objects if isinstance(o, Enum)),
        composites=tuple(o for o in objects if isinstance(o, Composite)),
        domains=tuple(o for o in objects if isinstance(o, Domain)),
    )


def printed(
    *objects: Table | Enum | Composite | Domain, options: ModelOptions | None = None
) -> dict[str, str]:
    """The files that Rust is printed into."""
    return Rust(options=options or ModelOptions()).emit(catalog(*objects))


def fields(*columns: Column | str) -> list[str]:
    """The declaration of each column's field, without its attributes."""
    return declared(printed(table(*columns))["t.rs"])


def declared(module: str) -> list[str]:
    """The fields of the row that a module begins with, without their attributes."""
    row = module.split("Row {", 1)[1].split("\n}", 1)[0]
    return [line.strip() for line in row.splitlines() if line.startswith("    pub ")]


def selected(*columns: Column | str) -> list[str]:
    """The select list of a table of these columns, as Postgres gets it."""
    text = printed(table(*columns))["t.rs"]
    constant = text.split('_COLUMNS: &str = "\\\n')[1].split('";\n')[0]
    return [line.strip().removesuffix(", \\").replace('\\"', '"') for line in constant.split("\n")]


def ref(kind: str, name: str, schema: str = "public") -> Ref:
    """A Ref into the schema public."""
    return Ref(kind, schema, name)
