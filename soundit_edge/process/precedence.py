"""A process that gives way to all others: to be called in one that the device could do without."""

from __future__ import annotations

import contextlib
import os
import resource
from pathlib import Path
from typing import Final

_FIRST_TO_GO: Final = "1000"
"""For Linux' out-of-memory killer: where memory is short, the device goes on and this process ends."""


def give_way(nice: int, max_memory: int) -> None:
    """Give all other processes precedence, bound this one's memory, and leave no image of it after a crash.

    What the system refuses stays as it was.

    Args:
        nice: added to its nice value, 0 to 19.
        max_memory: bytes that it may have for its data.
    """
    with contextlib.suppress(OSError):
        os.nice(nice)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO)
    for kind, most in ((resource.RLIMIT_DATA, max_memory), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (most, most))
