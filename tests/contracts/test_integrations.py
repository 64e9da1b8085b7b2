"""What every integration promises: held by all that are registered, and by the example of docs/howto/integration.md."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

import pytest
from pydantic import SecretStr

from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.events import TrackChanged
from soundit_edge.control.patch import DevicePatch
from soundit_edge.integrations.integration import Integration
from soundit_edge.integrations.registry import REGISTRY, settings_model, switched_on
from soundit_edge.integrations.supervisor import STOP_S, Supervisor
from tests.contracts.peers import PEERS, Peer
from tests.fakes.control import FakeControl
from tests.howto.pages import module_of, places
from tests.loop_watch import waited_for_processor
from tests.waiting import until

EXAMPLE: Final[type[Integration]] = module_of(places("integration")[0]).Hub
ALL: Final = (*REGISTRY, EXAMPLE)
SECRET: Final = "Kgbx7fWq"

every_kind = pytest.mark.parametrize("kind", ALL, ids=[one.name for one in ALL])
kinds_that_ask = pytest.mark.parametrize("kind", [one for one in ALL if PEERS[one.name].asks])
kinds_that_leave = pytest.mark.parametrize("kind", [one for one in ALL if PEERS[one.name].leaves])


class House:
    """A device, an integration and its peer.

    Attributes:
        device: that the integration is a client of.
        tracks: how many have begun.
        peer: the other side; it is there.
        supervisor: runs the integration.
        running: its task.
    """

    def __init__(self, kind: type[Integration], peer: Peer) -> None:
        fields = kind.Settings.model_fields
        secrets = {name: SECRET for name, field in fields.items() if field.annotation is SecretStr}
        section = kind.Settings.model_validate({"enabled": True, **secrets, **peer.section})
        self.device = FakeControl()
        self.tracks = 0
        self.peer = peer
        self.supervisor = Supervisor(kind(section), time.monotonic, lambda seconds: asyncio.sleep(seconds / 100))
        self.running = asyncio.create_task(self.supervisor.run(self.device))

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until a condition holds, while the integration runs."""
        await until(lambda: self.running.done() or condition())
        assert not self.running.done(), self.running

    async def until_is(self, state: str) -> None:
        """Wait until the integration is "on" or "lost"."""
        await self.until(lambda: self.supervisor.status().state == state)

    async def until_lost(self) -> None:
        """Let the peer vanish, and wait until that is noticed: at the latest when there is something to tell it."""
        await self.peer.vanish()
        self.tracks += 1
        self.device.change_music(title=f"Track {self.tracks}")
        self.device.bus.publish(TrackChanged(f"Track {self.tracks}"))
        await self.until_is("lost")


@asynccontextmanager
async def house(kind: type[Integration]) -> AsyncIterator[House]:
    """Give a house in which the integration is connected."""
    peer = PEERS[kind.name]()
    await peer.appear()
    try:
        it = House(kind, peer)
        await it.until_is("on")
        yield it
        it.running.cancel()
        with suppress(asyncio.CancelledError):
            await it.running
    finally:
        await peer.vanish()


@every_kind
def test_it_starts_disabled_and_its_settings_speak_for_themselves(kind: type[Integration]) -> None:
    assert switched_on(settings_model([kind])(), [kind]) == []
    assert settings_model([kind]).model_validate({"integrations": {kind.name: {"enabled": True}}}) is not None
    for name, field in kind.Settings.model_fields.items():
        assert field.title, name
        assert field.description, name


@kinds_that_ask
async def test_it_applies_every_field_of_a_patch_in_its_own_name(kind: type[Integration]) -> None:
    asked: dict[str, object] = {
        "volume": 0.25,
        "muted": True,
        "policy": "lift",
        "preset": "dramatic",
        "play": "compose",
        "locks": {"tempo": 1.5},
        "senses": {"hue": False},
        "private": True,
        "paused": True,
        "mood": {"emotion": "calm", "minutes": 30},
        "track": 3,
    }
    assert set(asked) == set(DevicePatch.model_fields)
    async with house(kind) as it:
        for name, value in asked.items():
            await it.peer.ask({name: value})
        await it.until(lambda: len(it.device.actors) == len(asked))
        status = it.device.status()
        assert (status.volume, status.music.policy, status.music.preset) == (0.25, "lift", "dramatic")
        assert status.music.locks == {"tempo": 1.5}
        assert (status.music.muted, status.music.paused, status.music.source) == (True, True, "tracks")
        assert status.override is not None
        assert status.privacy.private
        assert set(it.device.actors) == {Actor(Kind.INTEGRATION, Role.OPERATOR, kind.name)}


@kinds_that_ask
async def test_a_change_that_is_refused_is_not_its_end(kind: type[Integration]) -> None:
    async with house(kind) as it:
        await it.peer.ask({"volume": 7.5})
        await it.peer.ask({"volume": 0.25})
        await it.until(lambda: it.device.status().volume == 0.25)
        await it.until_is("on")


@kinds_that_leave
async def test_it_survives_the_death_and_the_return_of_its_peer(kind: type[Integration]) -> None:
    async with house(kind) as it:
        for _ in range(2):
            await it.until_lost()
            assert it.supervisor.status().note
            await it.peer.appear()
            await it.until_is("on")
        if it.peer.asks:
            await it.peer.ask({"volume": 0.25})
            await it.until(lambda: it.device.status().volume == 0.25)


@kinds_that_leave
async def test_it_echoes_no_secret(kind: type[Integration], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with house(kind) as it:
        if it.peer.asks:
            await it.peer.ask({"volume": 7.5})
        await it.until_lost()
        assert SECRET not in it.supervisor.status().note
        await it.peer.appear()
        await it.until_is("on")
    assert kind.name in caplog.text
    assert SECRET not in caplog.text


@every_kind
async def test_it_ends_within_a_second_and_leaves_no_task(kind: type[Integration]) -> None:
    before = asyncio.all_tasks()
    async with house(kind) as it:
        began, waited = time.monotonic(), waited_for_processor()
        it.running.cancel()
        await asyncio.wait({it.running})
        # Time in which the machine was busy with others does not count.
        assert time.monotonic() - began - (waited_for_processor() - waited) < STOP_S
        assert it.running.cancelled()
    await until(lambda: asyncio.all_tasks() <= before)
