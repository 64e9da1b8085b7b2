"""A real Snapcast server with two rooms: what they hear of the device, in step, and how they are turned.

Every frame of the music has its number in its samples, so that each frame that a room hears is known.
"""

from __future__ import annotations

import asyncio
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pytest

from soundit_edge.audio.format import FULL_SCALE, RATE, Stereo
from soundit_edge.audio.snapcast import LEAD_S, SnapcastSpeaker
from soundit_edge.audio.snapcast_connection import SnapcastAddress
from soundit_edge.music.morph.deck import Deck
from soundit_edge.music.morph.engine import MorphEngine
from soundit_edge.music.player import commands, statistics
from soundit_edge.music.player.double_buffer import Reader, Writer, snapshot_bytes
from soundit_edge.music.player.process.render_loop import RenderLoop, Time
from tests.contracts.snapcast_peer import SnapcastPeer
from tests.integrations.test_snapcast import House
from tests.music.signals import sine, track
from tests.snap_server import BUFFER_MS, Heard, SnapServer, running_snap_server
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(shutil.which("snapserver") is None, reason="no Snapcast server is installed")

IN_STEP_S: Final = 0.001
STEP: Final = 16  # of the samples from one number to the next, more than dither
BASE: Final = 2048  # a frame's number is left * BASE + right; silence is 0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SnapServer]:
    with running_snap_server(tmp_path) as server:
        yield server


@pytest.fixture
def rooms(server: SnapServer) -> Iterator[list[Heard]]:
    with server.client("kitchen") as kitchen, server.client("attic") as attic:
        yield [kitchen, attic]


class Counting(MorphEngine):
    """Numbers frames in the place of music."""

    def __init__(self) -> None:
        super().__init__(Deck(track(sine(440.0, 1.0), bar_s=0.1)))
        self.next = BASE

    def render(self, count: int) -> Stereo:
        numbers = np.arange(self.next, self.next + count)
        self.next += count
        samples: Stereo = (np.stack([numbers // BASE, numbers % BASE], axis=1) * STEP / FULL_SCALE).astype(np.float32)
        return samples


class Music:
    """The loop of the audio process in a thread, which plays to a server."""

    def __init__(self, server: SnapServer) -> None:
        self.engine = Counting()
        address = SnapcastAddress(("127.0.0.1", server.source), BUFFER_MS / 1000)
        self.speaker = SnapcastSpeaker(address, time.monotonic)
        down, up = (memoryview(bytearray(snapshot_bytes(kind.LENGTH))) for kind in (commands, statistics))
        clock = Time(time.monotonic, time.thread_time, time.sleep)
        writer = Writer(up, statistics.LENGTH)
        self._loop = RenderLoop(self.engine, self.speaker, Reader(down, commands.LENGTH), writer, clock, 0)

    @contextmanager
    def playing(self) -> Iterator[Music]:
        over = threading.Event()
        thread = threading.Thread(target=self._loop.run, args=(over.is_set,))
        thread.start()
        try:
            yield self
        finally:
            over.set()
            thread.join()
            self.speaker.close()


def numbers(samples: npt.NDArray[np.int16]) -> npt.NDArray[np.int64]:
    """Return the numbers of frames; 0 in silence."""
    left, right = np.rint(samples.astype(np.float64) / STEP).astype(np.int64).T
    return np.asarray(left * BASE + right)


def in_step(rooms: list[Heard]) -> bool:
    """Return whether each frame of the last half second is heard at the same time in both rooms."""
    found, when = [], []
    for room in rooms:
        samples, began = room.latest(10)
        here, places = np.unique(numbers(samples), return_index=True)
        found.append(here)
        when.append(began + places / RATE)
    common, one, two = np.intersect1d(found[0], found[1], return_indices=True)
    return len(common) > RATE // 4 and bool(np.median(np.abs(when[0][one] - when[1][two])) < IN_STEP_S)


def test_rooms_are_in_step_and_a_restart_costs_only_the_seconds_of_it(server: SnapServer, rooms: list[Heard]) -> None:
    with Music(server).playing() as music:

        def heard_in_step(number: int) -> bool:
            time.sleep(0.1)
            return all(numbers(room.samples(RATE)).max(initial=0) >= number for room in rooms) and in_step(rooms)

        wait_until(lambda: heard_in_step(BASE + 2 * RATE))
        gone = music.engine.next
        server.stop()
        wait_until(lambda: music.speaker.latency_s == 0)
        server.start()
        wait_until(lambda: music.speaker.latency_s > 0)
        wait_until(lambda: all(server.rooms().get(name, {}).get("connected") for name in ("kitchen", "attic")))
        back = music.engine.next
        wait_until(lambda: heard_in_step(back + 2 * RATE))

        in_the_air = round((BUFFER_MS / 1000 + LEAD_S + 0.2) * RATE)  # what the server that died had not passed on
        for room in rooms:
            heard = numbers(room.samples())
            heard = heard[heard > 0]
            assert (np.diff(heard) >= 0).all(), "nothing is heard twice but a frame in a correction"
            missing = np.setdiff1d(np.arange(heard[0], back + 2 * RATE), heard)
            lost = missing[(missing < gone - in_the_air) | (missing >= back + RATE)]
            assert len(lost) < 0.05 * len(heard), "rooms leave out a little where the computer is busy"


async def test_a_real_server_tells_of_its_rooms_and_turns_them(server: SnapServer, rooms: list[Heard]) -> None:
    def percents() -> list[int]:
        return [room["config"]["volume"]["percent"] for room in server.rooms().values()]

    for name in ("kitchen", "attic"):
        server.ask("Client.SetName", id=name, name=name.title())
    it = House(peer := SnapcastPeer(), port=server.control, stream="soundit", follow_volume=True)
    try:
        await it.until(lambda: it.note == "Attic 100 %, Kitchen 100 %")
        for name in ("kitchen", "attic"):
            server.ask("Client.SetVolume", id=name, volume={"percent": 40, "muted": False})
        await it.until(lambda: it.device.status().volume == 0.4)
        await it.change(volume=0.8)
        await it.until(lambda: percents() == [80, 80])
        for group in server.groups():
            server.ask("Group.SetMute", id=group["id"], mute=True)
        await it.until(lambda: it.device.status().music.muted)
        await it.change(muted=False)
        await it.until(lambda: not any(group["muted"] for group in server.groups()))
        server.stop()
        await it.until(lambda: it.state == "lost")
        await asyncio.to_thread(server.start)
        await it.until(lambda: it.state == "on" and "%" in it.note)
    finally:
        it.running.cancel()
        with suppress(asyncio.CancelledError):
            await it.running
    assert peer.asked == []


def assert_within(made: Any, real: Any) -> None:
    """Make sure that whatever is in the one is in the other and of the same type."""
    assert type(made) is type(real)
    if isinstance(made, dict):
        for name, value in made.items():
            assert_within(value, real[name])
    elif isinstance(made, list) and made:
        assert_within(made[0], real[0])


def test_the_server_of_the_other_tests_answers_as_a_real_one_does(server: SnapServer, rooms: list[Heard]) -> None:
    made = SnapcastPeer()
    assert_within(made.answer("Server.GetStatus"), server.ask("Server.GetStatus"))
    volume = {"volume": {"percent": 100}}
    assert_within(
        made.answer("Client.SetVolume", id="Kitchen", **volume), server.ask("Client.SetVolume", id="kitchen", **volume)
    )
    group = server.groups()[0]["id"]
    assert_within(
        made.answer("Group.SetMute", id="house", mute=False), server.ask("Group.SetMute", id=group, mute=False)
    )
    assert_within(
        made.answer("Client.SetVolume", id="cellar", **volume), server.ask("Client.SetVolume", id="cellar", **volume)
    )
