"""The crates that generated code stands on, and the lines of Cargo.toml that name them."""

from collections.abc import Iterable
from typing import Final

from pgkit.backends.model import Model
from pgkit.backends.rust.types import leaf

_LINES: Final = {
    "chrono": 'chrono = { version = "0.4", features = ["serde"] }',
    "pgvector": 'pgvector = { version = "0.4", features = ["sqlx", "serde"] }',
    "rust_decimal": 'rust_decimal = { version = "1", features = ["serde"] }',
    "serde_json": 'serde_json = { version = "1", features = ["float_roundtrip"] }',
    "uuid": 'uuid = { version = "1", features = ["serde"] }',
}
_FEATURES: Final = {"serde_json": "json", "chrono": "chrono", "rust_decimal": "rust_decimal", "uuid": "uuid"}


def crates_of(model: Model) -> frozenset[str]:
    """The crates whose types are in the rows and composite types of a model."""
    fields = {field for owner in model.owners for field in owner.columns}
    return frozenset(crate for field in fields if (crate := leaf(field.bare.value).crate))


def cargo(crates: Iterable[str]) -> str:
    """Dependencies for Cargo.toml, sorted. sqlx 0.8 takes the same features; a runtime is yours to choose."""
    needed = frozenset(crates)
    features = ["postgres", *sorted(_FEATURES[c] for c in needed if c in _FEATURES)]
    listed = ", ".join(f'"{f}"' for f in features)
    lines = [
        'serde = { version = "1", features = ["derive"] }',
        f'sqlx = {{ version = "0.9", default-features = false, features = [{listed}] }}',
        *(_LINES[c] for c in needed),
    ]
    return "\n".join(sorted(lines)) + "\n"
