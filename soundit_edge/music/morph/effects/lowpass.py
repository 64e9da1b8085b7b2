"""Brightness: a low-pass whose cut-off may move with every block."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import BLOCK, CHANNELS, RATE, Stereo
from soundit_edge.music.morph.ramp import RAISED_COSINE

TAPS: Final = 257
DELAY: Final = TAPS // 2
"""Samples by which the output is late, the same at all frequencies."""
_SIZE: Final = 1024  # of the transforms: TAPS - 1 + BLOCK fit, so nothing wraps into what is kept


class LowPass:
    """A linear-phase filter with the gentle slope of a second-order Butterworth, run by overlap-save.

    It has no feedback, so old and new coefficients see the same past, and cross-fading their outputs over a block
    changes them without a click. The fade is the only state besides the past itself.
    """

    def __init__(self, cutoff_hz: float) -> None:
        self._cutoff = cutoff_hz
        self._response = _response(cutoff_hz)
        self._input = np.zeros((CHANNELS, _SIZE))

    def process(self, block: Stereo, cutoff_hz: float) -> Stereo:
        """Filter float32 [`BLOCK`, 2], moving from the cut-off before to `cutoff_hz` in its course."""
        self._input[:, :-BLOCK] = self._input[:, BLOCK:]
        self._input[:, -BLOCK:] = block.T
        spectrum = np.fft.rfft(self._input)
        out = _filtered(spectrum, self._response)
        if cutoff_hz != self._cutoff:
            self._cutoff = cutoff_hz
            self._response = _response(cutoff_hz)
            out += RAISED_COSINE * (_filtered(spectrum, self._response) - out)
        return out.T.astype(np.float32, order="C")


_HERTZ: Final = np.fft.rfftfreq(_SIZE, 1 / RATE)
_TAPER: Final = np.hanning(TAPS + 2)[1:-1]


def _response(cutoff_hz: float) -> npt.NDArray[np.complex128]:
    """The filter's spectrum, complex128 [_SIZE // 2 + 1]."""
    magnitude = 1.0 / np.sqrt(1.0 + np.square(np.square(_HERTZ / cutoff_hz)))
    impulse = np.fft.irfft(magnitude)
    taps = np.concatenate([impulse[-DELAY:], impulse[: DELAY + 1]]) * _TAPER
    return np.fft.rfft(taps / taps.sum(), _SIZE)


def _filtered(spectrum: npt.NDArray[np.complex128], response: npt.NDArray[np.complex128]) -> npt.NDArray[np.float64]:
    return np.fft.irfft(spectrum * response)[:, -BLOCK:]
