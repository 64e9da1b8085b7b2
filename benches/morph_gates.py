"""The gates of the music engine, and how an engine is measured against them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from benches import morph_metrics as metrics
from benches import morph_signals as signals
from benches.morph_engines import Change, Engine
from soundit_edge.audio.format import RATE, Stereo

SLOW: Final = 0.7
FAST: Final = 1.3
MIXES: Final[Sequence[Change]] = ((0.75, 0.0), (1.3, 0.0), (1.0, 4.0), (1.0, -5.0), (0.85, 3.0))
"""Tempo and semitones of the mixes that are compared with what they would be if they were played so."""
MIX_S: Final = 5.5
IDEAL_S: Final = 4.2
"""Seconds of a mix that is morphed, and of what it ought to become: 4.1 s are compared, at the fastest tempo, too."""


@dataclass(frozen=True, slots=True)
class Gate:
    """A figure that an engine has to reach.

    Attributes:
        name: the figure.
        unit: of the figure.
        limit: what it has to stay on the right side of.
        above: whether that is above, else below.
    """

    name: str
    unit: str
    limit: float
    above: bool

    def passes(self, figure: float) -> bool:
        return figure > self.limit if self.above else figure < self.limit


GATES: Final = [
    Gate("pitch error, +4 st", "cents", 0.1, False),
    Gate("pitch error, -5 st", "cents", 0.1, False),
    Gate("sine SNR, x0.7", "dB", 90.0, True),
    Gate("sine SNR, x1.3", "dB", 90.0, True),
    Gate("chord SNR, x0.7", "dB", 40.0, True),
    Gate("chord SNR, x1.3", "dB", 40.0, True),
    Gate("tempo error, x0.7", "ppm", 100.0, False),
    Gate("tempo error, x1.3", "ppm", 100.0, False),
    Gate("onset jitter, x0.7", "ms", 2.0, False),
    Gate("onset jitter, x1.3", "ms", 2.0, False),
    Gate("pre-echo > 2.5 kHz, x0.7", "dB", -50.0, False),
    Gate("pre-echo > 2.5 kHz, x1.3", "dB", -50.0, False),
    Gate("tone under clicks, x0.75", "dB", 30.0, True),
    Gate("tone under clicks, x1.3", "dB", 30.0, True),
    Gate("phase between channels", "degrees", 1.0, False),
    Gate("log-mel distance", "dB", 3.0, False),
    Gate("click on random steps", "dB", -85.0, False),
    Gate("CPU, stretch and pitch", "% of a core", 2.5, False),
]
TIMED: Final = "CPU, stretch and pitch"
WIDE: Final = "log-mel distance over 80 dB"
"""No gate, but shows how much the distance depends on how quiet a sound still counts (60 dB below the loudest)."""


def measure(engine: Engine, timed: bool = True, mixes: Sequence[Change] = MIXES) -> dict[str, float]:
    """All figures by their gates' names; those that the engine cannot give are missing."""
    figures: dict[str, float] = {}
    for semitones in (4.0, -5.0):
        out = _settled(engine, signals.sine(440.0, 3.0), 1.0, semitones)
        off = metrics.cents_off(out, 440.0 * 2 ** (semitones / 12))
        figures[f"pitch error, {semitones:+g} st"] = abs(off)
    for tempo in (SLOW, FAST):
        case = f"x{tempo:g}"
        figures[f"sine SNR, {case}"] = metrics.purity(_settled(engine, signals.sine(440.0, 3.0), tempo), [440.0])
        figures[f"chord SNR, {case}"] = metrics.purity(_settled(engine, signals.chord(3.0), tempo), signals.CHORD)
        clicks = metrics.of_clicks(engine.morph(signals.clicks(20), tempo, 0.0)[0], tempo)
        figures[f"tempo error, {case}"] = abs(clicks.tempo_ppm)
        figures[f"onset jitter, {case}"] = clicks.jitter_ms
        figures[f"pre-echo > 2.5 kHz, {case}"] = clicks.pre_echo_db
    for tempo in (0.75, FAST):
        out = engine.morph(signals.tone_and_clicks(10), tempo, 0.0)[0]
        figures[f"tone under clicks, x{tempo:g}"] = metrics.tone_under_clicks(out, 330.0)
    figures["phase between channels"] = metrics.phase_off(_settled(engine, signals.turned(3.0), 0.8), 60.0, 440.0)
    ranges_db = {"log-mel distance": 60.0, WIDE: 80.0}
    distances = [
        metrics.mel_distances(
            engine.morph(signals.mix(MIX_S), *case)[0], signals.mix(IDEAL_S, *case, seed=1), list(ranges_db.values())
        )
        for case in mixes
    ]
    figures |= {name: float(mean) for name, mean in zip(ranges_db, np.mean(distances, axis=0), strict=True)}
    if engine.steps:
        random = np.random.default_rng(1)
        changes = [(float(random.uniform(0.75, 1.35)), float(random.uniform(-5.0, 5.0))) for _ in range(24)]
        figures["click on random steps"] = metrics.click_level(
            engine.steps(signals.sine(440.0, 16.0), changes, RATE * 2 // 5)
        )
    if timed:
        figures[TIMED] = _busy(engine)
    return figures


def floor() -> float:
    """The log-mel distance of two performances that differ in their noises only."""
    return metrics.mel_distances(signals.mix(IDEAL_S), signals.mix(IDEAL_S, seed=1), [60.0])[0]


def _settled(engine: Engine, samples: Stereo, tempo: float, semitones: float = 0.0) -> Stereo:
    """Without the first and the last 0.4 s, in which an engine may do what it likes."""
    return engine.morph(samples, tempo, semitones)[0][RATE * 2 // 5 : -RATE * 2 // 5]


def _busy(engine: Engine) -> float:
    """Processor time at x1.2 with +3 semitones and at x0.8 with -3, in percent of what the output lasts: the least of
    five of their means: whatever else the machine does only adds to it."""
    samples = signals.mix(10.0)
    shares = []
    for _ in range(5):
        runs = [engine.morph(samples, tempo, semitones) for tempo, semitones in ((1.2, 3.0), (0.8, -3.0))]
        shares.append(np.mean([100 * seconds * RATE / len(out) for out, seconds in runs]))
    return float(min(shares))
