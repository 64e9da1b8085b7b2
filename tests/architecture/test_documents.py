"""What a document tells to run or to look at is there: commands, options, targets, files, links, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import commands, documents
from tests.architecture.documents import ROOT

FILES = documents.tracked()
if not FILES:
    pytest.skip("not a git checkout", allow_module_level=True)
DOCUMENTS = [name for name in FILES if name.endswith(".md")]
SOURCES = [
    name
    for name in FILES
    if name in ("Makefile", "pyproject.toml") or (name.endswith((".py", ".sh")) and not name.startswith("tests/"))
]
RUN_BY_NAME = re.compile(r"-m ((?:tools|benches)(?:\.\w+|\.\$\(SENSE\))+)")
MADE = {"soundit_edge/models", "soundit_edge/reference"}  # in the wheel only
SENSES = ("face", "body", "lips", "voice")


def missing_paths(text: str) -> Iterator[str]:
    """Give each path of a text that leads to no file or folder."""
    for path in documents.paths(text):
        for one in documents.expanded(path):
            if one not in MADE and not any(ROOT.glob(one.rstrip("/"))):
                yield one


def missing_modules(text: str) -> Iterator[str]:
    """Give each Python file that a text names and that lies nowhere."""
    for name in documents.module_files(text):
        if not any(file == name or file.endswith(f"/{name}") for file in FILES):
            yield name


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_that_a_document_names_exists(name: str) -> None:
    text = documents.text_of(ROOT / name)
    assert [fault for code in documents.codes(text) for fault in commands.faults(code)] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_that_a_document_names_exists(name: str) -> None:
    text = documents.text_of(ROOT / name)
    named = "\n".join(documents.codes(text))
    assert [*missing_paths(named), *missing_modules(named)] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_and_picture_of_a_document_is_there(name: str) -> None:
    document = ROOT / name
    for link in documents.links(documents.text_of(document)):
        path, _, heading = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), link
        assert target == ROOT or str(target.relative_to(ROOT)).rstrip("/") in {*FILES, *folders()}, f"{link}: not ours"
        if heading:
            assert heading in headings(target), link


def test_what_the_sources_tell_to_run_or_to_read_exists() -> None:
    assert [f"{name}: {fault}" for name in SOURCES for fault in source_faults((ROOT / name).read_text())] == []


def source_faults(text: str) -> Iterator[str]:
    """Give what a source names in its comments, texts and recipes that is not there."""
    for module in RUN_BY_NAME.findall(text):
        for sense in SENSES if "$(SENSE)" in module else ("",):
            if commands.file_of(module.replace("$(SENSE)", sense)) is None:
                yield module
    yield from missing_paths("\n".join(line for line in text.splitlines() if "import" not in line))
    for code in documents.codes(text):
        if code.startswith(("make ", "soundit ")):
            yield from commands.faults(code)


def test_every_tool_is_in_the_index_of_tools() -> None:
    listed = set(RUN_BY_NAME.findall((ROOT / "tools/README.md").read_text()))
    tools = [name for name in FILES if name.startswith("tools/") and name.endswith(".py")]
    there = {name.removesuffix("/__main__.py") for name in tools if name.endswith("/__main__.py")}
    there |= {name.removesuffix(".py") for name in tools if 'if __name__ == "__main__"' in (ROOT / name).read_text()}
    assert listed == {name.replace("/", ".") for name in there}


def folders() -> set[str]:
    """Return the folders of the checkout that hold files of ours."""
    return {str(parent) for name in FILES for parent in Path(name).parents} - {"."}


def headings(document: Path) -> set[str]:
    """Return the names by which the headings of a Markdown file can be linked to."""
    lines = re.findall(r"^#+ (.*)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}
