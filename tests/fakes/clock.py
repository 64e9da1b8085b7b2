"""A clock that stands still until a test turns it."""

from __future__ import annotations


class ManualClock:
    """Time as the test says; never going back."""

    def __init__(self, seconds: float = 0.0) -> None:
        self._seconds = seconds

    def now(self) -> float:
        return self._seconds

    def advance(self, seconds: float) -> None:
        assert seconds >= 0
        self._seconds += seconds
