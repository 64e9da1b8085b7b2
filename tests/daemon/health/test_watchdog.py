"""The watchdog is fed while all four parts make progress, and stops when any of them stalls. Time is the test's own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from soundit_edge.daemon.health.parts import progress_of
from soundit_edge.daemon.health.progress import PartProgress
from soundit_edge.daemon.health.watchdog import LOOK_S, Watchdog
from soundit_edge.daemon.systemd import ServiceManager
from tests.fakes.clock import ManualClock
from tests.fakes.service_manager import Listener
from tests.waiting import until

PARTS = ("capture", "senses", "audio", "page")
LIMIT_S = 20.0
WATCHDOG_S = 30.0


class FakePart:
    """A part that works on each look, unless it is stalled or away."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.count = 0
        self.stalled = False
        self.away = False

    def _step(self) -> int:
        self.count += not self.stalled
        return self.count


class FakeCapture(FakePart):
    def progress(self) -> Mapping[str, PartProgress]:
        return {} if self.away else {"camera 1": PartProgress(self._step(), LIMIT_S)}


class FakeSenses(FakePart):
    def progress(self) -> tuple[int, bool]:
        return self._step(), not self.away


class FakeOther(FakePart):
    def progress(self) -> PartProgress | None:
        return None if self.away else PartProgress(self._step(), LIMIT_S)


class Device:
    """Four parts, a watchdog and what the service manager hears of them."""

    def __init__(self, listener: Listener) -> None:
        self.clock = ManualClock(100.0)
        self.capture, self.senses = FakeCapture("capture"), FakeSenses("senses")
        self.audio, self.page = FakeOther("audio"), FakeOther("page")
        self.said: list[str] = []
        self.listener = listener
        usec = str(round(WATCHDOG_S * 1e6))
        service = ServiceManager({"NOTIFY_SOCKET": listener.address, "WATCHDOG_USEC": usec}, self.clock.now)
        parts = progress_of(self.capture, self.senses, self.audio, self.page)
        self.watchdog = Watchdog(service, parts, self.clock.now, on_stuck=self.said.append)

    def part(self, name: str) -> FakePart:
        found = getattr(self, name)
        assert isinstance(found, FakePart)
        return found

    def run(self, seconds: float) -> list[str]:
        """Let time pass; return what the service manager heard."""
        heard = []
        for _ in range(round(seconds / LOOK_S)):
            self.clock.advance(LOOK_S)
            self.watchdog.look()
            heard += self.listener.heard()
        return heard


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Device]:
    with contextlib.closing(Listener(str(tmp_path / "notify"))) as listener:
        yield Device(listener)


def test_it_is_fed_while_all_parts_make_progress(device: Device) -> None:
    heard = device.run(300.0)
    assert set(heard) == {"WATCHDOG=1"}
    assert len(heard) >= 300.0 / WATCHDOG_S * 2
    assert device.said == []


@pytest.mark.parametrize("name", PARTS)
def test_it_starves_when_one_part_stalls_which_is_named_before_the_end(
    device: Device, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    device.run(60.0)
    device.part(name).stalled = True
    heard = device.run(200.0)
    shown = "camera 1" if name == "capture" else name
    at = next(i for i, message in enumerate(heard) if message.startswith("STATUS="))
    assert heard[at].startswith(f"STATUS={shown} has made no progress for ")
    assert "WATCHDOG=1" not in heard[at:]
    assert heard.count(heard[at]) == 1
    said = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [record.getMessage().startswith(shown) for record in said] == [True]
    assert [words.startswith(shown) for words in device.said] == [True]


@pytest.mark.parametrize("name", PARTS)
def test_a_part_that_is_away_starves_nobody(device: Device, name: str) -> None:
    part = device.part(name)
    part.stalled = part.away = True
    assert set(device.run(300.0)) == {"WATCHDOG=1"}


@pytest.mark.parametrize("name", PARTS)
def test_a_part_that_comes_to_itself_in_time_has_it_fed_again(device: Device, name: str) -> None:
    device.part(name).stalled = True
    device.run(65.0)
    device.part(name).stalled = False
    heard = device.run(20.0)
    assert heard[:2] in (["WATCHDOG=1", "STATUS=playing"], ["STATUS=playing", "WATCHDOG=1"])


def test_two_parts_that_stall_one_after_the_other_are_both_named(device: Device) -> None:
    device.page.stalled = True
    device.run(30.0)
    device.audio.stalled = True
    last = device.run(60.0)[-1]
    assert "page has made no progress" in last
    assert "audio has made no progress" in last


async def test_it_looks_by_itself_and_says_how_the_device_is(device: Device) -> None:
    running = asyncio.create_task(device.watchdog.run())
    heard: list[str] = []

    def twice() -> bool:
        heard.extend(device.listener.heard())
        device.clock.advance(WATCHDOG_S)
        return heard.count("WATCHDOG=1") >= 2

    await until(twice)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    assert heard[0] == "STATUS=playing"
