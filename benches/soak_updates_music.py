"""Whether music that was to play all the time did: what a sound server heard, recorded and searched for gaps."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from tests.device import ENDS_WITH_US
from tests.sound_server import SPEAKER, SoundServer

RATE: Final = 8000
"""Hz. Enough to see gaps; half an hour takes 58 MB."""
MIN_GAP_S: Final = 0.05


class Recorder:
    """Records what is played, from now until it is stopped."""

    def __init__(self, server: SoundServer, path: Path) -> None:
        self._path = path
        with path.open("wb") as file:
            self._process = subprocess.Popen(
                [
                    *ENDS_WITH_US,
                    "parec",
                    "-d",
                    f"{SPEAKER}.monitor",
                    "--format=float32le",
                    f"--rate={RATE}",
                    "--channels=1",
                ],
                stdout=file,
                stderr=subprocess.DEVNULL,
                env=os.environ | server.environment,
            )

    def seconds(self) -> float:
        """Return how much was recorded so far."""
        return self._path.stat().st_size / (4 * RATE)

    def stop(self) -> npt.NDArray[np.float32]:
        """Return what was heard, [n] at `RATE`."""
        self._process.terminate()
        self._process.wait()
        return np.fromfile(self._path, dtype="<f4")


def gaps(heard: npt.NDArray[np.float32]) -> list[tuple[float, float]]:
    """Return the stretches in which nothing at all was played, each as its begin and its length in seconds.

    Digital silence, every sample exactly 0: the quietest music is not.
    """
    silent = np.concatenate(([False], heard == 0, [False]))
    edges = np.flatnonzero(silent[1:] != silent[:-1]).reshape(-1, 2)
    return [(float(begin) / RATE, float(end - begin) / RATE) for begin, end in edges if end - begin >= MIN_GAP_S * RATE]
