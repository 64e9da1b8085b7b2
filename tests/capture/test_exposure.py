"""Exposure and white balance that are fixed: as they have settled, where the camera can, and not for ever."""

from __future__ import annotations

from itertools import islice

import cv2
import numpy as np
import pytest

from soundit_edge.capture.camera import Camera
from soundit_edge.capture.exposure import AUTOMATIC, CHECK_S, MANUAL, SETTLE_S
from tests.fakes.camera import FakeCamera, FakeVideoDevice
from tests.fakes.clock import ManualClock

AUTO, EXPOSURE = cv2.CAP_PROP_AUTO_EXPOSURE, cv2.CAP_PROP_EXPOSURE
AUTO_WHITE, WARMTH = cv2.CAP_PROP_AUTO_WB, cv2.CAP_PROP_WB_TEMPERATURE


class Adjusting(FakeVideoDevice):
    """A webcam whose automatic has found 312 and 4600, and that has, or has not, what is asked for."""

    has = frozenset({AUTO, EXPOSURE, AUTO_WHITE, WARMTH})
    jumps = False

    def get(self, prop: int) -> float:
        return {EXPOSURE: 312.0, WARMTH: 4600.0}.get(prop, 0.0) if prop in self.has else 0.0

    def set(self, prop: int, value: float) -> bool:
        super().set(prop, value)
        if self.jumps and (prop, value) == (AUTO, MANUAL):
            self._camera.picture = np.full((48, 64, 3), 250, np.uint8)
        return prop in self.has


def controls(device: FakeVideoDevice) -> dict[int, float]:
    return {k: v for k, v in device.properties.items() if k in Adjusting.has}


class Bench:
    """A locked camera whose pictures come when the clock says so."""

    def __init__(self, device: type[Adjusting]) -> None:
        self.clock, self.fake = ManualClock(), FakeCamera()
        self.fake.picture = np.full((48, 64, 3), 100, np.uint8)
        self.device = device(self.fake, opened=True)
        self.camera = Camera(0, self.clock.now, locked=True, open_device=lambda _: self.device)

    def see(self, *after_s: float) -> None:
        with self.camera:
            frames = self.camera.items()
            next(frames)
            for seconds in after_s:
                self.clock.advance(seconds)
                next(frames)
            self.before_closing = controls(self.device)


def test_it_stays_as_it_has_settled_and_is_given_back_to_the_next_user() -> None:
    bench = Bench(Adjusting)
    bench.see(SETTLE_S - 0.1)
    assert bench.before_closing == {AUTO: AUTOMATIC, AUTO_WHITE: 1}
    bench = Bench(Adjusting)
    bench.see(SETTLE_S, CHECK_S, 10.0)
    assert bench.before_closing == {AUTO: MANUAL, EXPOSURE: 312, AUTO_WHITE: 0, WARMTH: 4600}
    assert controls(bench.device)[AUTO] == AUTOMATIC
    assert controls(bench.device)[AUTO_WHITE] == 1


def test_a_camera_that_is_set_to_something_else_stays_automatic(caplog: pytest.LogCaptureFixture) -> None:
    class Jumping(Adjusting):
        jumps = True

    bench = Bench(Jumping)
    bench.see(SETTLE_S, CHECK_S)
    assert bench.before_closing[AUTO] == AUTOMATIC
    assert caplog.messages == ["camera 0 cannot keep its exposure: it stays automatic"]


def test_a_camera_that_has_neither_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    class Simple(Adjusting):
        has = frozenset[int]()

    Bench(Simple).see(SETTLE_S, CHECK_S, 5.0, 5.0)
    assert caplog.messages == ["camera 0 has no exposure or white balance that could be fixed"]


def test_a_camera_that_is_not_to_be_fixed_is_left_alone() -> None:
    fake = FakeCamera()
    with Camera(0, ManualClock().now, open_device=fake.open) as camera:
        list(islice(camera.items(), 2))
    assert controls(fake.devices[0]) == {}
