"""What the runner remembers of the statements that are done, to know them again."""

from collections.abc import Sequence
from hashlib import sha256

from pgkit.runtime.migrate.migration import Statement


def prefix_checksum(statements: Sequence[Statement]) -> str:
    """The sha256 of the texts of these statements, whatever ends their lines."""
    whole = sha256()
    for statement in statements:
        whole.update(statement.text.replace("\r\n", "\n").encode() + b"\0")
    return whole.hexdigest()
