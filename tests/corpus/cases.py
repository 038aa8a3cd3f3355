"""Case files, `corpus/<kind>/<what-happens>.md`: reading them, and rewriting the blocks that are filled in."""

from __future__ import annotations

import operator
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from attrs import field, fields_dict, frozen

ROOT: Final = Path(__file__).parents[2] / "corpus"
OTHERS: Final = ("errors", "examples", "gen", "normalize", "projects")  # other tests read these folders
VERSIONS: Final = (18, 15)

SIDES: Final = tuple(
    f"{language} {side}" for language in ("pgkit", "sql", "drizzle") for side in ("before", "after")
)
BLOCKS: Final = ("toml", *SIDES, "hints", "sql seed", "sql rows", "sql plan", "sql plan 15", "diagnostics")

_FENCE: Final = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```[ ]*$\n?", re.MULTILINE | re.DOTALL)
_SPECIFIER: Final = re.compile(r"\s*(>=|<=|==|<|>)\s*(\d+)\s*")
_COMPARE: Final[Mapping[str, Callable[[int, int], bool]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
}


class Malformed(Exception):
    """A case file that is not as corpus/README.md says."""


@frozen(kw_only=True)
class Needs:
    """The `toml` block: which scenarios a case covers, and what it needs of a server."""

    covers: tuple[str, ...] = ()
    postgres: str = ""
    extensions: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()

    def holds(self, version: int) -> bool:
        """Whether the case can run on this version of Postgres."""
        found = [_SPECIFIER.fullmatch(part) for part in self.postgres.split(",") if part.strip()]
        if None in found:
            raise Malformed(f'expected a version as in ">=17", found {self.postgres!r}')
        return all(_COMPARE[match[1]](version, int(match[2])) for match in found if match)


@frozen
class Case:
    """A case file, taken apart."""

    path: Path
    text: str = field(repr=False)
    blocks: Mapping[str, str] = field(repr=False)
    needs: Needs

    @property
    def title(self) -> str:
        """What happens."""
        return self.text.partition("\n")[0].removeprefix("# ")

    @property
    def versions(self) -> tuple[int, ...]:
        """The versions that it runs on, the newest first."""
        return tuple(v for v in VERSIONS if self.needs.holds(v))

    def side(self, name: str) -> tuple[str, str]:
        """The language and the text of `before` or `after`."""
        (found,) = (
            (info.split()[0], body) for info, body in self.blocks.items() if info.endswith(f" {name}")
        )
        return found

    @property
    def undeclared_extensions(self) -> tuple[str, ...]:
        """The extensions that neither side makes: they are there, before and after."""
        texts = "\n".join(self.side(side)[1] for side in ("before", "after"))
        made = r'\bextension\s+(?:if\s+not\s+exists\s+)?"?{}\b'
        return tuple(
            e for e in self.needs.extensions if not re.search(made.format(re.escape(e)), texts, re.IGNORECASE)
        )

    def plan(self, version: int) -> str:
        """The plan that is expected on this version."""
        return self.blocks.get(f"sql plan {version}", self.blocks["sql plan"])

    def with_plan(self, version: int, text: str) -> Case:
        """The case with this plan for a version: one that needs no block of its own gets none."""
        if version == self.versions[0]:
            return self.with_block("sql plan", text)
        return self.with_block(f"sql plan {version}", text if text != self.blocks["sql plan"] else None)

    def with_block(self, info: str, body: str | None) -> Case:
        """The case with another text in a block, which comes last if it is new; without it, for None."""
        if body is not None and "```" in body:
            raise Malformed(f"a block of {self.path.name} cannot hold ```")
        block = "" if body is None else f"```{info}\n{body}```\n"
        for found in _FENCE.finditer(self.text):
            if found["info"].strip() == info:
                head, tail = self.text[: found.start()], self.text[found.end() :]
                return parse(self.path, head + block + tail if block else f"{head.rstrip()}\n{tail}")
        return parse(self.path, f"{self.text.rstrip()}\n\n{block}" if block else self.text)

    def write(self) -> None:
        """Puts the text on disk, unless it is there."""
        if self.path.read_text("utf-8") != self.text:
            self.path.write_text(self.text, "utf-8")


def paths() -> tuple[Path, ...]:
    """All case files, by name."""
    return tuple(p for p in sorted(ROOT.glob("*/*.md")) if p.parent.name not in OTHERS)


def name(path: Path) -> str:
    """The name of a case, as tests have it: its folder and its file."""
    return f"{path.parent.name}/{path.stem}"


def read(path: Path) -> Case:
    """A case file. Raises Malformed for one that is not as it must be."""
    return parse(path, path.read_text("utf-8"))


def parse(path: Path, text: str) -> Case:
    """A case from its text."""
    found = [(match["info"].strip(), match["body"]) for match in _FENCE.finditer(text)]
    blocks = dict(found)
    problem = _problem(_FENCE.sub("", text), [info for info, _ in found])
    if problem:
        raise Malformed(f"{path.parent.name}/{path.name}: {problem}")
    return Case(path, text, blocks, _needs(path, blocks.get("toml", "")))


def _problem(prose: str, infos: list[str]) -> str | None:
    """What is wrong with a file, if something is."""
    title, _, rest = prose.partition("\n")
    unknown = [info for info in infos if info not in BLOCKS]
    checks = {
        "expected a title: # What happens": re.fullmatch(r"# \S.*", title),
        "expected a paragraph that says why": re.match(r"\n[^\n#]", rest),
        "a fence is left open": "```" not in prose,
        f"no such block: {', '.join(unknown)}": not unknown,
        "a block stands there twice": len(set(infos)) == len(infos),
        "expected toml to be the first block": "toml" not in infos[1:],
        "expected one block `before`": sum(info.endswith(" before") for info in infos) == 1,
        "expected one block `after`": sum(info.endswith(" after") for info in infos) == 1,
        "expected either `sql plan` or `diagnostics`": ("sql plan" in infos) != ("diagnostics" in infos),
        "a plan for 15 stands beside the plan": "sql plan 15" not in infos or "sql plan" in infos,
    }
    return next((problem for problem, fine in checks.items() if not fine), None)


def _needs(path: Path, text: str) -> Needs:
    try:
        given: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Malformed(f"{name(path)}: toml: {error}") from None
    if unknown := set(given) - set(fields_dict(Needs)):
        raise Malformed(f"{name(path)}: toml: no such key: {', '.join(sorted(unknown))}")
    lists = {key: tuple(given.get(key, ())) for key in ("covers", "extensions", "roles")}
    needs = Needs(postgres=given.get("postgres", ""), **lists)
    if not any(needs.holds(version) for version in VERSIONS):
        raise Malformed(f"{name(path)}: it runs on none of the versions {VERSIONS}")
    return needs
