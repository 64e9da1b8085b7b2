"""Waiting in tests: for a condition, never for a time. How fast the machine is decides no test."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Final, TypeVar

T = TypeVar("T")

HANG_S: Final = 600.0
"""What takes longer hangs: the one limit of all that a test waits for, be it a condition or a whole command.
A loaded machine needs far less."""

LOOK_S: Final = 0.005
"""How often a condition is looked at."""


def wait_until(condition: Callable[[], T | None], what: str = "it does not happen") -> T:
    """Return what `condition` gives once that is neither None nor false.

    Args:
        condition: is asked again and again.
        what: is said where it never holds.

    Raises:
        AssertionError: it does not within `HANG_S`.
    """
    limit = time.monotonic() + HANG_S
    while not (value := condition()):
        assert time.monotonic() < limit, what
        time.sleep(LOOK_S)
    return value


async def until(condition: Callable[[], T | None], what: str = "it does not happen") -> T:
    """Return as `wait_until` does, and leave the event loop to others meanwhile.

    Raises:
        AssertionError: it does not hold within `HANG_S`.
    """
    limit = time.monotonic() + HANG_S
    while not (value := condition()):
        assert time.monotonic() < limit, what
        await asyncio.sleep(LOOK_S)
    return value


def wait_until_unchanged(value: Callable[[], object], seconds: float) -> None:
    """Return once `value` has stayed the same for so many seconds: what was on its way has come.

    Raises:
        AssertionError: it goes on changing for `HANG_S`.
    """
    limit = time.monotonic() + HANG_S
    before, now = object(), value()
    while before != now:
        assert time.monotonic() < limit, "it does not come to rest"
        time.sleep(seconds)
        before, now = now, value()
