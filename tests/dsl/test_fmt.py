"""`pgkit fmt`: one form, comments kept."""

import random
from pathlib import Path

import pytest

from pgkit.cli.app import run
from pgkit.diag import PgkitError, Source
from pgkit.grammar.tokens import tokenize
from pgkit.jobs.fmt import format_text
from pgkit.passes.diff import diff
from tests.dsl.schemas import catalog

FORMS = sorted((Path(__file__).parent / "forms").glob("*.pgkit"))
MESSY = """\
-- of the shop
enum mood { a,b } -- how
table  t was  s { -- head
 -- the key
 id serial primary key -- numbers
 constraint c check (id > 0 -- inside
   and true)
 team int references public.teams,
 note text default 'x' /* why */ not null
 -- last
}  -- after

table teams {id int primary key}
-- the end
"""
NEAT = """\
-- of the shop
enum mood { a, b }  -- how

table t was s {  -- head
  -- the key
  id    serial  -- numbers
  team  integer references teams
  note  text not null default 'x'  /* why */

  primary key (id)
  constraint c check (id > 0 -- inside
   and true)
  -- last
}  -- after

table teams {
  id  integer

  primary key (id)
}

-- the end
"""


def formatted(text: str) -> str:
    return format_text(Source("schema.pgkit", text))


def test_one_form() -> None:
    """Members are aligned and grouped, each comment stays with what it stands beside or above."""
    assert formatted(MESSY) == NEAT


def test_twice_is_once() -> None:
    """What is formatted stays as it is, and means what it meant."""
    assert formatted(NEAT) == NEAT
    assert diff(catalog(MESSY), catalog(NEAT)) == ()


@pytest.mark.parametrize("path", FORMS, ids=lambda p: p.stem)
def test_forms(path: Path) -> None:
    """Formatting a file of every form changes nothing of what it means, and twice is once."""
    text = path.read_text("utf-8")
    once = formatted(text)
    assert formatted(once) == once
    assert diff(catalog(text), catalog(once)) == ()


def test_mistakes_are_not_formatted() -> None:
    """A file with a mistake is left alone."""
    with pytest.raises(PgkitError, match="stray"):
        formatted("table t { a int; }")


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--check` names the files and writes nothing; without it they are written."""
    file = tmp_path / "schema.pgkit"
    file.write_text(MESSY)
    assert run(["fmt", "--check", str(file)]) == 1
    assert capsys.readouterr().out == f"{file}\n"
    assert file.read_text() == MESSY
    assert run(["fmt", str(file)]) == 0
    assert file.read_text() == NEAT
    assert run(["fmt", "--check", str(file)]) == 0


def test_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`pgkit check` reports every mistake, and exits with 1."""
    file = tmp_path / "schema.pgkit"
    file.write_text("enum e { a b }\ntable t { a int check (a >) }\n")
    assert run(["check", str(file)]) == 1
    said = capsys.readouterr().err
    assert "error[missing-comma]" in said
    assert "error[sql]" in said
    file.write_text(NEAT)
    assert run(["check", str(file)]) == 0


def test_show(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A schema file is a source, and `--as pgkit` prints what is read back equal."""
    file = tmp_path / "schema.pgkit"
    file.write_text(NEAT)
    assert run(["show", "--as", "pgkit", str(file)]) == 0
    assert diff(catalog(NEAT), catalog(capsys.readouterr().out)) == ()
    assert run(["show", "--as", "sql", str(tmp_path)]) == 0
    assert "CREATE TABLE public.teams" in capsys.readouterr().out


@pytest.mark.parametrize("path", FORMS, ids=lambda p: p.stem)
def test_no_comment_is_lost(path: Path) -> None:
    """Comments put anywhere between two tokens, or on lines of their own, are there afterwards, once."""
    dice = random.Random(1)
    text = path.read_text("utf-8")
    for _ in range(40):
        raw = tokenize(text).raw
        chosen = sorted(dice.sample(raw, 3), key=lambda token: -token.start)
        commented = text
        for i, token in enumerate(chosen):
            own_line = token.indent >= 0 and dice.random() < 0.5
            remark = f"-- c{i}\n{' ' * token.indent}" if own_line else f"/* c{i} */ "
            commented = commented[: token.start] + remark + commented[token.start :]
        once = formatted(commented)
        assert [once.count(f"c{i}") for i in range(3)] == [commented.count(f"c{i}") for i in range(3)], (
            commented
        )
        assert formatted(once) == once
        assert diff(catalog(commented), catalog(once)) == ()
