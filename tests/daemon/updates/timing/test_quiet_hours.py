"""The hours in which something may begin by itself: over midnight, and in the nights in which clocks are set."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest

from soundit_edge.daemon.updates.timing.quiet_hours import by_itself
from soundit_edge.settings import UpdateSettings

BERLIN = ZoneInfo("Europe/Berlin")
FORWARD = datetime.datetime(2027, 3, 28, 0, 30, tzinfo=BERLIN)
BACK = datetime.datetime(2026, 10, 25, 0, 30, tzinfo=BERLIN)


def hours(begin: str, end: str) -> UpdateSettings:
    return UpdateSettings(hours_from=begin, hours_to=end)


def quarters_of(settings: UpdateSettings, begin: datetime.datetime, count: int = 28) -> list[str]:
    """The times on the wall, a quarter of an hour each, in which something may begin by itself."""
    moments = [begin.astimezone(datetime.UTC) + datetime.timedelta(minutes=15 * i) for i in range(count)]
    local = [moment.astimezone(BERLIN) for moment in moments]
    return [f"{one:%H:%M}" for one in local if by_itself(settings, one)]


@pytest.mark.parametrize(
    ("begin", "end", "clock", "may"),
    [
        ("02:00", "05:00", "01:59", False),
        ("02:00", "05:00", "02:00", True),
        ("02:00", "05:00", "04:59", True),
        ("02:00", "05:00", "05:00", False),
        ("23:00", "01:30", "22:59", False),
        ("23:00", "01:30", "23:00", True),
        ("23:00", "01:30", "00:00", True),
        ("23:00", "01:30", "01:29", True),
        ("23:00", "01:30", "01:30", False),
        ("03:00", "03:00", "15:00", True),
        ("00:00", "00:00", "00:00", True),
    ],
)
def test_hours_also_over_midnight(begin: str, end: str, clock: str, may: bool) -> None:
    now = datetime.datetime.combine(datetime.date(2026, 11, 29), datetime.time.fromisoformat(clock))
    assert by_itself(hours(begin, end), now) is may


def test_the_night_in_which_clocks_are_set_forward_is_an_hour_shorter() -> None:
    assert quarters_of(UpdateSettings(), FORWARD) == [f"{h:02}:{m:02}" for h in (3, 4) for m in (0, 15, 30, 45)]


def test_hours_that_do_not_exist_that_night_are_left_out() -> None:
    assert quarters_of(hours("02:00", "03:00"), FORWARD) == []
    assert quarters_of(hours("02:00", "03:00"), FORWARD + datetime.timedelta(days=1)) != []


def test_the_night_in_which_clocks_are_set_back_is_an_hour_longer() -> None:
    quarters = quarters_of(UpdateSettings(), BACK)
    assert quarters.count("02:00") == 2
    assert len(quarters) == 16


def test_hours_over_midnight_in_the_nights_in_which_clocks_are_set() -> None:
    over = hours("23:30", "02:30")
    assert quarters_of(over, FORWARD)[-1] == "01:45"
    assert quarters_of(over, BACK).count("02:15") == 2
