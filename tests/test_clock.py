"""Real time."""

from __future__ import annotations

import time

from soundit_edge.clock import WallClock


def test_it_begins_at_0_and_never_goes_back() -> None:
    clock = WallClock()
    moments = [clock.now() for _ in range(1000)]
    assert 0 <= moments[0] < 1
    assert moments == sorted(moments)


def test_it_goes_as_real_time_does() -> None:
    clock = WallClock()
    before = clock.now(), time.perf_counter()
    time.sleep(0.02)
    passed, truly = clock.now() - before[0], time.perf_counter() - before[1]
    assert abs(passed - truly) < 0.01
