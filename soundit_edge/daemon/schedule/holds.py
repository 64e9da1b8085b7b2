"""What the schedule holds at a moment: a pure function of its settings and of the local time.

Only the time of day and the day of the week count, as a clock on the wall shows them: where the clocks are set forward,
what begins in the missing hour begins at its end; where they are set back, what lies in the hour that comes twice holds
twice.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from soundit_edge.control.patch import DevicePatch
from soundit_edge.settings.schedule import DAYS, Period, QuietHours, ScheduleEntry, ScheduleSettings

Setting = str | bool
"""A value of `HELD`."""
HELD: Final = tuple(name for name in ScheduleEntry.model_fields if name in DevicePatch.model_fields)
"""What an entry can set of what a patch can change, by the names of both."""


@dataclass(frozen=True, slots=True)
class Holds:
    """What the schedule holds.

    Attributes:
        values: those of `HELD` that are held, by their names.
        max_volume: no louder than this, 0 to 1; None: the schedule does not care.
        words: the same for people; "" where nothing is held.
    """

    values: Mapping[str, Setting]
    max_volume: float | None
    words: str


def holds_at(schedule: ScheduleSettings, now: datetime.datetime) -> Holds:
    """Return what the schedule holds.

    Args:
        schedule: its settings. Of entries that overlap, the later one in the list counts; quiet hours only ever make it
            softer.
        now: the local time, in the schedule's time zone.
    """
    entries = [entry for entry in schedule.entries if holds(entry, now)]
    quiet = [hours for hours in schedule.quiet if holds(hours, now)]
    values = {name: value for entry in entries for name, value in _values(entry)}
    ceilings = [entry.max_volume for entry in entries if entry.max_volume is not None][-1:]
    ceilings += [hours.max_volume for hours in quiet]
    words = "; ".join(filter(None, [*map(_quiet_words, quiet), *map(_entry_words, entries)]))
    return Holds(values, min(ceilings, default=None), words)


def holds(period: Period, now: datetime.datetime) -> bool:
    """Return whether it is within a period; one whose end is not after its start ends on the next day."""
    clock, today = now.strftime("%H:%M"), DAYS[now.weekday()]
    if period.start < period.end:
        return today in period.days and period.start <= clock < period.end
    yesterday = DAYS[now.weekday() - 1]
    return (today in period.days and clock >= period.start) or (yesterday in period.days and clock < period.end)


def _values(entry: ScheduleEntry) -> Iterator[tuple[str, Setting]]:
    """Give what an entry asks for; what it leaves out is None, or false."""
    chosen = ((name, getattr(entry, name)) for name in HELD)
    return ((name, value) for name, value in chosen if value not in (None, False))


def _quiet_words(hours: QuietHours) -> str:
    return f"quiet hours until {hours.end}: {_loudness(hours.max_volume)}"


def _entry_words(entry: ScheduleEntry) -> str:
    parts = [_words(name, value) for name, value in _values(entry)]
    if entry.max_volume is not None:
        parts.append(_loudness(entry.max_volume))
    return f"until {entry.end}: {', '.join(parts)}" if parts else ""


def _words(name: str, value: Setting) -> str:
    if name == "private":
        return "camera and microphone closed"
    if name == "scene":
        return f"scene {value}"
    return str(value)


def _loudness(ceiling: float) -> str:
    return f"no louder than {100 * ceiling:.0f} %" if ceiling else "silent"
