"""The sensing light: on before anything is opened, until it is closed, whatever becomes of the panel."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress

import numpy as np
import pytest

from soundit_edge.capture.capture import CaptureError, CaptureLost, Frame
from soundit_edge.daemon.ways import light as light_module
from soundit_edge.daemon.ways.light import SensingLight
from soundit_edge.daemon.ways.source import CaptureWorker
from soundit_edge.settings import PrivacySettings
from tests.fakes.capture import ScriptedCapture
from tests.fakes.pins import FakePins
from tests.waiting import HANG_S, until

PIN = 25
WIRED = PrivacySettings(light_pin=PIN)


class WatchedCapture(ScriptedCapture):
    """Notes how the light is while it is opened, read and closed."""

    def __init__(self, pins: FakePins) -> None:
        look: Callable[[], None] = lambda: self.seen.append(("read", pins.levels.get(PIN)))  # noqa: E731
        super().__init__([Frame(0.0, np.zeros((2, 2, 3), np.uint8)), look], live=False)
        self.pins = pins
        self.seen: list[tuple[str, float | None]] = []

    def __enter__(self) -> WatchedCapture:
        self.seen.append(("open", self.pins.levels.get(PIN)))
        super().__enter__()
        return self

    def __exit__(self, *details: object) -> None:
        super().__exit__(*details)
        self.seen.append(("close", self.pins.levels.get(PIN)))


def worker(capture: ScriptedCapture, light: SensingLight) -> CaptureWorker:
    return CaptureWorker("camera", capture, lambda item: None, lambda: 0.0, lit=light.lit)


def test_it_is_on_before_a_camera_is_opened_and_until_it_is_closed() -> None:
    pins = FakePins()
    light, capture = SensingLight(WIRED, pins.open), WatchedCapture(pins)
    worker(capture, light).run()
    assert capture.seen == [("open", True), ("read", True), ("close", True)]
    assert pins.levels == {PIN: False}
    assert [one.state for one in light.status()] == ["on"]


def test_it_goes_out_with_the_last_of_several() -> None:
    pins = FakePins()
    light = SensingLight(WIRED, pins.open)
    with light.lit():
        with light.lit():
            assert pins.levels[PIN]
        assert pins.levels[PIN]
    assert not pins.levels[PIN]


@pytest.mark.parametrize("failure", [CaptureError("no camera"), CaptureLost("unplugged"), RuntimeError("a bug")])
def test_it_goes_out_where_a_camera_cannot_be_opened(failure: Exception) -> None:
    pins = FakePins()
    light = SensingLight(WIRED, pins.open)
    source = worker(ScriptedCapture(failure), light)
    with suppress(Exception):
        source.run()
    with suppress(Exception):
        source.opened.result(0)
    assert pins.levels == {PIN: False}


def test_attack_a_driver_that_hangs_keeps_it_on() -> None:
    pins, hangs, goes_on = FakePins(), threading.Event(), threading.Event()

    def hang() -> None:
        hangs.set()
        goes_on.wait(HANG_S)

    light = SensingLight(WIRED, pins.open)
    source = worker(ScriptedCapture([hang]), light)
    thread = threading.Thread(target=source.run)
    thread.start()
    hangs.wait(HANG_S)
    source.stop()
    light.close()
    assert pins.levels[PIN], "also when the device ends"
    goes_on.set()
    thread.join(HANG_S)
    assert not pins.levels[PIN]
    light.close()
    assert pins.closed == 1


def test_a_light_that_cannot_be_driven_is_said_once_and_nothing_fails(caplog: pytest.LogCaptureFixture) -> None:
    pins = FakePins()
    pins.gone = True
    light = SensingLight(WIRED, pins.open)
    for _ in range(3):
        with light.lit():
            pass
    (status,) = light.status()
    assert (status.role, status.name, status.state) == ("light", "GPIO 25", "lost")
    assert status.note == "it cannot be driven: the pins are gone"
    assert caplog.text.count("the sensing light cannot be driven") == 1


async def test_it_comes_on_late_where_it_could_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(light_module, "CHECK_S", 0.01)
    pins = FakePins()
    pins.gone = True
    light = SensingLight(WIRED, pins.open)
    running = asyncio.create_task(light.run())
    with light.lit():
        await until(lambda: light.status()[0].state == "lost")
        pins.gone = False
        await until(lambda: pins.levels.get(PIN))
        await until(lambda: light.status()[0].state == "on")
        pins.levels[PIN] = 0.0  # somebody else put it out
        await until(lambda: pins.levels[PIN])
    running.cancel()
    await asyncio.wait({running})
    assert pins.levels == {PIN: False}


def test_it_is_wired_either_way_round() -> None:
    asked: list[bool] = []

    class Pins(FakePins):
        def open_switch(self, pin: int, *, active_high: bool, on: bool) -> Callable[[float], None]:
            asked.append(active_high)
            return super().open_switch(pin, active_high=active_high, on=on)

    for low in (False, True):
        with SensingLight(PrivacySettings(light_pin=PIN, light_active_low=low), Pins().open).lit():
            pass
    assert asked == [True, False]


async def test_without_a_pin_there_is_none() -> None:
    pins = FakePins()
    light = SensingLight(PrivacySettings(), pins.open)
    with light.lit():
        await light.run()
    light.close()
    assert light.status() == ()
    assert pins.opened == 0
