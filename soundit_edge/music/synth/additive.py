"""The instruments: a note is a sum of harmonics, or a breath of noise, under an envelope."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import RATE, Stereo
from soundit_edge.music.score import Part
from soundit_edge.music.synth.synth import pan_gains

Mono = npt.NDArray[np.float32]

VIBRATO_HZ: Final = 5.2
"""Of every instrument that has a vibrato."""


def hertz(pitch: float) -> float:
    """Return the frequency of a MIDI pitch in hertz; 69 is A at 440 Hz."""
    return float(440.0 * 2.0 ** ((pitch - 69) / 12))


@dataclass(frozen=True, slots=True)
class Envelope:
    """How a note swells and dies, in seconds: raised-cosine ends, and between them a decay to 1/e."""

    attack: float
    release: float
    decay: float = np.inf

    def shape(self, seconds: float) -> Mono:
        """Return the amplitudes, float32 [n], of a note that is held for `seconds`; its release follows."""
        count = round((seconds + self.release) * RATE)
        t = np.arange(count, dtype=np.float32) / np.float32(RATE)
        shape: Mono = np.exp(t * np.float32(-1.0 / self.decay))
        up = min(count, round(self.attack * RATE))
        down = min(count, round(self.release * RATE))
        shape[:up] *= _rise(up)
        shape[count - down :] *= _rise(down)[::-1]
        return shape


def _rise(count: int) -> Mono:
    rise: Mono = (0.5 - 0.5 * np.cos(np.pi * np.arange(count) / max(1, count))).astype(np.float32)
    return rise


def harmonics(phase: npt.NDArray[np.float64], weights: tuple[float, ...], dying: Mono | None = None) -> Mono:
    """Return a sum of sines of 1, 2, 3, ... times the phase, float32 [n].

    Args:
        phase: float64 [n], in turns.
        weights: amplitude of each harmonic.
        dying: float32 [n], what the k-th harmonic is multiplied with k - 1 times, so that high ones die sooner.
    """
    turns = np.floor(phase)
    np.subtract(phase, turns, out=turns)
    turns *= 2 * np.pi
    angle = turns.astype(np.float32)
    # sin(kx) = 2 cos(x) sin((k-1)x) - sin((k-2)x): two sines do for all harmonics. The same few arrays take
    # them all: memory that is new each time would cost more than the sums.
    before, now, after = np.zeros_like(angle), np.sin(angle), np.empty_like(angle)
    twice = np.cos(angle)
    twice *= 2
    fall = np.ones_like(angle)
    total: Mono = np.float32(weights[0]) * now
    part = angle
    for weight in weights[1:]:
        np.multiply(twice, now, out=after)
        after -= before
        before, now, after = now, after, before
        if dying is None:
            np.multiply(now, np.float32(weight), out=part)
        else:
            fall *= dying
            np.multiply(fall, np.float32(weight), out=part)
            part *= now
        total += part
    return total


def _phase(frequency: float, count: int, start: float = 0.0) -> npt.NDArray[np.float64]:
    return start + np.arange(count) * (frequency / RATE)


def _pad(pitch: int, seconds: float) -> Stereo:
    """Return a warm chord tone, slightly detuned between left and right, so that it breathes."""
    shape = Envelope(0.7, 1.4).shape(seconds)
    weights = tuple(1.0 / k**1.9 for k in range(1, 7))
    sides = [
        harmonics(_phase(hertz(pitch + cents / 100), len(shape), start), weights)
        for cents, start in ((-3.0, 0.0), (3.0, 0.31))
    ]
    return np.stack([side * shape for side in sides], axis=1)


def _pluck(pitch: int, seconds: float) -> Stereo:
    """Return a soft plucked string, panned by its pitch."""
    shape = Envelope(0.004, 0.5, decay=0.55).shape(seconds + 0.4)
    t = np.arange(len(shape), dtype=np.float32) / np.float32(RATE)
    weights = tuple(1.0 / k**1.1 for k in range(1, 17))
    sound = harmonics(_phase(hertz(pitch), len(shape)), weights, np.exp(-1.5 * t)) * shape
    return _panned(sound, 0.5 * np.sin(pitch * 1.7))


def _bass(pitch: int, seconds: float) -> Stereo:
    """Return a round, low tone in the middle."""
    shape = Envelope(0.02, 0.25, decay=2.0).shape(seconds)
    return _panned(harmonics(_phase(hertz(pitch), len(shape)), (1.0, 0.45, 0.16, 0.06)) * shape, 0.0)


def _lead(pitch: int, seconds: float) -> Stereo:
    """Return a singing tone, whose vibrato comes after the note has begun."""
    shape = Envelope(0.07, 0.28, decay=6.0).shape(seconds)
    t = np.arange(len(shape)) / RATE
    frequency = hertz(pitch)
    deep = 0.0045 * np.clip((t - 0.25) / 0.5, 0.0, 1.0)  # 8 cents each way
    phase = _phase(frequency, len(shape)) - deep * frequency / (2 * np.pi * VIBRATO_HZ) * np.cos(
        2 * np.pi * VIBRATO_HZ * t
    )
    return _panned(harmonics(phase, (1.0, 0.42, 0.2, 0.07, 0.03)) * shape, 0.12)


def _shaker(stroke: int, seconds: float) -> Stereo:
    """Return a soft stroke of high noise; each number has its own."""
    shape = Envelope(0.02, 0.06).shape(seconds)
    noise = np.random.default_rng(stroke).standard_normal(len(shape) + 2)
    # Twice the difference of neighbours: noise that rises towards the highs, where nothing else of the theme sounds.
    return _panned((np.diff(noise, 2) * shape).astype(np.float32), -0.3)


def _panned(sound: Mono, place: float) -> Stereo:
    return np.stack([sound * gain for gain in pan_gains(place).astype(np.float32)], axis=1)


INSTRUMENTS: Final[Mapping[Part, Callable[[int, float], Stereo]]] = MappingProxyType(
    {Part.PAD: _pad, Part.PLUCK: _pluck, Part.BASS: _bass, Part.LEAD: _lead, Part.SHAKER: _shaker}
)
"""Each makes float32 [n, 2] of a MIDI pitch held for some seconds, at full velocity."""
