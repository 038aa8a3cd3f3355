"""No kind and no field of the IR is without its statements."""

from typing import Any

import attrs
import pytest

from pgkit.backends.ddl import EMITTERS
from pgkit.backends.ddl.emitter import impossible
from pgkit.ir.catalog import KINDS
from pgkit.ir.fields import Mark, fields_marked, metadata

# What Postgres has no statement for, and no plan asks for.
WITHOUT = {
    ("extension", "rename"),
    ("extension", "alter"),  # its schema and its version are no part of equality
    ("multirange", "alter"),  # it has a name and nothing else
    ("enum_value", "create"),  # labels are a field of their enum
    ("enum_value", "drop"),
    ("enum_value", "alter"),
}


def test_every_kind_has_an_emitter() -> None:
    """Every kind of the IR, and the labels of enums, which have names but are no objects."""
    assert EMITTERS.keys() == {*KINDS, "enum_value"}


def test_every_change_has_statements() -> None:
    """Create, drop, rename and alter, save where the list above says why not."""
    changes = ("create", "drop", "rename", "alter")
    without = {(kind, c) for kind, e in EMITTERS.items() for c in changes if getattr(e, c) is impossible}
    assert without == WITHOUT


@pytest.mark.parametrize("kind", KINDS)
def test_every_alterable_field_is_altered(kind: str) -> None:
    """Those that are altered always, and those that are in some cases."""
    cls: Any = KINDS[kind]
    sometimes = {f.name for f in attrs.fields(cls) if metadata(cls, f.name).get("unless")}
    assert EMITTERS[kind].fields == {*fields_marked(cls, Mark.ALTER), *sometimes}
