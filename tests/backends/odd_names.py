"""Tables whose names, columns, labels and attributes break careless generators, each legal in every language.

odd_names()     the catalog: each table has a key `id`, and takes any row
OPTIONS         with which its JSON has the names that the database has
"""

from typing import Final

from pgkit.backends.options import ModelOptions
from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import PrimaryKey
from pgkit.ir.kinds import Attribute, Composite, Enum
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Table
from pgkit.ir.types import Array, Named, PgType, Scalar
from tests.backends.rust import adversarial
from tests.backends.typescript import hostile

# One of each two that would be one name in Rust, which the generator refuses together.
_LEFT_OUT = ("e\u0301", "a.b", "a b", " x")
NAMES: Final = (*(name for name in hostile.NAMES if name not in _LEFT_OUT), "c.d", "f g", " y")
TABLES: Final = tuple(name for name in adversarial.TABLES if name != "uSERS")
_LABEL, _THING = Ref("enum", "public", "label"), Ref("composite", "public", "thing")
OPTIONS: Final = ModelOptions(
    case="preserve",
    members={_LABEL.of("enum_value", label): f"L{i}" for i, label in enumerate(("", *NAMES))},
)


def odd_names() -> Catalog:
    """Every name as a column, a table, a label and an attribute."""
    text = Scalar("text")
    uses: dict[str, PgType] = {
        "label": Named(_LABEL),
        "labels": Array(Named(_LABEL)),
        "thing": Named(_THING),
        "things": Array(Named(_THING)),
    }
    return Catalog(
        enums=(Enum(name="label", labels=("", *NAMES)),),
        composites=(Composite(name="thing", attributes=tuple(Attribute(name=n, type=text) for n in NAMES)),),
        tables=(
            _table("names", dict.fromkeys(NAMES, text)),
            _table("uses", uses),
            *(_table(name, {"a": text}) for name in TABLES),
        ),
    )


def _table(name: str, columns: dict[str, PgType]) -> Table:
    id = Column(name="id", type=Scalar("integer"), nullable=False)
    ref = Ref("table", "public", name)
    return Table(
        name=name,
        columns=(id, *(Column(name=c, type=t) for c, t in columns.items())),
        primary_keys=(PrimaryKey(name=f"key {len(name)} {name}"[:20], columns=(ref.of("column", "id"),)),),
    )
