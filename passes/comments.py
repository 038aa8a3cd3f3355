"""Takes every comment out of a catalog, for a comparison with a source that cannot hold them.

table t (comment 'x')   =>   table t
"""

from typing import Any

import attrs

from pgkit.ir.catalog import Catalog
from pgkit.ir.fields import Mark, fields_marked


def without_comments(catalog: Catalog) -> Catalog:
    """The catalog without comments."""
    kept: dict[str, Any] = {
        name: tuple(_silent(o) for o in getattr(catalog, name))
        for name in fields_marked(Catalog, Mark.MEMBERS)
    }
    return attrs.evolve(catalog, **kept)


def _silent(obj: Any) -> Any:
    changed: dict[str, Any] = {
        name: tuple(_silent(m) for m in getattr(obj, name)) for name in fields_marked(type(obj), Mark.MEMBERS)
    }
    if getattr(obj, "comment", None) is not None:
        changed["comment"] = None
    return attrs.evolve(obj, **changed) if changed else obj
