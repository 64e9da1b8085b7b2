"""Which moments of a track are its beats, how many make a bar, and which of them is the first: all heard at once.

What comes back at every period of the music could be its beat, or twice or half as fast, or the off-beat. People hear
the level at which the bars make the most sense (Lerdahl & Jackendoff 1983): where the chord changes, the bass sets in
and no snare drum is, a bar begins. So every reading of a track is scored, and the best one is taken. The weights were
fitted by `python -m tools.music.train_metre`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.music.analysis.beats import follow_beats, offbeats, track_beats
from soundit_edge.music.analysis.chroma import STEP_S, Chroma, changes
from soundit_edge.music.analysis.metre_cues import NAMES, Count, metre_cues
from soundit_edge.music.analysis.spectral_flux import FRAME_RATE, SpectralFlux
from soundit_edge.music.analysis.tempo import FASTEST, SLOWEST

NUMBERS: Final = Path(__file__).with_name("metre.json")
"""The weights; a cue that is not there, for it is new, counts nothing."""
_READ: Final = json.loads(NUMBERS.read_bytes())
_WEIGHTS: Final = np.array([_READ.get(name, 0.0) for name in NAMES])
_LEVELS: Final = (1 / 3, 1 / 2, 2 / 3, 1.0, 3 / 2, 2.0, 3.0)  # periods of the beat in one of the tempo
_FREE_LEVELS: Final = (1 / 2, 2 / 3, 1.0, 3 / 2, 2.0)
_EDGE: Final = 1.03  # a tempo this near to the slowest and fastest is still one
_MIN_ONSETS: Final = 9  # beats that can be told apart into bars
_SMOOTH: Final = 2.0  # moments, the deviation: nobody plays together to 20 ms
_CHORD_SMOOTH: Final = 8.0


@dataclass(frozen=True, slots=True, eq=False)
class MeterHypothesis:
    """One way to hear a track.

    Attributes:
        beats: float64 [k], rising, in moments of the flux.
        count: how they make bars.
        cues: as `metre_cues` has them.
    """

    beats: npt.NDArray[np.float64]
    count: Count
    cues: npt.NDArray[np.float64]


def best_hypothesis(hypotheses: Iterator[MeterHypothesis]) -> MeterHypothesis | None:
    """Return how people would most likely hear a track; None where there are no hypotheses."""
    return max(hypotheses, key=lambda hypothesis: float(hypothesis.cues @ _WEIGHTS), default=None)


def hypotheses(
    flux: SpectralFlux,
    chroma: Chroma,
    strength: npt.NDArray[np.float64],
    tempi: Sequence[npt.NDArray[np.float64]],
    *,
    free: bool = False,
    levels: Sequence[float] | None = None,
) -> Iterator[MeterHypothesis]:
    """Yield every way to hear a track; none where it is too short to say.

    Args:
        flux: of the track.
        chroma: of the track.
        strength: what sets in at each moment, as `accents` has it.
        tempi: periods of the tempo, in moments, at each moment; several where it is not sure.
        free: whether beats are also looked for that keep no tempo.
        levels: periods of the beat in one of the tempo that are tried; None: those between which people choose, as far
            as they can tap so.
    """
    even = smooth(strength, _SMOOTH)
    chords = np.interp(np.arange(len(strength)) / FRAME_RATE, np.arange(len(chroma.notes)) * STEP_S, changes(chroma))
    sets_in = (smooth(part, _SMOOTH) for part in (flux.bass, flux.middle, flux.treble))
    parts = np.stack([*sets_in, smooth(chords, _CHORD_SMOOTH), even])
    for periods in tempi:
        for beats in _rows(even, periods, levels, free=free):
            if len(beats) >= _MIN_ONSETS:
                yield from (MeterHypothesis(beats, count, cues) for count, cues in metre_cues(beats, parts))


def accents(flux: SpectralFlux) -> npt.NDArray[np.float64]:
    """Return what sets in at each moment, float64 [n]; the bass counts twice, for dancers find the beat there."""
    return flux.onsets / max(float(flux.onsets.std()), 1e-9) + flux.bass / max(float(flux.bass.std()), 1e-9)


def smooth(values: npt.NDArray[np.float64], width: float) -> npt.NDArray[np.float64]:
    """Return float64 [n] smoothed by a bell of `width` moments (its deviation), and scaled to a deviation of 1."""
    reach = round(6 * width)
    bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width) ** 2)
    even = np.convolve(np.pad(values, reach, mode="edge"), bell / bell.sum(), mode="valid")
    scaled: npt.NDArray[np.float64] = even / max(float(even.std()), 1e-9)
    return scaled


def _rows(
    strength: npt.NDArray[np.float64], periods: npt.NDArray[np.float64], levels: Sequence[float] | None, *, free: bool
) -> Iterator[npt.NDArray[np.float64]]:
    """Yield the rows of moments that could be the beats."""
    for level in levels or _LEVELS:
        scaled = periods * level
        usual = float(np.median(scaled))
        if levels or SLOWEST / _EDGE <= 60.0 * FRAME_RATE / usual <= FASTEST * _EDGE:
            beats = track_beats(strength, scaled)
            yield beats
            yield offbeats(strength, scaled, beats)
            if free and level in _FREE_LEVELS:
                yield follow_beats(strength, usual)
