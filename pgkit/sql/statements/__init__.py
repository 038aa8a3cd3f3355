"""The statements of a table, as constants: what its rows are read, written, paged and locked by.

Invariant: pure; every identifier is quoted, every value a parameter. With a tenant column, each statement is
held to the rows of `$1`, and none writes that column but an insert, which gives it `$1`. Backends print them,
pgkit.runtime.tenant runs them.
"""

from pgkit.sql.statements.forms import Form, base, oid_form, text_form, type_sql, typed_form
from pgkit.sql.statements.read import count, find, find_by, find_many, list_, list_after, lock
from pgkit.sql.statements.scope import Scope, problems, scope, uniques
from pgkit.sql.statements.statement import Parameter, Role, Statement
from pgkit.sql.statements.write import (
    InsertParts,
    changeable,
    delete,
    insert,
    insert_parts,
    insertable,
    patch,
    update,
    upsert,
)

__all__ = [
    "Form",
    "InsertParts",
    "Parameter",
    "Role",
    "Scope",
    "Statement",
    "base",
    "changeable",
    "count",
    "delete",
    "find",
    "find_by",
    "find_many",
    "insert",
    "insert_parts",
    "insertable",
    "list_",
    "list_after",
    "lock",
    "oid_form",
    "patch",
    "problems",
    "scope",
    "text_form",
    "type_sql",
    "typed_form",
    "uniques",
    "update",
    "upsert",
]
