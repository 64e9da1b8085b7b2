"""The newest-value mailbox: a slow reader misses old values, and no queue builds up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class MailboxStatistics:
    """Counts of the values offered so far: offered = taken + dropped + (1 if one is waiting)."""

    offered: int
    taken: int
    dropped: int
    waiting: bool


class Mailbox(Generic[T]):
    """Holds at most one value, the newest; an older value that was not taken is dropped and counted. Thread-safe."""

    def __init__(self, on_offer: Callable[[], None] | None = None) -> None:
        """Start empty.

        Args:
            on_offer: called after each offer, in the offering thread and outside the mailbox's lock.
        """
        self._lock = threading.Lock()
        self._value: T | None = None
        self._full = False
        self._offered = 0
        self._taken = 0
        self._on_offer = on_offer

    def offer(self, value: T) -> None:
        """Put a value in, replacing an older one. Never waits."""
        with self._lock:
            self._value = value
            self._full = True
            self._offered += 1
        if self._on_offer is not None:
            self._on_offer()

    def take(self) -> T | None:
        """Take the value out and return it; None where none is waiting. Never waits."""
        with self._lock:
            value, self._value = self._value, None
            self._taken += self._full
            self._full = False
            return value

    def discard(self) -> None:
        """Drop the value that is waiting, if there is one; it counts as dropped."""
        with self._lock:
            self._value, self._full = None, False

    @property
    def waiting(self) -> bool:
        """Return whether a value is waiting to be taken."""
        with self._lock:
            return self._full

    def statistics(self) -> MailboxStatistics:
        """Return the counts of the values offered so far."""
        with self._lock:
            return MailboxStatistics(
                offered=self._offered,
                taken=self._taken,
                dropped=self._offered - self._taken - self._full,
                waiting=self._full,
            )
