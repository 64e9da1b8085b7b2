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

from soundit_edge.music.morph.stretch.decimate import REACH, Decimator, Interpolator
from soundit_edge.music.morph.stretch.loop import Loop

RISE: Final = 3.0  # a bin whose power grows more than this within a hop belongs to the attack
_SILENCE: Final = 1e-16  # a rotation smaller than this has no angle

Spectrum = npt.NDArray[np.complex64]
Source = Loop | Decimator


class Band:
    """Lays down frame after frame, and hands out the samples that no later frame will touch."""

    def __init__(self, source: Source, window: int, overlap: int, gain: npt.NDArray[np.float64]) -> None:
        """Make a band.

        Args:
            source: the track.
            window: samples of the track to a frame, a multiple of the source's step.
            overlap: frames over each sample, 3 at least: Hann twice, for analysis and synthesis, then adds up to a
                constant. `window` is a multiple of it.
            gain: float64 [window // 2 + 1], what each bin of the spectrum counts in the output.
        """
        self.hop = window // overlap
        """Samples of the track from frame to frame of the output."""
        self.window = window
        self.place = 0
        """The sample of the track that the latest frame is centred on."""
        self._source = source
        self._window = size = window // source.step
        hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
        self._analysis = source.scale * hann.astype(np.float32)
        self._synthesis = (hann / (0.375 * overlap)).astype(np.float32)
        bins = np.flatnonzero(gain)
        self._bins = slice(int(bins[0]), int(bins[-1]) + 1)
        self._gain = gain[self._bins].astype(np.float32)
        self._last: Spectrum = np.zeros((2, len(self._gain)), dtype=np.complex64)  # of the track, in the latest frame
        self._turn: Spectrum = np.ones(len(self._gain), dtype=np.complex64)  # what each bin of that was turned by
        self._sum = np.zeros((2, size), dtype=np.float32)
        self._raised = Interpolator(size // overlap) if source.step > 1 else None

    def agree(self, other: Band, lag: float) -> None:
        """Turn the first frame as another band's latest one is turned, so that a tone that is in both is one.

        Args:
            other: a band, or this one itself, which turns nothing yet: then the track is what is agreed with.
            lag: samples of the output by which the other frame is later, less those of the track.
        """
        bins = np.arange(self._bins.start, self._bins.stop)
        there = np.round(bins * (other.window / self.window)).astype(np.intp) - other._bins.start
        known = (there >= 0) & (there < len(other._turn))
        self._turn[known] = other._turn[there[known]] * np.exp(-2j * np.pi * lag / self.window * bins[known])

    def frames(self, positions: Sequence[int], onset: Sequence[bool]) -> npt.NDArray[np.float32]:
        """Lay down frames that are centred on these samples of the track, a hop apart in the output.

        Args:
            positions: samples of the track, multiples of the source's step.
            onset: whether the track about there is taken at its own speed, because of an onset.

        Returns:
            float32 [2, hop * number of frames]: with the first frame centred on output time t, the samples from
            t - window / 2 on.
        """
        self.place = positions[-1]
        source, window, count = self._source, self._window, len(positions)
        hop = self.hop // source.step
        pieces = np.empty((count, 2, 2, window), dtype=np.float32)
        for piece, position in zip(pieces, positions, strict=True):
            start = position // source.step - window // 2
            np.multiply(source.read(start - hop, window), self._analysis, out=piece[1])
            np.multiply(source.read(start, window), self._analysis, out=piece[0])
        # The transforms are the only part in which NumPy 1 has no single precision.
        spectra = np.fft.rfft(pieces)[..., self._bins].astype(np.complex64)
        here, before = spectra[:, 0], spectra[:, 1]
        turns = self._turns(here, before, onset)
        whole: Spectrum = np.zeros((count, 2, window // 2 + 1), dtype=np.complex64)
        np.multiply(here, (turns * self._gain)[:, np.newaxis], out=whole[..., self._bins])
        laid: npt.NDArray[np.float32] = np.concatenate(
            [self._sum[:, hop:], np.zeros((2, hop * count), dtype=np.float32)], axis=1
        )
        for k, sound in enumerate(np.fft.irfft(whole, window).astype(np.float32) * self._synthesis):
            laid[:, k * hop : k * hop + window] += sound
        self._sum = laid[:, (count - 1) * hop :]
        if self._raised:
            # It looks a little ahead, at samples to which the next frame will add its beginning: below -97 dB.
            return self._raised.process(laid[:, : hop * count + REACH])
        return laid[:, : hop * count]

    def _turns(self, here: Spectrum, before: Spectrum, onset: Sequence[bool]) -> Spectrum:
        """What to turn each bin of the frames by, [frames, bins]: as the frame before it was, and on by what the track
        does not gain by itself between that frame and a hop before this one."""
        products = before.conj()
        products[1:] *= here[:-1]
        products[0] *= self._last
        self._last = here[-1]
        advances = _unit(products[:, 0] + products[:, 1])
        power = _power(here)
        peaks = _nearest_peaks(power)
        turns = np.empty_like(advances)
        turn = self._turn
        for k, attack in enumerate(onset):
            turn = turn * advances[k]
            if attack:
                # Nothing of an attack may turn against the rest of it: what sounded before goes on as it is turned
                # already, bin by bin, and what the attack has brought is left as the track has it.
                turn[power[k] > RISE * _power(before[k])] = 1.0
            else:
                turn = turn[peaks[k]]
            turns[k] = turn
        self._turn = _unit(turn)  # or its size would drift
        return turns


def _unit(z: Spectrum) -> Spectrum:
    """Each number on the unit circle; 1 where there is no angle."""
    size = np.abs(z)
    unit: Spectrum = z * np.reciprocal(np.maximum(size, _SILENCE))
    if size.min() < _SILENCE:
        unit[size < _SILENCE] = 1.0
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
    starts = peaks // bins * bins  # of their frames
    edges = np.empty(len(peaks) + 1, dtype=np.intp)
    edges[0], edges[-1] = 0, power.size
    np.copyto(edges[1:-1], np.where(peaks[:-1] < starts[1:], starts[1:], middles))
    return np.repeat(peaks - starts, edges[1:] - edges[:-1]).reshape(frames, bins)


def _power(spectra: Spectrum) -> npt.NDArray[np.float32]:
    """Of both channels together, [..., bins] of [..., 2, bins]."""
    squares: npt.NDArray[np.float32] = np.square(spectra.real)
    squares += np.square(spectra.imag)
    power: npt.NDArray[np.float32] = squares[..., 0, :] + squares[..., 1, :]
    return power
