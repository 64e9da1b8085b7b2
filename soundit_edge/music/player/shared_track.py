"""A track in shared memory, which several processes can have without a copy of their own.

The memory has no name: it is an open file that is handed from one process to the other (`handover`), and is gone when
the last of them lets it go.
"""

from __future__ import annotations

import mmap
import os
from typing import Final

import numpy as np

from soundit_edge.audio.format import CHANNELS
from soundit_edge.music.track import Track

_HEADER: Final = 7  # doubles: samples, bytes to a sample, onsets, bar lines, first bar, beats a minute, beats to a bar


def export(track: Track) -> int:
    """Keep a track. Gives the open file that has it, which is for the caller to close.

    Raises:
        OSError: there is no memory for it.
    """
    onsets, lines = (
        np.zeros(0, dtype=np.int64) if places is None else places.astype(np.int64)
        for places in (track.onsets, track.bar_lines)
    )
    samples = track.samples
    descriptor = os.memfd_create("soundit-track")
    try:
        # Reserved, not only made as long: where memory is short this fails, and not the first touch of it.
        os.posix_fallocate(descriptor, 0, 8 * _HEADER + onsets.nbytes + lines.nbytes + samples.nbytes)
        with mmap.mmap(descriptor, 0) as memory:
            sizes = (len(samples), samples.itemsize, len(onsets), len(lines))
            header = np.array([*sizes, track.first_bar, track.bpm, track.beats_per_bar], dtype=np.float64)
            memory.write(header.tobytes())
            memory.write(onsets.tobytes())
            memory.write(lines.tobytes())
            memory.write(np.ascontiguousarray(samples).data)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def attach(descriptor: int, title: str) -> Track:
    """The track that an open file has, without copying it; the file may be closed then."""
    memory = mmap.mmap(descriptor, 0, prot=mmap.PROT_READ)
    header = np.frombuffer(memory, dtype=np.float64, count=_HEADER)
    count, size, known, bars, first_bar, _, beats = map(int, header)
    onsets = np.frombuffer(memory, np.int64, known, 8 * _HEADER)
    lines = np.frombuffer(memory, np.int64, bars, 8 * (_HEADER + known)) if bars else None
    kind: np.dtype[np.float32 | np.int16] = np.dtype(np.int16 if size == 2 else np.float32)
    samples = np.frombuffer(memory, kind, CHANNELS * count, 8 * (_HEADER + known + bars))
    return Track(samples.reshape(-1, CHANNELS), float(header[5]), beats, title, onsets, first_bar, lines)
