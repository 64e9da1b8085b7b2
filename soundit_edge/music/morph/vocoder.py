"""One band of the phase vocoder: frames of a track, taken from wherever we like, join without a break in phase.

For each frame that it lays down, the band looks at two of the track exactly one synthesis hop apart. The phase that
every bin gains between the two is, at any tempo, what it has to gain between our last frame and this one: nothing is
unwrapped, no error adds up, and the tempo may change with every hop. All bins around a spectral peak turn by the angle
of the peak (identity phase locking: Laroche & Dolson 1999, "Improved phase vocoder time-scale modification of audio"),
and so do both channels, which keeps the stereo image.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.music.morph.loop import Loop

OVERLAP: Final = 4  # frames over each sample: Hann twice (analysis and synthesis) then adds up to a constant
_SILENCE: Final = 1e-12  # a rotation smaller than this has no angle

Spectrum = npt.NDArray[np.complex128]


class Band:
    """Lays down frame after frame, and hands out the samples that no later frame will touch."""

    def __init__(self, loop: Loop, window: int, gain: npt.NDArray[np.float64]) -> None:
        """Make a band.

        Args:
            loop: the track.
            window: samples to a frame, a multiple of `OVERLAP`.
            gain: float64 [window // 2 + 1], what each bin of the spectrum counts in the output.
        """
        self._loop = loop
        self._window = window
        self.hop = window // OVERLAP
        bins = np.flatnonzero(gain)
        self._bins = slice(int(bins[0]), int(bins[-1]) + 1)
        self._gain = gain[self._bins]
        hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(window) / window)
        self._analysis = hann
        self._synthesis = hann / (0.375 * OVERLAP)
        self._last: Spectrum = np.zeros((2, len(self._gain)), dtype=np.complex128)
        self._sum = np.zeros((2, window))

    def frames(self, positions: Sequence[int]) -> npt.NDArray[np.float64]:
        """Lay down frames that are centred on these samples of the track, a hop apart in the output.

        Returns:
            float64 [2, hop * number of frames]: with the first frame centred on output time t, the samples from
            t - window / 2 on.
        """
        window, hop, count = self._window, self.hop, len(positions)
        pieces = np.empty((count, 2, 2, window))
        for piece, position in zip(pieces, positions, strict=True):
            start = position - window // 2
            np.multiply(self._loop.read(start, window), self._analysis, out=piece[0])
            np.multiply(self._loop.read(start - hop, window), self._analysis, out=piece[1])
        spectra = np.fft.rfft(pieces)
        whole: Spectrum = np.zeros((count, 2, window // 2 + 1), dtype=np.complex128)
        for frame, (here, before) in zip(whole, spectra[..., self._bins], strict=True):
            turn = _unit((self._last * before.conj()).sum(axis=0))
            self._last = here * turn[_nearest_peak(here)]
            np.multiply(self._last, self._gain, out=frame[:, self._bins])
        laid: npt.NDArray[np.float64] = np.concatenate([self._sum[:, hop:], np.zeros((2, hop * count))], axis=1)
        for k, sound in enumerate(np.fft.irfft(whole, window) * self._synthesis):
            laid[:, k * hop : k * hop + window] += sound
        self._sum = laid[:, (count - 1) * hop :]
        return laid[:, : hop * count]


def _unit(z: npt.NDArray[np.complex128]) -> npt.NDArray[np.complex128]:
    """Each number on the unit circle; 1 where there is no angle. After digital silence our last frame is all zero, and
    would stay so for ever if its angle were taken for one."""
    size = np.abs(z)
    silent = size < _SILENCE
    size[silent] = 1.0
    unit: npt.NDArray[np.complex128] = z / size
    unit[silent] = 1.0
    return unit


def _nearest_peak(spectra: Spectrum) -> npt.NDArray[np.intp]:
    """For each bin the peak that it belongs to: a local maximum of both channels' power, over two bins each way. The
    regions of two peaks meet half-way."""
    squares = np.square(spectra.view(np.float64))
    power = np.zeros(spectra.shape[1] + 4)  # two bins of nothing at either end
    inside = power[2:-2]
    np.add(squares[0, 0::2], squares[0, 1::2], out=inside)
    inside += squares[1, 0::2]
    inside += squares[1, 1::2]
    pairs = np.maximum(power[:-1], power[1:])
    around = np.maximum(pairs[:-3], pairs[3:])
    peaks = np.flatnonzero(inside >= around)
    edges = np.empty(len(peaks) + 1, dtype=np.intp)
    edges[0], edges[-1] = 0, len(inside)
    np.floor_divide(peaks[:-1] + peaks[1:] + 1, 2, out=edges[1:-1])
    return np.repeat(peaks, edges[1:] - edges[:-1])
