"""Where a migration stands on a database, as a ledger has it."""

from enum import StrEnum


class Standing(StrEnum):
    """Where a migration stands, or a row of a ledger that belongs to none."""

    APPLIED = "applied"
    EDITED = "edited"  # since it was applied
    RENAMED = "renamed"  # since it was applied
    RESTAMPED = "restamped"  # applied under another time than its `when`, by which Drizzle does not know it
    UNNAMED = "unnamed"  # applied, and drizzle-kit 1.0 would run it again, for its row has no name
    RUNNING = "running"  # some of its statements are applied
    PENDING = "pending"
    BEFORE_APPLIED = "before-applied"  # pending, though one that follows it is applied
    SKIPPED = "skipped"  # pending, and drizzle-kit 0.x would never run it
    NO_FILE = "no-file"  # a row without a file
