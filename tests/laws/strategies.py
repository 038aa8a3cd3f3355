"""Random catalogs, from what pgkit offers its users."""

from pgkit.testing import catalogs

__all__ = ["catalogs"]
