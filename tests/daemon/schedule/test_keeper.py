"""The schedule at work: applied at the edges, given back at the end, whatever the clock and the user do meanwhile."""

from __future__ import annotations

import asyncio
import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.patch import DevicePatch
from soundit_edge.control.refusals import NotNow
from soundit_edge.daemon.schedule import keeper
from soundit_edge.daemon.schedule.holds import holds_at
from soundit_edge.daemon.schedule.keeper import SCHEDULE, ScheduleKeeper
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.settings import MusicSettings, Settings
from soundit_edge.settings.schedule import QuietHours, ScheduleEntry, ScheduleSettings
from tests.daemon.schedule.test_holds import at, entry, quiet
from tests.fakes.control import FakeControl
from tests.waiting import until

USER = Actor(Kind.PAGE, Role.OPERATOR)
EVENING = ScheduleSettings(
    quiet=(quiet("22:00", "07:00", max_volume=0.1),), entries=(entry("18:00", "23:00", policy="calm"),)
)


class StoreControl(FakeControl):
    """A device whose changes go to a real store, as the daemon's do."""

    def __init__(self, store: SettingsStore) -> None:
        super().__init__()
        self.store = store

    async def change(self, patch: DevicePatch, by: Actor) -> None:
        self._may(by)
        self.store.change(patch.changes(), by)


class Home:
    """A device with a schedule, whose clock a test sets."""

    def __init__(
        self, schedule: ScheduleSettings, memory: Path | None = None, music: MusicSettings | None = None
    ) -> None:
        self.store = SettingsStore(Settings(schedule=schedule, music=music or MusicSettings()), None)
        self.control = StoreControl(self.store)
        self.time = at("2026-11-28 12:00")
        self.memory = memory
        self.start()

    def start(self) -> None:
        """Switch the schedule on, or off and on."""
        self.keeper = ScheduleKeeper(self.control, self.store, lambda zone: self.time, self.memory)

    @property
    def now(self) -> tuple[str, float]:
        music = self.store.current.music
        return music.policy, music.volume

    async def until(self, clock: str) -> tuple[str, float]:
        """Set the clock, let the schedule look at it, and return the policy and the volume."""
        self.time = at(clock)
        await self.keeper.step()
        return self.now

    def choose(self, **values: object) -> None:
        self.store.change({"music": values}, USER)


async def test_it_is_applied_at_the_edges_and_given_back() -> None:
    home = Home(EVENING)
    assert await home.until("2026-11-28 17:59") == ("follow", 0.7)
    assert await home.until("2026-11-28 18:00") == ("calm", 0.7)
    assert await home.until("2026-11-28 22:00") == ("calm", 0.1)
    assert await home.until("2026-11-28 23:00") == ("follow", 0.1)
    assert await home.until("2026-11-29 07:00") == ("follow", 0.7)
    assert set(home.control.actors) == {SCHEDULE}


async def test_what_the_user_chooses_meanwhile_stays() -> None:
    home = Home(EVENING)
    await home.until("2026-11-28 18:00")
    home.choose(policy="lift")
    assert await home.until("2026-11-28 19:00") == ("lift", 0.7)
    assert await home.until("2026-11-28 23:30") == ("lift", 0.1)
    home.choose(volume=0.05)
    assert await home.until("2026-11-29 07:00") == ("lift", 0.05)
    assert await home.until("2026-11-29 18:00") == ("calm", 0.05)  # the next evening counts again
    assert await home.until("2026-11-29 23:00") == ("lift", 0.05)


async def test_nobody_is_louder_than_a_ceiling_and_what_was_tried_is_not_remembered() -> None:
    home = Home(EVENING)
    await home.until("2026-11-28 22:00")
    home.choose(volume=1.0)
    assert await home.until("2026-11-28 22:00") == ("calm", 0.1)
    assert await home.until("2026-11-29 07:00") == ("follow", 0.7)


async def test_a_jump_over_a_whole_evening_leaves_nothing_behind() -> None:
    home = Home(EVENING)
    for clock in ("2026-11-28 22:30", "2026-12-03 12:00", "2026-11-28 22:30", "2026-11-28 19:00", "2026-11-28 10:00"):
        policy, volume = await home.until(clock)
        held = holds_at(EVENING, at(clock))
        assert (policy, volume) == (held.values.get("policy", "follow"), 0.7 if held.max_volume is None else 0.1)


async def test_a_schedule_that_is_changed_counts_at_once() -> None:
    home = Home(ScheduleSettings())
    assert await home.until("2026-11-28 19:00") == ("follow", 0.7)
    home.store.change({"schedule": EVENING.model_dump(by_alias=True)}, USER)
    assert await home.until("2026-11-28 19:00") == ("calm", 0.7)
    home.store.change({"schedule": {"entries": []}}, USER)
    assert await home.until("2026-11-28 19:00") == ("follow", 0.7)


OFFICE = ScheduleSettings(entries=(entry("08:00", "18:00", scene="tide", private=True, play="compose"),))


def others(home: Home) -> tuple[str, bool, str]:
    """The scene, whether it is private, and where the music comes from."""
    current = home.store.current
    return current.kiosk.scene, current.privacy.private, current.music.play


async def test_scene_privacy_and_source_are_applied_and_given_back() -> None:
    home = Home(OFFICE)
    home.store.change({"kiosk": {"scene": "embers"}}, USER)
    await home.until("2026-11-28 07:59")
    assert others(home) == ("embers", False, "theme")
    await home.until("2026-11-28 08:00")
    assert others(home) == ("tide", True, "compose")
    await home.until("2026-11-28 18:00")
    assert others(home) == ("embers", False, "theme")


async def test_who_closes_the_camera_or_opens_it_meanwhile_has_the_last_word() -> None:
    home = Home(OFFICE)
    home.store.change({"privacy": {"private": True}}, USER)
    await home.until("2026-11-28 08:00")
    await home.until("2026-11-28 18:00")
    assert others(home) == ("", True, "theme")
    await home.until("2026-11-29 08:00")
    home.store.change({"privacy": {"private": False}, "kiosk": {"scene": "embers"}}, USER)
    await home.until("2026-11-29 12:00")
    assert others(home) == ("embers", False, "compose")
    await home.until("2026-11-29 18:00")
    assert others(home) == ("embers", False, "theme")


async def test_what_somebody_else_changes_while_it_is_being_applied_is_no_choice_of_what_is_held() -> None:
    """To go over to other music may take seconds."""
    home = Home(OFFICE)
    change = home.control.change

    async def change_slowly(patch: DevicePatch, by: Actor) -> None:
        if "play" in patch.model_fields_set:
            home.choose(volume=0.5)
        await change(patch, by)

    home.control.change = change_slowly  # type: ignore[method-assign]
    await home.until("2026-11-28 08:00")
    assert others(home) == ("tide", True, "compose")
    await home.until("2026-11-28 18:00")
    assert others(home) == ("", False, "theme")


async def test_what_is_held_outlives_a_restart(tmp_path: Path) -> None:
    home = Home(EVENING, tmp_path / "state" / "schedule.json")
    await home.until("2026-11-28 22:30")
    assert home.now == ("calm", 0.1)
    home.start()
    assert await home.until("2026-11-28 22:31") == ("calm", 0.1)
    assert await home.until("2026-11-29 07:00") == ("follow", 0.7)


async def test_a_device_that_was_off_at_the_end_gives_back_when_it_is_on_again(tmp_path: Path) -> None:
    home = Home(EVENING, tmp_path / "schedule.json")
    await home.until("2026-11-28 22:30")
    home.time = at("2026-11-29 12:00")
    home.start()
    assert await home.until("2026-11-29 12:00") == ("follow", 0.7)


async def test_what_was_edited_while_it_was_off_stays(tmp_path: Path) -> None:
    home = Home(EVENING, tmp_path / "schedule.json")
    await home.until("2026-11-28 22:30")
    other = Home(EVENING, tmp_path / "schedule.json", MusicSettings(policy="lift", volume=0.05))
    assert await other.until("2026-11-28 22:31") == ("lift", 0.05)
    assert await other.until("2026-11-29 07:00") == ("lift", 0.05)


async def test_what_was_remembered_but_not_done_is_done_now(tmp_path: Path) -> None:
    """The power failed after the memory was written and before the settings were."""
    home = Home(EVENING, tmp_path / "schedule.json")
    await home.until("2026-11-28 22:30")
    other = Home(EVENING, tmp_path / "schedule.json")
    assert other.now == ("follow", 0.7)
    assert await other.until("2026-11-28 22:31") == ("calm", 0.1)
    assert await other.until("2026-11-29 07:00") == ("follow", 0.7)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"policy": 3}',
        b'{"seed": {"value": 1, "before": 2}}',
        b'{"volume": {"value": 0.1, "before": "loud"}, "policy": {"value": true, "before": 7.5}}',
        b'{"volume": {"value": "soft", "before": null}, "scene": {"value": "../x", "before": "y"}}',
        b'{"private": {"value": "yes", "before": 1}, "mood": {"value": "sad", "before": null}}',
        b"\xff",
    ],
)
async def test_a_broken_memory_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "schedule.json").write_bytes(content)
    home = Home(EVENING, tmp_path / "schedule.json")
    assert await home.until("2026-11-28 19:00") == ("calm", 0.7)
    assert await home.until("2026-11-28 12:00") == ("follow", 0.7)


async def test_a_full_disk_does_not_stop_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()
    home = Home(EVENING, tmp_path / "file" / "schedule.json")
    assert await home.until("2026-11-28 19:00") == ("calm", 0.7)
    assert "cannot be written" in caplog.text


async def test_what_is_held_is_remembered_as_soon_as_the_disk_has_space(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A device that was then switched off at night stayed silent on the next day: nobody knew the volume before."""
    (tmp_path / "state").touch()
    home = Home(EVENING, tmp_path / "state" / "schedule.json")
    await home.until("2026-11-28 22:30")
    await home.until("2026-11-28 22:31")
    (tmp_path / "state").unlink()
    assert await home.until("2026-11-28 22:32") == ("calm", 0.1)
    assert caplog.text.count("cannot be written") == 1
    home.start()
    assert await home.until("2026-11-29 07:00") == ("follow", 0.7)


async def test_what_the_device_refuses_is_logged_and_not_asked_for_again_and_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    home = Home(EVENING)
    home.control.refusal = NotNow("Not now.")
    for minute in range(5):
        await home.until(f"2026-11-28 19:0{minute}")
    assert caplog.text.count("the schedule cannot set policy to calm: Not now.") == 1


@pytest.mark.parametrize("night", ["2026-03-28 23:00", "2026-10-24 23:00"])
async def test_on_the_nights_on_which_the_clocks_are_set_everything_begins_and_ends_once_or_holds_twice(
    night: str,
) -> None:
    """By the minutes of real time: what the clock on the wall shows twice or never is `test_holds`'s."""
    schedule = ScheduleSettings(
        quiet=(quiet("23:30", "06:00", max_volume=0.1),), entries=(entry("02:30", "04:00", policy="calm"),)
    )
    home, first = Home(schedule), at(night).astimezone(datetime.UTC)
    seen: list[tuple[str, str, float]] = []
    for minute in range(10 * 60):
        home.time = (first + datetime.timedelta(minutes=minute)).astimezone(ZoneInfo("Europe/Berlin"))
        await home.keeper.step()
        if not seen or seen[-1][1:] != home.now:
            seen.append((home.time.strftime("%H:%M"), *home.now))
    spring = ["23:00 follow 0.7", "23:30 follow 0.1", "03:00 calm 0.1", "04:00 follow 0.1", "06:00 follow 0.7"]
    autumn = [*spring[:2], "02:30 calm 0.1", "02:00 follow 0.1", "02:30 calm 0.1", *spring[3:]]
    assert [f"{clock} {policy} {volume}" for clock, policy, volume in seen] == (spring if "-03-" in night else autumn)


async def test_a_clock_that_is_set_is_followed_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """As by the time of the network, minutes after a start at which the clock was years behind."""
    monkeypatch.setattr(keeper, "LOOK_S", 0.001)
    home = Home(EVENING)
    home.time = at("1970-01-01 01:00")
    running = asyncio.create_task(home.keeper.run())
    for clock, now in (("2026-11-28 19:00", ("calm", 0.7)), ("2026-11-28 12:00", ("follow", 0.7))):
        home.time = at(clock)
        await until(lambda now=now: home.now == now)  # type: ignore[misc]
    running.cancel()
    await asyncio.wait({running})


moments = st.datetimes(datetime.datetime(2026, 3, 1), datetime.datetime(2026, 11, 30), timezones=st.just(datetime.UTC))
clocks = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 30]))
days = st.lists(st.sampled_from(["sat", "sun", "mon", "wed"]), min_size=1, max_size=3)
volumes = st.sampled_from([0.0, 0.2, 0.5, 1.0])
hours = {"days": days, "from": clocks, "to": clocks}
quiets = st.fixed_dictionaries({**hours, "max_volume": volumes}).map(QuietHours.model_validate)
held = {
    "policy": st.sampled_from([None, "calm", "lift"]),
    "preset": st.sampled_from([None, "dramatic"]),
    "scene": st.sampled_from([None, "tide", "embers"]),
    "private": st.booleans(),
    "max_volume": st.none() | volumes,
}
entries = st.fixed_dictionaries({**hours, **held}).map(ScheduleEntry.model_validate)
schedules = st.builds(
    lambda quiet, entries: ScheduleSettings(quiet=tuple(quiet), entries=tuple(entries)),
    st.lists(quiets, max_size=2),
    st.lists(entries, max_size=3),
)


@given(schedules, st.lists(moments, min_size=1, max_size=12), st.lists(st.booleans(), min_size=12, max_size=12))
@hypothesis_settings(max_examples=40)
async def test_at_any_moment_and_after_any_jumps_the_outcome_is_that_of_the_pure_function(
    tmp_path: Path, schedule: ScheduleSettings, jumps: list[datetime.datetime], restarts: list[bool]
) -> None:
    (tmp_path / "schedule.json").unlink(missing_ok=True)
    home = Home(schedule, tmp_path / "schedule.json")
    for moment, restarted in zip(jumps, restarts, strict=False):
        home.time = moment.astimezone(ZoneInfo("Europe/Berlin"))
        if restarted:
            home.start()
        await home.keeper.step()
        now, music = holds_at(schedule, home.time), home.store.current.music
        assert music.policy == now.values.get("policy", "follow")
        assert music.preset == now.values.get("preset", "musical")
        assert others(home) == (now.values.get("scene", ""), now.values.get("private", False), "theme")
        assert music.volume == min(0.7, 1.0 if now.max_volume is None else now.max_volume)


choices = st.fixed_dictionaries({"volume": volumes}) | st.fixed_dictionaries(
    {"policy": st.sampled_from(["lift", "calm"])}
)


@given(schedules, st.lists(st.tuples(moments, st.none() | choices), min_size=1, max_size=12))
@hypothesis_settings(max_examples=40)
async def test_no_ceiling_is_ever_passed_and_outside_of_all_periods_the_user_has_the_last_word(
    schedule: ScheduleSettings, steps: list[tuple[datetime.datetime, dict[str, object] | None]]
) -> None:
    home = Home(schedule)
    for moment, choice in steps:
        home.time = moment.astimezone(ZoneInfo("Europe/Berlin"))
        await home.keeper.step()
        if choice is not None:
            home.choose(**choice)
            await home.keeper.step()
        ceiling, music = holds_at(schedule, home.time).max_volume, home.store.current.music
        assert ceiling is None or music.volume <= ceiling
        wanted = choice or {}
        assert music.policy == wanted.get("policy", music.policy)
        if ceiling is None:
            assert music.volume == wanted.get("volume", music.volume)
