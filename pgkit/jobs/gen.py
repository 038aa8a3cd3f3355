"""gen: read -> lower -> backend.emit -> write."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from pgkit.backends import Backend
from pgkit.backends.options import ModelOptions
from pgkit.backends.values import Own
from pgkit.diag import Diagnostic
from pgkit.ir.catalog import Catalog
from pgkit.ir.relations import MaterializedView, View
from pgkit.ir.walk import ref_of
from pgkit.jobs.config import Config, JavaScriptConfig, TargetConfig
from pgkit.jobs.names import choose, read_names
from pgkit.jobs.naming import exposed, model_options
from pgkit.jobs.sources import Options, load
from pgkit.jobs.targets import make
from pgkit.jobs.type_names import is_relative
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
    catalog, findings = await _with_view_columns(loaded.catalog, options, config.exclude)
    names = choose(read_names(config.names), catalog)
    chosen = model_options(config, catalog, names)
    outputs = emit(catalog, dirs, config, chosen)
    pending = compare(outputs)
    if not check:
        write(pending)
    lints = (*exposed(catalog, chosen.exclude), *tenancy(_without(catalog, chosen), chosen.tenants))
    return Generated(pending, (*loaded.findings, *findings, *names.findings, *lints))


def _without(catalog: Catalog, options: ModelOptions) -> Catalog:
    """The catalog less the tables that nothing is generated for."""
    return evolve(catalog, tables=tuple(t for t in catalog.tables if t.ref not in options.exclude))


async def _with_view_columns(
    catalog: Catalog, options: Options, exclude: tuple[str, ...]
) -> tuple[Catalog, tuple[Diagnostic, ...]]:
    """The catalog with columns in every view, asked of a server only where the source has none."""
    views: tuple[View | MaterializedView, ...] = (*catalog.views, *catalog.materialized_views)
    wanted = frozenset(ref_of(v) for v in views if not v.columns and str(ref_of(v)) not in exclude)
    if not wanted:
        return catalog, ()
    from pgkit.jobs.views import with_columns

    return await with_columns(catalog, wanted, options)


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
                tenant_setting=rust.tenant_setting,
                drift=rust.drift,
            )
        case "typescript":
            from pgkit.backends.typescript import TypeScript

            chosen = _for_javascript(options, config.typescript, dirs[name], config.folder)
            chosen = evolve(chosen, checks="zod" in dirs)  # so that the two share a model
            return TypeScript(options=chosen, **_layout(config.typescript))
        case "zod":
            from pgkit.backends.zod import Zod

            chosen = _for_javascript(options, config.zod, dirs[name], config.folder)
            types = _import_path(dirs["zod"], dirs["typescript"]) if _shares(dirs, config) else None
            return Zod(
                options=chosen,
                types_import=types,
                types_files=config.typescript.files,
                mini=config.zod.mini,
                explicit_schema_types=config.zod.explicit_schema_types,
                **_layout(config.zod),
            )
        case _:
            return make(name, config.targets.get(name, TargetConfig()).options)


def _layout(target: JavaScriptConfig) -> dict[str, Any]:
    """What is said of the files of one of the two."""
    return {
        "import_extension": target.import_extension,
        "files": target.files,
        "header": target.header,
        "source_name": target.source_name,
    }


def _for_javascript(options: ModelOptions, target: JavaScriptConfig, dir: Path, folder: Path) -> ModelOptions:
    """What one of the two is told, whose modules in `folder` are seen from `dir`."""
    own = {key: _seen_from(dir, folder, said) for key, said in options.own.items()}
    return evolve(options, client=target.wire, ids=target.has_ids, own=own)


def _seen_from(dir: Path, folder: Path, own: Own) -> Own:
    def seen(module: str | None) -> str | None:
        return _import_path(dir, folder / module) if module and is_relative(module) else module

    return evolve(own, ts_import=seen(own.ts_import), zod_import=seen(own.zod_import))


def _shares(dirs: Dirs, config: Config) -> bool:
    """Whether the schemas' types are those of the TypeScript output."""
    typescript, zod = config.typescript, config.zod
    return "typescript" in dirs and (typescript.wire, typescript.has_ids) == (zod.wire, zod.has_ids)


def _import_path(start: Path, to: Path) -> str:
    """How a module in `start` names the folder `to`."""
    path = os.path.relpath(to.resolve(), start.resolve()).replace(os.sep, "/")
    return path if path.startswith(".") else f"./{path}"
