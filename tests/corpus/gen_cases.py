"""Case files of `corpus/gen/`: one schema, and what each language is printed for it.

    toml                 optional: pgkit.toml, and last of all [case] with `covers` and `show`
    sql, or pgkit        the schema
    rust out             what is declared in Rust; typescript out, zod out: the files
    diagnostics          in place of them: what is said when nothing can be generated

`show = "all"` puts every struct, enum and constant into `rust out`, not the rows and types alone.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Literal

from attrs import evolve, field, frozen

from pgkit.backends import Files
from pgkit.diag import PgkitError, Source
from pgkit.frontends.dsl import lower, read
from pgkit.ir.catalog import Catalog
from pgkit.jobs.config import Config
from pgkit.jobs.config import read as read_config
from pgkit.jobs.gen import emit
from pgkit.jobs.naming import model_options
from pgkit.runtime.embedded import Server
from tests.corpus.cases import ROOT, Malformed
from tests.live.reading import catalog_of

FOLDER: Final = ROOT / "gen"
LANGUAGES: Final = ("rust", "typescript", "zod")
OUT: Final = tuple(f"{language} out" for language in LANGUAGES)
_FENCE: Final = re.compile(r"^```(?P<info>[^\n`]+)\n(?P<body>.*?)^```[ ]*$\n?", re.MULTILINE | re.DOTALL)
_UNDOCUMENTED: Final = re.compile(r"\A(///[^\n]*\n)+(?=pub const )")  # constants explain themselves alike
_DECLARES: Final = re.compile(r"^pub (struct|enum|const|type|trait) (?P<name>\w+)", re.MULTILINE)


@frozen
class GenCase:
    """A case file, taken apart."""

    path: Path
    text: str = field(repr=False)
    blocks: Mapping[str, str] = field(repr=False)

    @property
    def settings(self) -> Mapping[str, Any]:
        """`[case]` of the toml block."""
        try:
            found: Mapping[str, Any] = tomllib.loads(self.blocks.get("toml", "")).get("case", {})
        except tomllib.TOMLDecodeError as error:
            raise Malformed(f"gen/{self.path.name}: toml: {error}") from None
        return found

    @property
    def languages(self) -> tuple[str, ...]:
        """What is printed: the languages of its blocks, or all of them where nothing is."""
        return tuple(info.split()[0] for info in self.expected if info in OUT) or LANGUAGES

    @property
    def expected(self) -> tuple[str, ...]:
        """The blocks that `--update` fills in."""
        return tuple(info for info in self.blocks if info in (*OUT, "diagnostics"))

    def with_block(self, info: str, body: str) -> GenCase:
        """The case with another text in a block."""
        if "```" in body:
            raise Malformed(f"a block of {self.path.name} cannot hold ```")
        found = next(m for m in _FENCE.finditer(self.text) if m["info"].strip() == info)
        return parse(self.path, f"{self.text[: found.start('body')]}{body}{self.text[found.end('body') :]}")


def paths() -> tuple[Path, ...]:
    """All case files, by name."""
    return tuple(sorted(FOLDER.glob("*.md")))


def parse(path: Path, text: str) -> GenCase:
    """A case from its text. Raises Malformed for one that is not as it must be."""
    found = [(match["info"].strip(), match["body"]) for match in _FENCE.finditer(text)]
    case = GenCase(path, text, dict(found))
    prose, infos = _FENCE.sub("", text), [info for info, _ in found]
    checks = {
        "expected a title: # What is printed": re.match(r"# \S", prose),
        "expected a paragraph that says why": re.match(r"[^\n]*\n\n[^\n#]", prose),
        "a fence is left open": "```" not in prose,
        "no such block": set(infos) <= {"toml", "sql", "pgkit", *OUT, "diagnostics"},
        "a block stands there twice": len(set(infos)) == len(infos),
        "expected one schema": sum(info in ("sql", "pgkit") for info in infos) == 1,
        "expected either `rust out` or `diagnostics`": ("rust out" in infos) != ("diagnostics" in infos),
        "no such key in [case]": set(case.settings) <= {"covers", "show"},
    }
    if problem := next((problem for problem, fine in checks.items() if not fine), None):
        raise Malformed(f"gen/{path.name}: {problem}")
    return case


def catalog(case: GenCase, server: Server) -> Catalog:
    """The schema of a case: SQL is run, and read back."""
    if "sql" in case.blocks:
        return catalog_of(server, case.blocks["sql"])
    with TemporaryDirectory() as folder:
        (Path(folder) / "schema.pgkit").write_text(case.blocks["pgkit"])
        lowered = lower(read(Path(folder)))
    if lowered.diagnostics:
        raise PgkitError(lowered.diagnostics)
    return lowered.catalog


def config(case: GenCase) -> Config:
    """The configuration of a case, which lies beside the folders of its targets."""
    text = case.blocks.get("toml", "").partition("[case]")[0]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "pgkit.toml"
        file.write_text(text)
        return evolve(read_config(file), file=Source(file.name, text))


def generated(case: GenCase, server: Server) -> Mapping[str, Files]:
    """The files in each language. Raises PgkitError where there can be none."""
    made, chosen = catalog(case, server), config(case)
    dirs = {language: Path(language) for language in case.languages}
    return {o.backend: dict(o.files) for o in emit(made, dirs, chosen, model_options(chosen, made))}


def printed(case: GenCase, server: Server) -> Mapping[str, str]:
    """The text of every block that is filled in, as it is now."""
    try:
        files = generated(case, server)
    except PgkitError as error:
        said = "\n\n".join(re.sub(r"/\S*/pgkit\.toml", "pgkit.toml", d.render()) for d in error.diagnostics)
        return {"diagnostics": said + "\n"}
    show: Literal["rows", "all"] = case.settings.get("show", "rows")
    return {f"{name} out": rust(f, show) if name == "rust" else joined(f) for name, f in files.items()}


def joined(files: Files) -> str:
    """Files one after the other, each below its name."""
    return "\n".join(f"// {name}\n\n{text}" for name, text in sorted(files.items()))


def rust(files: Files, show: Literal["rows", "all"]) -> str:
    """What Rust files declare, without how it is done."""
    own = {name: text for name, text in files.items() if name not in ("rt.rs", "mod.rs")}
    parts = [(name, _declared(text, show)) for name, text in sorted(own.items())]
    return "\n".join(f"// {name}\n\n" + "\n\n".join(items) + "\n" for name, items in parts)


def _declared(text: str, show: Literal["rows", "all"]) -> list[str]:
    head, *items = re.split(r"\n\n(?=\S)", text.strip("\n"))
    named = [(match["name"], item) for item in items if (match := _DECLARES.search(item))]
    of_a_row = any("impl<'r> ::sqlx::FromRow" in item for item in items)
    whole = show == "all" or not of_a_row
    kept = [_UNDOCUMENTED.sub("", i) for name, i in named if whole or name.endswith(("Row", "_COLUMNS"))]
    return [head, *kept] if "\n" in head else kept
