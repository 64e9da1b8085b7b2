"""What the schedule holds at a moment: days, nights, overlaps, and the two nights on which the clocks are set."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from soundit_edge.daemon.schedule.holds import holds_at
from soundit_edge.settings.schedule import Day, QuietHours, ScheduleEntry, ScheduleSettings

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime.datetime:
    """A moment by the clock in Berlin, such as "2026-11-28 18:00" (a Saturday)."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def quiet(start: str, end: str, *days: Day, max_volume: float = 0.0) -> QuietHours:
    hours = {"from": start, "to": end, "max_volume": max_volume}
    return QuietHours.model_validate(hours | ({"days": days} if days else {}))


def entry(start: str, end: str, *days: Day, **values: object) -> ScheduleEntry:
    return ScheduleEntry.model_validate({"from": start, "to": end, **({"days": days} if days else {}), **values})


NIGHT = ScheduleSettings(quiet=(quiet("22:00", "07:00", "sat"),))


@pytest.mark.parametrize(
    ("moment", "silent"),
    [
        ("2026-11-28 21:59", False),
        ("2026-11-28 22:00", True),
        ("2026-11-28 23:59", True),
        ("2026-11-29 00:00", True),
        ("2026-11-29 06:59", True),
        ("2026-11-29 07:00", False),
        ("2026-11-29 22:00", False),  # a Sunday
        ("2026-11-28 03:00", False),  # the night from Friday on
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(moment: str, silent: bool) -> None:
    assert holds_at(NIGHT, at(moment)).max_volume == (0.0 if silent else None)


def test_the_same_time_twice_is_a_whole_day() -> None:
    day = ScheduleSettings(quiet=(quiet("12:00", "12:00", "mon"),))
    held = [
        holds_at(day, at(f"2026-11-{date}")).max_volume for date in ("23 11:59", "23 12:00", "24 11:59", "24 12:00")
    ]
    assert held == [None, 0.0, 0.0, None]


def test_of_two_entries_that_overlap_the_later_one_counts_value_by_value() -> None:
    schedule = ScheduleSettings(
        entries=(
            entry("18:00", "23:00", policy="calm", preset="dramatic", max_volume=0.3),
            entry("20:00", "21:00", policy="lift", max_volume=0.6),
        )
    )
    assert dict(holds_at(schedule, at("2026-11-28 19:00")).values) == {"policy": "calm", "preset": "dramatic"}
    both = holds_at(schedule, at("2026-11-28 20:30"))
    assert dict(both.values) == {"policy": "lift", "preset": "dramatic"}
    assert both.max_volume == 0.6
    assert holds_at(schedule, at("2026-11-28 21:00")).max_volume == 0.3
    assert holds_at(schedule, at("2026-11-28 23:00")) == holds_at(ScheduleSettings(), at("2026-11-28 23:00"))


def test_quiet_hours_only_ever_make_it_softer() -> None:
    schedule = ScheduleSettings(
        quiet=(quiet("20:00", "22:00", max_volume=0.5), quiet("21:00", "23:00", max_volume=0.2)),
        entries=(entry("20:00", "23:00", max_volume=0.3),),
    )
    held = [holds_at(schedule, at(f"2026-11-28 {hour}:30")).max_volume for hour in (19, 20, 21, 22, 23)]
    assert held == [None, 0.3, 0.2, 0.2, None]


def every_quarter(first: datetime.datetime, hours: int) -> list[datetime.datetime]:
    """The clock in Berlin, every quarter of an hour of real time."""
    start = first.astimezone(datetime.UTC)
    return [(start + datetime.timedelta(minutes=15 * k)).astimezone(BERLIN) for k in range(4 * hours)]


def test_where_the_clocks_are_set_forward_what_begins_in_the_missing_hour_begins_at_its_end() -> None:
    schedule = ScheduleSettings(quiet=(quiet("02:30", "05:00"),))
    night = every_quarter(at("2026-03-29 01:30"), 5)
    silent = [moment for moment in night if holds_at(schedule, moment).max_volume == 0.0]
    assert (silent[0].strftime("%H:%M"), silent[-1].strftime("%H:%M")) == ("03:00", "04:45")
    assert len(silent) == 8


def test_where_the_clocks_are_set_back_the_hour_that_comes_twice_holds_twice() -> None:
    schedule = ScheduleSettings(quiet=(quiet("02:15", "02:45"),))
    night = every_quarter(at("2026-10-25 01:30"), 4)
    silent = [moment for moment in night if holds_at(schedule, moment).max_volume == 0.0]
    assert [moment.strftime("%H:%M %z") for moment in silent] == [
        "02:15 +0200",
        "02:30 +0200",
        "02:15 +0100",
        "02:30 +0100",
    ]
    whole = ScheduleSettings(quiet=(quiet("22:00", "07:00"),))
    assert all(holds_at(whole, moment).max_volume == 0.0 for moment in night)


def test_scene_and_privacy_are_held_like_the_music_and_no_clock_opens_a_camera() -> None:
    schedule = ScheduleSettings(
        entries=(
            entry("08:00", "18:00", scene="tide", private=True, play="compose"),
            entry("12:00", "13:00", scene="embers", private=False),
        )
    )
    assert dict(holds_at(schedule, at("2026-11-28 09:00")).values) == {
        "play": "compose",
        "scene": "tide",
        "private": True,
    }
    noon = holds_at(schedule, at("2026-11-28 12:30"))
    assert dict(noon.values) == {"play": "compose", "scene": "embers", "private": True}
    assert noon.words == "until 18:00: compose, scene tide, camera and microphone closed; until 13:00: scene embers"


@pytest.mark.parametrize("scene", ["", "Tide", "a b", "../x", "x" * 41, 3])
def test_a_scene_that_can_have_no_file_is_refused(scene: object) -> None:
    with pytest.raises(ValidationError):
        entry("08:00", "18:00", scene=scene)


def test_it_says_in_words_what_it_holds() -> None:
    schedule = ScheduleSettings(
        quiet=(quiet("22:00", "07:00"), quiet("21:00", "23:00", max_volume=0.25)),
        entries=(entry("20:00", "23:30", policy="calm", max_volume=0.5), entry("20:00", "23:00")),
    )
    assert holds_at(schedule, at("2026-11-28 22:30")).words == (
        "quiet hours until 07:00: silent; quiet hours until 23:00: no louder than 25 %; "
        "until 23:30: calm, no louder than 50 %"
    )
    assert holds_at(schedule, at("2026-11-28 12:00")).words == ""
