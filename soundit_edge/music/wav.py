"""A WAV file as a place to play to."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Final

from soundit_edge.errors import SounditError
from soundit_edge.music.format import CHANNELS, RATE, Stereo

LONGEST: Final = (2**32 - 2**16) // (3 * CHANNELS)
"""Samples that a file can have: a WAV file writes its length in 32 bits. This is 4.1 hours."""


class WavError(SounditError):
    """A WAV file cannot be written."""


class WavFile:
    """Writes 24-bit WAV. The file appears under its name when it is closed, whole; until then it has another one."""

    keeps_time = False
    underruns = 0
    lost = False
    fill = 1.0

    def __init__(self, path: Path) -> None:
        """Open for writing.

        Raises:
            WavError: the folder is missing or cannot be written to, or the path is a folder.
        """
        import soundfile

        self.name = f"file:{path}"
        self._path = path
        self.written = 0
        """Samples so far."""
        self._part = path.with_name(f".{path.name}.part")
        if path.is_dir():
            raise WavError(f"cannot write {path}: it is a folder")
        if not path.parent.is_dir():
            raise WavError(f"cannot write {path}: there is no folder {path.parent}")
        try:
            self._file = soundfile.SoundFile(
                str(self._part), "w", samplerate=RATE, channels=CHANNELS, format="WAV", subtype="PCM_24"
            )
        except (OSError, RuntimeError) as error:
            raise WavError(f"cannot write {path}: the folder {path.parent} does not let us") from error

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
            raise WavError(f"cannot write on to {self._path}: {error}") from error

    def discard(self) -> None:
        """Leave no file behind: what was there under the name stays. After `close`: nothing."""
        if self._file.closed:
            return
        with contextlib.suppress(OSError, RuntimeError):
            self._file.close()
        with contextlib.suppress(OSError):
            self._part.unlink()

    def close(self) -> None:
        """Finish the file and give it its name. Again: nothing."""
        if self._file.closed:
            return
        try:
            self._file.close()
            os.replace(self._part, self._path)
        except OSError as error:
            with contextlib.suppress(OSError):
                self._part.unlink()
            raise WavError(f"cannot finish {self._path}: {error}") from error
