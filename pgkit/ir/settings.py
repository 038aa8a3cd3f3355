"""Settings that Postgres does not know, for programs to keep things in: `app.tenant_id`."""

import re
from typing import Final

_CUSTOM: Final = re.compile(r"[A-Za-z_][\w$]*\.[A-Za-z_][\w$]*", re.ASCII)


def is_custom_setting(name: str) -> bool:
    """Whether set_config takes a name whatever is installed: two parts, each like an identifier."""
    return _CUSTOM.fullmatch(name) is not None
