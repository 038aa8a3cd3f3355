"""Every case of `corpus/gen/`: what is printed is what its file says, and nothing is printed that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgkit.runtime.embedded import Server
from tests.corpus.cases import Malformed
from tests.corpus.gen_cases import parse, paths, printed

GOOD = "# A name\n\nIt is one.\n\n```sql\nCREATE TABLE t (a text);\n```\n\n```rust out\n```\n"
BAD = {
    "no title": GOOD.replace("# A", "A"),
    "no paragraph": GOOD.replace("It is one.\n\n", ""),
    "no schema": GOOD.replace("```sql", "```toml"),
    "no output": GOOD.replace("```rust out\n```\n", ""),
    "output and diagnostics": GOOD + "\n```diagnostics\n```\n",
    "unknown block": GOOD + "\n```go out\n```\n",
    "block twice": GOOD + "\n```rust out\n```\n",
    "open fence": GOOD + "\n```zod out\n",
    "unknown key": GOOD.replace("```sql", '```toml\n[case]\ncover = ["names 1"]\n```\n\n```sql'),
}


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.stem)
def test_case(path: Path, test_server: Server, updated: set[Path] | None) -> None:
    """What is printed is what the file says."""
    case = parse(path, path.read_text("utf-8"))
    found = printed(case, test_server)
    assert set(case.expected) <= set(found), "\n".join(found.values())
    if updated is not None:
        for info in case.expected:
            case = case.with_block(info, found[info])
        path.write_text(case.text, "utf-8")
        return
    for info in case.expected:
        assert found[info] == case.blocks[info]


@pytest.mark.parametrize("text", BAD.values(), ids=list(BAD))
def test_what_is_no_case_is_refused(text: str) -> None:
    """An unknown block, a case without its expected block: none passes unseen."""
    with pytest.raises(Malformed):
        parse(Path("corpus/gen/a-name.md"), text)
