"""Real time."""

from __future__ import annotations

import time

from soundit_edge.clock import WallClock


def test_it_begins_at_0_and_never_goes_back() -> None:
    began = time.monotonic()
    clock = WallClock()
    moments = [clock.now() for _ in range(1000)]
    assert moments[0] >= 0
    assert moments[-1] <= time.monotonic() - began
    assert moments == sorted(moments)


def test_it_goes_as_real_time_does() -> None:
    clock = WallClock()
    begin = time.monotonic()
    before = clock.now()
    least = time.monotonic()
    time.sleep(0.02)
    least = time.monotonic() - least
    passed = clock.now() - before
    most = time.monotonic() - begin
    assert least <= passed <= most
