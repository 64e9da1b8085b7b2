"""The device of soak_updates.py: it plays and tries sets, is killed now and then, and all that is heard is recorded."""

from __future__ import annotations

import contextlib
import signal
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import psutil

from benches.soak_updates_music import Recorder
from tests.device import NOTHING_SENSED, RunningDevice
from tests.sound_server import SPEAKER, SoundServer

SILENT_DB: Final = -60.0
FIRST_TO_GO: Final = "1000"
"""By this the process is known that checks a set: it goes first where memory is short."""


class Player:
    """A device that is started again when it was killed.

    Attributes:
        restarts: when it was killed and began to play again, each in seconds of the recording.
        doings: what was begun when, in seconds of the recording.
    """

    def __init__(self, folder: Path, sound: SoundServer) -> None:
        """Start it, and record what it plays once it does."""
        self.restarts: list[tuple[float, float]] = []
        self.doings: list[tuple[float, str]] = []
        self._folder = folder
        self._sound = sound
        self._device = self._started()
        self._recorder = Recorder(sound, folder / "heard.f32")

    def note(self, doing: str) -> None:
        """Remember what is done from now on."""
        self.doings.append((self._recorder.seconds(), doing))

    def kill(self) -> None:
        """End it as a crash or the watchdog does, and start it again as systemd does."""
        killed = self._recorder.seconds()
        self._device.process.kill()
        self._device.__exit__()
        self._device = self._started()
        self.restarts.append((killed, self._recorder.seconds()))

    def kill_check(self) -> bool:
        """Kill the process that checks a set; return whether there is one."""
        with contextlib.suppress(psutil.Error, OSError):
            for child in psutil.Process(self._device.process.pid).children(recursive=True):
                if Path(f"/proc/{child.pid}/oom_score_adj").read_text().strip() == FIRST_TO_GO:
                    child.kill()
                    return True
        return False

    def stop(self) -> tuple[npt.NDArray[np.float32], dict[str, Any], int]:
        """End it; return what was heard, what it says of its music, and its exit code."""
        heard, music = self._recorder.stop(), self._device.status()["music"]
        return heard, music, self._device.stop(signal.SIGTERM)

    def close(self) -> None:
        """End what still runs."""
        self._device.__exit__()

    def _started(self) -> RunningDevice:
        program = (sys.executable, str(Path(__file__).with_name("soak_updates_daemon.py")))
        arguments = (*NOTHING_SENSED, "--speaker", SPEAKER)
        device = RunningDevice(self._folder, *arguments, extra=self._sound.environment, program=program)
        device.__enter__()
        device.wait_for_page()
        device.wait_until(lambda status: status["music"]["level_db"] > SILENT_DB)
        return device
