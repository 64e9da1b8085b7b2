"""A WAV file as a place to play to."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Final

from soundit_edge.audio.format import CHANNELS, RATE, Stereo
from soundit_edge.errors import SounditError
from soundit_edge.files import destination, put_in_place, refusal_to_grow, reserve, temporary_beside, unwritable
from soundit_edge.text import presentable, reason

LONGEST: Final = (2**32 - 2**16) // (3 * CHANNELS)
"""Samples that a file can have: a WAV file writes its length in 32 bits. This is 4.1 hours."""


class WavError(SounditError):
    """A WAV file cannot be written."""


class WavFile:
    """Writes 24-bit WAV. The file appears under its name when it is closed, whole; until then it has another one."""

    is_clock_source = False
    underruns = 0
    lost = False
    fill = 1.0

    def __init__(self, path: Path, *, replace: bool = True) -> None:
        """Open for writing.

        Args:
            path: of the file. Two that are written under one path at once do not meet: the one closed last is there.
            replace: whether the file takes the place of one that is there; else it gets the next name that is free,
                such as out-2.wav for out.wav, at once (and is empty until it is closed).

        Raises:
            WavError: the folder is missing or cannot be written to, or the path is a folder.
        """
        import soundfile

        self.written = 0
        """Samples so far."""
        self._path = path
        self._descriptor = -1
        self._begun: list[Path] = []  # files of ours that must not stay unless all ends well
        try:
            if not replace:
                self._path = reserve(path)
                self._begun.append(self._path)
            self._target = destination(self._path)
            self._part = temporary_beside(self._target)
            self._descriptor = os.open(self._part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
            self._begun.append(self._part)
            # By its descriptor: libsndfile does not say why it cannot open a file.
            self._file = soundfile.SoundFile(
                self._descriptor, "w", samplerate=RATE, channels=CHANNELS, format="WAV", subtype="PCM_24", closefd=False
            )
        except OSError as error:
            self._remove()
            raise WavError(f"cannot write {path}: {unwritable(path, error)}") from error
        except RuntimeError as error:
            why = self._reason(error)
            self._remove()
            raise WavError(f"cannot write {path}: {why}") from error
        self.name = f"file:{presentable(self._path)}"

    def write(self, block: Stereo) -> None:
        """Append float32 [n, 2].

        Raises:
            WavError: the disk is full or gone, or the file as long as it can be; what is in it stays good.
        """
        if self.written + len(block) > LONGEST:
            hours = LONGEST / RATE / 3600
            raise WavError(f"{self._path} is full: a WAV file holds {hours:.1f} hours. All until now is in it")
        try:
            self._file.write(block)
            self.written += len(block)
        except (OSError, RuntimeError) as error:
            raise WavError(f"cannot write on to {self._path}: {self._reason(error)}") from error

    def discard(self) -> None:
        """Leave no file behind: what was there under the name stays. After `close`: nothing."""
        if self._file.closed:
            return
        with contextlib.suppress(OSError, RuntimeError):
            self._file.close()
        self._remove()

    def close(self) -> None:
        """Finish the file and give it its name. Again: nothing.

        Raises:
            WavError: it cannot be finished; nothing is left of it.
        """
        if self._file.closed:
            return
        try:
            self._file.close()
            put_in_place(self._part, self._target)
        except (OSError, RuntimeError) as error:
            why = reason(error) if isinstance(error, OSError) else self._reason(error)
            self._remove()
            raise WavError(f"cannot finish {self._path}: {why}") from error
        os.close(self._descriptor)

    def _reason(self, error: Exception) -> str:
        refused = refusal_to_grow(self._descriptor)
        return reason(refused) if refused is not None else str(error)

    def _remove(self) -> None:
        """Close what was begun, and unlink it."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
        for path in self._begun:
            with contextlib.suppress(OSError):
                path.unlink()
