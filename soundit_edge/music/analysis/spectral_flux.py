"""How much new sound a track has at each moment: what its beats are found from.

Logarithmic mel bands, and by how much each rises over the loudest of itself and its neighbours a moment before, so that
a vibrato, which moves from band to band, is no onset (SuperFlux; Böck & Widmer 2013).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import CHANNELS, RATE, Stereo

STEP: Final = 480
"""Samples from one moment to the next."""
FRAME_RATE: Final = RATE / STEP
"""Moments a second."""
_HALF: Final = 2
HALF_RATE: Final = RATE // _HALF
"""Samples a second of what is analysed: 24 kHz tell where a beat is, and which note sounds."""
_WINDOW: Final = 1024  # of those, 43 ms
_BANDS: Final = 40
_LOW_HZ: Final = 30.0
_HIGH_HZ: Final = 11_000.0
_PARTS_HZ: Final = (160.0, 2_000.0, 5_000.0)  # bass drum and bass are below the first, cymbals above the last
_LAG: Final = 2  # moments between the two that are compared
_CHUNK: Final = 2_048  # moments at a time, which bounds the memory
_RANGE: Final = 1e-4  # of the loudest: what is below counts as silence


@dataclass(frozen=True, slots=True, eq=False)
class SpectralFlux:
    """What sets in at each moment of a track; moment k is sample k * STEP.

    Attributes:
        onsets: float64 [moments], 0 or more: the rise of all bands, in the mean, of a logarithmic scale.
        bass: the same of the bands below 160 Hz.
        middle: the same of those from there to 2 kHz.
        treble: the same of those above 5 kHz.
    """

    onsets: npt.NDArray[np.float64]
    bass: npt.NDArray[np.float64]
    middle: npt.NDArray[np.float64]
    treble: npt.NDArray[np.float64]


def downmix_half_rate(samples: Stereo) -> npt.NDArray[np.float32]:
    """float32 [n, 2] as one channel of half the rate, [n // 2].

    Two neighbours are averaged, nothing else: what is mirrored from above 12 kHz is noise of the same moment.
    """
    count = len(samples) // _HALF
    pairs = samples[: count * _HALF].reshape(count, _HALF * CHANNELS)
    mono: npt.NDArray[np.float32] = pairs[:, 0] + pairs[:, 1]
    mono += pairs[:, 2]
    mono += pairs[:, 3]
    mono *= np.float32(1 / (_HALF * CHANNELS))
    return mono


def flux(mono: npt.NDArray[np.float32]) -> SpectralFlux:
    """The flux of what `downmix_half_rate` gave, [n]; a moment for every `STEP` samples of the track."""
    step = STEP // _HALF
    count = len(mono) // step
    if not count:
        return SpectralFlux(*(np.zeros(0) for _ in range(4)))
    # A window is about its moment; its rise is seen when it reaches its middle.
    padded = np.pad(mono, (_WINDOW // 2, _WINDOW // 2))
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::step][:count]
    hann = np.hanning(_WINDOW).astype(np.float32)
    bands = _bands()
    energy = np.concatenate(
        [np.abs(np.fft.rfft(windows[k : k + _CHUNK] * hann)) @ bands for k in range(0, count, _CHUNK)]
    )
    # Against the track's own level, so that a quiet one has the same beats.
    level = np.log1p(energy / max(float(energy.max()) * _RANGE, 1e-9))
    before = np.maximum(level, np.maximum(_moved(level, 1), _moved(level, -1)))
    rise = np.zeros_like(level)
    rise[_LAG:] = np.maximum(0.0, level[_LAG:] - before[:-_LAG])
    low, mid, high = np.searchsorted(_edges()[1:-1], _PARTS_HZ)
    parts = (rise[:, :low], rise[:, low:mid], rise[:, high:])
    return SpectralFlux(rise.mean(axis=1), *(part.mean(axis=1) for part in parts))


def _moved(level: npt.NDArray[np.float64], by: int) -> npt.NDArray[np.float64]:
    """Each band's neighbour; the last one has none."""
    moved = np.zeros_like(level)
    if by > 0:
        moved[:, by:] = level[:, :-by]
    else:
        moved[:, :by] = level[:, -by:]
    return moved


def _edges() -> npt.NDArray[np.float64]:
    low, high = (2595 * np.log10(1 + end / 700) for end in (_LOW_HZ, _HIGH_HZ))
    edges: npt.NDArray[np.float64] = 700 * (10 ** (np.linspace(low, high, _BANDS + 2) / 2595) - 1)
    return edges


def _bands() -> npt.NDArray[np.float32]:
    """Triangular bands, [_WINDOW // 2 + 1, _BANDS], evenly spaced on the mel scale (O'Shaughnessy 1987)."""
    edges = _edges()
    hertz = np.fft.rfftfreq(_WINDOW, 1 / HALF_RATE)[:, np.newaxis]
    bin_hz = HALF_RATE / _WINDOW
    up = (hertz - edges[:-2]) / np.maximum(edges[1:-1] - edges[:-2], bin_hz)
    down = (edges[2:] - hertz) / np.maximum(edges[2:] - edges[1:-1], bin_hz)
    bands = np.maximum(0.0, np.minimum(up, down))
    weights: npt.NDArray[np.float32] = (bands / bands.sum(axis=0)).astype(np.float32)
    return weights
