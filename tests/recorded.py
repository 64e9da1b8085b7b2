"""What a recording has of what was played. A busy machine may be late: gaps are measured, and have to be reported."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

RATE: Final = 48_000
FRAME_BYTES: Final = 8  # two float32
WINDOW: Final = 32
"""Frames of music that are found only where they were taken from."""

STARTING: Final = RATE // 10
"""Frames that the sound server may lose until its stream has begun, at the start and after each gap."""

GAP_S: Final = 0.005
"""A shorter silence may be the music's own."""

Samples = npt.NDArray[np.float32]


class Piece(NamedTuple):
    """An unbroken stretch of what was played, in frames: where it was heard, where it is from, and how long it is."""

    heard: int
    due: int
    length: int


def pieces(due: Samples, heard: Samples) -> list[Piece]:
    """Return the stretches of `heard` [m, 2] that are `due` [n, 2] sample for sample, in order of time."""
    source = np.ascontiguousarray(due).tobytes()
    found: list[Piece] = []
    place = since = 0
    for at in np.flatnonzero(heard.any(axis=1)):
        if at < place or at + WINDOW > len(heard):
            continue
        window = np.ascontiguousarray(heard[at : at + WINDOW]).tobytes()
        start = source.find(window, since * FRAME_BYTES)
        if start < 0 or start % FRAME_BYTES:
            continue
        start //= FRAME_BYTES
        count = min(len(due) - start, len(heard) - at)
        same = (due[start : start + count] == heard[at : at + count]).all(axis=1)
        length = count if same.all() else int(np.argmin(same))
        found.append(Piece(int(at), start, length))
        place, since = int(at) + length, start + length
    return found


def assert_played(due: Samples, heard: Samples, underruns: int) -> None:
    """Assert that `heard` is `due` [n, 2], sample for sample, in order, with no more gaps than were reported.

    After a gap the server may lose up to `STARTING` frames, as at the start. What is heard after the end of `due` may
    be anything.
    """
    found = pieces(due, heard)
    assert found, "nothing of it was heard"
    assert len(found) <= 1 + underruns, found
    reached = 0
    for piece in found:
        assert reached <= piece.due <= reached + STARTING, found
        reached = piece.due + piece.length
    assert reached == len(due), found
    foreign = heard[: found[-1].heard].copy()
    for piece in found[:-1]:
        foreign[piece.heard : piece.heard + piece.length] = 0.0
    assert not foreign.any(), "between the pieces there is silence"


def best_match(due: npt.NDArray[np.floating[Any]], heard: npt.NDArray[np.floating[Any]]) -> tuple[int, float]:
    """Return where in `heard` [m] something is most like `due` [n], and how like: the correlation, from -1 to 1."""
    size = 1 << (len(heard) + len(due)).bit_length()
    spectrum = np.fft.rfft(heard, size) * np.fft.rfft(due, size).conj()
    product = np.fft.irfft(spectrum, size)[: len(heard) - len(due) + 1]
    energy = np.cumsum(np.concatenate([[0.0], np.square(heard, dtype=np.float64)]))
    power = energy[len(due) :] - energy[: -len(due)]
    likeness = product / np.sqrt(np.maximum(power * np.square(due).sum(), 1e-12))
    place = int(np.argmax(likeness))
    return place, float(likeness[place])


def gaps(heard: Samples, seconds: float = GAP_S) -> list[float]:
    """Return how long each digital silence is between the first and the last sound of [n, 2], from `seconds` on."""
    silences = np.diff(np.flatnonzero(np.abs(heard).max(axis=1) > 1e-5)) / RATE
    return [float(silence) for silence in silences if silence >= seconds]


def longest_sound(heard: Samples) -> Samples:
    """Return the longest stretch of [n, 2] that no digital silence of `GAP_S` interrupts."""
    loud = np.flatnonzero(np.abs(heard).max(axis=1) > 1e-5)
    stretches = np.split(loud, np.flatnonzero(np.diff(loud) >= GAP_S * RATE) + 1)
    longest = max(stretches, key=len)
    return heard[longest[0] : longest[-1] + 1]
