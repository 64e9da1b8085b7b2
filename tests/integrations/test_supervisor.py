"""The supervisor of an integration: who is away is tried again, who is broken takes the device down."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import ClassVar

import pytest

from soundit_edge.control.control import Control
from soundit_edge.integrations.integration import IntegrationError, IntegrationSettings
from soundit_edge.integrations.supervisor import Supervisor
from tests.fakes.clock import ManualClock
from tests.fakes.control import FakeControl
from tests.waiting import until

AWAY = IntegrationError("the bell is away")
DEFECT = ValueError("a defect")
CLOCK = ManualClock()


Step = Exception | Callable[[Callable[[], None]], Awaitable[None]]


class Bell:
    """An integration that does what a test says, one step for each time that it is run."""

    name: ClassVar[str] = "bell"
    title: ClassVar[str] = "Door bell"
    Settings: ClassVar[type[IntegrationSettings]] = IntegrationSettings

    def __init__(self, *steps: Step) -> None:
        self.steps = list(steps)

    async def run(self, device: Control, connected: Callable[[], None]) -> None:
        """Raise or do what the next step is."""
        step = self.steps.pop(0)
        if isinstance(step, Exception):
            raise step
        await step(connected)


async def connect_and_return(connected: Callable[[], None]) -> None:
    connected()


async def stay(connected: Callable[[], None]) -> None:
    connected()
    await asyncio.Event().wait()


async def refuse_to_end(connected: Callable[[], None]) -> None:
    connected()
    try:
        await asyncio.Event().wait()
    finally:
        await asyncio.Event().wait()


class Sleeps(list[float]):
    """Waits for nothing, and holds for how long it was asked to."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)
        await asyncio.sleep(0)


def supervised(*steps: Step) -> tuple[Supervisor, Sleeps]:
    """Return a supervisor of a bell that does this, and how long it waits between."""
    sleeps = Sleeps()
    return Supervisor(Bell(*steps), CLOCK.now, sleeps), sleeps


async def test_who_is_away_is_tried_again_after_twice_as_long_each_time_until_a_connection_lasts() -> None:
    async def connect_for_a_minute(connected: Callable[[], None]) -> None:
        connected()
        CLOCK.advance(61.0)

    supervisor, sleeps = supervised(*[AWAY] * 9, connect_for_a_minute, AWAY, DEFECT)
    with pytest.raises(ValueError, match="a defect"):
        await supervisor.run(FakeControl())
    assert sleeps == [1, 2, 4, 8, 16, 32, 60, 60, 60, 1, 2]


async def test_who_hangs_up_at_once_is_not_asked_every_second() -> None:
    supervisor, sleeps = supervised(*[connect_and_return] * 4, DEFECT)
    with pytest.raises(ValueError, match="a defect"):
        await supervisor.run(FakeControl())
    assert sleeps == [1, 2, 4, 8]


async def test_one_that_cancels_itself_is_tried_again() -> None:
    async def cancel_itself(connected: Callable[[], None]) -> None:
        raise asyncio.CancelledError

    supervisor, sleeps = supervised(cancel_itself, DEFECT)
    with pytest.raises(ValueError, match="a defect"):
        await supervisor.run(FakeControl())
    assert sleeps == [1]


async def test_a_defect_ends_it_beside_an_absence_too() -> None:
    supervisor, _ = supervised(ExceptionGroup("", [AWAY, DEFECT]))
    with pytest.raises(ExceptionGroup) as failure:
        await supervisor.run(FakeControl())
    assert [str(error) for error in failure.value.exceptions] == ["a defect"]


async def test_its_state_says_whether_its_peer_is_there(caplog: pytest.LogCaptureFixture) -> None:
    deep = ExceptionGroup("", [ExceptionGroup("", [IntegrationError("the bell is broken")])])
    supervisor, _ = supervised(AWAY, AWAY, deep, stay)
    first = supervisor.status()
    assert (first.name, first.title, first.state, first.note) == ("bell", "Door bell", "connecting", "")
    with caplog.at_level("INFO"):
        running = asyncio.create_task(supervisor.run(FakeControl()))
        await until(lambda: supervisor.status().state == "on")
        assert supervisor.status().note == ""
        running.cancel()
        await asyncio.wait({running})
    said = [record.message for record in caplog.records if record.name == "soundit_edge.integrations.supervisor"]
    assert said == ["bell: the bell is away", "bell: the bell is broken", "bell is connected"]


async def test_one_that_returns_has_lost_its_peer() -> None:
    states = []

    async def sleep(seconds: float) -> None:
        states.append(supervisor.status())

    supervisor = Supervisor(Bell(connect_and_return, DEFECT), CLOCK.now, sleep)
    with pytest.raises(ValueError, match="a defect"):
        await supervisor.run(FakeControl())
    assert [(status.state, status.note) for status in states] == [("lost", "the connection has ended")]


async def test_one_that_does_not_end_is_left_behind(caplog: pytest.LogCaptureFixture) -> None:
    supervisor = Supervisor(Bell(refuse_to_end), CLOCK.now)
    running = asyncio.create_task(supervisor.run(FakeControl()))
    await until(lambda: supervisor.status().state == "on")
    running.cancel()
    await asyncio.wait({running})
    assert running.cancelled()
    assert "bell does not end: it is left behind" in caplog.text
