"""The track in shared memory, so that an audio process that takes the place of another need not compose it anew."""

from __future__ import annotations

from typing import Final

import numpy as np

from soundit_edge.music.format import CHANNELS
from soundit_edge.music.track import Track

SHELF_BYTES: Final = 24_000_000
"""Room for a minute of music; a longer track is made anew."""
_HEADER: Final = 4  # doubles: samples (0: nothing is there), onsets, beats a minute, beats to a bar


class Shelf:
    """A place for one track. Nobody reads it while another writes: the processes follow one another."""

    def __init__(self, memory: memoryview) -> None:
        """Keep a track in `memory`, all zero at first."""
        self._header = np.frombuffer(memory, dtype=np.float64, count=_HEADER)
        self._rest = memory[8 * _HEADER :]

    def put(self, track: Track) -> None:
        """Keep a track, if it fits."""
        onsets = np.zeros(0, dtype=np.int64) if track.onsets is None else track.onsets
        if onsets.nbytes + track.samples.nbytes > len(self._rest):
            return
        self._rest[: onsets.nbytes] = onsets.tobytes()
        np.frombuffer(self._rest, np.float32, track.samples.size, onsets.nbytes)[:] = track.samples.reshape(-1)
        # The number of samples last: a process that dies before has put nothing there.
        self._header[1:] = len(onsets), track.bpm, track.beats_per_bar
        self._header[0] = len(track.samples)

    def take(self, title: str) -> Track | None:
        """The track that was kept, without copying it; None where there is none."""
        count, onsets, bpm, beats = self._header
        if not count:
            return None
        found = np.frombuffer(self._rest, np.int64, int(onsets))
        samples = np.frombuffer(self._rest, np.float32, CHANNELS * int(count), found.nbytes)
        return Track(samples.reshape(-1, CHANNELS), float(bpm), int(beats), title, found)
