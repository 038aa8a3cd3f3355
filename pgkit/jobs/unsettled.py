"""What a scratch server could not hold: each cause once, with how much goes with it."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from attrs import frozen

from pgkit.diag import Diagnostic, Severity
from pgkit.ir.catalog import Catalog
from pgkit.ir.names import Ref
from pgkit.ir.walk import Declared, index, refs_in
from pgkit.jobs.replay_extensions import wanted as extension_wanted
from pgkit.jobs.replay_missing import missing
from pgkit.runtime.connect import SqlError

_HELP: Final = "what depends on it is compared as text; give a server that can hold it with --server"


@frozen
class Failure:
    """A statement that a scratch server refused: the object that it would have made, and why not."""

    ref: Ref
    error: SqlError


def findings(
    failures: Iterable[Failure],
    part: Catalog,
    wanted: frozenset[Ref],
    lacking: tuple[str, ...] = (),
    gone: Mapping[Ref, Ref] = MappingProxyType({}),
) -> tuple[Diagnostic, ...]:
    """A finding for each cause for which wanted objects were not made: an extension, or what failed first.

    `part` is what was to be made, `lacking` the extensions that the server does not have, and `gone` what
    was left out for want of them.
    """
    objects = index(part)
    causes: dict[Ref, Ref] = dict(gone)
    lost: dict[Ref, list[Ref]] = {}
    said: dict[Ref, SqlError] = {}
    for failure in failures:
        cause = _cause(failure, objects.get(failure.ref), causes, lacking)
        causes[failure.ref] = cause
        said.setdefault(cause, failure.error)
        lost.setdefault(cause, []).extend(r for r in wanted if failure.ref in (r, r.owner))
    return tuple(_finding(cause, said[cause], refs) for cause, refs in lost.items() if refs)


def _cause(
    failure: Failure, obj: Declared | None, causes: Mapping[Ref, Ref], lacking: tuple[str, ...]
) -> Ref:
    """An extension, something that failed before and is needed here, or the object itself."""
    lacks = missing(failure.error)
    extension = extension_wanted(lacks, lacking) if lacks and lacking else None
    if extension is not None:
        return Ref("extension", "", extension)
    needs = [failure.ref.owner, *refs_in(obj)]
    failed = (causes.get(r) or causes.get(r.owner or r) for r in needs if r is not None)
    return next((cause for cause in failed if cause is not None), failure.ref)


def _finding(cause: Ref, error: SqlError, lost: list[Ref]) -> Diagnostic:
    others = len({ref for ref in lost if ref != cause})
    objects = "object needs" if others == 1 else "objects need"
    if cause.kind == "extension":
        message = f"the scratch server has no extension {cause.name}; {others} {objects} it"
    else:
        message = f"the scratch server cannot hold {cause.kind.replace('_', ' ')} {cause}: {error.message}"
        message += f"; {others} more {objects} it" if others else ""
    return Diagnostic("unsettled", message, where=str(cause), help=_HELP, severity=Severity.NOTE)
