"""Any channels to two or one, each by what it is called, never by its place.

The same five channels come as L R C Ls Rs in a WAV file and as L C R Ls Rs in an Ogg one, and four of them are a
square or a diamond. FFmpeg knows a channel's name whatever its place; these weights go by it.
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
"""A sum with less than this of the power that the channels have in the mean (10 dB less) is none: they cancel. Two that
have nothing in common keep half; the widest of 41 orchestral recordings, over two seconds, keeps 0.106."""
SURE_SHARE: Final = 0.3
"""And a sum with this is one again."""
MEMORY_S: Final = 2.0
"""For so long the power of the sound counts, in the mean."""
SURE_S: Final = 0.25
"""For so long channels have to cancel before it is believed: a few samples do by chance."""

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
        # Ambisonics: two microphones back to back, out of what is alike in all directions and what is left or right.
        "AMBI0": (0.5, 0.5),
        "AMBI1": (0.5, -0.5),
        **dict.fromkeys(("AMBI2", "AMBI3"), _NOT_HEARD),
    }
)
"""What each channel, by FFmpeg's name for it, adds to left and right."""
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
"""What so many channels are taken for where the file does not name them, in the order of WAVE."""


def to_stereo(channels: Channels, names: Sequence[str]) -> Channels:
    """Mix down to left and right; no louder than the loudest channel.

    One channel is heard on both sides, and two that the file does not name are left and right. A channel with a name
    that is not known here, as a layout of more than eight may have, is heard in the middle.

    Args:
        channels: float32 [n, k], k >= 1.
        names: what each is, as FFmpeg calls it ("FL", "LFE"); of unknown ones something else for all ("NONE").

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
    if not weights.any():  # there is nothing but the effect
        weights[:] = _MIDDLE
    scaled: Channels = weights / np.abs(weights).sum(axis=0).max()
    return scaled


class ToMono:
    """Mixes a stream of stereo down to one channel, in which no voice is lost.

    That is the mean of both; where they cancel each other, because one is upside down, it is the louder one instead,
    until they no longer do. From the one to the other it goes within a piece.
    """

    def __init__(self, rate: int) -> None:
        """Args:
        rate: samples a second.
        """
        self._rate = rate
        self._powers = np.zeros(3)  # of left, right and their mean, those of old fading
        self._way = _MEAN
        self._cancelling_s = 0.0
        self.cancelling = False
        """Whether the last piece is anything but the mean, because its channels cancel each other."""

    def __call__(self, stereo: Channels) -> npt.NDArray[np.float32]:
        """Return the next float32 [n, 2] as [n]."""
        if not len(stereo):
            return np.zeros(0, dtype=np.float32)
        mean: npt.NDArray[np.float32] = (stereo[:, 0] + stereo[:, 1]) * np.float32(0.5)
        self._measure(stereo, mean)
        before, way = self._way, self._choose(len(stereo) / self._rate)
        self._way = way
        self.cancelling = not before == way == _MEAN
        if not self.cancelling:
            return mean
        turn = np.linspace(0.0, 1.0, len(stereo), dtype=np.float32)[:, np.newaxis]
        mixed: npt.NDArray[np.float32] = (stereo * (_WAYS[before] + (_WAYS[way] - _WAYS[before]) * turn)).sum(axis=1)
        return mixed

    def _measure(self, stereo: Channels, mean: npt.NDArray[np.float32]) -> None:
        kept = math.exp(-len(mean) / (MEMORY_S * self._rate))
        now = [np.square(channel, dtype=np.float64).mean() for channel in (stereo[:, 0], stereo[:, 1], mean)]
        self._powers = self._powers * kept + np.array(now) * (1.0 - kept)

    def _choose(self, seconds: float) -> int:
        """Return the way to mix from now on, after a piece of so many seconds was measured."""
        left, right, mean = self._powers
        if left + right < _SILENCE:
            return self._way
        if mean >= (MIN_SHARE if self._way == _MEAN else SURE_SHARE) * (left + right) / 2:
            self._cancelling_s = 0.0
            return _MEAN
        self._cancelling_s += seconds
        # Of two that are about as loud it keeps the one: their mean, which is nothing, lies between them.
        nothing_yet = self._way == _MEAN and self._cancelling_s > SURE_S
        if nothing_yet or (self._way != _MEAN and max(left, right) > _LOUDER * min(left, right)):
            return _LEFT_ALONE if left >= right else _RIGHT_ALONE
        return self._way


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
_WAYS: Final = np.array([(0.5, 0.5), (1.0, 0.0), (0.0, 1.0)], dtype=np.float32)
_LOUDER: Final = 4.0
_SILENCE: Final = 1e-10  # -100 dB: what two channels of nothing have in common is chance
