"""pgkit's own snapshot beside Drizzle's: the whole catalog, which Drizzle's format holds only a part of.

`meta/_pgkit_0007.json` belongs to `meta/0007_snapshot.json`, `pgkit.json` to the `snapshot.json` in its
folder. It counts as long as that is the one that it was written for. Snapshots that drizzle-kit has written
later say what has changed since; what they cannot say is taken over from it.
"""

import hashlib
from collections.abc import Iterator
from typing import Any, Final

import attrs
import orjson

from pgkit.diag import Diagnostic, fail
from pgkit.frontends.drizzle.findings import finding, some
from pgkit.frontends.drizzle.folder import Own
from pgkit.ir.catalog import Catalog
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.merge import known_here_only, merge
from pgkit.ir.names import Ref
from pgkit.ir.walk import index, ref_of

FORMAT: Final = 1
_HELP: Final = "restore it from version control; without it only what Drizzle's snapshot says is known"


def own_name(snapshot: str) -> str:
    """The name of the file that goes with a snapshot, both inside the folder."""
    folder, _, name = snapshot.rpartition("/")
    if name == "snapshot.json":
        return f"{folder}/pgkit.json"
    return f"{folder}/_pgkit_{name.removesuffix('_snapshot.json')}.json"


def digest(snapshot: Any) -> str:
    """What identifies the content of a parsed snapshot, however its text is laid out."""
    return hashlib.sha256(orjson.dumps(snapshot, option=orjson.OPT_SORT_KEYS)).hexdigest()


def own_text(catalog: Catalog, snapshot: Any) -> str:
    """The file for a catalog, to stand beside a snapshot of it."""
    from pgkit.ir.json import dumps

    body = {
        "format": FORMAT,
        "id": snapshot["id"],
        "sha256": digest(snapshot),
        "catalog": orjson.loads(dumps(catalog)),
        "definitions": [[*_name(u), u.definition] for u in catalog.unmodelled if u.definition is not None],
    }
    return orjson.dumps(body, option=orjson.OPT_INDENT_2).decode() + "\n"


def parse_own(name: str, data: bytes) -> Any:
    """The file's content. Raises for what pgkit has not written."""
    try:
        body = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise fail("bad-snapshot", f"not JSON: {error.msg}", where=name, help=_HELP) from None
    if (
        not isinstance(body, dict)
        or body.get("format") != FORMAT
        or not isinstance(body.get("catalog"), dict)
    ):
        raise fail("bad-snapshot", "not a snapshot that this pgkit can read", where=name, help=_HELP)
    return body


def own_catalog(own: Own) -> Catalog:
    """The catalog in the file."""
    from pgkit.ir.json import loads  # what it stands on takes a while to load, and few folders have the file

    catalog = loads(orjson.dumps(own.body["catalog"]), own.file)
    texts = {tuple(name): text for *name, text in own.body.get("definitions", ())}
    unmodelled = (attrs.evolve(u, definition=texts.get(_name(u))) for u in catalog.unmodelled)
    return attrs.evolve(catalog, unmodelled=tuple(unmodelled))


def _name(obj: Unmodelled) -> tuple[str, ...]:
    return obj.kind, obj.schema, obj.name, obj.member


def carried_over(own: Own, then: Catalog, now: Catalog) -> tuple[Catalog, list[Diagnostic]]:
    """What pgkit knew, with what drizzle-kit has changed from `then` to `now`."""
    known = own_catalog(own)
    catalog = merge(known, then, now)
    gone = set(index(then)) - set(index(now))
    left = [u for u in known.unmodelled if _hangs_on(u, gone)]
    catalog = attrs.evolve(catalog, unmodelled=tuple(u for u in catalog.unmodelled if u not in left))
    lost = [*_lost(known, then, gone), *map(ref_of, left)]
    return catalog, list(_told(own, lost))


def _hangs_on(obj: Unmodelled, gone: set[Ref]) -> bool:
    """Whether something is of, or needs, an object that is gone."""
    owners = {Ref(kind, obj.schema, obj.name) for kind in ("table", "view", "materialized_view")}
    return bool(gone & ({*obj.refs} | (owners if obj.member else set())))


def _lost(known: Catalog, then: Catalog, gone: set[Ref]) -> Iterator[Ref]:
    mine, theirs = index(known), index(then)
    for ref in gone & mine.keys():
        if ref.owner not in gone:
            yield from known_here_only(mine[ref], theirs[ref], ref)


def _told(own: Own, lost: list[Ref]) -> Iterator[Diagnostic]:
    message = f"later snapshots are drizzle-kit's; what only pgkit knows is taken over from {own.file}"
    yield finding("carried-over", message, own.file, "`pgkit migrate new` writes it anew")
    if lost:
        names = some([f"{ref.kind.replace('_', ' ')} {ref}" for ref in sorted(lost)])
        text = f"only pgkit knew all of these, which drizzle-kit has dropped or renamed since: {names}"
        yield finding("not-carried-over", text, own.file, "say it again in the source, if it is still meant")
