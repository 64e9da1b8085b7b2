"""Which moments of a track are its beats, how many make a bar, and which of them is the first: all heard at once.

What comes back at every period of the music could be its beat, or twice or half as fast, or the off-beat. People hear
the level at which the bars make the most sense (Lerdahl & Jackendoff 1983): where the chord changes, the bass sets in
and no snare drum is, a bar begins. So every reading of a track is scored, and the best one is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.music.analysis.beats import offbeats, track_beats
from soundit_edge.music.analysis.chroma import STEP_S, Chroma, changes
from soundit_edge.music.analysis.spectral_flux import FRAME_RATE, SpectralFlux
from soundit_edge.music.analysis.tempo import FASTEST, SLOWEST

METRES: Final = (3, 4)
_LEVELS: Final = (1 / 3, 1 / 2, 2 / 3, 1.0, 3 / 2, 2.0, 3.0)  # periods of the beat in one of the tempo
_MIN_ONSETS: Final = 9  # beats that can be told apart into bars
_SMOOTH: Final = 2.0  # moments, the deviation: nobody plays together to 20 ms
_CHORD_SMOOTH: Final = 8.0
_COMMON_BPM: Final = 110.0

# Found by maximum likelihood of the right reading among all of one track's, over the tracks of the seeds 1000 to 1119
# of `benches/analysis_tracks.py`, which no figure is measured with.
_FASTER: Final = (2.71, -1.48)  # of the octaves above `_COMMON_BPM`, and of their square
_RETURNS: Final = 3.65  # of the autocorrelation at the beat
_ON_BEATS: Final = (0.69, 1.29, 0.0, 0.27)  # of the mean at the beats of bass, middle, treble, chord changes
_ON_FIRST: Final = (1.39, 0.0, -1.44, 3.25)  # of what they have more at the first beats of bars
_ON_THIRD: Final = (0.0, 0.0, 0.39, 0.48)  # and at the third ones, in bars of four


@dataclass(frozen=True, slots=True, eq=False)
class MeterHypothesis:
    """One way to hear a track.

    Attributes:
        beats: float64 [k], rising, in moments of the flux.
        metre: beats to a bar.
        first: which beat is the first of a bar, 0 to metre - 1.
        score: how good it is, against the others.
    """

    beats: npt.NDArray[np.float64]
    metre: int
    first: int
    score: float


def best_hypothesis(
    flux: SpectralFlux,
    chroma: Chroma,
    strength: npt.NDArray[np.float64],
    periods: npt.NDArray[np.float64],
    levels: Sequence[float] | None = None,
) -> MeterHypothesis | None:
    """Return how people would most likely hear a track; None where it is too short to say.

    Args:
        strength: what sets in at each moment, as `accents` has it.
        periods: of the tempo, in moments, at each moment.
        levels: periods of the beat in one of the tempo that are tried; None: those between which people choose, as far
            as they can tap so.
    """
    even = smooth(strength, _SMOOTH)
    chords = np.interp(np.arange(len(strength)) / FRAME_RATE, np.arange(len(chroma.notes)) * STEP_S, changes(chroma))
    cues = np.stack(
        [*(smooth(part, _SMOOTH) for part in (flux.bass, flux.middle, flux.treble)), smooth(chords, _CHORD_SMOOTH)]
    )
    rows = [beats for beats in _levels(even, periods, levels) if len(beats) >= _MIN_ONSETS]
    readings = [reading for beats in rows for reading in _read(beats, even, cues)]
    return max(readings, key=lambda reading: reading.score, default=None)


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


def _levels(
    strength: npt.NDArray[np.float64], periods: npt.NDArray[np.float64], levels: Sequence[float] | None
) -> Iterator[npt.NDArray[np.float64]]:
    """Yield the rows of moments that could be the beats."""
    for level in levels or _LEVELS:
        scaled = periods * level
        if levels or SLOWEST <= 60.0 * FRAME_RATE / np.median(scaled) <= FASTEST:
            beats = track_beats(strength, scaled)
            yield beats
            yield offbeats(strength, scaled, beats)


def _read(
    beats: npt.NDArray[np.float64], strength: npt.NDArray[np.float64], cues: npt.NDArray[np.float64]
) -> Iterator[MeterHypothesis]:
    """Yield every way to make bars of beats; `cues` are float64 [4, n]."""
    period = float(np.median(np.diff(beats)))
    octaves = np.log2(60.0 * FRAME_RATE / period / _COMMON_BPM)
    lag = round(period)
    returns = float(np.mean((strength[lag:] - strength.mean()) * (strength[:-lag] - strength.mean())))
    values = np.stack([np.interp(beats, np.arange(cues.shape[1]), cue) for cue in cues])
    usual = values.mean(axis=1)
    level = _FASTER[0] * octaves + _FASTER[1] * octaves**2 + _RETURNS * returns + np.dot(_ON_BEATS, usual)
    for metre in METRES:
        for first in range(metre):
            score = level + np.dot(_ON_FIRST, values[:, first::metre].mean(axis=1) - usual)
            if metre == 4:
                score += np.dot(_ON_THIRD, values[:, (first + 2) % 4 :: 4].mean(axis=1) - usual)
            yield MeterHypothesis(beats, metre, first, float(score))
