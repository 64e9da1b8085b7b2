"""What all tools' command lines have in common."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from soundit_edge.errors import SounditError
from tools.command import command, tool_parser

ROOT = Path(__file__).resolve().parents[2]


def test_bad_input_is_one_line_and_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    @command
    def main(arguments: Sequence[str] | None = None) -> None:
        raise SounditError("data.npz: no such file")

    assert main([]) == 2
    assert capsys.readouterr() == ("", "data.npz: no such file\n")


@pytest.mark.parametrize(("given", "code"), [(None, 0), (0, 0), (2, 2)])
def test_the_exit_code_of_a_tool(given: int | None, code: int) -> None:
    @command
    def main(arguments: Sequence[str] | None = None) -> int | None:
        return given

    assert main([]) == code


def test_a_fault_of_the_tool_itself_is_not_hidden() -> None:
    @command
    def main(arguments: Sequence[str] | None = None) -> None:
        raise KeyError("png")

    with pytest.raises(KeyError):
        main([])


def test_the_help_names_the_tool_as_it_is_run() -> None:
    assert tool_parser("tools.data.split", "Split.").format_usage().startswith("usage: python -m tools.data.split ")


@pytest.mark.parametrize("tool", ["tools.evaluate", "tools.data.split"])
def test_a_tool_runs_from_the_checkout_without_a_path_to_it(tool: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", tool, "--help"], cwd=ROOT, env={}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert f"python -m {tool}" in done.stdout
