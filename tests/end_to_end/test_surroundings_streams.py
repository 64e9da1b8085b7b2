"""End to end: stdin, stdout and stderr that are closed, full, or that nobody reads."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile

from tests.device import NOTHING_SENSED, SOUNDIT, STARTING, environment
from tests.surroundings import by_shell, run
from tests.waiting import HANG_S, wait_until

RUN = ("run", "--port", "0", *NOTHING_SENSED)
UNHEARD = (*RUN, "--speaker", "off")
GONE = [["--help"], ["--version"], ["library"], list(UNHEARD), ["read", "tone.wav"]]
"""Commands, each with a result to print, of which one would never end by itself."""


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    """Four seconds of a tone: as many lines for `soundit read`."""
    t = np.arange(4 * 48_000) / 48_000
    soundfile.write(tmp_path / "tone.wav", 0.2 * np.sin(2 * np.pi * 440 * t), 48_000)
    return tmp_path / "tone.wav"


def said(done: subprocess.CompletedProcess[bytes]) -> str:
    """What a command said on stderr, but for the note that it is starting."""
    return done.stderr.decode().removeprefix(STARTING)


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&-"])
def test_closed_streams_are_no_obstacle(tmp_path: Path, closed: str) -> None:
    done = run(tmp_path, "compose", "-o", "out.mid", "--minutes", "0.05", before=by_shell(closed))
    assert done.returncode == 0, done
    assert done.stdout.startswith(b"out.mid: ") == (">&-" not in closed.split())
    assert done.stderr == b""
    assert "Traceback" not in (tmp_path / "soundit.log").read_text()
    assert (tmp_path / "out.mid").read_bytes().startswith(b"MThd")


def test_doctor_with_closed_streams(tmp_path: Path) -> None:
    done = run(tmp_path, "doctor", before=by_shell("<&- >&- 2>&-"))
    assert done.returncode == 0, (tmp_path / "soundit.log").read_text()


@pytest.mark.thorough
def test_a_device_without_streams_plays_and_no_file_of_ours_gets_their_numbers(tmp_path: Path) -> None:
    log = tmp_path / "soundit.log"
    command = [*by_shell("<&- >&- 2>&-"), str(SOUNDIT), *RUN, "--speaker", "file:out.wav"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment(tmp_path)) as device:
        try:
            playing = "playing the theme"
            wait_until(lambda: (log.exists() and playing in log.read_text()) or device.poll() is not None)
            assert device.poll() is None
            audio = [p for p in psutil.Process(device.pid).children() if p.status() != psutil.STATUS_ZOMBIE]
            for pid in (device.pid, *(process.pid for process in audio)):
                for number in (0, 1, 2):
                    assert os.readlink(f"/proc/{pid}/fd/{number}") in (os.devnull, str(log))
        finally:
            device.send_signal(signal.SIGTERM)
        assert device.wait(HANG_S) == 0
    assert "Traceback" not in log.read_text()
    assert soundfile.info(tmp_path / "out.wav").frames > 0


@pytest.mark.parametrize("arguments", GONE, ids=[arguments[0] for arguments in GONE])
def test_a_reader_that_is_gone_ends_a_command_well_and_silently(
    tmp_path: Path, tone: Path, arguments: list[str]
) -> None:
    theirs, ours = os.pipe()
    os.close(theirs)
    # Whether SIGPIPE is ignored when we begin (as by Python's subprocess) or not (as by a shell) must not matter.
    ignored = arguments == ["--help"]
    try:
        done = run(tmp_path, *arguments, stdout=ours, restore_signals=not ignored)
    finally:
        os.close(ours)
    assert (done.returncode, said(done)) == (0, "")


def test_a_reader_that_has_had_enough_in_the_middle(tmp_path: Path, tone: Path) -> None:
    reader = subprocess.run(
        ["bash", "-c", '"$@" | head -n 1; exit "${PIPESTATUS[0]}"', "bash", str(SOUNDIT), "read", str(tone)],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        timeout=HANG_S,
        check=False,
    )
    assert (reader.returncode, reader.stderr) == (0, b"")
    assert reader.stdout.count(b"\n") == 1


def test_a_socket_that_is_closed_in_the_middle(tmp_path: Path, tone: Path) -> None:
    theirs, ours = socket.socketpair()
    with ours, theirs:
        command, env = [str(SOUNDIT), "read", str(tone)], environment(tmp_path)
        with subprocess.Popen(command, cwd=tmp_path, env=env, stdout=ours.fileno(), stderr=subprocess.PIPE) as reading:
            ours.close()
            theirs.recv(10)
            theirs.close()
            _, stderr = reading.communicate(timeout=HANG_S)
    assert (reading.returncode, stderr) == (0, b"")


@pytest.mark.thorough
def test_a_reader_of_notes_that_is_gone_does_not_end_the_device_nor_does_a_closed_input(tmp_path: Path) -> None:
    done = run(tmp_path, *UNHEARD, "--for", "0.1", before=by_shell("<&- 2>/dev/full"))
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"page: http://")


@pytest.mark.parametrize("arguments", GONE, ids=[arguments[0] for arguments in GONE])
def test_a_full_disk_under_stdout_is_told_in_one_line(tmp_path: Path, tone: Path, arguments: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        done = run(tmp_path, *arguments, stdout=full.fileno())
    assert (done.returncode, said(done)) == (2, "soundit: the output cannot be written (the disk is full)\n")
