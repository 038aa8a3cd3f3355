"""The options of views and indexes: Postgres's names and texts, JavaScript's names and values."""

import re
from collections.abc import Iterable
from typing import Any, Final

# What schema.ts can say of a view; drizzle-kit refuses a snapshot with any other.
NAMES: Final = (
    "checkOption",
    "securityBarrier",
    "securityInvoker",
    "autovacuumEnabled",
    "autovacuumFreezeMaxAge",
    "autovacuumFreezeMinAge",
    "autovacuumFreezeTableAge",
    "autovacuumMultixactFreezeMaxAge",
    "autovacuumMultixactFreezeMinAge",
    "autovacuumMultixactFreezeTableAge",
    "autovacuumVacuumCostDelay",
    "autovacuumVacuumCostLimit",
    "autovacuumVacuumScaleFactor",
    "autovacuumVacuumThreshold",
    "fillfactor",
    "logAutovacuumMinDuration",
    "parallelWorkers",
    "toastTupleTarget",
    "userCatalogTable",
    "vacuumIndexCleanup",
    "vacuumTruncate",
)
_WORDS: Final = ("checkOption", "vacuumIndexCleanup")
_TRUE, _FALSE = ("true", "on", "yes", "1"), ("false", "off", "no", "0")
_NUMBER: Final = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
_FLAGS: Final = (
    *("securityBarrier", "securityInvoker"),
    *("autovacuumEnabled", "vacuumTruncate", "userCatalogTable"),
)


def view_options(options: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The options that Drizzle knows, under its names."""
    named = ((_camel(name), value) for name, value in options)
    values = ((name, _value(name, value)) for name, value in named if name in NAMES)
    return {name: value for name, value in values if value is not None}


def _camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), name)


def _value(name: str, text: str) -> Any:
    if name in _WORDS:
        return text.lower()
    if name in _FLAGS:
        return True if text.lower() in _TRUE else False if text.lower() in _FALSE else None
    value = number_or_text(text)
    return value if isinstance(value, int | float) else None


def number_or_text(text: str) -> Any:
    """A storage parameter as schema.ts would say it."""
    if text in ("true", "false"):
        return text == "true"
    if not _NUMBER.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)
