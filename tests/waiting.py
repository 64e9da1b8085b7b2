"""Waiting in tests: for a condition, never for a time. How fast the machine is decides no test."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Final

HANG_S: Final = 180.0
"""What takes longer hangs: the one limit of all that a test waits for. A loaded machine needs far less."""

LOOK_S: Final = 0.005
"""How often a condition is looked at."""


def wait_until(condition: Callable[[], object], what: str = "it does not happen") -> None:
    """Return once `condition` holds.

    Args:
        condition: is asked again and again.
        what: is said where it never does.

    Raises:
        AssertionError: it does not within `HANG_S`.
    """
    limit = time.monotonic() + HANG_S
    while not condition():
        assert time.monotonic() < limit, what
        time.sleep(LOOK_S)


async def until(condition: Callable[[], object], what: str = "it does not happen") -> None:
    """Return once `condition` holds, and leave the event loop to others meanwhile; see `wait_until`.

    Raises:
        AssertionError: it does not within `HANG_S`.
    """
    limit = time.monotonic() + HANG_S
    while not condition():
        assert time.monotonic() < limit, what
        await asyncio.sleep(LOOK_S)
