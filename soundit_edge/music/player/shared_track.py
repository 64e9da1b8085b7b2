"""A track in shared memory, which several processes use without a copy of their own.

The memory has no name: it is an open file that one process sends to the other (`fd_channel`), and is freed when the
last process has closed it.
"""

from __future__ import annotations

import math
import mmap
import os
from typing import Final

import numpy as np

from soundit_edge.audio.format import CHANNELS
from soundit_edge.music.track import Track

_HEADER: Final = 7
"""Doubles: samples, bytes to a sample, onsets, bar lines, first bar, beats per minute (NaN: none), beats to a bar."""


def export(track: Track) -> int:
    """Copy a track into shared memory, and return the descriptor of its open file, which the caller has to close.

    Raises:
        OSError: there is not enough memory.
    """
    onsets, lines = (
        np.zeros(0, dtype=np.int64) if places is None else places.astype(np.int64)
        for places in (track.onsets, track.bar_lines)
    )
    samples = track.samples
    descriptor = os.memfd_create("soundit-track")
    try:
        # Reserved, not merely made that long: where memory is short, this call fails and not the first write.
        os.posix_fallocate(descriptor, 0, 8 * _HEADER + onsets.nbytes + lines.nbytes + samples.nbytes)
        with mmap.mmap(descriptor, 0) as memory:
            sizes = (len(samples), samples.itemsize, len(onsets), len(lines))
            bpm = math.nan if track.bpm is None else track.bpm
            header = np.array([*sizes, track.first_bar, bpm, track.beats_per_bar], dtype=np.float64)
            memory.write(header.tobytes())
            memory.write(onsets.tobytes())
            memory.write(lines.tobytes())
            memory.write(np.ascontiguousarray(samples).data)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def attach(descriptor: int, title: str) -> Track:
    """Return the track in an open file that `export` made, without copying it; the descriptor may be closed then."""
    memory = mmap.mmap(descriptor, 0, prot=mmap.PROT_READ)
    header = np.frombuffer(memory, dtype=np.float64, count=_HEADER)
    bpm = None if math.isnan(header[5]) else float(header[5])
    count, size, known, bars, first_bar, beats = map(int, np.delete(header, 5))
    onsets = np.frombuffer(memory, np.int64, known, 8 * _HEADER)
    lines = np.frombuffer(memory, np.int64, bars, 8 * (_HEADER + known)) if bars else None
    kind: np.dtype[np.float32 | np.int16] = np.dtype(np.int16 if size == 2 else np.float32)
    samples = np.frombuffer(memory, kind, CHANNELS * count, 8 * (_HEADER + known + bars))
    return Track(samples.reshape(-1, CHANNELS), bpm, beats, title, onsets, first_bar, lines)
