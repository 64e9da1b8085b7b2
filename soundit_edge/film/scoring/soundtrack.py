"""The soundtrack of the finished film: its sound and the music, mixed to the programme's loudness after coding."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from soundit_edge.audio.format import RATE, Stereo, amplitude
from soundit_edge.film.container.encode import CodedSound, code, limited
from soundit_edge.film.container.probe import Film
from soundit_edge.film.container.sound import powers_of, sound_of
from soundit_edge.film.scoring.meter import CHUNK
from soundit_edge.film.scoring.mix import PROGRAMME, Ducking, levels_for, mixed
from soundit_edge.film.scoring.render import Rendered
from soundit_edge.film.spotting.dialogue import Span

CEILING_DB: Final = -1.0
"""The highest true peak of the finished film, decoded, in dBTP."""
HEADROOM_DB: Final = 1.0
"""The limiter's first ceiling is lower by this, because coding raises peaks."""
NEAR_LU: Final = 0.3
"""The tolerance of the programme's loudness."""
TRIES: Final = 3


def coded_mixture(
    film: Film | None,
    music: Rendered,
    ducking: Ducking,
    speech: Sequence[Span],
    place: Path,
    on_progress: Callable[[float], None],
) -> CodedSound:
    """Mix and encode the sound of a film, repeatedly where encoding changes loudness or peaks too much.

    Args:
        film: the film whose own sound is kept; None for music alone.
        music: the music under it.
        ducking: the ducking of the music.
        speech: the spans in which somebody speaks.
        place: the file for the coded sound.
        on_progress: called after each chunk with the seconds that are done.

    Raises:
        FilmError: the film's sound cannot be read, or the file cannot be written.
    """
    powers = np.zeros_like(music.powers) if film is None else powers_of(film, music.count)
    levels = levels_for(powers, music.powers, ducking, speech)
    gain, headroom = 1.0, HEADROOM_DB
    for _ in range(TRIES):
        sound = None if film is None else sound_of(film, music.count, CHUNK)
        blocks = _counted(mixed(sound, music.blocks(), ducking, levels, gain), on_progress)
        coded = code(limited(blocks, headroom), place)
        off = PROGRAMME - coded.loudness if np.isfinite(coded.loudness) else 0.0
        if abs(off) <= NEAR_LU and coded.true_peak_db <= CEILING_DB:
            break
        gain *= amplitude(off)
        headroom += max(0.0, coded.true_peak_db - CEILING_DB + 0.1)
    return coded


def _counted(blocks: Iterator[Stereo], on_progress: Callable[[float], None]) -> Iterator[Stereo]:
    done = 0
    for block in blocks:
        done += len(block)
        on_progress(done / RATE)
        yield block
