"""A WAV file as a speaker: the music is written to it."""

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
"""Most samples in a file, 4.1 hours: a WAV file states its length in 32 bits."""


class WavError(SounditError):
    """A WAV file cannot be written."""


class WavFile:
    """Writes 24-bit WAV. The whole file appears under its name when it is closed; until then it has another name."""

    is_clock_source = False
    underruns = 0
    lost = False
    fill = 1.0
    latency_s = 0.0

    def __init__(self, path: Path, *, replace: bool = True) -> None:
        """Open the file for writing.

        Args:
            path: the file. Two writers of one path do not disturb each other: the file that is closed last stays.
            replace: whether to replace an existing file. If not, the next free name, for example out-2.wav for
                out.wav, is reserved at once with an empty file.

        Raises:
            WavError: the folder is missing or cannot be written to, or the path is a folder.
        """
        import soundfile

        self.written = 0
        """Samples written so far."""
        self._path = path
        self._descriptor = -1
        self._begun: list[Path] = []  # files to be removed unless the whole file is finished
        try:
            if not replace:
                self._path = reserve(path)
                self._begun.append(self._path)
            self._target = destination(self._path)
            self._part = temporary_beside(self._target)
            self.name = f"file:{presentable(self._path)}"
            self._begun.append(self._part)
            self._descriptor = os.open(self._part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
            # Opened by its descriptor, because libsndfile does not say why it cannot open a path.
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
        except BaseException:  # a signal that asks us to end: nobody has us yet, to discard what was begun
            self._remove()
            raise

    def write(self, block: Stereo) -> None:
        """Append float32 [n, 2].

        Raises:
            WavError: the disk is full or gone, or the file has reached `LONGEST`; the samples in it stay valid.
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
        """Close without leaving a file; a file that was there before stays. Does nothing after `close`."""
        if self._file.closed:
            return
        with contextlib.suppress(OSError, RuntimeError):
            self._file.close()
        self._remove()

    def close(self) -> None:
        """Finish the file and give it its name. Closing again does nothing.

        Raises:
            WavError: the file cannot be finished; it is removed.
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
        """Close the file, and unlink everything that was begun."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
        for path in self._begun:
            with contextlib.suppress(OSError):
                path.unlink()
