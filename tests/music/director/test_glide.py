"""How fast a target goes to a goal: no mood, no policy, no words."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.music.director.glide import KEY_DWELL_BARS, KEY_STEP, LOUDNESS_SLEW, SMOOTHING_S, Glide
from soundit_edge.music.director.target import NEUTRAL, RANGES, MusicTarget, TargetError

SLEW = 0.02
BARS_PER_S = 0.5

goals = st.builds(MusicTarget, **{name: st.floats(low, high) for name, (low, high) in RANGES.items()})


def hold(glide: Glide, goal: MusicTarget, seconds: float, bars: float = 0.0, step_s: float = 0.1) -> list[MusicTarget]:
    steps = range(1, round(seconds / step_s) + 1)
    return [glide.step(goal, step_s, bars + BARS_PER_S * step_s * k, SLEW) for k in steps]


def values(target: MusicTarget) -> list[float]:
    return [getattr(target, name) for name in RANGES]


@given(goals)
def test_a_goal_that_stays_is_reached_where_the_destination_says(goal: MusicTarget) -> None:
    glide = Glide()
    destination = glide.destination(goal)
    assert values(hold(glide, goal, 200.0, step_s=1.0)[-1]) == pytest.approx(values(destination), rel=1e-3, abs=1e-3)


@given(st.lists(st.tuples(goals, st.floats(0.0, 5.0)), min_size=1, max_size=20))
def test_tempo_and_loudness_move_no_faster_than_they_may(steps: list[tuple[MusicTarget, float]]) -> None:
    glide, bars = Glide(), 0.0
    for goal, dt in steps:
        before, bars = glide.target, bars + dt
        after = glide.step(goal, dt, bars, SLEW)
        assert abs(after.tempo - before.tempo) <= SLEW * dt + 1e-9
        assert abs(after.loudness_db - before.loudness_db) <= LOUDNESS_SLEW * dt + 1e-9
        assert after.semitones.is_integer()


def test_a_parameter_without_a_limit_goes_most_of_the_way_in_its_time_constant() -> None:
    after = Glide().step(MusicTarget(wet=0.5), SMOOTHING_S, 1.0, SLEW)
    assert after.wet == pytest.approx(NEUTRAL.wet + (1 - math.exp(-1)) * (0.5 - NEUTRAL.wet))


def test_no_time_moves_nothing() -> None:
    assert Glide().step(MusicTarget(2.0, 0.5, 500.0, 3.0, 0.5, -10.0), 0.0, 5.0, SLEW) == NEUTRAL


def test_a_key_is_held_for_some_bars() -> None:
    glide = Glide()
    up, down = hold(glide, MusicTarget(semitones=3.0), 3.0), hold(glide, MusicTarget(semitones=-3.0), 20.0, bars=1.5)
    keys = [target.semitones for target in up + down]
    moved = [k for k, (a, b) in enumerate(itertools.pairwise(keys)) if a != b]
    assert [key for key, _ in itertools.groupby(keys)][-2:] == [3.0, -3.0]
    assert (moved[-1] - moved[-2]) * 0.1 * BARS_PER_S >= KEY_DWELL_BARS - 1e-9


def test_a_key_does_not_follow_a_goal_that_is_near() -> None:
    glide = Glide()
    assert {t.semitones for t in hold(glide, MusicTarget(semitones=KEY_STEP - 0.01), 30.0)} == {0.0}
    assert glide.destination(MusicTarget(semitones=KEY_STEP - 0.01)).semitones == 0.0


def test_what_is_held_jumps_and_nothing_else_does() -> None:
    glide = Glide()
    goal = MusicTarget(tempo=1.2, wah=0.5)
    before = hold(glide, goal, 1.0)[-1]
    glide.hold({"semitones": 3.5, "delay_wet": 0.4})
    after = glide.step(goal, 0.0, 1.0, SLEW)
    assert (after.semitones, after.delay_wet) == (3.5, 0.4)
    assert (after.tempo, after.wah) == (before.tempo, before.wah)
    assert glide.destination(goal).semitones == 3.5
    glide.hold({})
    assert hold(glide, goal, 20.0, bars=5.0)[-1].semitones == 0.0


def test_a_value_out_of_range_is_refused_and_changes_nothing() -> None:
    glide = Glide({"tempo": 1.5})
    with pytest.raises(TargetError, match="wah is 2"):
        glide.hold({"wah": 2.0})
    assert glide.step(MusicTarget(tempo=0.8), 1.0, 1.0, SLEW).tempo == 1.5
    with pytest.raises(TargetError, match="tempo is 9"):
        Glide({"tempo": 9.0})
