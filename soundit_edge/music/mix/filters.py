"""The filters of the mix, run together by overlap-save: one transform of a block for all of them.

The tone: what lies low and what lies high, each more or less, as shelves. The sides without lows, and the middle with
the phase that this gives them, so that what is left stays left down to the cut-off. And what the walls of the room give
back. The responses are those of recursive filters, cut to `TAPS`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import BLOCK, RATE

LOW_HZ: Final = 110.0
"""Below this the low shelf acts."""
AIR_HZ: Final = 5_000.0
"""Above this the high shelf acts."""
MONO_HZ: Final = 165.0
"""Where the sides are half as much: from 150 Hz down left and right are the same to the ear, and a small speaker, a
subwoofer or a record loses nothing."""
WALLS_HZ: Final = 10_000.0
"""The walls take the highs above this, and no less than the sides' lows."""
TAPS: Final = BLOCK
RAMP: Final = (np.arange(1, BLOCK + 1) / BLOCK).astype(np.float32)
"""From one block's value to the next one's."""
_SIZE: Final = 2 * BLOCK

Lines = npt.NDArray[np.float32]
"""float32 [lines, n]."""
Taps = npt.NDArray[np.float64]


def one_pole(hertz: float) -> Taps:
    """Return the impulse response of a low-pass of the first order; the impulse less it is the high-pass."""
    tangent = np.tan(np.pi * hertz / RATE)
    gain, pole = tangent / (1 + tangent), (1 - tangent) / (1 + tangent)
    taps: Taps = gain * (1 + pole) * pole ** (np.arange(TAPS) - 1.0)
    taps[0] = gain
    return taps


def high_pass(hertz: float) -> Taps:
    """Return the impulse response of a Linkwitz-Riley high-pass of the fourth order: two Butterworth ones of second
    order in a row, half as much at its cut-off."""
    second = _second_order(hertz, lambda a1, a2, norm: (norm, -2 * norm, norm))
    return np.convolve(second, second)[:TAPS]


def all_pass(hertz: float) -> Taps:
    """Return the impulse response of an all-pass of the second order, which has the phase of `high_pass`."""
    return _second_order(hertz, lambda a1, a2, norm: (a2, a1, 1.0))


def _second_order(hertz: float, numerator: Callable[[float, float, float], tuple[float, float, float]]) -> Taps:
    """Return the impulse response of a filter with the poles of a Butterworth filter of second order.

    Args:
        hertz: the poles' frequency.
        numerator: gives the filter's numerator for the denominator's a1 and a2, and for its norm.
    """
    tangent = float(np.tan(np.pi * hertz / RATE))
    norm = 1 / (1 + math.sqrt(2) * tangent + tangent**2)
    a1, a2 = 2 * (tangent**2 - 1) * norm, (1 - math.sqrt(2) * tangent + tangent**2) * norm
    taps, past = np.zeros(TAPS), (0.0, 0.0)
    fed = (*numerator(a1, a2, norm), 0.0)
    for n in range(TAPS):
        taps[n] = fed[min(n, 3)] - a1 * past[0] - a2 * past[1]
        past = (taps[n], past[0])
    return taps


def _spectrum(taps: Taps) -> npt.NDArray[np.complex128]:
    return np.fft.rfft(taps, _SIZE)


_IMPULSE: Final = np.eye(1, TAPS)[0]
_LOW: Final = _spectrum(one_pole(LOW_HZ))
_AIR: Final = _spectrum(_IMPULSE - one_pole(AIR_HZ))
_SIDES: Final = _spectrum(high_pass(MONO_HZ))
_MIDDLE: Final = _spectrum(all_pass(MONO_HZ))
_WALLS: Final = _SIDES * _spectrum(one_pole(WALLS_HZ))
_HEARD: Final = np.square(np.abs(1.0 - _LOW)) * 2 / _SIZE**2


def _responses(low: float, air: float) -> npt.NDArray[np.complex128]:
    """Return the spectra for the middle, the sides and the walls, complex128 [3, _SIZE // 2 + 1]."""
    tone = 1.0 + low * _LOW + air * _AIR
    return np.stack([tone * _MIDDLE, tone * _SIDES, _WALLS])


class Filters:
    """Filters the middle, the sides, and what is sent to the walls."""

    def __init__(self, low: float, air: float) -> None:
        """Begin in silence, with so much of the lows and of the air added, as shares."""
        self._tone = (low, air)
        self._response = _responses(low, air)
        self._input = np.zeros((3, _SIZE), dtype=np.float32)
        self.power = 0.0
        """Mean power of the block's middle and sides without their lows, which are felt more than they are loud."""

    def process(self, sound: Lines, low: float, air: float) -> Lines:
        """Return the filtered lines, float32 [3, BLOCK], of float32 [3, BLOCK], gliding to this tone."""
        self._input[:, :BLOCK] = self._input[:, BLOCK:]
        self._input[:, BLOCK:] = sound
        spectrum = np.fft.rfft(self._input)
        heard = spectrum[:2]
        self.power = float(((np.square(heard.real) + np.square(heard.imag)) @ _HEARD).sum())
        out = np.fft.irfft(spectrum * self._response)[:, -BLOCK:]
        if (low, air) != self._tone:
            self._tone, self._response = (low, air), _responses(low, air)
            out += RAMP * (np.fft.irfft(spectrum * self._response)[:, -BLOCK:] - out)
        return out.astype(np.float32)
