"""Commands that are asked to end leave nothing half-made, whichever signal asks them."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.device import HEEDS_CTRL_C, SOUNDIT, environment
from tests.waiting import HANG_S, wait_until

LONG_S = 60
COMMANDS = {
    "compose": ["compose", "--minutes", "200", "-o", "out.wav"],
    "morph": ["morph", "song.wav", "--tempo", "0.5", "-o", "out.wav"],
}
ASKED = [
    ("compose", signal.SIGINT),
    ("compose", signal.SIGTERM),
    ("compose", signal.SIGHUP),
    ("morph", signal.SIGINT),
]
"""Each signal, and each command: all signals become the same exception, wherever the command is."""


def at_work(folder: Path, command: str, before: Sequence[str] = HEEDS_CTRL_C) -> subprocess.Popen[str]:
    """Start a command, and wait until it has something in the folder that it has to clear up."""
    if command == "morph":
        noise = np.random.default_rng(0).uniform(-0.1, 0.1, (LONG_S * 8000, 1))
        soundfile.write(folder / "song.wav", noise, 8000)
    process = subprocess.Popen(
        [*before, str(SOUNDIT), *COMMANDS[command]],
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until(lambda: hidden(folder) or process.poll() is not None)
    assert process.poll() is None, process.communicate()
    return process


def hidden(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(("command", "number"), ASKED)
def test_what_is_half_written_goes(tmp_path: Path, command: str, number: signal.Signals) -> None:
    with at_work(tmp_path, command) as process:
        process.send_signal(number)
        _, said = process.communicate(timeout=HANG_S)
    assert process.returncode == 128 + number
    assert said.strip() == ""
    assert hidden(tmp_path) == []
    assert not (tmp_path / "out.wav").exists()


def test_a_terminal_that_is_closed_sends_more_than_one(tmp_path: Path) -> None:
    with at_work(tmp_path, "compose") as process:
        for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGHUP):
            process.send_signal(number)
        assert process.wait(timeout=HANG_S) in (128 + signal.SIGHUP, 128 + signal.SIGTERM)
    assert hidden(tmp_path) == []


def test_under_nohup_it_goes_on(tmp_path: Path) -> None:
    with at_work(tmp_path, "compose", ("env", "--default-signal=TERM", "--ignore-signal=HUP")) as process:
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=HANG_S) == 128 + signal.SIGTERM
    assert hidden(tmp_path) == []
