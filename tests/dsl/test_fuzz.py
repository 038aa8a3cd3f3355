"""No text makes the frontend raise, or take long."""

import os
import random
import time
from pathlib import Path

import pytest

from pgkit.grammar.schema import words
from tests.dsl.errors import error_files
from tests.dsl.schemas import declared

COUNT = 100_000 if os.environ.get("PGKIT_PROOF") else 2_000
MUTATIONS = 1_000 if os.environ.get("PGKIT_PROOF") else 100
SEED = int(os.environ.get("PGKIT_SEED", "20260101"))
FORMS = [p.read_text("utf-8") for p in sorted((Path(__file__).parent / "forms").glob("*.pgkit"))]
PIECES = (
    *"(){}[],.;='\"$?@:#\\/*-+<>`", "\n", "\n  ", " ", "--", "/*", "*/", "$$", "$a$", "E'", "U&\"", "::", "id", "text",
    "numeric(12,2)", "'x'", '"Q"', "1", "-1", "1e9", "public.t", "Ünï", "NOT", "\x00", "\ud7ff", "\u2028", "case", "end",
    "as $$ select 1 $$", "now()", "default", "(a > 0)", "comment 'x'", "timestamp with time zone", "\r\n", "\t",
)  # fmt: skip


def judged(text: str) -> None:
    """Reads it, renders what is wrong, and looks at the clock."""
    start = time.process_time()
    for finding in declared(text).diagnostics:
        assert finding.render()
    taken = time.process_time() - start
    assert taken < 1, f"{taken:.1f} s for {text!r}"


def random_text(dice: random.Random, pieces: list[str]) -> str:
    """Pieces at random, after the head of a declaration more often than not."""
    head = dice.choice(
        ("table t {\n ", "enum e {", "view v as ", "domain d as text ", "sql x ", "", "", "index ")
    )
    body = "".join(
        dice.choice(pieces) + dice.choice(("", " ", " ", "\n  ")) for _ in range(dice.randint(1, 60))
    )
    return (head + body + dice.choice(("", "\n}\n")))[:2048]


def mutated(dice: random.Random, text: str) -> str:
    """A file with some of it left out, doubled, or replaced."""
    for _ in range(dice.randint(1, 5)):
        at, to = sorted((dice.randrange(len(text) + 1), dice.randrange(len(text) + 1)))
        to = min(to, at + dice.choice((1, 1, 3, 40)))
        text = text[:at] + dice.choice(("", text[at:to] * 2, dice.choice(PIECES))) + text[to:]
    return text


@pytest.mark.parametrize("part", range(10))
def test_random_texts(part: int) -> None:
    """Random texts and sequences of tokens."""
    dice = random.Random(SEED + part)
    keywords = [t for texts in words().texts.values() for t in texts]
    pieces = [*PIECES, *keywords]
    for _ in range(COUNT // 10):
        judged(random_text(dice, pieces))


def test_mutated_files() -> None:
    """Real files with mistakes of every kind."""
    dice = random.Random(SEED)
    files = [*FORMS, *(f.blocks["pgkit"] for f in error_files())]
    for _ in range(MUTATIONS):
        judged(mutated(dice, dice.choice(FORMS if dice.random() < 0.5 else files)))


@pytest.mark.parametrize(
    "text",
    ["(" * 2000, "table t { a int default " + "(" * 900 + "1" + ")" * 900 + " }", "/*" * 1000, "$a$b" * 500, "'" * 1999,
     '"' * 1999, "enum e {" + "a," * 900, "table t {" * 200, "view v as $$" * 150, "table t { a int check (" + "- " * 900,
     "table t { a int default " + "not " * 450 + "true }", "{" * 2000, "}" * 2000, "\n" * 2000, "-" * 2000, "e'\\" * 600,
     "table t { a int default " + "1 + " * 450 + "1 }", "table t { a " + "timestamp(" * 190, "case " * 400],
)  # fmt: skip
def test_hostile_texts(text: str) -> None:
    """Texts made to take long, or to nest deep."""
    judged(text)
