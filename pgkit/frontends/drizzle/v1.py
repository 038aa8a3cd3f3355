"""The layout of 1.0: one folder a migration, with `migration.sql` and `snapshot.json` inside; no journal."""

import re
from datetime import UTC, datetime

from pgkit.frontends.drizzle import findings
from pgkit.frontends.drizzle.folder import Entry
from pgkit.frontends.drizzle.listing import Listing, listing
from pgkit.frontends.drizzle.scan import Scan, heads_of, load_sql

SQL, SNAPSHOT, OWN = "migration.sql", "snapshot.json", "pgkit.json"
_STAMP = re.compile(r"\d{14}")


def migrations(top: Listing) -> list[Listing]:
    """The folders that hold a migration, in the order in which they run: that of their names."""
    found = (listing(place.path, top.path) for name, place in top.folders.items() if not name.startswith("."))
    return [each for each in found if SQL in each.files or SNAPSHOT in each.files]


def scan_v1(top: Listing, folders: list[Listing]) -> Scan:
    """Reads the SQL of each migration and the heads of the snapshots."""
    entries = tuple(_entry(i, folder, top) for i, folder in enumerate(folders))
    found = ((folder.path.name, folder.files.get(SNAPSHOT)) for folder in folders)
    snapshots = {f"{name}/{SNAPSHOT}": place for name, place in found if place}
    return Scan(
        path=top.path,
        layout="v1",
        entries=entries,
        snapshots=snapshots,
        heads=heads_of(snapshots, top.path),
        own={f"{f.path.name}/{SNAPSHOT}": f.files[OWN] for f in folders if OWN in f.files},
        findings=findings.of_entries(str(top.path), entries),
    )


def _entry(position: int, folder: Listing, top: Listing) -> Entry:
    name = folder.path.name
    return Entry(
        idx=position,
        tag=name,
        when=_when(name),
        sql=load_sql(folder.files.get(SQL), top.path),
        snapshot=f"{name}/{SNAPSHOT}" if SNAPSHOT in folder.files else None,
    )


def _when(name: str) -> int:
    """The time in a folder's name, which the ledger keeps as `created_at`; 0 if there is none."""
    stamp = _STAMP.match(name)
    try:
        made = datetime.strptime(stamp[0], "%Y%m%d%H%M%S") if stamp else None
    except ValueError:
        return 0
    return int(made.replace(tzinfo=UTC).timestamp() * 1000) if made else 0
