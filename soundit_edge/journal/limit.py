"""Folds floods of the log: a line that comes again and again is written once a minute, with how often it came."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

WINDOW_S: Final = 60.0
"""Seconds in which the same line is written once, and `MAX_LINES` at most."""
MAX_LINES: Final = 300
"""Lines in a window, whatever they say; what is more is only counted."""
MAX_KNOWN: Final = 500
"""Different lines that are remembered."""


@dataclass(slots=True)
class _Line:
    """A line that was written at `at` (seconds), and came `more` times since."""

    at: float
    more: int = 0


class LineLimit(logging.Filter):
    """Lets a record through, with what was held back before it, or counts it. Safe between threads."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Hold nothing back yet.

        Args:
            now: seconds of a clock that never goes back.
        """
        super().__init__()
        self._now = now
        self._lock = threading.Lock()
        self._lines: OrderedDict[tuple[int, str], _Line] = OrderedDict()  # the one written longest ago first
        self._begun = -WINDOW_S
        self._written = 0
        self._dropped = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is to be written; its text then says what was held back."""
        try:
            text = record.getMessage()
        except Exception:  # arguments that do not fit: the handler reports it
            return True
        with self._lock:
            held = self._admit((record.levelno, text))
        if held is None:
            return False
        if held:
            record.msg, record.args = f"{text} ({held})", ()
        return True

    def _admit(self, key: tuple[int, str]) -> str | None:
        """Return what to say of lines that were held back, or ""; None where this one is, too."""
        now = self._now()
        line = self._lines.get(key)
        if line is not None and now - line.at < WINDOW_S:
            line.more += 1
            return None
        if now - self._begun >= WINDOW_S:
            self._begun, self._written = now, 0
        if self._written >= MAX_LINES:
            self._dropped += 1
            return None
        self._written += 1
        held = [f"{line.more} more of it before this one"] if line is not None and line.more else []
        if self._dropped:
            held.append(f"{self._dropped} lines were left out: too many a minute")
            self._dropped = 0
        self._lines[key] = _Line(now)
        self._lines.move_to_end(key)
        if len(self._lines) > MAX_KNOWN:
            self._lines.popitem(last=False)
        return "; ".join(held)
