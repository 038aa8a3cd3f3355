"""The servers that hazards are measured on."""

from tests.live.conftest import contrib

__all__ = ["contrib"]
