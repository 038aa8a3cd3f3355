"""What has been read of a snapshot so far; ends as a Catalog."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from attrs import Factory, define, evolve

from pgkit.diag import Diagnostic
from pgkit.frontends.drizzle.findings import finding
from pgkit.frontends.drizzle.node import Node, WrongShape
from pgkit.frontends.drizzle.objects import view
from pgkit.frontends.drizzle.policies import foreign_policy, policy
from pgkit.frontends.drizzle.serials import sequence_of, with_nextval
from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import Check, ForeignKey, Index, Policy, PrimaryKey, Unique
from pgkit.ir.kinds import Enum, Role, Schema, Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, MaterializedView, Sequence, Table, View

Member = PrimaryKey | Unique | ForeignKey | Check | Index | Policy
Top = Schema | Role | Enum | Sequence | View | MaterializedView
T = TypeVar("T")
M = TypeVar("M")


@define
class TableDraft:
    """A table while its parts come in."""

    table: Table
    columns: dict[str, Column] = Factory(dict)
    serials: dict[str, str] = Factory(dict)  # column name -> its integer type
    members: dict[tuple[str, str], Member] = Factory(dict)  # (kind, name)

    @property
    def ref(self) -> Ref:
        """The Ref of the table."""
        return self.table.ref

    @property
    def has_primary_key(self) -> bool:
        """Whether there is one already."""
        return bool(self.of(PrimaryKey))

    def add_column(self, node: Node, column: Column, serial: str) -> None:
        """One more column."""
        if column.name in self.columns:
            raise declared_twice(node, f"column {self.ref}.{column.name}")
        self.columns[column.name] = column
        if serial:
            self.serials[column.name] = serial

    def add(self, node: Node, member: Member) -> None:
        """One more constraint, index or policy."""
        if (member.kind, member.name) in self.members:
            raise declared_twice(node, f"{member.kind.replace('_', ' ')} {self.ref}.{member.name}")
        self.members[member.kind, member.name] = member

    def of(self, kind: type[M]) -> tuple[M, ...]:
        """The members of one kind, in the order they came in."""
        return tuple(member for member in self.members.values() if isinstance(member, kind))


def declared_twice(node: Node, what: str) -> WrongShape:
    """Two objects of one name, which Postgres would refuse."""
    return node.wrong(f"{what} is declared twice", "rename or remove one of them", "declared-twice")


@define
class Drafts:
    """Everything read so far, and what was wrong with the rest."""

    enums: set[tuple[str, str]] = Factory(set)
    tables: dict[tuple[str, str], TableDraft] = Factory(dict)
    top: dict[Ref, Top] = Factory(dict)
    unmodelled: list[Unmodelled] = Factory(list)
    problems: list[Diagnostic] = Factory(list)

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Keeps what is wrong with one object, and lets the reading go on with the next."""
        try:
            yield
        except WrongShape as wrong:
            self.problems.append(wrong.diagnostic)

    def finding(self, node: Node, code: str, message: str, help: str) -> None:
        """Something odd that does not stop the lowering."""
        self.problems.append(finding(code, message, node.source.name, help))

    def add(self, node: Node, obj: Top) -> None:
        """One more object that belongs to no table."""
        ref = Ref(obj.kind, getattr(obj, "schema", ""), obj.name)
        if ref in self.top:
            raise declared_twice(node, f"{obj.kind.replace('_', ' ')} {ref}")
        self.top[ref] = obj

    def add_schema(self, node: Node, name: str) -> None:
        """One more schema; `public` is always there."""
        if name != "public":
            self.add(node, Schema(name=name))

    def add_enum(self, node: Node, enum: Enum) -> None:
        """One more enum, which columns can then be of."""
        self.add(node, enum)
        self.enums.add((enum.schema, enum.name))

    def add_view(self, node: Node) -> None:
        """One more view."""
        self.add(node, view(node, self.enums))
        tablespace = node.text("tablespace", "pg_default")
        if tablespace != "pg_default":
            message = f"the tablespace {tablespace} of a materialized view is not part of the catalog"
            self.finding(node, "tablespace", message, "pgkit compares no tablespaces")

    def add_table(self, node: Node, table: Table) -> TableDraft:
        """One more table, still without its parts."""
        key = (table.schema, table.name)
        if key in self.tables:
            raise declared_twice(node, f"table {table.ref}")
        self.tables[key] = draft = TableDraft(table)
        return draft

    def table_of(self, node: Node) -> TableDraft:
        """The table that a part says it belongs to."""
        key = (node.name("schema", "public"), node.name("table"))
        if key not in self.tables:
            raise node.wrong(f"no table named {'.'.join(key)}", code="no-such-table")
        return self.tables[key]

    def add_policy(self, node: Node, schema: str, table: str) -> None:
        """A policy that names its table, which may be one that is not declared."""
        draft = self.tables.get((schema, table))
        if draft:
            draft.add(node, policy(node))
        else:
            self.unmodelled.append(foreign_policy(node, schema, table))

    def two_keys(self, node: Node, draft: TableDraft) -> None:
        """A table with more than one primary key, which Postgres would refuse."""
        message = f"table {draft.ref} has more than one primary key"
        help = "keep one: a column with .primaryKey(), or primaryKey({ columns }) once"
        self.finding(node, "several-primary-keys", message, help)

    def catalog(self) -> Catalog:
        """The catalog of all that was read."""
        taken = {(s, n) for s, n in self.tables} | {(ref.schema, ref.name) for ref in self.top}
        tables, sequences = [], list(self._top(Sequence))
        for draft in self.tables.values():
            owned = {c: sequence_of(draft.ref, c, type, taken) for c, type in draft.serials.items()}
            sequences += owned.values()
            tables.append(_table(draft, owned))
        return Catalog(
            schemas=self._top(Schema),
            roles=self._top(Role),
            enums=self._top(Enum),
            sequences=tuple(sequences),
            tables=tuple(tables),
            views=self._top(View),
            materialized_views=self._top(MaterializedView),
            unmodelled=tuple(self.unmodelled),
        )

    def _top(self, kind: type[T]) -> tuple[T, ...]:
        return tuple(obj for obj in self.top.values() if isinstance(obj, kind))


def _table(draft: TableDraft, owned: dict[str, Sequence]) -> Table:
    """The table with its parts; what implies NOT NULL or row security is made plain."""
    keys = draft.of(PrimaryKey)
    not_null = {ref.member for key in keys for ref in key.columns}
    policies = draft.of(Policy)
    return evolve(
        draft.table,
        columns=tuple(_column(column, column.name in not_null, owned) for column in draft.columns.values()),
        primary_keys=keys,
        uniques=draft.of(Unique),
        foreign_keys=draft.of(ForeignKey),
        checks=draft.of(Check),
        indexes=draft.of(Index),
        policies=policies,
        row_security=draft.table.row_security or bool(policies),
    )


def _column(column: Column, in_key: bool, owned: dict[str, Sequence]) -> Column:
    if column.name in owned:
        return with_nextval(column, owned[column.name])
    return evolve(column, nullable=False) if in_key or column.identity else column
