"""The Drizzle frontend: reads a migrations folder and lowers the state that its snapshots hold.

Invariant: only `read` touches files, and only those inside the folder; `lower` is pure and knows no SQL.
"""

from pgkit.frontends.drizzle.folder import BREAKPOINT, Chunk, Entry, Folder, Snapshot, chunks
from pgkit.frontends.drizzle.lower import lower
from pgkit.frontends.drizzle.read import read
from pgkit.frontends.drizzle.renames import recorded

__all__ = ["BREAKPOINT", "Chunk", "Entry", "Folder", "Snapshot", "chunks", "lower", "read", "recorded"]
