"""The newest-value mailbox: a slow reader loses old values, never gains a queue."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class MailboxStatistics:
    """What became of the values offered so far: offered = taken + dropped + (1 if one is waiting)."""

    offered: int
    taken: int
    dropped: int
    waiting: bool


class Mailbox(Generic[T]):
    """Holds at most one value, the newest; an untaken older one is dropped and counted. Safe between threads."""

    def __init__(self, on_offer: Callable[[], None] | None = None) -> None:
        """Call `on_offer`, if given, after each offer, in the offering thread and outside the mailbox's lock."""
        self._lock = threading.Lock()
        self._value: T | None = None
        self._full = False
        self._offered = 0
        self._taken = 0
        self._on_offer = on_offer

    def offer(self, value: T) -> None:
        """Put a value in, in place of an older one. Never waits."""
        with self._lock:
            self._value = value
            self._full = True
            self._offered += 1
        if self._on_offer is not None:
            self._on_offer()

    def take(self) -> T | None:
        """Take the value out, or None where none is waiting. Never waits."""
        with self._lock:
            value, self._value = self._value, None
            self._taken += self._full
            self._full = False
            return value

    @property
    def waiting(self) -> bool:
        with self._lock:
            return self._full

    def statistics(self) -> MailboxStatistics:
        with self._lock:
            return MailboxStatistics(
                offered=self._offered,
                taken=self._taken,
                dropped=self._offered - self._taken - self._full,
                waiting=self._full,
            )
