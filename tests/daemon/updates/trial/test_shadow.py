"""The senses of a set on trial, beside those in use: what they are shown, what speaks against them, what they leave."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from soundit_edge.daemon.updates.trial.agreement import MIN_READINGS
from soundit_edge.daemon.updates.trial.shadow import Shadow
from soundit_edge.emotion import Emotion
from tests.daemon.updates.room import Home, at_home
from tests.fakes.senses import SaysOfFrames, ensemble
from tests.waiting import HANG_S, until


def shadow_of(home: Home, sense: SaysOfFrames) -> Shadow:
    """Try one sense at home."""
    sense.period = 1e-3
    shadow = Shadow(ensemble(sense), home.room, home.scheduler, lambda name: 100.0)
    home.trials._shadow = shadow  # so that it is shown what the room is
    return shadow


async def shown(home: Home, enough: Callable[[], object]) -> None:
    """Show frames until it is enough."""

    def look() -> object:
        home.show()
        return enough()

    await until(look)


async def test_it_reads_what_the_room_reads_and_leaves_nothing(tmp_path: Path) -> None:
    async with at_home(tmp_path) as home:
        sense = SaysOfFrames(Emotion.CALM)
        shadow = shadow_of(home, sense)
        await shown(home, lambda: shadow.compared >= MIN_READINGS)
        assert shadow.objection() == ""
        assert {job.resources for job in home.scheduler.statistics().values()} == {("cpu",)}
        shadow.leave()
        assert await shadow.ended()
        assert home.names == ["face"]
        before = len(sense.seen)
        home.show()
        assert len(sense.seen) == before


async def test_a_sense_that_is_off_is_not_shown_anything(tmp_path: Path) -> None:
    async with at_home(tmp_path) as home:
        sense = SaysOfFrames(Emotion.CALM)
        shadow = shadow_of(home, sense)
        home.room.switch("face", False)
        for _ in range(5):
            home.show()
        assert home.scheduler.statistics()["face on trial"].mailbox.offered == 0
        assert (shadow.compared, shadow.objection()) == (0, "")
        shadow.leave()


async def test_one_that_takes_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the time of its thread, not of the clock."""
    monkeypatch.setattr("time.thread_time", Ticks())
    async with at_home(tmp_path) as home:
        shadow = shadow_of(home, SaysOfFrames(Emotion.CALM))
        await shown(home, lambda: shadow.compared >= MIN_READINGS and shadow.objection())
        assert "Face: it takes 5000 ms a reading" in shadow.objection()
        assert shadow.failure() == ""
        shadow.leave()


async def test_one_whose_call_does_not_end_holds_up_nobody(tmp_path: Path) -> None:
    async with at_home(tmp_path) as home:
        sense, passing = SaysOfFrames(Emotion.CALM), threading.Event()
        sense.hook = lambda: passing.wait(HANG_S)
        shadow = shadow_of(home, sense)
        await shown(home, lambda: home.scheduler.statistics()["face on trial"].mailbox.taken)
        before = home.room.statistics()["face"].readings
        await shown(home, lambda: home.room.statistics()["face"].readings > before + 3)
        shadow.leave()
        assert home.names == ["face"]
        passing.set()
        assert await shadow.ended()


class Ticks:
    """A clock of which every second look is five seconds later."""

    def __init__(self) -> None:
        self._looks = 0

    def __call__(self) -> float:
        self._looks += 1
        return 5.0 * (self._looks % 2 == 0)
