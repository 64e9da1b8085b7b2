"""What strings of the sources name exists: programs that tests run in processes of their own, and dotted names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.test_tools import ROOT, file_of, names_in

FOLDERS = ("soundit_edge", "tests", "tools", "benches")
IMPORT = re.compile(r"\bfrom (soundit_edge[\w.]*) import (\w+)")
DOTTED = re.compile(r"\bsoundit_edge(?:\.\w+)+")
FILE_NAMES = {"py", "toml", "md", "json", "log", "db"}


def is_there(dotted: str) -> bool:
    """Whether a dotted name is a module, or a name (or more) inside one."""
    parts = dotted.split(".")
    for count in range(len(parts), 1, -1):
        file = file_of(".".join(parts[:count]))
        if file is not None:
            return count == len(parts) or parts[count] in names_in(file)
    return False


def wrong_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            named = [f"{module}.{name}" for module, name in IMPORT.findall(node.value)]
            named += [found for found in DOTTED.findall(node.value) if found.rpartition(".")[2] not in FILE_NAMES]
            yield from (f"{node.lineno}: {name}" for name in named if not is_there(name))


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_strings_name_exists(folder: str) -> None:
    own = Path(__file__)
    files = [path for path in (ROOT / folder).rglob("*.py") if path not in (own, own.with_name("test_tools.py"))]
    assert [f"{path.relative_to(ROOT)}:{wrong}" for path in files for wrong in wrong_in(path)] == []


def test_a_name_that_leads_nowhere_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text(
        'A = "from soundit_edge import portaudio"\nB = "soundit_edge.gone.X"\nC = "soundit_edge.errors.SounditError"\n'
    )
    assert list(wrong_in(path)) == ["1: soundit_edge.portaudio", "2: soundit_edge.gone.X"]
