"""OSC as a program sees it that is sent to, and that sends."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pythonosc.osc_message_builder import build_msg

from soundit_edge.control.events import MoodChanged
from soundit_edge.emotion import Emotion
from soundit_edge.integrations.integration import IntegrationError
from soundit_edge.integrations.osc import addresses, session
from soundit_edge.integrations.osc.osc import Osc
from soundit_edge.integrations.osc.packets import Argument, Message, messages
from soundit_edge.integrations.osc.settings import OscSettings
from soundit_edge.integrations.osc.tally import MALFORMED, REFUSED, UNKNOWN, WRONG_TIME
from tests.contracts.osc_peer import free_port
from tests.fakes.control import FakeControl, mood_status
from tests.integrations.osc.test_packets import bundle
from tests.waiting import until
from tools.osc import PAGE, with_tables


class Installation:
    """A program with lights, and the device that it listens to."""

    def __init__(self, sock: socket.socket, port: int, osc: Osc) -> None:
        self.device = FakeControl()
        self.osc = osc
        self.heard: list[tuple[float, Message]] = []
        self._socket = sock
        self._port = port

    def send(self, datagram: bytes) -> None:
        """Send to the device."""
        self._socket.sendto(datagram, ("127.0.0.1", self._port))

    def say(self, path: str, *arguments: Argument) -> None:
        self.send(build_msg(f"/soundit{path}", arguments).dgram)

    def listen(self) -> None:
        """Take what has come."""
        with contextlib.suppress(BlockingIOError):
            while True:
                self.heard.extend((time.monotonic(), one) for one in messages(self._socket.recv(9000), time.time()))

    def last(self, path: str) -> tuple[Argument, ...] | None:
        """The arguments of the latest message to an address."""
        found = [message.arguments for _, message in self.heard if message.address == f"/soundit{path}"]
        return found[-1] if found else None


@asynccontextmanager
async def installation(**settings: object) -> AsyncIterator[Installation]:
    port = free_port()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.setblocking(False)
        target = "{}:{}".format(*sock.getsockname())
        osc = Osc(OscSettings.model_validate({"targets": [target], "listen": True, "listen_port": port, **settings}))
        it, connected = Installation(sock, port, osc), asyncio.Event()
        asyncio.get_running_loop().add_reader(sock, it.listen)
        running = asyncio.create_task(osc.run(it.device, connected.set))
        try:
            await until(lambda: running.done() or connected.is_set())
            yield it
            assert not running.done(), running
        finally:
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running
            asyncio.get_running_loop().remove_reader(sock)


async def test_everything_in_the_table_is_sent_and_nothing_else() -> None:
    async with installation() as it:
        it.say("/set/volume", "loud")
        paths = {one.path.replace("NAME", "face"): one.tags for one in addresses.OUT}
        await until(lambda: all(it.last(path) for path in paths))
        kinds = {"s": str, "i": int, "f": float}
        for _, message in it.heard:
            path = message.address.removeprefix("/soundit")
            for name in ("voice", "hue", "body", "lips"):
                path = path.replace(f"/sense/{name}/", "/sense/face/")
            assert [kinds[tag] for tag in paths[path]] == [type(one) for one in message.arguments]
        status = it.device.now
        assert it.last("/mood") == (status.mood.emotion.value,)
        assert it.last("/affect") == pytest.approx((status.mood.valence, status.mood.arousal))
        assert it.last("/sense/face/say") == pytest.approx(("happy", 0.81))
        assert it.last("/sense/lips/say") == ("", 0.0)
        assert it.last("/track") == ("First light", "Soundit")
        assert (it.last("/private"), it.last("/paused")) == ((0,), (0,))


async def test_a_new_mood_is_sent_at_once_and_what_stays_is_not_sent_again_and_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(session, "STATE_S", 1e9)
    monkeypatch.setattr(session, "LEVEL_S", 0.01)
    async with installation() as it:
        await until(lambda: it.last("/preset"))
        mood = mood_status(Emotion.SAD)
        it.device.now = it.device.now.model_copy(update={"mood": mood})
        it.device.bus.publish(MoodChanged(mood))
        await until(lambda: it.last("/mood") == ("sad",))
        assert sum(message.address == "/soundit/preset" for _, message in it.heard) == 1
        levels = len(it.heard)
        await until(lambda: len(it.heard) > levels + 3)


async def test_all_is_sent_again_for_those_who_come_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "STATE_S", 0.01)
    monkeypatch.setattr(session, "REPEAT_S", 0.02)
    async with installation() as it:
        await until(lambda: sum(message.address == "/soundit/preset" for _, message in it.heard) > 1)


async def test_beats_come_one_after_the_other_at_the_tempo() -> None:
    async with installation() as it:
        it.device.beat = it.device.beat.as_of(time.monotonic())
        await until(lambda: sum(message.address == "/soundit/beat" for _, message in it.heard) >= 3)
        beats = [message.arguments for _, message in it.heard if message.address == "/soundit/beat"]
        places = [4 * bar + beat for bar, beat, _, _, _ in beats]  # type: ignore[operator]
        assert places == sorted(set(places)), "a busy machine may leave one out"
        assert {one[3:] for one in beats} == {(96.0, 4)}


async def test_messages_change_the_music_and_what_cannot_be_is_said(caplog: pytest.LogCaptureFixture) -> None:
    async with installation() as it:
        it.say("/set/mood", "calm", 20)
        it.say("/set/volume", 0.5)
        it.say("/next")
        it.send(
            bundle(build_msg("/soundit/set/policy", "lift").dgram, build_msg("/soundit/set/preset", "dramatic").dgram)
        )
        await until(lambda: it.device.now.music.preset == "dramatic")
        assert it.device.now.override is not None
        assert it.device.now.override.emotion is Emotion.CALM
        assert it.device.volumes == [0.5]
        assert (it.device.now.music.title, it.device.now.music.policy) == ("Second light", "lift")
        it.say("/set", json.dumps({"volume": 7.5}))
        await until(lambda: it.last("/refused"))
        refused = it.last("/refused")
        assert refused is not None
        assert refused[0] == "/soundit/set"
        assert "volume" in str(refused[1])
        it.say("/set/private", 0)
        await until(lambda: it.osc.tally.counts[REFUSED] == 2)
        assert caplog.text.count("a message was not followed") == 1


async def test_what_is_sent_wrong_is_counted_and_said_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with installation() as it:
        counts = it.osc.tally.counts
        for _ in range(3):
            it.send(b"hello")
            it.say("/mood\n", "happy")
            it.send(bundle(build_msg("/soundit/next").dgram, tag=b"\xff" * 8))
        await until(lambda: counts == {MALFORMED: 3, UNKNOWN: 3, WRONG_TIME: 3})
        it.say("/set/volume", 0.5)
        await until(lambda: it.device.volumes == [0.5])
    for kind in (MALFORMED, UNKNOWN, WRONG_TIME):
        assert caplog.text.count(f"{kind}:") == 2, "once when it happens, and once in the sum"
    assert "/soundit/mood " in caplog.text


async def test_a_bundle_counts_as_many_messages_as_are_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("soundit_edge.integrations.osc.receiver.MAX_BURST", 40.0)
    monkeypatch.setattr("soundit_edge.integrations.osc.receiver.MAX_PER_S", 1e-9)
    async with installation() as it:
        it.send(bundle(*[build_msg(f"/soundit/{number}").dgram for number in range(60)]))
        await until(lambda: sum(it.osc.tally.counts.values()) == 60)
        assert it.osc.tally.counts[UNKNOWN] == 40


async def test_nothing_is_listened_to_unless_it_is_asked_for() -> None:
    async with installation(listen=False) as it:
        await until(lambda: it.last("/mood"))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind(("127.0.0.1", it._port))


async def test_without_targets_and_without_listening_there_is_nothing_to_do() -> None:
    with pytest.raises(IntegrationError, match=r"integrations\.osc\.targets"):
        await Osc(OscSettings()).run(FakeControl(), lambda: None)


async def test_without_the_library_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith(("pythonosc", session.__name__))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "soundit_edge.integrations.osc.packets")
    monkeypatch.setitem(sys.modules, "pythonosc", None)
    with pytest.raises(IntegrationError, match="python-osc is not installed"):
        await Osc(OscSettings()).run(FakeControl(), lambda: None)


def test_the_page_has_the_addresses_as_they_are() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert with_tables(page) == page, "run .venv/bin/python -m tools.osc and look at what has changed"
    assert all(len(one.tags) == len(one.arguments) for one in (*addresses.OUT, *addresses.IN))
