"""When the readings of a set on trial speak against it."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.daemon.updates.trial.agreement import MIN_READINGS, Agreement
from soundit_edge.emotion import EMOTIONS, Emotion, Reading, distribution, one_hot

emotions = st.sampled_from(EMOTIONS)


def reading(emotion: Emotion | None, t: float, strength: float = 0.9) -> Reading | None:
    return None if emotion is None else Reading("face", t, one_hot(emotion, strength), 0.9)


def compared(tried: list[Emotion | None], running: list[Emotion | None]) -> Agreement:
    agreement = Agreement()
    for t, (one, other) in enumerate(zip(tried, running, strict=True)):
        agreement.add(reading(one, t), reading(other, t), t)
    return agreement


@given(st.lists(emotions, max_size=40))
def test_a_set_that_reads_the_same_is_kept(seen: list[Emotion]) -> None:
    assert compared(list(seen), list(seen)).objection() == ""


@given(st.lists(st.tuples(st.none() | emotions, st.none() | emotions), max_size=MIN_READINGS - 1))
def test_a_few_readings_say_nothing(pairs: list[tuple[Emotion | None, Emotion | None]]) -> None:
    assert compared([one for one, _ in pairs], [other for _, other in pairs]).objection() == ""


@given(st.lists(emotions, min_size=30, max_size=30), st.integers(0, 2))
def test_a_set_that_corrects_every_third_reading_is_kept(seen: list[Emotion], first: int) -> None:
    """However far apart the places of the emotions are."""
    running: list[Emotion | None] = [Emotion.NEUTRAL if i % 3 == first else one for i, one in enumerate(seen)]
    assert compared(list(seen), running).objection() == ""


def test_a_set_that_reads_the_opposite_is_not() -> None:
    swapped = compared([Emotion.SAD, Emotion.HAPPY] * 10, [Emotion.HAPPY, Emotion.SAD] * 10)
    assert "something else" in swapped.objection()


def test_a_set_that_is_stuck_is_not_kept_but_one_before_a_wall_is() -> None:
    same: list[Emotion | None] = [Emotion.NEUTRAL] * 20
    assert "the same answer" in compared(same, [Emotion.NEUTRAL, Emotion.HAPPY] * 10).objection()
    assert compared(same, same).objection() == ""


def test_a_set_that_reads_nothing_where_the_other_does() -> None:
    nothing: list[Emotion | None] = [None] * 20
    assert "reads nothing" in compared(nothing, [Emotion.HAPPY] * 20).objection()
    assert compared(nothing, nothing).objection() == ""
    assert compared([None] * 19 + [Emotion.HAPPY], [Emotion.HAPPY] * 20).objection() == ""


def test_who_leaves_the_room_makes_no_set_silent() -> None:
    """The last that was read lies before the moment of which nothing is read."""
    agreement = Agreement()
    for i in range(20):
        agreement.add(None, reading(Emotion.HAPPY, 5.0), 5.0 + (i + 1) / 100)
    assert agreement.objection() == ""


def test_readings_of_other_moments_are_not_compared() -> None:
    agreement = Agreement()
    for t in range(20):
        agreement.add(reading(Emotion.SAD, t), reading(Emotion.HAPPY, t - 5.0), t)
    assert (agreement.compared, agreement.objection()) == (0, "")


def test_one_number_that_is_none_is_enough() -> None:
    agreement = Agreement()
    even = distribution([1.0] * len(EMOTIONS))
    agreement.add(Reading("face", 0.0, (math.nan, *even[1:]), 0.9), reading(Emotion.HAPPY, 0.0), 0.0)
    assert "numbers that are none" in agreement.objection()
    trust = Agreement()
    trust.add(Reading("face", 0.0, even, math.inf), None, 0.0)
    assert "numbers that are none" in trust.objection()
