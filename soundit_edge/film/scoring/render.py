"""The music of a film, rendered once into a file, and measured on the way."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import CHANNELS, RATE, Stereo
from soundit_edge.film.container.workdir import unwritten
from soundit_edge.film.scoring.meter import CHUNK, Meter
from soundit_edge.film.spotting.cue_sheet import Played, ScoreSource

BEGIN_S: Final = 0.01
"""The music fades in over this, lest it click."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """Music in a file.

    Attributes:
        path: 24-bit FLAC.
        count: samples.
        powers: see `loudness.energies`.
        played: what was played.
    """

    path: Path
    count: int
    powers: npt.NDArray[np.float64]
    played: list[Played]

    def blocks(self) -> Iterator[Stereo]:
        """The samples again, `CHUNK` at a time."""
        import soundfile

        with soundfile.SoundFile(os.fsencode(self.path)) as file:
            while len(block := file.read(CHUNK, dtype="float32", always_2d=True)):
                yield block


def render(source: ScoreSource, seconds: float, path: Path, told: Callable[[float], None]) -> Rendered:
    """Render so many seconds of a score; `told` is called with each second that is done.

    Raises:
        FilmError: the file cannot be written.
    """
    import soundfile

    count = round(seconds * RATE)
    meter = Meter()
    try:
        with soundfile.SoundFile(
            os.fsencode(path),
            "w",
            samplerate=RATE,
            channels=CHANNELS,
            format="FLAC",
            subtype="PCM_24",
            compression_level=0.2,
        ) as file:
            for begin in range(0, count, CHUNK):
                size = min(CHUNK, count - begin)
                block = source.render(size) * _fades(begin, size, count, source.fade_s)
                meter.hear(block)
                file.write(block)
                told((begin + size) / RATE)
    except (OSError, soundfile.SoundFileError) as error:
        raise unwritten(path, "the music", error) from error
    return Rendered(path, count, meter.powers(), source.played())


def _fades(begin: int, size: int, count: int, fade_s: float) -> npt.NDArray[np.float32]:
    """Up at the film's beginning, down to silence at its end; float32 [size, 1]."""
    place = np.arange(begin, begin + size)
    up = np.clip(place / (BEGIN_S * RATE), 0.0, 1.0)
    fade = min(fade_s * RATE, count / 4)
    down = np.sin(np.pi / 2 * np.clip((count - 1 - place) / max(fade, 1.0), 0.0, 1.0))
    fades: npt.NDArray[np.float32] = (up * down).astype(np.float32)[:, np.newaxis]
    return fades
