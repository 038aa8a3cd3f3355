"""The configuration: where it is found, what it says, and how it says no."""

from pathlib import Path

import pytest

from pgkit.diag import PgkitError
from pgkit.jobs.config import Config, Ignore, load, read

FULL = """\
source = "drizzle"
schema = "app"
exclude = ["app.users.password"]

[overrides."app.users.e_mail"]
json_name = "email"

[overrides."app.mood"]
name = "Feeling"
labels = { "a-b" = "AB" }

[rust]
dir = "../src/db"
edition = "2024"
case = "snake"
derive = ["PartialEq"]
header = "// ours"

[typescript]
dir = "web/types"
import_extension = ".ts"

[zod]
dir = "web/zod"

[drift]
names = "strict"
ignore = [{ kind = "index", class = "extra" }]

[[drift.ignore2]]
"""


def write(folder: Path, text: str, name: str = "pgkit.toml") -> Path:
    """A configuration file."""
    path = folder / name
    path.write_text(text)
    return path


def problem(folder: Path, text: str) -> str:
    """What is said of a configuration with one problem."""
    with pytest.raises(PgkitError) as caught:
        read(write(folder, text))
    [finding] = caught.value.diagnostics
    return finding.render().replace(str(folder), "")


def test_every_key(tmp_path: Path) -> None:
    """Keys become values of their types; paths start from the file's folder."""
    config = read(write(tmp_path, FULL.removesuffix("[[drift.ignore2]]\n")))
    assert (config.source, config.schema, config.exclude) == ("drizzle", "app", ("app.users.password",))
    assert config.overrides["app.users.e_mail"].json_name == "email"
    assert config.overrides["app.mood"].labels == {"a-b": "AB"}
    assert config.rust.dir == tmp_path / "../src/db"
    assert (config.rust.edition, config.rust.case, config.rust.derive) == ("2024", "snake", ("PartialEq",))
    assert (config.typescript.import_extension, config.zod.import_extension) == (".ts", ".js")
    assert config.drift.ignore == (Ignore(kind="index", class_="extra"),)
    assert config.drift.names == "strict"
    assert config.folder == tmp_path


def test_found_upwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The nearest file counts; a pyproject.toml only if it has our section."""
    write(tmp_path, 'source = "far"')
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    write(tmp_path / "a", "[tool.other]\n", "pyproject.toml")
    monkeypatch.chdir(inner)
    assert load().source == "far"
    assert load().folder == Path("../..")
    write(inner, '[tool.pgkit]\nsource = "near"\n[tool.pgkit.rust]\ndir = "out"\n', "pyproject.toml")
    assert load().source == "near"
    assert load().rust.dir == Path("out")


def test_none_is_a_configuration_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a file, everything has its default."""
    monkeypatch.chdir(tmp_path)
    assert load() == Config()


def test_missing_file(tmp_path: Path) -> None:
    """A file that was asked for by name has to be there; that is a wrong call."""
    with pytest.raises(PgkitError, match="no such configuration file") as caught:
        load(tmp_path / "pgkit.toml")
    assert caught.value.exit_code == 2


def test_unknown_key_names_the_nearest(tmp_path: Path) -> None:
    """A misspelt key is shown in its place, with the key that was probably meant."""
    assert problem(tmp_path, '# a comment\n[rust]\ndir = "x"\nediton = "2021"\n') == (
        "error[unknown-key]: no key named editon in [rust]\n"
        " --> /pgkit.toml:4:1\n"
        "  |\n"
        '4 | editon = "2021"\n'
        "  | ^^^^^^\n"
        "  help: did you mean edition?"
    )


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("[rust]\ndir = 3", "expected a path as rust.dir, found 3", 2),
        ('[rust]\ndir = ""', 'expected a path as rust.dir, found ""', 2),
        ("source = ['a']", "expected a string as source, found an array", 1),
        ("source = true", "expected a string as source, found true", 1),
        ('exclude = "a.b.c"', 'expected an array as exclude, found "a.b.c"', 1),
        ('exclude = ["a", 2]', "expected a string as exclude[2], found 2", 1),
        ("\nrust = 1", "expected a table as rust, found 1", 2),
        ("[[rust]]", "expected a table as rust, found an array", 1),
        ('[rust]\nedition = "2018"', 'expected "2021" or "2024" as rust.edition, found "2018"', 2),
        ("[rust]\nedition = 2021", 'expected "2021" or "2024" as rust.edition, found 2021', 2),
        (
            '[drift]\nnames = "loose"',
            'expected "implied", "strict" or "ignore" as drift.names, found "loose"',
            2,
        ),
        ('[zod]\nwire = "xml"', 'expected "json", "pg", "postgres" or "drizzle" as zod.wire, found "xml"', 2),
        ("[overrides]\nx = 1", "expected a table as overrides.x, found 1", 2),
        (
            '[overrides."a.b.c"]\njson_name = 1979-05-27',
            'expected a string as overrides."a.b.c".json_name, found 1979-05-27',
            2,
        ),
        (
            '[[drift.ignore]]\nkind = "index"\n[[drift.ignore]]\nclass = "gone"',
            'expected "missing", "extra" or "different" as drift.ignore[2].class, found "gone"',
            4,
        ),
        ("x = [", "cannot read the TOML: invalid value", 1),
        ("a = 1\na = 2", "cannot read the TOML: cannot overwrite a value", 2),
        (
            "[rust]\ntenant_setting = 'tenant'",
            "expected a name of two parts as rust.tenant_setting, found tenant",
            2,
        ),
        ('source = """\nrust = 1\n"""\nzod.x = 1', "no key named x in [zod]", 4),
    ],
)
def test_problems(tmp_path: Path, text: str, message: str, line: int) -> None:
    """Each says what was expected, what was found, and the line."""
    first, place, *_ = problem(tmp_path, text).split("\n")
    assert first.partition(": ")[2] == message
    assert place.split(":")[1] == str(line)


def test_all_problems_at_once(tmp_path: Path) -> None:
    """Whoever mends a configuration sees everything that is wrong with it."""
    with pytest.raises(PgkitError) as caught:
        read(write(tmp_path, FULL.replace('"camel"', "1").replace("snake", "kebab")))
    assert [d.code for d in caught.value.diagnostics] == ["wrong-type", "unknown-key"]


def test_not_utf8(tmp_path: Path) -> None:
    """Bytes that are no text are an error with their place."""
    path = tmp_path / "pgkit.toml"
    path.write_bytes(b'source = "\xff"')
    with pytest.raises(PgkitError, match="expected UTF-8, found another byte at offset 10"):
        read(path)
