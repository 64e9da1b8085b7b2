"""The keeper of the integrations: they come and go with the settings, while the device runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import pytest
from pydantic import Field

from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.control import Control
from soundit_edge.daemon.integrations import IntegrationKeeper
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.integrations.integration import Integration, IntegrationError, IntegrationSettings
from soundit_edge.integrations.registry import settings_model
from tests.fakes.clock import ManualClock
from tests.fakes.control import FakeControl
from tests.waiting import until

USER = Actor(Kind.PAGE, Role.ADMIN)


class BellSettings(IntegrationSettings):
    """How the bell rings."""

    tone: str = Field(default="high", title="Tone", description="Of the bell.")


class Bell:
    """An integration that notes when it begins and ends; one with the tone "false" is broken, with "far" it is away."""

    name: ClassVar[str] = "bell"
    title: ClassVar[str] = "Door bell"
    Settings: ClassVar[type[IntegrationSettings]] = BellSettings
    seen: ClassVar[list[str]] = []

    def __init__(self, settings: BellSettings) -> None:
        self.tone = settings.tone

    async def run(self, device: Control, connected: Callable[[], None]) -> None:
        """Note it, and be there until cancelled."""
        if self.tone == "false":
            raise ValueError("a defect")
        if self.tone == "far":
            raise IntegrationError("the bell is away")
        self.seen.append(f"{self.tone} begins")
        connected()
        try:
            await asyncio.Event().wait()
        finally:
            self.seen.append(f"{self.tone} ends")


class Lamp(Bell):
    """Another one."""

    name: ClassVar[str] = "lamp"
    title: ClassVar[str] = "Lamp"
    seen: ClassVar[list[str]] = []


KINDS: tuple[type[Integration], ...] = (Bell, Lamp)


class Home:
    """A device with these integrations, and settings that a test changes."""

    def __init__(self) -> None:
        Bell.seen.clear()
        Lamp.seen.clear()
        self.clock = ManualClock(5.0)
        self.store = SettingsStore(settings_model(KINDS)(), None)
        self.keeper = IntegrationKeeper(self.store, self.clock.now, KINDS)
        self.running = asyncio.create_task(self.keeper.run(FakeControl()))

    def choose(self, name: str = "bell", **values: Any) -> None:
        self.store.change({"integrations": {name: values}}, USER)

    def states(self) -> list[tuple[str, float]]:
        return [(one.state, one.since_s) for one in self.keeper.statuses()]

    async def until(self, *states: str) -> None:
        await until(lambda: self.running.done() or [state for state, _ in self.states()] == [*states])
        assert not self.running.done(), self.running


@asynccontextmanager
async def home() -> AsyncIterator[Home]:
    it = Home()
    yield it
    it.running.cancel()
    await asyncio.wait({it.running})


async def test_all_are_listed_and_those_run_that_are_switched_on() -> None:
    async with home() as it:
        assert [(one.name, one.title) for one in it.keeper.statuses()] == [("bell", "Door bell"), ("lamp", "Lamp")]
        assert it.states() == [("off", 5.0), ("off", 5.0)]
        it.clock.advance(2.0)
        it.choose(enabled=True)
        await it.until("on", "off")
        assert it.states() == [("on", 7.0), ("off", 5.0)]
        it.choose("lamp", enabled=True)
        await it.until("on", "on")
        it.clock.advance(1.0)
        it.choose(enabled=False)
        await it.until("off", "on")
        assert it.states() == [("off", 8.0), ("on", 7.0)]
        assert (Bell.seen, Lamp.seen) == (["high begins", "high ends"], ["high begins"])
    assert Lamp.seen == ["high begins", "high ends"]


async def test_one_whose_settings_change_is_started_again_with_them_and_no_other() -> None:
    async with home() as it:
        it.choose(enabled=True)
        it.choose("lamp", enabled=True)
        await it.until("on", "on")
        it.choose(tone="low")
        await until(lambda: "low begins" in Bell.seen)
        await it.until("on", "on")
        assert Bell.seen == ["high begins", "high ends", "low begins"]
        it.store.change({"music": {"volume": 0.5}, "integrations": {"bell": {"tone": "low"}}}, USER)
        it.choose("lamp", enabled=False)
        await it.until("on", "off")
        assert Bell.seen == ["high begins", "high ends", "low begins"]


async def test_changes_that_come_faster_than_it_ends_lead_to_the_last_one() -> None:
    async with home() as it:
        it.choose(enabled=True)
        await it.until("on", "off")
        for tone in ("a", "b", "c"):
            it.choose(tone=tone)
        it.choose(enabled=False)
        it.choose(enabled=True, tone="low")
        await until(lambda: "low begins" in Bell.seen)
        assert Bell.seen == ["high begins", "high ends", "low begins"]


async def test_one_that_is_away_is_lost_with_the_reason_and_hinders_no_other() -> None:
    async with home() as it:
        it.choose(enabled=True, tone="far")
        it.choose("lamp", enabled=True)
        await it.until("lost", "on")
        assert it.keeper.statuses()[0].note == "the bell is away"
        it.choose(tone="near")
        await it.until("on", "on")
        assert it.keeper.statuses()[0].note == ""


async def test_a_defect_ends_them_all_and_is_seen() -> None:
    async with home() as it:
        it.choose("lamp", enabled=True)
        await it.until("off", "on")
        it.choose(enabled=True, tone="false")
        with pytest.raises(ExceptionGroup) as failure:
            await it.running
        assert str(failure.value.exceptions[0]) == "a defect"
        assert Lamp.seen == ["high begins", "high ends"]
