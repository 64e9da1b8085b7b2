"""Renders the music of a film into a file, and measures it."""

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
from soundit_edge.film.spotting.cue_sheet import Played, PlayedNote, ScoreSource

BEGIN_S: Final = 0.01
"""The length of the music's fade-in, which avoids a click."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """Music in a file.

    Attributes:
        path: 24-bit FLAC.
        count: the number of samples.
        powers: the K-weighted power of each 0.1 s; see `loudness.energies`.
        played: the music that was played.
        notes: the notes of composed music; none, where recorded music is played.
    """

    path: Path
    count: int
    powers: npt.NDArray[np.float64]
    played: list[Played]
    notes: list[PlayedNote]

    def blocks(self) -> Iterator[Stereo]:
        """Yield the samples, float32 [`CHUNK`, 2] at a time; the last block may be shorter."""
        import soundfile

        with soundfile.SoundFile(os.fsencode(self.path)) as file:
            while len(block := file.read(CHUNK, dtype="float32", always_2d=True)):
                yield block


def render(source: ScoreSource, seconds: float, path: Path, on_progress: Callable[[float], None]) -> Rendered:
    """Render `seconds` of a score into a FLAC file.

    Args:
        source: renders the music.
        seconds: the length of the film.
        path: the file to write.
        on_progress: called after each chunk with the seconds that are done.

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
                on_progress((begin + size) / RATE)
    except (OSError, soundfile.SoundFileError) as error:
        raise unwritten(path, "the music", error) from error
    return Rendered(path, count, meter.powers(), source.played(), source.notes())


def _fades(begin: int, size: int, count: int, fade_s: float) -> npt.NDArray[np.float32]:
    """Return the gain of the fade-in at the film's beginning and of the fade-out at its end, float32 [size, 1]."""
    place = np.arange(begin, begin + size)
    up = np.clip(place / (BEGIN_S * RATE), 0.0, 1.0)
    fade = min(fade_s * RATE, count / 4)
    down = np.sin(np.pi / 2 * np.clip((count - 1 - place) / max(fade, 1.0), 0.0, 1.0))
    fades: npt.NDArray[np.float32] = (up * down).astype(np.float32)[:, np.newaxis]
    return fades
