"""The microphone's process may die, hang, or be taken down by its sound server: the daemon's lives."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import numpy as np
import pytest

from soundit_edge.audio.portaudio import UnknownDevice
from soundit_edge.capture.capture import CaptureError, CaptureLost, Sound
from soundit_edge.capture.microphone import microphone as module
from soundit_edge.capture.microphone import recording_process
from soundit_edge.capture.microphone.microphone import Microphone
from soundit_edge.clock import WallClock
from tests.capture.media import tone
from tests.sound_server import SoundServer, running_sound_server
from tests.waiting import HANG_S


@pytest.fixture(autouse=True)
def _reached(sound_server: SoundServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that are started meanwhile see the server's devices only."""
    for name, value in sound_server.environment.items():
        monkeypatch.setenv(name, value)


def mic() -> Microphone:
    return Microphone("mic", WallClock().now)


def recorder() -> BaseProcess:
    """The process that records."""
    (process,) = (child for child in multiprocessing.active_children() if child.name == "soundit-microphone")
    return process


def read_to_the_end(sounds: Iterator[Sound]) -> None:
    with pytest.raises(CaptureLost, match="'mic' is gone"):
        for _ in sounds:
            pass


def test_a_recording_process_that_dies_is_a_microphone_that_is_gone() -> None:
    with mic() as open_mic:
        sounds = open_mic.items()
        next(sounds)
        recorder().kill()
        read_to_the_end(sounds)


def test_a_driver_that_hangs_is_a_microphone_that_is_gone() -> None:
    with mic() as open_mic:
        sounds = open_mic.items()
        next(sounds)
        number = recorder().pid
        assert number is not None
        os.kill(number, signal.SIGSTOP)
        read_to_the_end(sounds)
    assert multiprocessing.active_children() == [], "it is ended all the same"


def test_a_driver_that_hangs_while_it_opens_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "OPEN_S", 0.0)
    with pytest.raises(CaptureError, match=r"not open after 0 seconds; does its driver hang\?"), mic():
        pass
    assert multiprocessing.active_children() == []


def test_a_process_that_dies_while_it_opens_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    # It ends at once, with an error: this takes no arguments.
    monkeypatch.setattr(recording_process, "main", os.abort)
    with pytest.raises(CaptureError, match="the recording process died"), mic():
        pass


def test_a_microphone_that_does_not_exist_is_named() -> None:
    with pytest.raises(UnknownDevice, match="no microphone called 'trumpet'"), Microphone("trumpet", WallClock().now):
        pass
    assert multiprocessing.active_children() == []


def test_the_recording_process_ends_with_its_parent() -> None:
    with mic() as open_mic:
        next(open_mic.items())
        process = recorder()
        # What is left of a parent that was killed: an end of the pipe that is closed.
        open_mic._end.close()
        process.join(HANG_S)
        assert process.exitcode == 0


def test_a_sound_server_that_is_killed_and_comes_back_is_heard_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PulseAudio's own library aborts a process in which this happens, now and then."""
    with running_sound_server(tmp_path) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        with mic() as open_mic:
            sounds = open_mic.items()
            next(sounds)
            server.process.kill()
            read_to_the_end(sounds)
        with pytest.raises((CaptureError, UnknownDevice)), open_mic:
            next(open_mic.items())
    with running_sound_server(tmp_path) as server, open_mic:
        player = server.play(tone(20, 48_000, hertz=1000, level=0.25))
        stop = threading.Timer(HANG_S, open_mic.__exit__)
        stop.start()
        try:
            assert any(np.abs(sound.samples).max() > 0.1 for sound in open_mic.items())
        finally:
            stop.cancel()
            player.terminate()
            player.wait()
