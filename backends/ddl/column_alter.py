"""What becomes of a column that stays: one ALTER TABLE for all that belongs in one rewrite.

Postgres runs what is dropped first, then the change of type, then what is set, whatever the order in the
text; ours is the same, so that the text reads as it runs.
"""

from collections.abc import Iterator

from pgkit.backends.ddl.clauses import NOTHING, words
from pgkit.backends.ddl.continued import continued
from pgkit.backends.ddl.identity import goes_first, identity_changed, identity_clause
from pgkit.backends.ddl.statements import comment_changed, member_path
from pgkit.ir.change import Alter
from pgkit.ir.expr import Expr, Lit
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column
from pgkit.ir.types import Array, PgType, Scalar
from pgkit.sql import Sql, join, sql


def alter(change: Alter) -> Iterator[Sql]:
    """The statements that turn one state of a column into the other; a view's column has only a comment."""
    ref, old, new = change.ref, change.old, change.new
    assert isinstance(old, Column)
    assert isinstance(new, Column)
    if ref.within == "table":
        yield from _table_column(ref, old, new, change.using)
    yield from comment_changed(Sql("COLUMN"), member_path(ref), old, new)


def _table_column(ref: Ref, old: Column, new: Column, using: Expr | None) -> Iterator[Sql]:
    table = ref.owner or ref
    identity = [*identity_changed(table, old, new)]
    if goes_first(old, new):
        yield from identity
    yield from _alterations(ref, old, new, using)
    if not goes_first(old, new):
        yield from identity
    yield from continued(table, old, new)


def _alterations(ref: Ref, old: Column, new: Column, using: Expr | None) -> Iterator[Sql]:
    apart = [*_released(old, new)]
    actions = [*_dropped(old, new, using), *_type(old, new, using), *_set(ref, old, new, using)]
    if apart and retyped(old, new):
        # What a generated or an identity column may not become is judged before anything is done
        yield _altered(ref, apart)
    else:
        actions = apart + actions
    if actions:
        yield _altered(ref, actions)


def _altered(ref: Ref, actions: list[Sql]) -> Sql:
    all = [sql("ALTER COLUMN {column} {action}", column=ref, action=action) for action in actions]
    return sql("ALTER TABLE {table} {all}", table=ref.owner or ref, all=join(", ", all))


def _released(old: Column, new: Column) -> Iterator[Sql]:
    if old.generated is not None and new.generated is None:
        yield Sql("DROP EXPRESSION")
    if old.identity is not None and new.identity is None:
        yield Sql("DROP IDENTITY")


def _dropped(old: Column, new: Column, using: Expr | None) -> Iterator[Sql]:
    if old.default is not None and (new.default is None or _redefaulted(old, new, using)):
        yield Sql("DROP DEFAULT")
    if new.nullable and not old.nullable and new.identity is None:
        yield Sql("DROP NOT NULL")


def _type(old: Column, new: Column, using: Expr | None) -> Iterator[Sql]:
    if retyped(old, new):
        # A generated column has its values from its expression alone
        wanted = using if new.generated is None else None
        yield words(
            sql("TYPE {type}", type=new.type),
            sql("COLLATE {c}", c=new.collation) if new.collation else NOTHING,
            sql("USING {e}", e=wanted) if wanted is not None else NOTHING,
        )


def _set(ref: Ref, old: Column, new: Column, using: Expr | None) -> Iterator[Sql]:
    if new.generated is not None and old.generated != new.generated:
        yield sql("SET EXPRESSION AS ({e})", e=new.generated.expr)
    if new.default is not None and (old.default != new.default or _redefaulted(old, new, using)):
        yield sql("SET DEFAULT {e}", e=new.default)
    if old.nullable and (not new.nullable or new.identity is not None):
        yield Sql("SET NOT NULL")
    if new.identity is not None and old.identity is None:
        yield sql("ADD {clause}", clause=identity_clause(new, new.identity, ref.owner))


def retyped(old: Column, new: Column) -> bool:
    """Whether the type of a column changes, or its collation, which is said with it."""
    return (old.type, old.collation) != (new.type, new.collation)


def _redefaulted(old: Column, new: Column, using: Expr | None) -> bool:
    """Whether the default must be out of the way while the type changes, and be set again after it.

    Postgres converts a default with the column, if it can: 'x'::varchar stays so under a column of text.
    """
    if not retyped(old, new):
        return False
    constant = isinstance(new.default, Lit) and new.default.kind == "string"
    return old.default != new.default or using is not None or (constant and not _same(old.type, new.type))


def _same(old: PgType, new: PgType) -> bool:
    """Whether two types differ in their modifiers at most."""
    match old, new:
        case Scalar(), Scalar():
            return (old.name, old.schema) == (new.name, new.schema)
        case Array(a), Array(b):
            return _same(a, b)
        case _:
            return old == new
