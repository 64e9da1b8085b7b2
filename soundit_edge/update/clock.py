"""The time by which signed lists are too old, on a device whose clock may have stood still or been set back.

A Raspberry Pi has no battery for its clock. Time has surely passed the moment when this program was built, and every
moment at which a signed list was found to be valid.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Final

SOURCE: Final = datetime.datetime(2026, 11, 28, tzinfo=datetime.UTC).timestamp()
"""Seconds since 1970 that have passed when this version of the program was written: for a checkout."""
_BUILT: Final = Path(__file__).with_name("built.txt")
"""Written into each package by hatch_build.py."""
_SYNCHRONISED: Final = Path("/run/systemd/timesync/synchronized")


def built_time(file: Path = _BUILT) -> float:
    """Return when this package was built, in seconds since 1970; of a checkout: when the program was written.

    Args:
        file: says it, in whole seconds.
    """
    try:
        return max(SOURCE, float(int(file.read_text())))
    except (OSError, ValueError, OverflowError):
        return SOURCE


def believed_time(clock: float, floor: float, built: float | None = None) -> float:
    """Return the time to judge by, in seconds since 1970: never before what has surely passed.

    Args:
        clock: what the device's clock says.
        floor: what it was at an earlier update.
        built: when the program was made; None: as `built_time` says.
    """
    return max(clock, floor, built_time() if built is None else built)


def about_the_clock(clock: float, believed: float, synchronised: bool | None = None) -> str:
    """Return a sentence on a clock that may be wrong, for an update that fails over a date.

    Args:
        clock: what the device's clock says, in seconds since 1970.
        believed: what was judged by.
        synchronised: whether the clock was set over the network; None: ask the system.
    """
    if synchronised is None:
        synchronised = _SYNCHRONISED.exists()
    says = _date(clock)
    if clock < believed:
        return f"This device's clock is wrong: it says {says}, and it is {_date(believed)} or later; set it."
    if synchronised:
        return f"This device's clock was set over the network and says {says}, so the mirror is out of date."
    return f"This device's clock says {says}: if that is wrong, set it; if it is right, the mirror is out of date."


def _date(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%d %H:%M UTC")
