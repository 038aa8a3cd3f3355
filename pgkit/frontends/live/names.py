"""What the oids of one read stand for."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from attrs import frozen

from pgkit.ir.names import Ref
from pgkit.ir.type_text import array_of
from pgkit.ir.types import PgType

if TYPE_CHECKING:
    from pgkit.frontends.live.columns import ColumnRow
    from pgkit.frontends.live.relations import ReferencedRow


@frozen
class Names:
    """Oids resolved: relations and their columns, types, collations, roles, comments."""

    relations: Mapping[int, Ref]
    attributes: Mapping[tuple[int, int], "ColumnRow | ReferencedRow"]  # by relation and number
    types: Mapping[tuple[int, int], tuple[PgType, bool]]  # by type and modifier; and if it is an array of it
    collations: Mapping[int, Ref]
    roles: Mapping[int, str]
    comments: Mapping[tuple[str, int, int], str]

    def columns(self, relation: int, numbers: Iterable[int]) -> tuple[Ref, ...]:
        """The columns of a relation with these numbers, as Refs."""
        owner = self.relations[relation]
        return tuple(owner.of("column", self.attributes[relation, number].name) for number in numbers)

    def type(self, oid: int, modifier: int = -1, dimensions: int = 0) -> PgType:
        """The type that a column, a domain or a range names."""
        type, is_array = self.types[oid, modifier]
        return array_of(type, max(1, dimensions)) if is_array else type

    def collation(self, oid: int | None) -> Ref | None:
        """The collation, or None where there is nothing to say."""
        return self.collations[oid] if oid else None

    def comment(self, catalog: str, oid: int, number: int = 0) -> str | None:
        """The comment on an object of a system catalog, or on one of its columns."""
        return self.comments.get((catalog, oid, number))
