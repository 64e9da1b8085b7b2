"""What holds for every page of docs/howto, and for how the tests read them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.howto.pages import ROOT, edited, places

NAMES = sorted(path.stem for path in (ROOT / "docs/howto").glob("*.md"))
IN_WORDS = {1: "One place", 2: "Two places", 3: "Three places"}


@pytest.mark.parametrize("name", NAMES)
def test_a_page_says_how_many_places_there_are_and_every_block_is_one(name: str) -> None:
    text = (ROOT / f"docs/howto/{name}.md").read_text(encoding="utf-8")
    there = places(name)
    assert f"{IN_WORDS[len(there)]}, here for" in text
    assert re.findall(r"^## (\d+)\. ", text, re.MULTILINE) == [str(n + 1) for n in range(len(there))]
    assert text.count("\n```") == 2 * len(there)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_built_and_run_by_a_test_that_it_names(name: str) -> None:
    test = f"tests/howto/test_{name}.py"
    assert f"`{test}` builds and runs this page." in (ROOT / f"docs/howto/{name}.md").read_text(encoding="utf-8")
    assert re.search(rf'build\(tmp_path, "{name}"', (ROOT / test).read_text())


@pytest.mark.parametrize("name", NAMES)
def test_the_code_of_a_page_is_in_the_style_of_the_house(name: str, tmp_path: Path) -> None:
    for place in places(name):
        if place.kind == "python":
            for command in (["check", "--quiet"], ["format", "--quiet", "--check"]):
                ruff = [sys.executable, "-m", "ruff", *command, "--no-cache", "--stdin-filename", place.path, "-"]
                done = subprocess.run(ruff, cwd=ROOT, input=place.text, capture_output=True, text=True, check=False)
                assert done.returncode == 0, done


def test_an_edit_keeps_what_is_around_it() -> None:
    assert edited("a\n\nb\nc\n", " a\n\n-b\n+B\n+D\n@@\n-c\n") == "a\n\nB\nD\n"


@pytest.mark.parametrize("text", ["a\nc\n", "a\nb\na\nb\n"])
def test_an_edit_that_does_not_fit_or_fits_twice_is_seen(text: str) -> None:
    with pytest.raises(AssertionError, match="stands there"):
        edited(text, " a\n-b\n")
