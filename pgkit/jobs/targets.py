"""The backends by name: ours, and those that other packages offer under the entry point `pgkit.backends`."""

from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final

from pgkit.backends import Backend
from pgkit.diag import fail

GROUP: Final = "pgkit.backends"
OURS: Final = {
    "rust": "pgkit.backends.rust:Rust",
    "typescript": "pgkit.backends.typescript:TypeScript",
    "zod": "pgkit.backends.zod:Zod",
}


def others() -> dict[str, EntryPoint]:
    """The backends of other packages, by name; none of them can take the name of one of ours."""
    return {e.name: e for e in entry_points(group=GROUP) if e.name not in OURS}


def make(name: str, options: Mapping[str, Any]) -> Backend:
    """A backend with its options. Raises PgkitError for an unknown name or option."""
    made: Backend
    try:
        made = _class(name)(**options)
    except TypeError as error:
        help = "see what the backend's class takes"
        raise fail("bad-option", f"backend {name}: {error}", help=help, exit_code=2) from None
    return made


def _class(name: str) -> Any:
    if name in OURS:
        module, _, attribute = OURS[name].partition(":")
        return getattr(import_module(module), attribute)
    found = others()
    if name not in found:
        near = get_close_matches(name, [*OURS, *found], 1)
        help = f"did you mean {near[0]}?" if near else f"there are {', '.join([*OURS, *found])}"
        raise fail("no-target", f"no backend named {name}", help=help, exit_code=2)
    return found[name].load()
