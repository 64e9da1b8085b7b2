"""What of a song, and of the mood it is played in, a taste can be about: the features of the preference model.

All of them are linear in the model. What is liked in the middle of a range, such as a tempo, becomes so by bumps along
it; names (genre, artist, the song itself) fall into numbered boxes by their hash (Weinberger et al. 2009), so that the
model does not grow with the library.
"""

from __future__ import annotations

import functools
import itertools
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from soundit_edge.emotion import EMOTIONS
from soundit_edge.music.library.recommend.reach import Floats
from soundit_edge.music.library.song import Song

_GRID: Final = np.array([-0.7, 0.0, 0.7])
_GRID_WIDTH: Final = 0.4
_TEMPI: Final = np.log2([65.0, 82.0, 103.0, 130.0, 164.0])
_TEMPI_WIDTH: Final = 0.25  # octaves
_NO_BPM: Final = 1.0
_USUAL_LUFS: Final = -13.0
_LUFS_WIDTH: Final = 5.0
_MODES: Final = {"major": 1.0, "minor": -1.0}
_PLANE: Final = len(_GRID) ** 2
_PLAIN: Final = 7
"""One, the fit, the liking of others, the loudness; the mode, the valence, the arousal."""
_COMMON: Final = _PLAIN + _PLANE + len(_TEMPI)
"""And places in the plane, and tempi."""
_FELT: Final = 4 + _PLANE
"""For each mood: one, the mode, the valence, the arousal, places in the plane."""
_BOXES: Final = (32, 64, 128)
"""For genres, artists and songs."""
_STARTS: Final = tuple(int(n) for n in np.cumsum([_COMMON + len(EMOTIONS) * _FELT, *_BOXES]))
SIZE: Final = _STARTS[-1]


def prior() -> tuple[Floats, Floats]:
    """Return what is believed of the weights before anything was heard: mean and standard deviation, float64 [SIZE]
    each.

    Then the plain ranking decides. The figures were chosen with simulated listeners; see benches/taste.py.
    """
    mean, deviation = np.zeros(SIZE), np.zeros(SIZE)
    mean[:2] = (-0.3, 2.0)
    deviation[:_PLAIN] = (1.0, 1.5, 0.5, 0.3, 0.4, 0.6, 0.6)
    deviation[_PLAIN:_COMMON] = 0.7
    deviation[_COMMON : _STARTS[0]] = np.tile([0.7, 0.4, 1.5, 1.5, *[0.5] * _PLANE], len(EMOTIONS))
    for box, (start, end) in zip((0.9, 0.5, 0.4), itertools.pairwise(_STARTS), strict=True):
        deviation[start:end] = box
    return mean, deviation


@dataclass(frozen=True, slots=True)
class Traits:
    """Of songs: features that do not depend on the mood.

    Attributes:
        common: float64 [n, _COMMON]; column 1, the fit, is 0.
        boxes: int64 [n, 3], the features of genre, artist and song.
        known: float64 [n, 3], 0 where there is no such name.
    """

    common: Floats
    boxes: npt.NDArray[np.int64]
    known: Floats

    def rows(self, fit: Floats, felt: int) -> Floats:
        """Return all features, float64 [n, SIZE], for a fit [n] and a mood (a place in `EMOTIONS`)."""
        n = len(self.common)
        out = np.zeros((n, SIZE))
        out[:, :_COMMON] = self.common
        out[:, 1] = 2.0 * fit - 1.0
        begin = _COMMON + felt * _FELT
        out[:, begin : begin + _FELT] = self._in_mood()
        np.put_along_axis(out, self.boxes, self.known, axis=1)
        return out

    def values(self, weights: Floats, fit: Floats, felt: int) -> Floats:
        """Return `rows(fit, felt) @ weights` without making the rows."""
        begin = _COMMON + felt * _FELT
        out: Floats = self.common @ weights[:_COMMON] + weights[1] * (2.0 * fit - 1.0)
        out += self._in_mood() @ weights[begin : begin + _FELT]
        out += (weights[self.boxes] * self.known).sum(axis=1)
        return out

    def _in_mood(self) -> Floats:
        return np.concatenate([self.common[:, [0]], self.common[:, _PLAIN - 3 : _PLAIN + _PLANE]], axis=1)


def traits(songs: Sequence[Song]) -> Traits:
    """Return the features of some songs that do not depend on the mood."""
    n = len(songs)
    valence, arousal = _column(songs, "valence"), _column(songs, "arousal")
    place_v, place_a = (_bumps(values, _GRID, _GRID_WIDTH) for values in (valence, arousal))
    # A song without a beat is near no tempo.
    tempi = np.log2([_NO_BPM if song.bpm is None else min(400.0, max(20.0, song.bpm)) for song in songs])
    loudness = np.array([song.lufs or _USUAL_LUFS for song in songs])  # 0: nobody has measured it
    likings = np.array([0.0 if song.liking is None else 2.0 * song.liking - 1.0 for song in songs])
    common = np.concatenate(
        [
            np.ones((n, 1)),
            np.zeros((n, 1)),
            likings.reshape(n, 1),
            np.clip((loudness - _USUAL_LUFS) / _LUFS_WIDTH, -2.0, 2.0).reshape(n, 1),
            np.array([_MODES.get(song.mode, 0.0) for song in songs]).reshape(n, 1),
            valence.reshape(n, 1),
            arousal.reshape(n, 1),
            (place_v[:, :, np.newaxis] * place_a[:, np.newaxis, :]).reshape(n, _PLANE),
            _bumps(tempi, _TEMPI, _TEMPI_WIDTH),
        ],
        axis=1,
    )
    # Of several genres or artists the first one, which is the main one, says what a song is like.
    firsts = [(next(iter(song.genres), ""), next(iter(song.artists), "")) for song in songs]
    names = [(*map(str.casefold, first), str(song.id)) for first, song in zip(firsts, songs, strict=True)]
    boxes = np.array([[_box(kind, name) for kind, name in enumerate(each)] for each in names], dtype=np.int64)
    known = np.array([[float(bool(name)) for name in each] for each in names])
    return Traits(common, boxes.reshape(n, 3), known.reshape(n, 3))


def _column(songs: Sequence[Song], name: str) -> Floats:
    values: list[Any] = [getattr(song, name) for song in songs]
    return np.array(values, dtype=np.float64)


def _bumps(values: Floats, centres: Floats, width: float) -> Floats:
    """Return how near values [n] are to centres [k]: float64 [n, k], 0 to 1."""
    out: Floats = np.exp(-0.5 * ((values[:, np.newaxis] - centres) / width) ** 2)
    return out


@functools.lru_cache(maxsize=20_000)
def _box(kind: int, name: str) -> int:
    return _STARTS[kind] + zlib.crc32(name.encode("utf-8", "surrogatepass")) % _BOXES[kind]
