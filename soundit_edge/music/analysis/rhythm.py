"""The beats and bars of a track, and the grid of one tempo that fits them best."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import RATE
from soundit_edge.music.analysis.chroma import Chroma
from soundit_edge.music.analysis.downbeats import MeterHypothesis, accents, best_hypothesis, hypotheses
from soundit_edge.music.analysis.spectral_flux import FRAME_RATE, STEP, SpectralFlux
from soundit_edge.music.analysis.tempo import FREE_S, periods

MEETS_S: Final = 0.07
"""A bar line this near to where it should be is heard as there: the usual tolerance for beats."""
_SHORTEST_S: Final = 4.0
_STILL: Final = 0.01  # a spectrum whose rise moves less than this from moment to moment has no beat
_ENDS: Final = round(0.2 * FRAME_RATE)  # moments at both ends that are not looked at for it: a tone sets in, too
_CLEAR: Final = 0.08  # the autocorrelation of one that has
_FREELY: Final = 0.06  # the same over the shorter times of music that is played freely ...
_OFTEN: Final = 1.2  # ... if this many sounds set in in a second
_HIGH: Final = 1.0  # deviations of the flux above its mean that are counted as one
_SURE: Final = 0.2  # clearer than this, and moving less than this share: in time, and no free beats are looked for
_MOVES: Final = 0.02
_IN_TIME: Final = 0.5  # share of the bar lines on the grid: where fewer are, no grid tells how fast the track is
_NEAR: Final = 0.04  # of the usual distance of beats: the tempo of the grid is within


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The beats and bars of a track.

    Attributes:
        bpm: beats per minute of the grid of one tempo that fits best, or of the median beat where most bar lines are
            off that grid; None where there is no clear beat.
        beats_per_bar: 2 to 7; 4 where there is no clear beat.
        first_bar: samples to the first bar line of that grid; 0 where there is no clear beat.
        beats: rising, the samples of the beats as they are played, which a live recording has a little off the grid.
        first_beat: which of them is the first of a bar.
        clear: how sure it is that there is a beat, 0 to 1; 0 where none was found.
        steady: the share of the bar lines as played that the grid meets within 70 ms, 0 to 1.
        division: parts of a beat: 2, or 3 where the beats are dotted, as the two of 6/8 are.
    """

    bpm: float | None = None
    beats_per_bar: int = 4
    first_bar: int = 0
    beats: tuple[int, ...] = ()
    first_beat: int = 0
    clear: float = 0.0
    steady: float = 0.0
    division: int = 2


def find_rhythm(flux: SpectralFlux, chroma: Chroma) -> Rhythm:
    """Return the rhythm of a track with this flux and these notes."""
    if len(flux.onsets) < _SHORTEST_S * FRAME_RATE or flux.onsets[_ENDS:-_ENDS].std() < _STILL:
        return Rhythm()
    found, clear = readings(flux, chroma)
    reading = best_hypothesis(found)
    return Rhythm() if reading is None else _on_a_grid(reading, clear)


def readings(flux: SpectralFlux, chroma: Chroma) -> tuple[Iterator[MeterHypothesis], float]:
    """Return every way to hear a track, none where it has no beat, and how sure it is that it has one, 0 to 1."""
    strength = accents(flux)
    period, clear = periods(strength)
    tempi, free = [period], clear < _SURE or float(np.log(period).std()) > _MOVES
    if free:
        freely, clear_freely = periods(strength, FREE_S)
        if clear <= _CLEAR and (clear_freely <= _FREELY or _onset_rate(flux) < _OFTEN):
            return iter(()), 0.0
        tempi, clear = [period, freely], max(clear, clear_freely)
    return hypotheses(flux, chroma, strength, tempi, free=free), clear


def rhythm_of_tempo(flux: SpectralFlux, chroma: Chroma, bpm: float) -> Rhythm:
    """Return the rhythm of a track whose tempo somebody knows; an even grid from its start where it cannot be followed.

    Args:
        flux: of the track.
        chroma: of the track.
        bpm: beats per minute, above 0.
    """
    strength = accents(flux)
    period = np.full(len(strength), 60.0 * FRAME_RATE / bpm)
    reading = best_hypothesis(hypotheses(flux, chroma, strength, [period], levels=(1.0,)))
    found = Rhythm() if reading is None else _on_a_grid(reading, 1.0)
    if found.bpm is None or abs(np.log2(found.bpm / bpm)) > _NEAR:
        return Rhythm(bpm=bpm, clear=1.0)
    return found


def _onset_rate(flux: SpectralFlux) -> float:
    """Return how often in a second the flux has a peak that stands out."""
    rises = flux.onsets
    high = rises[1:-1] > rises.mean() + _HIGH * rises.std()
    return float((high & (rises[1:-1] > rises[:-2]) & (rises[1:-1] >= rises[2:])).sum() * FRAME_RATE / len(rises))


def _on_a_grid(reading: MeterHypothesis, clear: float) -> Rhythm:
    beats = reading.beats * STEP
    period, phase = _grid(beats)
    count = reading.count
    bar = period * count.metre
    # Each bar line as played has a vote on which line of the grid begins a bar.
    lines = beats[count.first :: count.metre]
    votes = np.bincount(np.round((lines - phase) / period).astype(np.int64) % count.metre, minlength=count.metre)
    first = (phase + period * int(votes.argmax())) % bar
    if bar - first < MEETS_S * RATE / 2:  # a pick-up of a bar, less a few samples, is none
        first = 0.0
    away = np.abs((lines - first + bar / 2) % bar - bar / 2)
    steady = float(np.mean(away < MEETS_S * RATE))
    if steady < _IN_TIME:
        period = float(np.median(np.diff(beats)))
        first = float(lines[0]) % (period * count.metre)
    return Rhythm(
        bpm=60.0 * RATE / period,
        beats_per_bar=count.metre,
        division=count.division,
        first_bar=int(first),
        beats=tuple(int(beat) for beat in np.round(beats)),
        first_beat=count.first,
        clear=clear,
        steady=steady,
    )


def _grid(beats: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Return the period and the phase, in samples, of the even grid that most of the beats are near to.

    Where each beat falls in the grid's period is an angle; the grid for which the angles agree best is taken. So a beat
    too many or too few does no harm, which would turn a line through the numbered beats.
    """
    usual = float(np.median(np.diff(beats)))
    length = max(usual, float(beats[-1] - beats[0]))
    turns = 1.0 / usual + np.arange(-_NEAR / usual, _NEAR / usual, 0.02 / length)
    agree = np.exp(2j * np.pi * np.multiply.outer(turns, beats)).mean(axis=1)
    best = int(np.abs(agree).argmax())
    period = 1.0 / float(turns[best])
    return period, float(np.angle(agree[best]) / (2 * np.pi) * period % period)
