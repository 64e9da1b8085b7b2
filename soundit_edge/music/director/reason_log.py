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


class ReasonLog:
    """Keeps the last `KEPT` reasons."""

    def __init__(self) -> None:
        self._reasons: deque[Reason] = deque(maxlen=KEPT)

    def add(self, t: float, words: str, instead_of: Reason | None = None) -> Reason:
        """Take note of a reason.

        Args:
            t: the moment, in seconds.
            words: what happened then.
            instead_of: an earlier one that says the same thing less well, whose place it takes.
        """
        reason = Reason(t, words)
        if instead_of is not None and instead_of in self._reasons:
            self._reasons[self._reasons.index(instead_of)] = reason
        else:
            self._reasons.append(reason)
        return reason

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The newest first."""
        return tuple(reversed(self._reasons))
