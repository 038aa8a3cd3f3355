"""mod.rs, and how modules become files: one each, or all of them inside of mod.rs."""

from collections.abc import Iterable, Mapping

from pgkit.backends import Files
from pgkit.backends.rust.text import string


def modules(names: Iterable[str], cargo: str, drift: str) -> list[str]:
    """The lines of mod.rs where each module has a file of its own, below its header."""
    declared = [
        line for name in sorted(names) for line in ("", *_attributes(name, drift), f"pub mod {name};")
    ]
    return [*_needs(cargo), *declared]


def one_file(files: Files, header: list[str], cargo: str, drift: str) -> Files:
    """mod.rs alone, with every module in it; rustfmt is told to leave them as they are in files."""
    texts = {path.removesuffix(".rs"): text for path, text in files.items()}
    inside = [line for name in sorted(texts) for line in _inside(name, texts, drift)]
    return {"mod.rs": "\n".join([*header, *_needs(cargo), *inside]) + "\n"}


def _inside(name: str, texts: Mapping[str, str], drift: str) -> list[str]:
    _, _, body = texts[name].partition("\n")
    opened = ["", *_attributes(name, drift), "#[rustfmt::skip]", f"pub mod {name} {{"]
    return [*opened, *body.strip("\n").split("\n"), "}"]


def _attributes(name: str, drift: str) -> list[str]:
    """Nobody is to be warned of columns without a use, nor of what clippy thinks of a database's names."""
    only = [f"#[cfg(feature = {string(drift)})]"] if drift and name == "drift" else []
    return [*only, "#[allow(dead_code, clippy::all, clippy::pedantic)]"]


def _needs(cargo: str) -> list[str]:
    return [
        "//",
        "// It needs these [dependencies] in Cargo.toml:",
        *(f"// {line}" for line in cargo.splitlines()),
    ]
