"""Interleaves the frames and the sound of one file in order of time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Final

from soundit_edge.capture.capture import Frame, Sound

MAX_HELD_FRAMES_S: Final = 2.0
"""How far the sound of a file may lag behind its pictures before they are passed on without it."""
MAX_HELD_SOUND_S: Final = 10.0
"""The same for pictures behind the sound, which takes less memory: a slow film is decoded some seconds ahead."""


class Interleaved:
    """Puts the two streams of a file into one order of time, holding back as little as possible."""

    def __init__(self, both: bool) -> None:
        """Start with empty queues.

        Args:
            both: whether the file has picture and sound; otherwise nothing is held back.
        """
        self._frames: deque[Frame | Sound] = deque()
        self._sounds: deque[Frame | Sound] = deque()
        self._both = both
        self._newest_s = 0.0

    def add(self, item: Frame | Sound) -> None:
        """Add the next item of either stream."""
        (self._frames if isinstance(item, Frame) else self._sounds).append(item)
        self._newest_s = max(self._newest_s, item.t)

    def ready(self) -> Iterator[Frame | Sound]:
        """Yield the items that no later item can precede."""
        while self._frames or self._sounds:
            queue = self._earlier()
            complete = not self._both or (self._frames and self._sounds)
            patience_s = MAX_HELD_FRAMES_S if self._frames else MAX_HELD_SOUND_S
            if not complete and self._newest_s - queue[0].t < patience_s:
                return
            yield queue.popleft()

    def rest(self) -> Iterator[Frame | Sound]:
        """Yield all items that are still held back."""
        while self._frames or self._sounds:
            yield self._earlier().popleft()

    def _earlier(self) -> deque[Frame | Sound]:
        if not self._frames or not self._sounds:
            return self._frames or self._sounds
        return self._frames if self._frames[0].t <= self._sounds[0].t else self._sounds
