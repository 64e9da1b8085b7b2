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
RISE: Final = 3.0  # a bin whose power grows more than this within a hop belongs to the attack
_SILENCE: Final = 1e-16  # a rotation smaller than this has no angle

Spectrum = npt.NDArray[np.complex64]


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
        hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(window) / window)
        self._analysis = hann.astype(np.float32)
        self._synthesis = (hann / (0.375 * OVERLAP)).astype(np.float32)
        self._last: Spectrum = np.zeros((2, len(gain)), dtype=np.complex64)
        self._sum = np.zeros((2, window), dtype=np.float32)
        self.set_gain(gain)

    def set_gain(self, gain: npt.NDArray[np.float64]) -> None:
        """Give the bins of the frames to come other gains. What is new in the band begins as the track has it."""
        bins = np.flatnonzero(gain)
        self._bins = slice(int(bins[0]), int(bins[-1]) + 1)
        self._full_gain = gain
        self._gain = gain[self._bins].astype(np.float32)
        kept = self._last[:, self._bins].copy()
        self._last[:] = 0.0
        self._last[:, self._bins] = kept

    def fresh(self) -> Band:
        """The same band, that has laid down nothing."""
        return Band(self._loop, self._window, self._full_gain)

    def frames(self, positions: Sequence[int], onset: Sequence[bool]) -> npt.NDArray[np.float32]:
        """Lay down frames that are centred on these samples of the track, a hop apart in the output.

        Args:
            positions: samples of the track.
            onset: whether the track about there is taken at its own speed, because of an onset.

        Returns:
            float32 [2, hop * number of frames]: with the first frame centred on output time t, the samples from
            t - window / 2 on.
        """
        window, hop, count = self._window, self.hop, len(positions)
        pieces = np.empty((count, 2, 2, window), dtype=np.float32)
        for piece, position in zip(pieces, positions, strict=True):
            start = position - window // 2
            np.multiply(self._loop.read(start, window), self._analysis, out=piece[0])
            np.multiply(self._loop.read(start - hop, window), self._analysis, out=piece[1])
        # The transforms are the only part in which NumPy 1 has no single precision.
        spectra = np.fft.rfft(pieces)[..., self._bins].astype(np.complex64)
        peaks = _nearest_peaks(_power(spectra[:, 0]))
        whole: Spectrum = np.zeros((count, 2, window // 2 + 1), dtype=np.complex64)
        last = self._last[:, self._bins]
        for frame, (here, before), peak, attack in zip(whole, spectra, peaks, onset, strict=True):
            turn = _unit((last * before.conj()).sum(axis=0))
            if attack:
                # Nothing of an attack may turn against the rest of it: what sounded before goes on as it is turned
                # already, bin by bin, and what the attack has brought is left as the track has it.
                turn[_power(here) > RISE * _power(before)] = 1.0
            else:
                turn = turn[peak]
            np.multiply(here, turn, out=last)
            np.multiply(last, self._gain, out=frame[:, self._bins])
        laid: npt.NDArray[np.float32] = np.concatenate(
            [self._sum[:, hop:], np.zeros((2, hop * count), dtype=np.float32)], axis=1
        )
        for k, sound in enumerate(np.fft.irfft(whole, window) * self._synthesis):
            laid[:, k * hop : k * hop + window] += sound
        self._sum = laid[:, (count - 1) * hop :]
        return laid[:, : hop * count]


def _unit(z: npt.NDArray[np.complex64]) -> npt.NDArray[np.complex64]:
    """Each number on the unit circle; 1 where there is no angle. After digital silence our last frame is all zero, and
    would stay so for ever if its angle were taken for one."""
    size = np.abs(z)
    silent = size < _SILENCE if size.min() < _SILENCE else None
    if silent is not None:
        size[silent] = 1.0
    unit: npt.NDArray[np.complex64] = z / size
    if silent is not None:
        unit[silent] = 1.0
    return unit


def _nearest_peaks(power: npt.NDArray[np.float32]) -> npt.NDArray[np.intp]:
    """For each bin of [frames, bins] the peak in its frame that it belongs to: a local maximum over two bins each way.
    The regions of two peaks meet half-way."""
    frames, bins = power.shape
    padded = np.zeros((frames, bins + 4), dtype=np.float32)  # two bins of nothing at either end
    padded[:, 2:-2] = power
    pairs = np.maximum(padded[:, :-1], padded[:, 1:])
    around = np.maximum(pairs[:, :-3], pairs[:, 3:])
    # All frames in one row: each has a peak, and the regions end where it does.
    peaks = np.flatnonzero(power >= around)
    middles = (peaks[:-1] + peaks[1:] + 1) // 2
    starts = peaks[1:] // bins * bins
    edges = np.empty(len(peaks) + 1, dtype=np.intp)
    edges[0], edges[-1] = 0, power.size
    np.copyto(edges[1:-1], np.where(peaks[:-1] < starts, starts, middles))
    nearest = np.repeat(peaks, edges[1:] - edges[:-1]).reshape(frames, bins)
    return nearest - np.arange(frames)[:, np.newaxis] * bins


def _power(spectra: Spectrum) -> npt.NDArray[np.float32]:
    """Of both channels together, [..., bins] of [..., 2, bins]."""
    squares: npt.NDArray[np.float32] = np.square(spectra.real)
    squares += np.square(spectra.imag)
    power: npt.NDArray[np.float32] = squares[..., 0, :] + squares[..., 1, :]
    return power
