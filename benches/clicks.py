"""How sharp the sharpest click of some music is, beside the sharpest attack that the music has itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import signal

from soundit_edge.audio.format import RATE, Stereo

ABOVE_HZ: Final = 6_000.0
"""Where a click has much of its energy and music has little."""
CELL: Final = 12
"""Samples whose highest one counts: 0.25 ms, as long as a click is."""
BESIDE_S: Final = (0.00075, 0.010)
"""What a click stands out from lies so far before and behind it; an attack fades over more than that."""
AUDIBLE_DB: Final = -70.0
"""Re the music's highest sample: what is below counts for nothing."""
OWN_DB: Final = 12.0
"""So far may a moment of any music stand out, whatever its own attacks are like: noise alone makes 4 dB of that."""
_CHUNK: Final = 20 * RATE  # samples at a time, which bounds the memory
_HIGH_PASS: Final = signal.butter(8, ABOVE_HZ, "highpass", fs=RATE, output="sos")


@dataclass(frozen=True, slots=True)
class Click:
    """The moment of some music that stands out the most.

    Attributes:
        sharp_db: by how much its highest sample above 6 kHz stands out from the highest one in the 10 ms before and
            behind it; below 0 where all is silent.
        level_db: that sample, re the highest sample of the music.
        second: when it is.
    """

    sharp_db: float = -100.0
    level_db: float = -100.0
    second: float = 0.0


def sharpest(samples: Stereo) -> Click:
    """The click of float32 [n, 2] that is the most like one."""
    loudest = float(np.abs(samples).max(initial=0.0))
    if not loudest:
        return Click()
    overlap = RATE // 10
    pieces = (
        _of_piece(samples[max(0, first - overlap) : first + _CHUNK], loudest, max(0, first - overlap))
        for first in range(0, len(samples), _CHUNK)
    )
    return max(pieces, key=lambda click: click.sharp_db)


def allowed_db(own: Click) -> float:
    """How sharp music may become under the engine whose own sharpest attack this is."""
    return max(own.sharp_db, OWN_DB)


def _of_piece(samples: Stereo, loudest: float, start: int) -> Click:
    high = np.abs(signal.sosfilt(_HIGH_PASS, samples.astype(np.float64), axis=0)).max(axis=1)
    count = len(high) // CELL
    peaks = high[: count * CELL].reshape(count, CELL).max(axis=1)
    near, far = (round(seconds * RATE / CELL) for seconds in BESIDE_S)
    if count <= 2 * far:
        return Click()
    beside = np.lib.stride_tricks.sliding_window_view(np.pad(peaks, far), far - near + 1).max(axis=1)
    around = np.maximum(beside[:count], beside[far + near : far + near + count])
    level = 20.0 * np.log10(np.maximum(peaks / loudest, 1e-9))
    sharp = 20.0 * np.log10(np.maximum(peaks, 1e-12) / (around + loudest * 10 ** (AUDIBLE_DB / 20) / 10))
    heard = np.where(level > AUDIBLE_DB, sharp, -100.0)
    heard[:far] = heard[-far:] = -100.0  # a beginning and an end are no clicks
    best = int(heard.argmax())
    return Click(float(heard[best]), float(level[best]), (start + best * CELL) / RATE)
