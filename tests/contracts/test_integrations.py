"""What every integration promises: held by all that are registered, and by the example of docs/howto/integration.md."""

from __future__ import annotations

import asyncio
import gc
import logging
import random
import time
import tracemalloc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

import pytest

from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.events import TrackChanged
from soundit_edge.control.patch import DevicePatch
from soundit_edge.control.status import Status
from soundit_edge.integrations.integration import Integration
from soundit_edge.integrations.limited_control import MAX_CHANGES, WINDOW_S
from soundit_edge.integrations.registry import REGISTRY, section_of, settings_model
from soundit_edge.integrations.supervisor import STOP_S, Supervisor
from tests.contracts.peer import FLOOD_BYTES, SECRET, Peer
from tests.contracts.peers import PEERS, section_for
from tests.fakes.control import FakeControl
from tests.howto.pages import module_of, places
from tests.loop_watch import LoopWatch, waited_for_machine
from tests.waiting import until

EXAMPLE: Final[type[Integration]] = module_of(places("integration")[0]).Hub
ALL: Final = (*REGISTRY, EXAMPLE)
RUBBISH: Final = (
    random.Random(1).randbytes(300),
    b"",
    b"\x00" * 100,
    b"{",
    b"null",
    b'"volume"',
    b"[" * 20_000,
    b"\xff\xfe{\x00}\x00",
    b'{"volume": NaN}',
    b'{"volume": 1e999}',
    b'{"volume": ' + b"9" * 5000 + b"}",
    b'{"volume": [0.5], "volume": {"volume": 0.5}}',
    b'{"\\ud800": "\\u0000", "__class__": "\xc0\xaf"}',
    b"GET / HTTP/1.1\r\n\r\n",
)
HUGE: Final = b'{"room": "' + b"x" * 3_000_000 + b'"}'
ANSWER: Final = 0.125
"""The volume that an integration is asked for, to see whether it is there."""
ASK_AGAIN_S: Final = 0.2
FLOOD: Final = 1000
"""Messages."""


def kinds(*those: type[Integration]) -> pytest.MarkDecorator:
    """Run a test with each of these."""
    return pytest.mark.parametrize("kind", those, ids=[one.name for one in those])


every_kind = kinds(*ALL)
kinds_that_ask = kinds(*(one for one in ALL if PEERS[one.name].asks))
kinds_that_leave = kinds(*(one for one in ALL if PEERS[one.name].leaves))
kinds_that_are_spoken_to = kinds(*(one for one in ALL if PEERS[one.name].speaks))
kinds_that_listen = kinds(*(one for one in ALL if PEERS[one.name].listens))


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
        section = kind.Settings.model_validate(section_for(kind, peer))
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

    async def until_it_answers(self) -> None:
        """Wait until the integration is there, and does what it is asked for where it can be."""
        await self.until_is("on")
        if not self.peer.asks:
            return
        while self.device.volumes[-1:] != [ANSWER]:  # what is sent into a connection that is just given up is lost
            await self.peer.ask({"volume": ANSWER})
            with suppress(TimeoutError):
                await asyncio.wait_for(self.until(lambda: self.device.volumes[-1:] == [ANSWER]), ASK_AGAIN_S)

    def unchanged(self) -> Status:
        """Return what is so beside the answers."""
        return self.device.now.model_copy(update={"volume": ANSWER})


@asynccontextmanager
async def house(kind: type[Integration], at_first: str = "on") -> AsyncIterator[House]:
    """Give a house in which the integration is connected, or its peer was there and is away ("lost")."""
    peer = PEERS[kind.name]()
    await peer.appear()
    try:
        if at_first == "lost":
            await peer.vanish()
        it = House(kind, peer)
        await it.until_is(at_first)
        yield it
        it.running.cancel()
        with suppress(asyncio.CancelledError):
            await it.running
    finally:
        await peer.vanish()


@every_kind
def test_it_starts_disabled_and_its_settings_speak_for_themselves(kind: type[Integration]) -> None:
    assert not section_of(settings_model([kind])(), kind).enabled
    assert settings_model([kind]).model_validate({"integrations": {kind.name: {"enabled": True}}}) is not None
    assert kind.title
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
        "scene": "tide",
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
        assert status.scene == "tide"
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
async def test_a_peer_that_is_there_later_than_the_device_is_found(kind: type[Integration]) -> None:
    async with house(kind, at_first="lost") as it:
        assert it.supervisor.status().note
        await it.peer.appear()
        await it.until_it_answers()


@kinds_that_listen
async def test_a_port_in_use_is_said_and_taken_once_it_is_free(kind: type[Integration]) -> None:
    peer = PEERS[kind.name]()
    await peer.appear()
    await peer.vanish()
    async with peer.occupied():
        it = House(kind, peer)
        await it.until_is("lost")
        assert it.supervisor.status().note
    await peer.appear()
    await it.until_it_answers()
    it.running.cancel()
    await asyncio.wait({it.running})
    await peer.vanish()


@kinds_that_are_spoken_to
async def test_rubbish_is_no_end_and_no_change(kind: type[Integration]) -> None:
    async with house(kind) as it:
        before = it.unchanged()
        for data in RUBBISH:
            await it.peer.rubbish(data)
        await it.until_it_answers()
        assert set(it.device.volumes) <= {ANSWER}
        assert it.unchanged() == before


@kinds_that_are_spoken_to
async def test_a_huge_message_is_not_kept(kind: type[Integration]) -> None:
    async with house(kind) as it:
        before = it.unchanged()
        tracemalloc.start()
        await it.peer.rubbish(HUGE)
        await it.until_it_answers()
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert kept < len(HUGE) / 2
        assert it.unchanged() == before


@kinds_that_are_spoken_to
async def test_a_flood_is_bounded_and_holds_nobody_up(
    kind: type[Integration], caplog: pytest.LogCaptureFixture, loop_watch: LoopWatch
) -> None:
    """That the event loop is not held up, `loop_watch` sees."""
    async with house(kind) as it:
        caplog.clear()
        loop_watch.quicken()
        tracemalloc.start()
        began = time.monotonic()
        await it.peer.flood(FLOOD)
        await it.until_it_answers()
        seconds = time.monotonic() - began
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < FLOOD * FLOOD_BYTES / 2
        assert len(it.device.actors) <= MAX_CHANGES * (1 + seconds / WINDOW_S)
        said = [one for one in caplog.records if one.levelno >= logging.WARNING]
        assert len(said) <= 3, said


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
        began, waited = time.monotonic(), waited_for_machine()
        it.running.cancel()
        await asyncio.wait({it.running})
        # Time in which the machine was busy with others does not count.
        assert time.monotonic() - began - (waited_for_machine() - waited) < STOP_S
        assert it.running.cancelled()
    await until(lambda: asyncio.all_tasks() <= before)
