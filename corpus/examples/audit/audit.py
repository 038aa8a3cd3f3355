"""A pass: every table gets the columns by which an auditor reads it.

table orders (id)   =>   table orders (id, created_at, updated_at)
"""

from attrs import evolve, frozen

import pgkit


@frozen
class AuditColumns:
    """Adds `columns` of type timestamptz where a table does not have them. Twice is once."""

    columns: tuple[str, ...] = ("created_at", "updated_at")
    name: str = "audit_columns"

    def __call__(self, catalog: pgkit.Catalog) -> pgkit.Catalog:
        """The catalog with the columns in every table."""
        return evolve(catalog, tables=tuple(map(self._table, catalog.tables)))

    def _table(self, table: pgkit.Table) -> pgkit.Table:
        there = {column.name for column in table.columns}
        return evolve(table, columns=(*table.columns, *(_stamp(c) for c in self.columns if c not in there)))


def _stamp(name: str) -> pgkit.Column:
    now = pgkit.Call(pgkit.Ref("function", "", "now"))
    return pgkit.Column(name=name, type=pgkit.parse_type("timestamptz"), nullable=False, default=now)


if __name__ == "__main__":
    import sys

    catalog = pgkit.read(sys.argv[1])
    audited = pgkit.pipeline(catalog, pgkit.normalize, AuditColumns())
    for change in pgkit.diff(catalog, audited):
        print(type(change).__name__.lower(), change.ref.kind, change.ref)
