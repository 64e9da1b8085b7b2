"""The heap of the C library, which models, pictures and sounds are allocated in: kept from growing for nothing.

Each thread gets an arena of its own, and what is free in one is of no use to the others: over weeks the arenas of a
dozen threads grow, though nothing is left behind in them. So there are few of them, and what is free in them is given
back to the system now and then. With another C library than glibc nothing is done.
"""

from __future__ import annotations

import ctypes
from typing import Final

MAX_ARENAS: Final = 2
_M_ARENA_MAX: Final = -8
"""The parameter of mallopt(3)."""


def limit_arenas(count: int = MAX_ARENAS) -> bool:
    """Let threads that are started from now on share a few arenas; return whether that could be done.

    Args:
        count: of the arenas.
    """
    try:
        return bool(ctypes.CDLL(None).mallopt(_M_ARENA_MAX, count))
    except (OSError, AttributeError):
        return False


def give_back() -> bool:
    """Give the pages that are free in the heap back to the system; return whether there were any.

    It takes some milliseconds, in which threads that allocate wait: not to be called in an event loop.
    """
    try:
        return bool(ctypes.CDLL(None).malloc_trim(0))
    except (OSError, AttributeError):
        return False
