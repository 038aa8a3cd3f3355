"""pgkit: a Postgres schema compiler, as a library.

    import pgkit

    catalog = pgkit.normalize(pgkit.read("drizzle"))
    pgkit.write(pgkit.backend("rust"), catalog, "src/db")

What stands in `__all__` is the promise; everything else may change. Names are loaded when they are first
used, so importing pgkit costs nothing. Bad input raises PgkitError, which carries diagnostics.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pgkit.backends import Backend, Files
    from pgkit.diag import Diagnostic, PgkitError, Severity, Source, Span
    from pgkit.executor import Executor
    from pgkit.ir.catalog import Catalog
    from pgkit.ir.change import Alter, Change, Create, Drop, Rename
    from pgkit.ir.constraints import (
        Action,
        Check,
        Deferral,
        ForeignKey,
        Index,
        IndexKey,
        Policy,
        PrimaryKey,
        Unique,
    )
    from pgkit.ir.expr import Call, Cast, Expr, Hole, Lit, Opaque, opaque
    from pgkit.ir.hints import Hints
    from pgkit.ir.json import dumps, fingerprint, loads
    from pgkit.ir.kinds import (
        Attribute,
        Composite,
        Domain,
        Enum,
        Extension,
        Multirange,
        Range,
        Role,
        Schema,
        Unmodelled,
    )
    from pgkit.ir.names import Ref
    from pgkit.ir.plan import Guard, Hazard, HazardCode, Plan, Step
    from pgkit.ir.relations import (
        Column,
        Generated,
        Identity,
        MaterializedView,
        Sequence,
        SequenceOptions,
        Table,
        View,
        sequence_options,
    )
    from pgkit.ir.type_text import parse_type
    from pgkit.ir.types import Array, Named, PgType, Scalar
    from pgkit.ir.walk import index, map_members, map_refs, members_of, refs_in
    from pgkit.jobs.api import (
        Pass,
        backend,
        create_sql,
        diff,
        emit,
        pipeline,
        plan,
        plan_sql,
        read,
        read_async,
        read_with,
        write,
    )
    from pgkit.passes.apply import apply
    from pgkit.passes.normalize import normalize
    from pgkit.runtime.tenant import TenantTable, scoped

_HOMES: Final = {
    "pgkit.backends": "Backend Files",
    "pgkit.diag": "Diagnostic PgkitError Severity Source Span",
    "pgkit.executor": "Executor",
    "pgkit.ir.catalog": "Catalog",
    "pgkit.ir.change": "Alter Change Create Drop Rename",
    "pgkit.ir.constraints": "Action Check Deferral ForeignKey Index IndexKey Policy PrimaryKey Unique",
    "pgkit.ir.expr": "Call Cast Expr Hole Lit Opaque opaque",
    "pgkit.ir.hints": "Hints",
    "pgkit.ir.json": "dumps fingerprint loads",
    "pgkit.ir.kinds": ("Attribute Composite Domain Enum Extension Multirange Range Role Schema Unmodelled"),
    "pgkit.ir.names": "Ref",
    "pgkit.ir.plan": "Guard Hazard HazardCode Plan Step",
    "pgkit.ir.relations": (
        "Column Generated Identity MaterializedView Sequence SequenceOptions Table View sequence_options"
    ),
    "pgkit.ir.type_text": "parse_type",
    "pgkit.ir.types": "Array Named PgType Scalar",
    "pgkit.ir.walk": "index map_members map_refs members_of refs_in",
    "pgkit.jobs.api": (
        "Pass backend create_sql diff emit pipeline plan plan_sql read read_async read_with write"
    ),
    "pgkit.passes.apply": "apply",
    "pgkit.passes.normalize": "normalize",
    "pgkit.runtime.tenant": "TenantTable scoped",
}
_HOME: Final = {name: module for module, names in _HOMES.items() for name in names.split()}

__all__ = [
    "Action",
    "Alter",
    "Array",
    "Attribute",
    "Backend",
    "Call",
    "Cast",
    "Catalog",
    "Change",
    "Check",
    "Column",
    "Composite",
    "Create",
    "Deferral",
    "Diagnostic",
    "Domain",
    "Drop",
    "Enum",
    "Executor",
    "Expr",
    "Extension",
    "Files",
    "ForeignKey",
    "Generated",
    "Guard",
    "Hazard",
    "HazardCode",
    "Hints",
    "Hole",
    "Identity",
    "Index",
    "IndexKey",
    "Lit",
    "MaterializedView",
    "Multirange",
    "Named",
    "Opaque",
    "Pass",
    "PgType",
    "PgkitError",
    "Plan",
    "Policy",
    "PrimaryKey",
    "Range",
    "Ref",
    "Rename",
    "Role",
    "Scalar",
    "Schema",
    "Sequence",
    "SequenceOptions",
    "Severity",
    "Source",
    "Span",
    "Step",
    "Table",
    "TenantTable",
    "Unique",
    "Unmodelled",
    "View",
    "apply",
    "backend",
    "create_sql",
    "diff",
    "dumps",
    "emit",
    "fingerprint",
    "index",
    "loads",
    "map_members",
    "map_refs",
    "members_of",
    "normalize",
    "opaque",
    "parse_type",
    "pipeline",
    "plan",
    "plan_sql",
    "read",
    "read_async",
    "read_with",
    "refs_in",
    "scoped",
    "sequence_options",
    "write",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'pgkit' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
