"""The manual page and the completion know every command and every option, and only these."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from soundit_edge import __version__
from tests.architecture.commands import SOUNDIT
from tools.manual import completion
from tools.manual.commands import Command, Option, commands
from tools.manual.man import escaped, page
from tools.manual.manual import MANUAL, main

COMMANDS = commands()


def rendered(text: str, tmp_path: Path) -> str:
    """Return a page as man shows it, in a terminal of 200 columns, whose warnings are errors."""
    path = tmp_path / "page.1"
    path.write_text(text)
    shown = subprocess.run(
        ["man", "--warnings", "--encoding=utf8", "--local-file", str(path)],
        env={"MANWIDTH": "200", "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MANPAGER": "cat"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert shown.stderr == ""
    return " ".join(shown.stdout.split())


def test_every_command_is_described_with_its_options_and_whole_help(tmp_path: Path) -> None:
    shown = rendered(page(COMMANDS, __version__), tmp_path)
    for command in COMMANDS:
        assert f"{command.path} {command.usage}" in shown
        for paragraph in command.help:
            assert paragraph in shown, command.path
        for option in command.options:
            assert ", ".join(option.names) in shown, command.path
            assert option.help in shown, command.path


def test_the_commands_are_those_of_the_command_line() -> None:
    paths = {command.path.removeprefix("soundit").strip() for command in COMMANDS}
    assert set(SOUNDIT.commands) <= paths
    assert {f"library {name}" for name in SOUNDIT.commands["library"].commands} <= paths
    assert "--speaker" in next(c for c in COMMANDS if c.path == "soundit run").switches[3].names


@pytest.mark.parametrize("text", [".hidden", "'quoted", r"a\fBb", "--long-option", "~/x^2", "a -- b"])
def test_text_is_shown_as_it_is_whatever_roff_makes_of_it(text: str, tmp_path: Path) -> None:
    odd = Command("soundit", "", (text,), "", (Option(("--x",), "", text, False),), ())
    assert rendered(page([odd], "1"), tmp_path).count(text) >= 2
    assert escaped("word") == "word"


def completed(line: str, script: Path) -> set[str]:
    """Return what bash offers at the end of a line."""
    words = line.split(" ")
    code = f'source "{script}"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _soundit; printf "%s\\n" "${{COMPREPLY[@]}}"'
    shell = ["bash", "--norc", "-c", code, "bash", *words]
    return set(subprocess.run(shell, capture_output=True, text=True, timeout=60, check=True).stdout.split())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("manual") / "made"
    assert main([str(folder)]) == 0
    return folder


def test_bash_offers_commands_and_options_where_they_stand(folder: Path) -> None:
    script = folder / "soundit.bash"
    assert completed("soundit li", script) == {"library"}
    assert completed("soundit library import ", script) == {"ratings", "words", "affect"}
    assert completed("soundit run --sp", script) == {"--speaker"}
    assert completed("soundit run --for 5 --network --lo", script) == {"--local"}
    assert completed("soundit read ", script) == set(), "a file is meant, which bash itself completes"


def test_all_shells_know_every_command_and_option(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {MANUAL, *completion.SHELLS}
    for name in completion.SHELLS:
        text = (folder / name).read_text()
        for command in COMMANDS:
            assert command.path in text, name
            for option in command.switches:
                assert all(spelt.lstrip("-") in text for spelt in option.names), name


def test_a_help_with_quotes_stays_one_word() -> None:
    option = Option(("--x",), "", 'it\'s \\ "so": $HOME `id`', False)
    odd = Command("soundit", "", ("It's.",), "", (option,), ())
    for script in completion.SHELLS.values():
        quotes = subprocess.run(["bash", "-n"], input=script([odd]), capture_output=True, text=True, check=False)
        assert "unexpected EOF" not in quotes.stderr
