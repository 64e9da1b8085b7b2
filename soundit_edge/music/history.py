"""The last reasons for which the music changed."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

KEPT: Final = 5


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the music changed at the moment `t`, in words."""

    t: float
    words: str


class History:
    """Keeps the last `KEPT` reasons."""

    def __init__(self) -> None:
        self._reasons: deque[Reason] = deque(maxlen=KEPT)

    def note(self, t: float, words: str) -> bool:
        """Take note of the reason in force; one of the same moment as the latest takes its place.

        Returns:
            Whether it is another one than the latest.
        """
        reason = Reason(t, words)
        if not words or reason == self.latest:
            return False
        if self.latest is not None and self.latest.t == t:
            self._reasons.pop()
        self._reasons.append(reason)
        return True

    @property
    def latest(self) -> Reason | None:
        return self._reasons[-1] if self._reasons else None

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The newest first."""
        return tuple(reversed(self._reasons))
