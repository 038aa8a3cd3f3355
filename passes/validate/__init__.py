"""The checks: what Postgres would refuse, or make otherwise than it is declared, told before any SQL is made.

Invariant: pure; where Postgres accepts a catalog and makes just that, there is no error, only warnings.
One check a function, all of them in CHECKS; each problem has a stable code and says what to do.
"""

from collections.abc import Callable, Iterator
from typing import Final

from pgkit.diag import Diagnostic
from pgkit.ir.catalog import Catalog
from pgkit.passes.validate import columns, expressions, indexes, keys, names, policies, relations, types
from pgkit.passes.validate.known import Known, known

Check = Callable[[Known], Iterator[Diagnostic]]

CHECKS: Final[tuple[Check, ...]] = (
    names.empty_names,
    names.long_names,
    names.reserved_names,
    names.too_many_columns,
    names.duplicate_relations,
    names.duplicate_types,
    names.duplicate_constraints,
    names.duplicate_members,
    names.duplicate_globals,
    names.duplicate_labels,
    names.taken_by_not_null,
    types.unknown_types,
    types.type_modifiers,
    types.collations,
    types.type_cycles,
    types.unknown_labels,
    columns.two_values,
    columns.identity_columns,
    columns.sequences,
    columns.primary_keys,
    columns.virtual_columns,
    columns.versions,
    keys.key_columns,
    keys.repeated_columns,
    keys.key_counts,
    keys.foreign_key_targets,
    keys.foreign_key_types,
    keys.foreign_key_actions,
    indexes.index_methods,
    indexes.index_features,
    indexes.operator_classes,
    expressions.expressions,
    expressions.generated_columns,
    policies.policy_clauses,
    policies.policies_without_row_security,
    policies.policy_roles,
    relations.unknown_schemas,
    relations.unknown_mentions,
    relations.unknown_sequences,
    relations.view_queries,
    relations.view_columns,
    relations.view_cycles,
    relations.storage_parameters,
)


def validate(catalog: Catalog, version: int = 18) -> tuple[Diagnostic, ...]:
    """Everything that is wrong with a normalized catalog, for a server of that major version."""
    seen = known(catalog, version)
    found = dict.fromkeys(d for check in CHECKS for d in check(seen))
    return tuple(sorted(found, key=_place))


def _place(diagnostic: Diagnostic) -> tuple[str, int]:
    """Problems are told in the order of the source; those without a span come first."""
    span = diagnostic.span
    return (span.source.name, span.start) if span is not None else ("", 0)
