"""gen: read -> lower -> backend.emit -> write."""

import os
from collections.abc import Mapping
from pathlib import Path

from attrs import evolve, frozen

from pgkit.backends import Backend
from pgkit.backends.model import ModelOptions
from pgkit.diag import Diagnostic
from pgkit.ir.catalog import Catalog
from pgkit.ir.relations import MaterializedView, View
from pgkit.jobs.config import Config, TargetConfig
from pgkit.jobs.naming import exposed, model_options
from pgkit.jobs.sources import Options, load
from pgkit.jobs.targets import make
from pgkit.jobs.write import Output, Pending, compare, write
from pgkit.passes.tenancy import tenancy

Dirs = Mapping[str, Path]


@frozen
class Generated:
    """What generating has changed, or with `--check` would change."""

    pending: tuple[Pending, ...]
    findings: tuple[Diagnostic, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether everything is as it should be already."""
        return not any(part.changes for part in self.pending)


async def gen(source: str, dirs: Dirs, config: Config, options: Options, *, check: bool = False) -> Generated:
    """Generates every target in `dirs`, all of them or none; with `check`, only compares."""
    loaded = await load(source, options)
    catalog, findings = await _with_view_columns(loaded.catalog, options)
    chosen = model_options(config, catalog)
    outputs = emit(catalog, dirs, config, chosen)
    pending = compare(outputs)
    if not check:
        write(pending)
    about = (*exposed(catalog, chosen.exclude), *tenancy(catalog, chosen.tenants))
    return Generated(pending, (*loaded.findings, *findings, *about))


async def _with_view_columns(catalog: Catalog, options: Options) -> tuple[Catalog, tuple[Diagnostic, ...]]:
    """The catalog with columns in every view, asked of a server only where the source has none."""
    views: tuple[View | MaterializedView, ...] = (*catalog.views, *catalog.materialized_views)
    if all(view.columns for view in views):
        return catalog, ()
    from pgkit.jobs.views import with_columns

    return await with_columns(catalog, options)


def emit(catalog: Catalog, dirs: Dirs, config: Config, options: ModelOptions) -> tuple[Output, ...]:
    """What the backends print, in memory."""
    backends = {name: _backend(name, dirs, config, options) for name in dirs}
    return tuple(Output(name, dirs[name], backend.emit(catalog)) for name, backend in backends.items())


def _backend(name: str, dirs: Dirs, config: Config, options: ModelOptions) -> Backend:
    match name:
        case "rust":
            from pgkit.backends.rust import Rust

            rust = config.rust
            return Rust(
                options=options,
                edition=rust.edition,
                derive=rust.derive,
                header=rust.header,
                source_name=rust.source_name,
                files=rust.files,
                drift=rust.drift,
            )
        case "typescript":
            from pgkit.backends.typescript import TypeScript

            chosen = evolve(options, client=config.typescript.wire)
            return TypeScript(options=chosen, import_extension=config.typescript.import_extension)
        case "zod":
            from pgkit.backends.zod import Zod

            chosen = evolve(options, client=config.zod.wire)
            types = _import_path(dirs["zod"], dirs["typescript"]) if _shares(dirs, config) else None
            return Zod(options=chosen, import_extension=config.zod.import_extension, types_import=types)
        case _:
            return make(name, config.targets.get(name, TargetConfig()).options)


def _shares(dirs: Dirs, config: Config) -> bool:
    """Whether the schemas' types are those of the TypeScript output."""
    return "typescript" in dirs and config.typescript.wire == config.zod.wire


def _import_path(start: Path, to: Path) -> str:
    """How a module in `start` names the folder `to`."""
    path = os.path.relpath(to.resolve(), start.resolve()).replace(os.sep, "/")
    return path if path.startswith(".") else f"./{path}"
