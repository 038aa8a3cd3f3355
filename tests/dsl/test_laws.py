"""What is printed is read back equal, for every catalog."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from pgkit.backends.dsl import print_catalog
from pgkit.frontends.drizzle import lower as lower_drizzle
from pgkit.frontends.drizzle import read as read_drizzle
from pgkit.ir.catalog import Catalog
from pgkit.ir.json import sort
from pgkit.jobs.show import schema_text
from pgkit.passes.diff import diff
from pgkit.passes.normalize import normalize
from tests.dsl.schemas import catalog
from tests.laws.strategies import catalogs

EXAMPLES = 3000 if os.environ.get("PGKIT_PROOF") else 150
SHOP = Path(__file__).parents[2] / "corpus" / "projects" / "shop" / "drizzle"


def same(c: Catalog, text: str) -> None:
    """The text says what the catalog does, no more and no less."""
    assert diff(sort(normalize(c)), sort(catalog(text))) == (), text


@given(catalogs())
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_print_and_parse(c: Catalog) -> None:
    """With all names and without those that Postgres gives, bound or not; printing again changes nothing."""
    same(c, print_catalog(c))
    short = schema_text(c)
    same(c, short)
    assert schema_text(catalog(short)) == short


def test_the_shop() -> None:
    """The demo project says the same in the schema language."""
    c = lower_drizzle(read_drizzle(SHOP)).catalog
    same(c, schema_text(c))


FORMS = sorted((Path(__file__).parent / "forms").glob("*.pgkit"))


@pytest.mark.parametrize("path", FORMS, ids=lambda p: p.stem)
def test_forms(path: Path) -> None:
    """Every form of every declaration is printed as the file has it."""
    text = path.read_text("utf-8")
    assert schema_text(catalog(text)) == text
