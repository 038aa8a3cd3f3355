"""Names in full: drizzle-kit up to 0.31 writes those that it gives out uncut, and Postgres cuts them."""

from pgkit.ir.constraints import ForeignKey, Index, PrimaryKey, Unique
from pgkit.ir.names import Ref, truncate


def uncut(table: str, obj: PrimaryKey | Unique | ForeignKey | Index) -> str:
    """The name of an object as drizzle-kit would write it: whole, where Postgres has cut the default one."""
    whole = _default(table, obj)
    return whole if obj.name == truncate(whole) else obj.name


def _default(table: str, obj: PrimaryKey | Unique | ForeignKey | Index) -> str:
    match obj:
        case PrimaryKey(columns=columns):
            return f"{table}_{_joined(columns)}_pk"
        case Unique(columns=columns):
            return f"{table}_{_joined(columns)}_unique"
        case ForeignKey(columns=columns, references=references):
            return f"{table}_{_joined(columns)}_{references[0].name}_{_joined(references)}_fk"
        case Index(keys=keys):
            return f"{table}_{'_'.join(k.column.member for k in keys if k.column)}_index"


def _joined(columns: tuple[Ref, ...]) -> str:
    return "_".join(c.member for c in columns)
