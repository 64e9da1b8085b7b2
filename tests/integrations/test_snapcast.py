"""The rooms of a Snapcast server: how they are listed, kept in step with the device, and what a server may not do."""

from __future__ import annotations

import asyncio
import gc
import json
import time
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.patch import patch_of
from soundit_edge.control.refusals import NotNow
from soundit_edge.integrations.integration import actor_of
from soundit_edge.integrations.snapcast import json_rpc, snapcast
from soundit_edge.integrations.snapcast.json_rpc import MAX_LINE, MAX_MESSAGES
from soundit_edge.integrations.snapcast.rooms import Rooms
from soundit_edge.integrations.snapcast.snapcast import Snapcast, SnapcastSettings
from soundit_edge.integrations.supervisor import Supervisor
from tests.contracts.peer import FLOOD_BYTES
from tests.contracts.snapcast_peer import SnapcastPeer
from tests.fakes.control import FakeControl
from tests.waiting import until

SOMEBODY = Actor(Kind.PAGE, Role.OPERATOR)


class House:
    """A device and a server, and the integration between them."""

    def __init__(self, peer: SnapcastPeer, **settings: object) -> None:
        self.peer = peer
        self.device = FakeControl()
        section = SnapcastSettings.model_validate({"enabled": True, **peer.section, **settings})
        self.supervisor = Supervisor(Snapcast(section), time.monotonic, lambda _: asyncio.sleep(0.01))
        self.running = asyncio.create_task(self.supervisor.run(self.device))

    @property
    def state(self) -> str:
        return self.supervisor.status().state

    @property
    def note(self) -> str:
        return self.supervisor.status().note

    async def until(self, condition: Callable[[], object]) -> None:
        await until(lambda: self.running.done() or condition(), self.note)
        assert not self.running.done(), self.running

    async def change(self, **asked: object) -> None:
        """Let somebody turn the device."""
        await self.device.change(patch_of(asked), SOMEBODY)


@asynccontextmanager
async def house(**settings: object) -> AsyncIterator[House]:
    peer = SnapcastPeer()
    await peer.appear()
    it = House(peer, **settings)
    try:
        yield it
    finally:
        it.running.cancel()
        with suppress(asyncio.CancelledError):
            await it.running
        await peer.vanish()


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for others to have their say."""
    monkeypatch.setattr(snapcast, "SETTLE_S", 0.01)


async def test_the_rooms_are_listed_and_again_with_every_change() -> None:
    async with house() as it:
        await it.until(lambda: it.note == "Attic 100 %, Kitchen 100 %")
        assert it.state == "on"
        it.peer.away = {"Attic"}
        it.peer.turn({"Kitchen": 35})
        await it.until(lambda: it.note == "Kitchen 35 %, Attic away")
        it.peer.turn({}, muted=True)
        await it.until(lambda: it.note.endswith("(all muted)"))
        await it.change(volume=0.3, muted=True)
        it.peer.turn({"Kitchen": 40, "Attic": 40})
        await it.until(lambda: it.note == "Kitchen 40 %, Attic away")
        assert it.device.volumes == [0.3], "each side's volume is its own"
        assert set(it.peer.asked) == {"Server.GetStatus"}


async def test_a_group_that_is_turned_turns_the_device() -> None:
    async with house(follow_volume=True) as it:
        await it.until(lambda: it.device.volumes == [1.0])  # the rooms' counts in the beginning
        it.peer.turn({"Kitchen": 50, "Attic": 30})
        await it.until(lambda: it.device.volumes == [1.0, 0.4])
        it.peer.turn({}, muted=True)
        await it.until(lambda: it.device.status().music.muted)
        assert set(it.device.actors) == {actor_of("snapcast")}
        assert it.peer.percents == {"Kitchen": 50, "Attic": 30}


async def test_a_room_that_is_turned_alone_turns_nothing_else() -> None:
    async with house(follow_volume=True) as it:
        await it.until(lambda: it.device.volumes == [1.0])
        it.peer.turn({"Kitchen": 20})
        await it.until(lambda: it.note == "Attic 100 %, Kitchen 20 %")
        it.peer.turn({"Kitchen": 10, "Attic": 90})
        await it.until(lambda: it.device.volumes == [1.0, 0.5])


async def test_a_device_that_is_turned_turns_the_rooms_and_each_keeps_its_share() -> None:
    async with house(follow_volume=True) as it:
        it.peer.turn({"Kitchen": 80, "Attic": 60})
        await it.until(lambda: it.device.volumes == [0.7])
        await it.change(volume=0.35)
        await it.until(lambda: it.peer.percents == {"Kitchen": 40, "Attic": 30})
        await it.change(muted=True)
        await it.until(lambda: it.peer.muted)
        await it.change(volume=0.65, muted=False)
        await it.until(lambda: it.peer.percents == {"Kitchen": 68, "Attic": 62})
        await it.until(lambda: not it.peer.muted)
        assert it.device.volumes == [0.7, 0.35, 0.65], "nothing comes back"


async def test_a_refusal_of_the_device_is_no_reason_to_end() -> None:
    async with house(follow_volume=True) as it:
        it.device.refusal = NotNow("Not at this moment.")
        await it.until(lambda: it.state == "on")
        it.peer.turn({"Kitchen": 50, "Attic": 50})
        await it.until(lambda: it.note == "Attic 50 %, Kitchen 50 %")
        it.device.refusal = None
        it.peer.turn({"Kitchen": 40, "Attic": 40})
        await it.until(lambda: it.device.volumes[-1:] == [0.4])


async def test_rooms_that_hear_another_stream_are_left_alone() -> None:
    async with house(stream="radio") as it:
        await it.until(lambda: it.state == "lost" and "has no stream 'radio'; it has: soundit" in it.note)
    async with house(stream="soundit") as it:
        await it.until(lambda: it.note == "Attic 100 %, Kitchen 100 %")


Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def rubbish(line: bytes) -> str:
    """Return what is said of a server that sends a line in place of every answer."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while await reader.readline():
                writer.write(line)
                await writer.drain()
        writer.close()

    return await said_of(serve)


async def said_of(serve: Handler) -> str:
    """Return what is said of a server."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    peer = SnapcastPeer()
    peer.port = server.sockets[0].getsockname()[1]
    it = House(peer)
    try:
        await it.until(lambda: it.state == "lost" and it.note and "connected yet" not in it.note)
        return it.note
    finally:
        it.running.cancel()
        with suppress(asyncio.CancelledError):
            await it.running
        server.close()
        await server.wait_closed()


def answer(result: Any) -> bytes:
    return json.dumps({"id": 1, "jsonrpc": "2.0", "result": result}).encode() + b"\r\n"


def status_of(percent: object, groups: int = 1, clients: int = 1) -> dict[str, Any]:
    client = {"id": "a", "connected": True, "config": {"volume": {"percent": percent, "muted": False}}}
    group = {"id": "g", "muted": False, "stream_id": "s", "clients": [client] * clients}
    return {"server": {"groups": [group] * groups, "streams": [{"id": "s"}]}}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "no JSON-RPC"),
        (b"\x00\xff\xfe\r\n", "no JSON-RPC"),
        (b"[" * 100_000 + b"\r\n", "no JSON-RPC"),
        (b"7\r\n", "no JSON-RPC"),
        (b"[[]]\r\n", "no JSON-RPC"),
        (b"x" * (MAX_LINE + 10), "in a line"),
        (answer(None), "sends no status of rooms"),
        (answer([1, 2]), "sends no status of rooms"),
        (answer({"server": 7}), "sends no status of rooms"),
        (answer(status_of(1e999)), "no status of rooms"),
        (answer(status_of(-1)), "sends no status of rooms"),
        (answer(status_of("50")), "sends no status of rooms"),
        (answer(status_of(50, clients=2_000)), "sends no status of rooms"),
        (b'{"jsonrpc":"2.0","method":"Client.OnConnect","params":{}}\r\n' * 1000, f"more than {MAX_MESSAGES} messages"),
    ],
    ids=lambda value: str(value[:30]) if isinstance(value, bytes) else "",
)
async def test_a_server_that_sends_rubbish_is_lost_and_named(line: bytes, says: str) -> None:
    said = await rubbish(line)
    assert said.startswith("the Snapcast server at 127.0.0.1:")
    assert says in said


async def test_a_flood_is_bounded_and_the_server_is_found_again() -> None:
    async with house() as it:
        await it.until(lambda: it.state == "on")
        tracemalloc.start()
        try:
            await it.peer.flood(3000)
            await it.until(lambda: it.peer.asked.count("Server.GetStatus") > 1 and it.state == "on")
            _, peak = tracemalloc.get_traced_memory()
            gc.collect()
            kept, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 3000 * FLOOD_BYTES / 2
        assert kept < 200_000


async def test_a_server_that_says_nothing_or_dies_in_the_middle_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_rpc, "ANSWER_S", 0.05)

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async def dying(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b'{"id":1,"jsonrpc":"2.0","resu')
        writer.close()

    assert "does not answer" in await said_of(silent)
    assert "has hung up" in await said_of(dying)


async def test_a_name_that_cannot_be_is_lost_and_named() -> None:
    for host in ("a..b", "x" * 250):
        it = House(SnapcastPeer(), host=host, port=1705)
        await it.until(lambda it=it: "cannot be reached: " in it.note)  # type: ignore[misc]
        it.running.cancel()
        with suppress(asyncio.CancelledError):
            await it.running


def rooms(percents: list[int], *, muted: bool = False) -> Rooms:
    clients = [
        {"id": str(n), "connected": True, "config": {"volume": {"percent": percent, "muted": False}}}
        for n, percent in enumerate(percents)
    ]
    group = {"id": "g", "muted": muted, "stream_id": "s", "clients": clients}
    return Rooms({"server": {"groups": [group], "streams": [{"id": "s"}]}})


PERCENTS = st.lists(st.integers(0, 100), min_size=1, max_size=8)


@given(PERCENTS, st.floats(0, 1))
def test_rooms_are_turned_together_and_the_louder_one_stays_the_louder(percents: list[int], volume: float) -> None:
    turned = list(rooms(percents).at(volume).values())
    assert all(0 <= percent <= 100 for percent in turned)
    assert abs(sum(turned) / len(turned) - 100 * volume) <= 0.5 + 1e-6
    for one, other in zip(percents, turned, strict=True):
        for two, another in zip(percents, turned, strict=True):
            assert one < two or other >= another


@given(PERCENTS, st.integers(-100, 100))
def test_all_of_one_direction_is_a_turn_of_the_group(percents: list[int], step: int) -> None:
    before, after = rooms(percents), rooms([min(100, max(0, percent + step)) for percent in percents])
    assert after.moved_together(before.percents) == all(one != two for one, two in zip(before, after, strict=True))


def test_a_house_of_many_rooms_is_said_in_one_sentence() -> None:
    assert str(rooms([])) == "no room yet"
    assert str(rooms([5] * 12)).endswith("5 % and 4 more")
    assert str(rooms([5, 6], muted=True)) == "0 5 %, 1 6 % (all muted)"
    assert rooms([]).volume is None
    assert rooms([]).at(0.5) == {}
