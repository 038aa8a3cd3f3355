"""The same schema in the folders of drizzle-kit 0.31 and of 1.0 lowers to the same catalog."""

from __future__ import annotations

import os
from pathlib import Path

from pgkit.frontends.drizzle import lower, read
from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Alter, Change, differing
from pgkit.passes.align_names import align_names
from pgkit.passes.diff import diff
from pgkit.passes.normalize import normalize
from tests.realworld.applications import ONLOOK

SAMPLES = Path(os.environ["PGKIT_NOTES"]) / "drizzle-samples"
# What the two kits write into their SQL themselves, from one schema.ts.
REALLY_OTHERWISE = {
    "public.users.lv: default",  # '{"lo"}' and '{lo}'
    "public.users.tags: default",  # '{"a","b"c"}', which Postgres refuses, and '{a,"b\"c"}'
    "public.users.n2: default",  # 3 and '3'
    "public.users.gm: type",  # geometry(point) and geometry(point,4326)
    "public.users.age_chk",  # "users"."alt" > 0 and "alt" > 0
    "public.users.ux",  # "users"."nick" is not null and "nick" is not null
}


def catalog(folder: Path) -> Catalog:
    """The normalized catalog of a folder in which nothing is odd."""
    lowered = lower(read(folder))
    assert lowered.diagnostics == ()
    return normalize(lowered.catalog)


def changed(change: Change) -> set[str]:
    """The object, and the fields that differ if it is on both sides."""
    if isinstance(change, Alter):
        return {f"{change.ref}: {field}" for field in differing(change.old, change.new)}
    return {str(change.ref)}


def differences(old: Catalog, new: Catalog) -> set[str]:
    """What differs, names apart that Postgres or the kits give by themselves."""
    return {text for change in diff(old, align_names(old, new)) for text in changed(change)}


def test_onlook() -> None:
    """25 tables in public and one of Supabase's, from snapshots of version 7 and of version 9."""
    old, new = catalog(ONLOOK.folder), catalog(SAMPLES / "v9-onlook")
    assert len(old.tables) == len(new.tables) == 26
    assert differences(old, new) == set()


def test_kitchen_sink() -> None:
    """Every kind of object that a schema.ts can hold, as both kits write it."""
    old, new = catalog(SAMPLES / "kitchen-sink-0.31.11"), catalog(SAMPLES / "kitchen-sink-1.0.0-rc.5")
    assert differences(old, new) == REALLY_OTHERWISE
