"""Whether the calls of a job succeed: one that fails again and again rests longer and longer (exponential back-off)."""

from __future__ import annotations

import math
import traceback
from pathlib import Path
from typing import Final

from soundit_edge.errors import SounditError

MAX_FAILURES: Final = 3
"""So many calls may fail one after the other before the job rests."""
REST_S: Final = 1.0
"""Its first rest in seconds; each further failure doubles it..."""
MAX_REST_S: Final = 30.0
"""...up to this."""
WELL_S: Final = 10.0
"""Seconds without a failure after which a job counts as well again."""


class Health:
    """What has failed in the calls of one job. Time is an argument, in seconds of any clock.

    Attributes:
        failures: calls that have failed so far.
        in_a_row: those that have failed since the latest one that did not.
        reason: why the latest one failed; "" where none has.
    """

    def __init__(self) -> None:
        self.failures = 0
        self.in_a_row = 0
        self.reason = ""
        self._failed_at = -math.inf

    def fail(self, reason: str, now: float) -> None:
        """Note that a call has failed."""
        self.failures += 1
        self.in_a_row += 1
        self.reason, self._failed_at = reason, now

    def succeed(self) -> None:
        """Note that a call has not failed."""
        self.in_a_row = 0

    @property
    def rest_s(self) -> float:
        """Return for how many seconds the job should rest after its latest call; 0 where it need not."""
        beyond = self.in_a_row - MAX_FAILURES
        return 0.0 if beyond < 0 else min(MAX_REST_S, math.ldexp(REST_S, min(beyond, 16)))

    def is_failing(self, now: float) -> bool:
        """Return whether the latest call has failed, or one within the last `WELL_S`."""
        return self.in_a_row > 0 or now - self._failed_at < WELL_S


def reason_of(error: Exception) -> str:
    """Return in one line why a call failed, and where in the source, unless the error is one of ours for users."""
    words = " ".join(str(error).split())
    if isinstance(error, SounditError):
        return words
    *_, place = traceback.extract_tb(error.__traceback__) or [traceback.FrameSummary("?", 0, "")]
    return f"{type(error).__name__}: {words} ({Path(place.filename).name}:{place.lineno})"
