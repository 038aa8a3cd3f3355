"""Applies rename hints: `before` as if all in it had always had its new name, and the steps to get there.

    table users (mail), view v over users.mail, hints users -> people, users.mail -> people.email
    =>   table people (email), view v over people.email AS mail
         Rename(users -> people), Rename(people.mail -> people.email)

Hints speak of both ends at once; the steps are taken one by one, each in the names of its moment.
"""

from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Rename
from pgkit.ir.hints import Hints
from pgkit.passes.renames.checks import check_hints
from pgkit.passes.renames.multiranges import with_multiranges
from pgkit.passes.renames.resolve import resolve
from pgkit.passes.renames.rewrite import renamed
from pgkit.passes.renames.sequence import sequence
from pgkit.passes.renames.standing import effective, unmet

__all__ = ["check_hints", "effective", "rename", "renamed", "resolve", "unmet"]


def rename(before: Catalog, hints: Hints, after: Catalog | None = None) -> tuple[Catalog, tuple[Rename, ...]]:
    """`before` in its new names, and the renames in an order in which Postgres can run them.

    Each changes either the schema or the last name. What is in the way of a new name and not in `after`, so
    that it will be dropped, is set aside by a rename too. Hints must have passed `check_hints`.
    """
    if after is not None:
        hints = with_multiranges(before, after, hints)
    if not hints.renames:
        return before, ()
    steps, aside = sequence(before, hints, after)
    return renamed(before, Hints((*hints.renames, *aside))), steps
