"""Looks at the newest picture, again and again, in a thread of its own and only while a lesson is given."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from soundit_edge.capture.capture import Frame
from soundit_edge.mailbox import Mailbox
from soundit_edge.senses.own.observe import Observer, Sight

MIN_PERIOD_S: Final = 0.09
"""From one look to the next: ten pictures a second are enough, and leave time for the senses."""


class Watcher:
    """Hands the newest picture to an observer."""

    def __init__(self, make: Callable[[], Observer], saw: Callable[[Sight], None]) -> None:
        """Look at nothing yet.

        Args:
            make: loads the observer's models; called in the thread of `run`.
            saw: takes what a picture shows, in that thread.
        """
        self._make = make
        self._saw = saw
        self._woken = threading.Event()
        self._stopped = False
        self._frames = Mailbox[Frame](self._woken.set)

    def offer(self, frame: Frame) -> None:
        """Let a picture be looked at, unless a newer one comes before. Never waits."""
        self._frames.offer(frame)

    def run(self) -> None:
        """Look until `stop`.

        Raises:
            InferenceError: a model is missing or damaged.
        """
        observer = self._make()
        looked_at = float("-inf")
        while not self._stopped:
            self._woken.wait()
            self._woken.clear()
            frame = self._frames.take()
            if frame is not None and not 0 <= frame.t - looked_at < MIN_PERIOD_S:
                looked_at = frame.t
                self._saw(observer.look(frame))

    def stop(self) -> None:
        """Make `run` return soon."""
        self._stopped = True
        self._woken.set()
