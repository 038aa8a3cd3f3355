"""Hypothesis strategies for those who test transforms of their own (`pip install 'pgkit-schema[testing]'`).

from hypothesis import given
from pgkit.testing import catalogs

@given(catalogs())
def test_my_pass_is_idempotent(c): assert my_pass(my_pass(c)) == my_pass(c)
"""

from pgkit.testing.catalogs import catalogs
from pgkit.testing.edits import edited, renamed

__all__ = ["catalogs", "edited", "renamed"]
