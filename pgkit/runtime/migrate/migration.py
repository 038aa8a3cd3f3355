"""What the runner is given: migrations, their statements, and how each of them has to run."""

from attrs import field, frozen

from pgkit.diag import Source, Span


@frozen(kw_only=True)
class Statement:
    """One statement of a file, as Postgres's own parser cuts it."""

    text: str
    source: Source = field(repr=False)
    start: int  # its offset in the file, in characters
    alone: str | None = (
        None  # what it is, if no transaction may be open around it: `CREATE INDEX CONCURRENTLY`
    )
    controls: bool = False  # whether it begins or ends a transaction itself

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.source, self.start, self.start + len(self.text))


@frozen(kw_only=True)
class Migration:
    """One file of a folder, ready to run.

    `apart` says why its statements cannot all run in one transaction; None if they can. `checksum` is the
    sha256 of the text with its byte order mark dropped and every line end a `\\n`, in hex; `raw` that of the
    bytes of the file, which is what Drizzle's ledger keeps as `hash`.
    """

    position: int  # among the migrations of the folder, from zero: the order in which they run
    idx: int  # as the journal has it
    tag: str  # its identity
    when: int  # milliseconds since 1970; Drizzle's ledger keeps it as `created_at`
    source: Source = field(repr=False)
    statements: tuple[Statement, ...] = field(repr=False)
    checksum: str
    raw: str
    apart: str | None = None
