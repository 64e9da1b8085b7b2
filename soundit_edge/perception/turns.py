"""Turns of several cameras at one sense: none is left out because another one's frame always comes a moment later."""

from __future__ import annotations

import threading

from soundit_edge.capture.capture import Frame
from soundit_edge.mailbox import Mailbox


class CameraTurns:
    """Offers frames to a mailbox, in which a frame waits that is due before one of a camera read later. Thread-safe."""

    def __init__(self, mailbox: Mailbox[Frame]) -> None:
        """Offer to a mailbox; whoever takes a frame out calls `took`."""
        self._mailbox = mailbox
        self._lock = threading.Lock()
        self._waiting: int | None = None  # the camera whose frame is in the mailbox, unless that is empty
        self._taken = 0
        self._read: dict[int, int] = {}  # by camera, when it was read last, counted in frames

    def offer(self, frame: Frame) -> None:
        """Offer a frame, unless that of another camera waits which was read less lately. Never waits."""
        with self._lock:
            waiting = self._waiting if self._mailbox.waiting else None
            if waiting not in (None, frame.camera) and self._last(frame.camera) >= self._last(waiting):
                return
            self._waiting = frame.camera
        self._mailbox.offer(frame)

    def took(self, frame: Frame) -> None:
        """Note that a frame was taken out to be read."""
        with self._lock:
            self._taken += 1
            self._read[frame.camera] = self._taken

    def _last(self, camera: int | None) -> int:
        return self._read.get(camera, 0) if camera is not None else 0
