"""The hours in which models are fetched and tried by themselves."""

from __future__ import annotations

import datetime

from soundit_edge.daemon.schedule.holds import holds
from soundit_edge.settings import UpdateSettings
from soundit_edge.settings.schedule import Period


def by_itself(settings: UpdateSettings, now: datetime.datetime) -> bool:
    """Return whether something may begin by itself now, as a clock on the wall shows it.

    Hours that begin before midnight end after it. Where the clocks are set forward over all of them, they are left out
    that night; where they are set back, what comes twice counts twice.

    Args:
        settings: of updates.
        now: the local time.
    """
    return holds(Period.model_validate({"from": settings.hours_from, "to": settings.hours_to}), now)
