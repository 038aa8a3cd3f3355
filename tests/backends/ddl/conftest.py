"""The servers that statements are tested on."""

from tests.live.conftest import contrib, contrib18

__all__ = ["contrib", "contrib18"]
