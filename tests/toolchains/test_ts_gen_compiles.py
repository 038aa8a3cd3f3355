"""What the cases of `corpus/gen/` print in TypeScript compiles, and finds every name again when it is run."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal

import pytest
from attrs import evolve, frozen

from pgkit.backends.model import Model, model
from pgkit.backends.rows import RowModel
from pgkit.backends.typescript.files import lower_first
from pgkit.backends.typescript.interfaces import innermost, type_name
from pgkit.backends.values import ArrayValue, CompositeValue, EnumValue, Field, ScalarValue, TextValue, Value
from pgkit.diag import PgkitError
from pgkit.ir.scalars import Shape
from pgkit.ir.wire import Wire
from pgkit.jobs.gen import emit
from pgkit.jobs.naming import model_options
from pgkit.runtime.embedded import Server
from tests.corpus.gen_cases import GenCase, catalog, config, parse, paths
from tests.toolchains import prettier_check, run_typescript, tsc
from tests.toolchains.typescript_folders import write

VERSIONS: Final = ("7.0", "5.5") if os.environ.get("PGKIT_PROOF") else ("7.0",)
OWN_MODULES: Final = "_import = "  # modules of a project's that is not there; test_ts_overrides.py has one
SAMPLES: Final[Mapping[Wire, Any]] = {
    Wire.BOOLEAN: True,
    Wire.INTEGER: 1,
    Wire.INT64: "9007199254740993",
    Wire.NUMBER: 0.5,
    Wire.DECIMAL: "0",
    Wire.GUID: "11111111-1111-4111-8111-111111111111",
    Wire.BASE64: "",
    Wire.DATE: "2024-01-02",
    Wire.TIME: "03:04:05",
    Wire.LOCAL_DATETIME: "2024-01-02T03:04:05",
    Wire.DATETIME: "2024-01-02T03:04:05Z",
    Wire.INTERVAL: "P0M0DT0S",
    Wire.JSON: {"__proto__x": [None, 1]},
}
# Says of each value what a schema of a case makes of it: the same again, another, or a refusal.
RUN: Final = """\
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { ZodType } from "zod";

const cases = JSON.parse(readFileSync(0, "utf8")) as Record<string, [string, unknown][]>;
const wrong = async (name: string, some: [string, unknown][]) => {
  const schemas = (await import(`./${name}/zod/index.js`)) as Record<string, ZodType>;
  return some.flatMap(([schema, value]) => {
    const parsed = schemas[schema]?.safeParse(value);
    if (parsed?.success && isDeepStrictEqual(parsed.data, value)) return [];
    return [`${name} ${schema}: ${JSON.stringify(parsed?.error ?? parsed?.data)}`];
  });
};
void Promise.all(Object.entries(cases).map((some) => wrong(...some))).then((found) => {
  console.log(JSON.stringify(found.flat()));
});
"""


@frozen
class Made:
    """A case that prints something, and its model."""

    name: str
    model: Model


def make(case: GenCase, server: Server, folder: Path) -> Made | None:
    """Writes what a case prints; None where there can be nothing."""
    try:
        made, chosen = catalog(case, server), config(case)
        options = model_options(chosen, made)
        for output in emit(made, {n: Path(n) for n in ("typescript", "zod")}, chosen, options):
            write(folder / case.path.stem / output.backend, dict(output.files))
    except PgkitError:
        assert "diagnostics" in case.blocks, case.path.name
        return None
    return Made(case.path.stem, model(made, evolve(options.for_typescript, checks=True)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all cases are written."""
    return tmp_path_factory.mktemp("gen")


@pytest.fixture(scope="module")
def made(test_server: Server, folder: Path) -> list[Made]:
    """A folder a case, with its types and with its schemas."""
    texts = {path: path.read_text("utf-8") for path in paths()}
    cases = [parse(path, text) for path, text in texts.items() if OWN_MODULES not in text]
    return [found for case in cases if (found := make(case, test_server, folder))]


@pytest.mark.parametrize("version", VERSIONS)
def test_compiles(version: Literal["5.5", "7.0"], made: list[Made], folder: Path) -> None:
    """The compiler accepts all that there is."""
    assert len(made) > 60
    tsc(version, folder).check()


def test_is_prettier(made: list[Made], folder: Path) -> None:
    """Prettier finds nothing to change."""
    assert made
    prettier_check(folder).check()


def test_names_come_back(made: list[Made], folder: Path) -> None:
    """Rows with each column under its name, and each label of each enum, are what their schemas give."""
    cases = {case.name: [*_values(case.model)] for case in made}
    (folder / "run.ts").write_text(RUN)
    said = run_typescript(folder / "run.ts", stdin=json.dumps(cases))
    assert json.loads(said.check()) == []


def _values(shown: Model) -> Iterator[tuple[str, Any]]:
    for enum in shown.enums:
        yield from ((f"{lower_first(type_name(enum))}Schema", label) for label in enum.labels)
    for row in shown.rows:
        yield f"{lower_first(row.stem)}SelectSchema", _row(row.fields)
        if _can_be_written(row):
            yield f"{lower_first(row.stem)}InsertSchema", _row(row.inserted)
            yield f"{lower_first(row.stem)}UpdateSchema", _row(row.updated)


def _can_be_written(row: RowModel) -> bool:
    """Whether a sample will do: there is none of an enum without labels, and checks may ask for others."""
    values = [innermost(field.value) for field in row.fields]
    no_labels = any(isinstance(v, TextValue) and "enum" in str(v.type) for v in values)
    return row.writable and not no_labels and not any(field.checks for field in row.fields)


def _row(fields: tuple[Field, ...]) -> dict[str, Any]:
    return {field.key: sample(field.value) for field in fields}


def sample(value: Value) -> Any:
    """A value of this form."""
    match value:
        case ArrayValue(of, dims):
            found = sample(of)
            for _ in range(dims):
                found = [found]
            return found
        case EnumValue(enum):
            return enum.labels[-1]
        case CompositeValue(composite):
            return _row(composite.fields)
        case ScalarValue(type, form=Wire.BITS):
            return "1" * int(type.mods[0] if type.mods else 1)
        case ScalarValue(type, form=Wire.NUMBERS):
            return [0.5] * int(type.mods[0] if type.mods else 1)
        case ScalarValue(type, form=form):
            small = type.row.shape is Shape.INT and form is Wire.INTEGER
            return 1 if small else SAMPLES.get(form, "")
        case _:
            return ""
