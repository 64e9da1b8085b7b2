"""The volume knob: fine when it is turned slowly, quick when it is turned quickly, and still at both ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.integrations.panel.knob import MAX_FACTOR, STEP, Knob
from tests.fakes.clock import ManualClock


def turned(steps: int, every_s: float, volume: float = 0.0) -> float:
    """The volume after single steps at an even pace."""
    knob, clock = Knob(), ManualClock(5.0)
    for _ in range(abs(steps)):
        clock.advance(every_s)
        volume = knob.turn(1 if steps > 0 else -1, volume, clock.now()) or volume
    return volume


def test_a_slow_step_is_a_small_one() -> None:
    assert turned(5, 0.3) == pytest.approx(5 * STEP)
    assert turned(-5, 0.3, 0.5) == pytest.approx(0.5 - 5 * STEP)


def test_a_quick_turn_goes_further_but_not_without_bounds() -> None:
    assert 5 * STEP < turned(5, 0.05) < turned(5, 0.03) <= 5 * STEP * MAX_FACTOR
    assert turned(5, 0.0001) <= 5 * STEP * MAX_FACTOR
    assert turned(5, 0.0) <= 5 * STEP * MAX_FACTOR


def test_steps_that_come_together_are_as_quick_as_those_that_come_one_by_one() -> None:
    knob = Knob()
    knob.turn(1, 0.0, 1.0)
    assert knob.turn(4, 0.5, 1.2) == pytest.approx(0.5 + 4 * STEP * 2)


def test_the_way_back_is_fine_again() -> None:
    knob = Knob()
    knob.turn(1, 0.5, 1.00)
    knob.turn(1, 0.5, 1.01)
    assert knob.turn(-1, 0.5, 1.02) == pytest.approx(0.5 - STEP)


def test_at_both_ends_nothing_happens() -> None:
    assert Knob().turn(3, 1.0, 1.0) is None
    assert Knob().turn(-3, 0.0, 1.0) is None
    assert Knob().turn(0, 0.5, 1.0) is None
    assert Knob().turn(50, 0.5, 1.0) == 1.0


@given(st.lists(st.tuples(st.integers(-50, 50), st.floats(0.0, 10.0)), max_size=30), st.floats(0.0, 1.0))
def test_whatever_is_turned_the_volume_is_one(turns: list[tuple[int, float]], volume: float) -> None:
    knob, clock = Knob(), ManualClock()
    for steps, seconds in turns:
        clock.advance(seconds)
        after = knob.turn(steps, volume, clock.now())
        if after is not None:
            assert 0.0 <= after <= 1.0
            assert (after - volume) * steps > 0
            volume = after
