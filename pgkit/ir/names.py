"""Names and references. Every mention of another object is a `Ref`, never a string."""

from attrs import frozen

MAX_BYTES = 63  # NAMEDATALEN - 1; the manual, 4.1.1


@frozen(order=True)
class Ref:
    """Points at one object: its kind, where it lives and, for a member, what it belongs to.

    `schema` is empty for what lives in the database itself (schemas, roles, extensions). `within` is
    the kind of the owner of a member: a table's column, but also a domain's check or a matview's index.
    """

    kind: str
    schema: str
    name: str
    member: str = ""
    within: str = "table"

    def __str__(self) -> str:
        return ".".join(p for p in (self.schema, self.name, self.member) if p)

    @property
    def owner(self) -> "Ref | None":
        """What a member belongs to; None for a top-level object."""
        return Ref(self.within, self.schema, self.name) if self.member else None

    def of(self, kind: str, member: str) -> "Ref":
        """A member of this object."""
        return Ref(kind, self.schema, self.name, member, self.kind)


def column(table: Ref, name: str) -> Ref:
    """The column `name` of a table, view, materialized view or composite type."""
    return table.of("column", name)


def truncate(name: str, limit: int = MAX_BYTES) -> str:
    """`name` cut as Postgres cuts it: at `limit` bytes of UTF-8, never inside a character."""
    return name.encode()[:limit].decode(errors="ignore")


def object_name(name1: str, name2: str, label: str) -> str:
    """`name1_name2_label` as Postgres makes it (makeObjectName): the longer name gives way until it fits.

    `name2` may be empty, as in `t_pkey`.
    """
    first, second = len(name1.encode()), len(name2.encode())
    room = MAX_BYTES - len(label.encode()) - 1 - (1 if name2 else 0)
    while first + second > room:
        if first > second:
            first -= 1
        else:
            second -= 1
    parts = (truncate(name1, first), truncate(name2, second), label)
    return "_".join(part for part in parts if part)


def multirange_name(range: str) -> str:
    """The name of the multirange type that comes with a range type; Postgres does not number it."""
    before, word, after = range.partition("range")
    if word:
        return truncate(f"{before}multirange{after}")
    return truncate(range, MAX_BYTES - len("_multirange")) + "_multirange"
