"""Mixing of any channels down to two or one, each weighted by its name, never by its place.

The same five channels come as L R C Ls Rs in a WAV file and as L C R Ls Rs in an Ogg file, and four channels are a
square or a diamond. FFmpeg knows the name of each channel, whatever its place.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Channels: TypeAlias = npt.NDArray[np.float32]
"""float32 [n, channels]."""

MIN_SHARE: Final = 0.1
"""Channels cancel where their mean has less than this share of their mean power (10 dB less). Two channels that have
nothing in common keep half; the widest of 41 orchestral recordings, over two seconds, keeps 0.106."""
SURE_SHARE: Final = 0.3
"""Channels have ceased to cancel where their mean has at least this share of their mean power."""
MEMORY_S: Final = 2.0
"""Time constant, in seconds, of the running mean of the power."""
SURE_S: Final = 0.25
"""Seconds for which channels have to cancel before the mix changes: a few samples cancel by chance."""

_SIDE: Final = 0.7071  # a channel in the middle or behind: 3 dB down (ITU-R BS.775-3, table 2)
_LEFT, _RIGHT, _MIDDLE = (1.0, 0.0), (0.0, 1.0), (_SIDE, _SIDE)
_LEFT_BEHIND, _RIGHT_BEHIND = (_SIDE, 0.0), (0.0, _SIDE)
_NOT_HEARD: Final = (0.0, 0.0)
_WEIGHTS: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        **dict.fromkeys(("FL", "FLC", "DL", "WL", "BIL"), _LEFT),
        **dict.fromkeys(("FR", "FRC", "DR", "WR", "BIR"), _RIGHT),
        **dict.fromkeys(("FC", "BC", "TC", "TFC", "TBC", "BFC"), _MIDDLE),
        **dict.fromkeys(("BL", "SL", "SDL", "TFL", "TBL", "TSL", "BFL", "SSL", "TTL"), _LEFT_BEHIND),
        **dict.fromkeys(("BR", "SR", "SDR", "TFR", "TBR", "TSR", "BFR", "SSR", "TTR"), _RIGHT_BEHIND),
        **dict.fromkeys(("LFE", "LFE2"), _NOT_HEARD),  # an effect, in no mix of fewer channels (BS.775-3, annex 7)
        # Ambisonics: two microphones back to back, out of the omnidirectional and the left-right component.
        "AMBI0": (0.5, 0.5),
        "AMBI1": (0.5, -0.5),
        **dict.fromkeys(("AMBI2", "AMBI3"), _NOT_HEARD),
    }
)
"""The weights with which each channel, by FFmpeg's name for it, is added to left and right."""
_USUAL: Final = (
    ("FC",),
    ("FL", "FR"),
    ("FL", "FR", "FC"),
    ("FL", "FR", "BL", "BR"),
    ("FL", "FR", "FC", "BL", "BR"),
    ("FL", "FR", "FC", "LFE", "BL", "BR"),
    ("FL", "FR", "FC", "LFE", "BC", "SL", "SR"),
    ("FL", "FR", "FC", "LFE", "BL", "BR", "SL", "SR"),
)
"""The names of 1, 2, ... channels where the file does not name them, in the order of WAVE."""


def to_stereo(channels: Channels, names: Sequence[str]) -> Channels:
    """Mix channels down to left and right, no louder than the loudest of them.

    One channel is heard on both sides, and two that the file does not name are left and right. A channel with a name
    that is not known here, as a layout of more than eight may have, is heard in the middle.

    Args:
        channels: float32 [n, k], k >= 1.
        names: FFmpeg's name of each channel ("FL", "LFE"); where the file names none, any other text ("NONE", "").

    Returns:
        float32 [n, 2], contiguous.
    """
    weights = _matrix(tuple(names))
    if weights.shape == (2, 2) and (weights == np.eye(2)).all():
        return np.ascontiguousarray(channels)
    return np.ascontiguousarray(channels @ weights)


@functools.lru_cache(maxsize=64)
def _matrix(names: tuple[str, ...]) -> Channels:
    """Return the weights of some channels, float32 [channels, 2]; those of the louder side sum to 1."""
    if len(names) == 1:
        return np.ones((1, 2), dtype=np.float32)
    if not any(name in _WEIGHTS for name in names) and len(names) <= len(_USUAL):
        names = _USUAL[len(names) - 1]
    weights = np.array([_WEIGHTS.get(name, _MIDDLE) for name in names], dtype=np.float32)
    if not weights.any():  # there are no channels but those that are not heard
        weights[:] = _MIDDLE
    scaled: Channels = weights / np.abs(weights).sum(axis=0).max()
    return scaled


class ToMono:
    """Mixes a stream of stereo down to one channel, in which no voice is lost.

    The result is the mean of both channels; where they cancel, because one is inverted, it is the louder channel
    instead, until they no longer cancel. A change between the two is a crossfade over one block.
    """

    def __init__(self, rate: int) -> None:
        """Start with the mean of both channels.

        Args:
            rate: samples per second.
        """
        self._rate = rate
        self._powers = np.zeros(3)  # running means of the powers of left, right and their mean
        self._mix = _MEAN
        self._cancelling_s = 0.0
        self.cancelling = False
        """Whether the last piece is anything but the mean, because its channels cancel each other."""

    def __call__(self, stereo: Channels) -> npt.NDArray[np.float32]:
        """Return the next block, float32 [n, 2], as float32 [n]."""
        if not len(stereo):
            return np.zeros(0, dtype=np.float32)
        mean: npt.NDArray[np.float32] = (stereo[:, 0] + stereo[:, 1]) * np.float32(0.5)
        self._measure(stereo, mean)
        before, now = self._mix, self._choose(len(stereo) / self._rate)
        self._mix = now
        self.cancelling = not before == now == _MEAN
        if not self.cancelling:
            return mean
        fade = np.linspace(0.0, 1.0, len(stereo), dtype=np.float32)[:, np.newaxis]
        mixed: npt.NDArray[np.float32] = (stereo * (_MIXES[before] + (_MIXES[now] - _MIXES[before]) * fade)).sum(axis=1)
        return mixed

    def _measure(self, stereo: Channels, mean: npt.NDArray[np.float32]) -> None:
        kept = math.exp(-len(mean) / (MEMORY_S * self._rate))
        now = [np.square(channel, dtype=np.float64).mean() for channel in (stereo[:, 0], stereo[:, 1], mean)]
        self._powers = self._powers * kept + np.array(now) * (1.0 - kept)

    def _choose(self, seconds: float) -> int:
        """Return the mix from now on, after a block of `seconds` was measured."""
        left, right, mean = self._powers
        if left + right < _SILENCE:
            return self._mix
        if mean >= (MIN_SHARE if self._mix == _MEAN else SURE_SHARE) * (left + right) / 2:
            self._cancelling_s = 0.0
            return _MEAN
        self._cancelling_s += seconds
        # It changes sides only for a much louder one, because the crossfade passes through the mean, which is silent.
        leaves_mean = self._mix == _MEAN and self._cancelling_s > SURE_S
        if leaves_mean or (self._mix != _MEAN and max(left, right) > _LOUDER * min(left, right)):
            return _LEFT_ALONE if left >= right else _RIGHT_ALONE
        return self._mix


def without_cancelling(stereo: Channels, rate: int) -> Channels:
    """Return sound whose two channels can be added: where they cancel each other, both are what `ToMono` makes of them.

    Args:
        stereo: float32 [n, 2], all of it, so that its beginning is known when it comes.
        rate: samples per second.

    Returns:
        float32 [n, 2]; `stereo` itself where nothing cancels.
    """
    mixer = ToMono(rate)
    out: Channels = stereo
    step, known = round(_STEP_S * rate), round(MEMORY_S * rate)
    for begin in [*range(0, min(known, len(stereo)), step), *range(0, len(stereo), step)]:
        mono = mixer(stereo[begin : begin + step])
        if mixer.cancelling:
            out = stereo.copy() if out is stereo else out
            out[begin : begin + step] = mono[:, np.newaxis]
    return out


_STEP_S: Final = 0.1
_MEAN, _LEFT_ALONE, _RIGHT_ALONE = range(3)
_MIXES: Final = np.array([(0.5, 0.5), (1.0, 0.0), (0.0, 1.0)], dtype=np.float32)
_LOUDER: Final = 4.0  # ratio of powers
_SILENCE: Final = 1e-10  # power, -100 dB: below it, what two channels have in common is chance
