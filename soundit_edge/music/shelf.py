"""A track in shared memory, which several processes can have without a copy of their own.

The memory has no name: it is an open file that is handed from one process to the other (`handover`), and is gone when
the last of them lets it go.
"""

from __future__ import annotations

import mmap
import os
from typing import Final

import numpy as np

from soundit_edge.music.format import CHANNELS
from soundit_edge.music.track import Track

_HEADER: Final = 6  # doubles: samples, bytes to a sample, onsets, first bar, beats a minute, beats to a bar


def put(track: Track) -> int:
    """Keep a track. Gives the open file that has it, which is for the caller to close.

    Raises:
        OSError: there is no memory for it.
    """
    onsets = np.zeros(0, dtype=np.int64) if track.onsets is None else track.onsets.astype(np.int64)
    samples = track.samples
    descriptor = os.memfd_create("soundit-track")
    try:
        # Reserved, not only made as long: where memory is short this fails, and not the first touch of it.
        os.posix_fallocate(descriptor, 0, 8 * _HEADER + onsets.nbytes + samples.nbytes)
        with mmap.mmap(descriptor, 0) as memory:
            header = (len(samples), samples.itemsize, len(onsets), track.first_bar, track.bpm, track.beats_per_bar)
            memory.write(np.array(header, dtype=np.float64).tobytes())
            memory.write(onsets.tobytes())
            memory.write(np.ascontiguousarray(samples).data)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def take(descriptor: int, title: str) -> Track:
    """The track that an open file has, without copying it; the file may be closed then."""
    memory = mmap.mmap(descriptor, 0, prot=mmap.PROT_READ)
    count, size, known, first_bar, bpm, beats = np.frombuffer(memory, dtype=np.float64, count=_HEADER)
    onsets = np.frombuffer(memory, np.int64, int(known), 8 * _HEADER)
    kind: np.dtype[np.float32 | np.int16] = np.dtype(np.int16 if size == 2 else np.float32)
    samples = np.frombuffer(memory, kind, CHANNELS * int(count), 8 * _HEADER + onsets.nbytes)
    return Track(samples.reshape(-1, CHANNELS), float(bpm), int(beats), title, onsets, int(first_bar))
