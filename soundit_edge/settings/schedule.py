"""The section `[schedule]`: quiet hours, and what the device does at which time of the week."""

from __future__ import annotations

import datetime
import zoneinfo
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from soundit_edge.settings.section import AT_ONCE, SCENE_PATTERN, PlayName, PolicyName, PresetName, Section

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: Final[tuple[Day, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""In the order of `datetime.date.weekday`."""
MAX_PERIODS: Final = 50


def _clock_text(value: object) -> object:
    """Return a time of TOML, such as 22:00:00, as text; anything else as it is."""
    return value.strftime("%H:%M") if isinstance(value, datetime.time) else value


def _known_zone(name: str) -> str:
    try:
        if name:
            zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("this computer knows no such time zone") from error
    return name


TimeOfDay = Annotated[str, BeforeValidator(_clock_text), Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""Hours and minutes, such as "22:00"."""


class Period(Section):
    """Some hours of some days of the week."""

    days: tuple[Day, ...] = Field(default=DAYS, title="Days", description="On which it begins.", min_length=1)
    start: TimeOfDay = Field(alias="from", title="From", description="Time of day, hours and minutes.")
    end: TimeOfDay = Field(
        alias="to",
        title="To",
        description="Time of day; one that is not after the start is on the next day.",
    )


class QuietHours(Period):
    """Hours in which the music is soft or silent, whatever else is set."""

    max_volume: float = Field(
        default=0.0, ge=0, le=1, title="No louder than", description="0 is silence, 1 is full volume."
    )


class ScheduleEntry(Period):
    """Hours in which the device does something else; what is left out stays as it is."""

    policy: PolicyName | None = Field(default=None, title="Policy", description="What the music does with the mood.")
    preset: PresetName | None = Field(default=None, title="Preset", description="How far the music goes.")
    play: PlayName | None = Field(default=None, title="Play", description="Where the music comes from.")
    scene: str | None = Field(
        default=None,
        title="Scene",
        description="Name of the scene that the full-screen picture shows.",
        min_length=1,
        pattern=SCENE_PATTERN,
    )
    # Not a choice of true and false: no clock ever opens a camera that somebody has closed.
    private: bool = Field(default=False, title="Private", description="Camera and microphone are closed meanwhile.")
    max_volume: float | None = Field(
        default=None, ge=0, le=1, title="No louder than", description="0 is silence, 1 is full volume."
    )


class ScheduleSettings(Section):
    """What happens at which time of the week; afterwards everything is as before, unless it was changed meanwhile."""

    time_zone: Annotated[str, AfterValidator(_known_zone)] = Field(
        default="",
        title="Time zone",
        description='Of all these times, such as "Europe/Berlin"; left empty, this computer\'s own.',
        max_length=64,
        json_schema_extra=AT_ONCE,
    )
    quiet: tuple[QuietHours, ...] = Field(
        default=(),
        title="Quiet hours",
        description="Hours in which the music is soft or silent, whatever else is set.",
        max_length=MAX_PERIODS,
        examples=[[{"from": "22:00", "to": "07:00", "max_volume": 0.1}]],
        json_schema_extra=AT_ONCE,
    )
    entries: tuple[ScheduleEntry, ...] = Field(
        default=(),
        title="Entries",
        description="Hours in which the device does something else; where two overlap, the later one counts.",
        max_length=MAX_PERIODS,
        examples=[[{"days": ["fri", "sat"], "from": "18:00", "to": "23:00", "policy": "lift"}]],
        json_schema_extra=AT_ONCE,
    )
