"""The order in which objects are made."""

from pgkit.passes.normalize import normalize
from tests.passes.asking import Postgres, script_of
from tests.passes.builders import P, catalog, foreign, index, table


def test_a_foreign_key_comes_after_the_unique_index_it_refers_to(postgres: Postgres) -> None:
    """A unique index that is no constraint is made before what refers to its columns."""
    unique = index("a", table=P, unique=True)
    c = normalize(catalog(table("a", foreign_keys=(foreign("a"),)), table("a", name="p", indexes=(unique,))))
    assert postgres.refusal(script_of(c)) is None
