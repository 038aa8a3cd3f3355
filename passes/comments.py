"""Takes every comment out of a catalog, for a comparison with a source that cannot hold them.

table t (comment 'x')   =>   table t
"""

from typing import Any

import attrs

from pgkit.ir.catalog import Catalog
from pgkit.ir.names import Ref
from pgkit.ir.walk import map_members


def without_comments(catalog: Catalog) -> Catalog:
    """The catalog without comments."""
    return map_members(catalog, _silent)


def _silent(ref: Ref, obj: Any) -> Any:
    obj = map_members(obj, _silent, ref)
    return obj if getattr(obj, "comment", None) is None else attrs.evolve(obj, comment=None)
