"""The clock on the wall."""

from __future__ import annotations

import datetime
import time
import zoneinfo


def local_time(zone: str) -> datetime.datetime:
    """Return the time of day in a time zone, such as "Europe/Berlin"; "" is this computer's own, as it is set now."""
    if zone:
        return datetime.datetime.now(zoneinfo.ZoneInfo(zone))
    time.tzset()
    return datetime.datetime.now().astimezone()
