"""The two lines of drizzle-kit, where they write the same thing in two ways."""

from typing import Final

from attrs import frozen


@frozen(kw_only=True)
class Line:
    """One of them."""

    compact: bool  # types without blanks, defaults without the casts that Postgres makes anyway
    qualified: bool  # columns in checks and in the conditions of indexes carry their table


OLD: Final = Line(compact=False, qualified=True)  # 0.x: snapshots of version 7
NEXT: Final = Line(compact=True, qualified=False)  # 1.0: versions 8 and 9
