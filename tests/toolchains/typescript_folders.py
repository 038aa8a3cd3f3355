"""Folders of generated TypeScript and Zod for the tests that hold them against the real tools."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pgkit.backends import Files
from pgkit.backends.options import ModelOptions
from pgkit.backends.typescript import TypeScript
from pgkit.backends.zod import Zod
from pgkit.frontends.drizzle import lower, read
from pgkit.ir.catalog import Catalog
from tests.backends import every_type
from tests.backends.typescript import hostile, samples

SHOP: Final = Path(__file__).resolve().parents[2] / "corpus" / "projects" / "shop" / "drizzle"
OPTIONS: Final = ModelOptions(
    main_schema="app", exclude=frozenset({samples.LINE_ITEM.of("column", "secret_token")})
)


def catalogs() -> Mapping[str, tuple[Catalog, ModelOptions]]:
    """What is generated: every type by every client, hostile names, the shop of the demo, a small one, an empty one."""
    awkward = ModelOptions(case="preserve", members=hostile.label_members())
    return {
        "every_type": (every_type.catalog(contrib=False), ModelOptions()),
        "every_contrib_type": (every_type.catalog(contrib=True), ModelOptions(main_schema="app")),
        "pg": (every_type.catalog(contrib=False), ModelOptions(client="pg")),
        "postgres": (every_type.catalog(contrib=False), ModelOptions(client="postgres")),
        "compiled_only": (every_type.compiled_only(), ModelOptions(case="snake")),
        "hostile": (hostile.hostile(), awkward),
        "shop": (lower(read(SHOP)).catalog, ModelOptions()),
        "small": (samples.CATALOG, OPTIONS),
        "empty": (Catalog(), ModelOptions()),
    }


def write(folder: Path, files: Files) -> None:
    """Writes the files of one target."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")


def for_oldest(files: Files) -> Files:
    """The same for the oldest Zod that it works with, which is installed under another name."""
    return {path: text.replace('from "zod";', 'from "zod45";') for path, text in files.items()}


def write_targets(folder: Path, catalog: Catalog, options: ModelOptions, extension: str = ".js") -> None:
    """`types` and `zod`, which stands on it, and `alone`, which holds its own types."""
    write(folder / "types", TypeScript(options=options, import_extension=extension).emit(catalog))
    together = Zod(options=options, import_extension=extension, types_import="../types")
    write(folder / "zod", together.emit(catalog))
    write(folder / "alone", Zod(options=options, import_extension=extension).emit(catalog))
