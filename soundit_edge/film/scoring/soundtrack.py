"""The sound of the finished film: its own and the music mixed, as loud as it is to be once it has been coded."""

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
"""dB true peak that the finished film stays under, decoded."""
HEADROOM_DB: Final = 1.0
"""The limiter works so much lower at first: coding lifts peaks."""
NEAR_LU: Final = 0.3
"""A programme this near to its loudness has it."""
TRIES: Final = 3


def coded_mixture(
    film: Film | None,
    music: Rendered,
    ducking: Ducking,
    speech: Sequence[Span],
    place: Path,
    told: Callable[[float], None],
) -> CodedSound:
    """Mix and code the sound of a film; again, where coding has moved its loudness or its peaks too far.

    Args:
        film: whose own sound is kept; None for music alone.
        music: what is laid under it.
        ducking: how the music makes way.
        speech: when somebody speaks.
        place: the file for the coded sound.
        told: called with each second that is done.

    Raises:
        FilmError: the film's sound cannot be read, or the file not be written.
    """
    powers = np.zeros_like(music.powers) if film is None else powers_of(film, music.count)
    levels = levels_for(powers, music.powers, ducking, speech)
    gain, headroom = 1.0, HEADROOM_DB
    for _ in range(TRIES):
        sound = None if film is None else sound_of(film, music.count, CHUNK)
        blocks = _counted(mixed(sound, music.blocks(), ducking, levels, gain), told)
        coded = code(limited(blocks, headroom), place)
        off = PROGRAMME - coded.loudness if np.isfinite(coded.loudness) else 0.0
        if abs(off) <= NEAR_LU and coded.true_peak_db <= CEILING_DB:
            break
        gain *= amplitude(off)
        headroom += max(0.0, coded.true_peak_db - CEILING_DB + 0.1)
    return coded


def _counted(blocks: Iterator[Stereo], told: Callable[[float], None]) -> Iterator[Stereo]:
    done = 0
    for block in blocks:
        done += len(block)
        told(done / RATE)
        yield block
