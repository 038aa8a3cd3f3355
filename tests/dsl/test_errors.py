"""Every mistake of the error corpus is reported as its file says: message, place and way out."""

import pytest

from tests.dsl.errors import ErrorFile, error_files

FILES = error_files()


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.path.stem)
def test_says_what_its_file_says(file: ErrorFile) -> None:
    """The rendered diagnostics are those of the file, each at its place and with a way out."""
    said = file.said()
    assert said == file.blocks.get("diagnostics")
    assert said.count("error[") == said.count("  --> ") + said.count(" --> schema") - said.count(
        "  --> schema"
    )
    assert said.count("error[") == said.count("  help: ") > 0


def test_there_are_enough() -> None:
    """Sixty real mistakes at least."""
    assert len(FILES) >= 60
