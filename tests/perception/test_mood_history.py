"""The history of the mood: whatever the clocks do, it stays in order, small and true in the mean."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.emotion import EMOTIONS, Affect, Emotion, Mood, one_hot
from soundit_edge.perception.mood_history import (
    COARSE_S,
    FINE_FOR_S,
    FINE_S,
    KEPT_S,
    MAX_MARKS,
    MAX_MEANS,
    MAX_WORDS,
    ClockReading,
    Mark,
    MeanMood,
    MoodHistory,
    MoodRecord,
)

NOON = 1.7e9


def felt(emotion: Emotion = Emotion.HAPPY, valence: float = 0.5, confidence: float = 0.6) -> Mood:
    return Mood(0.0, emotion, one_hot(emotion, 0.5), Affect(valence, -valence), confidence)


def at(steady_s: float, wall_s: float | None = None) -> ClockReading:
    return ClockReading(steady_s, NOON + steady_s if wall_s is None else wall_s)


def filled(history: MoodHistory, seconds: int, begin: int = 0, step: int = 1) -> MoodHistory:
    for second in range(begin, begin + seconds, step):
        history.add(at(second), felt())
    return history


def test_the_latest_hour_is_finer_than_the_hours_before() -> None:
    record = filled(MoodHistory(), 3 * 3_600).record(at(3 * 3_600))
    apart = [later.t - mean.t for mean, later in zip(record.means, record.means[1:], strict=False)]
    assert len(record.means) == pytest.approx(FINE_FOR_S / FINE_S + 2 * 3_600 / COARSE_S, abs=3)
    assert (min(apart), max(apart)) == (FINE_S, COARSE_S)
    assert sum(mean.count for mean in record.means) == 3 * 3_600


def test_a_day_is_kept_and_no_more() -> None:
    record = filled(MoodHistory(), 30 * 3_600, step=20).record(at(30 * 3_600))
    assert record.means[0].t >= NOON + 6 * 3_600
    assert record.means[0].t < NOON + 6 * 3_600 + 2 * COARSE_S
    assert len(record.means) <= MAX_MEANS
    assert len(filled(MoodHistory(), 7_200).record(at(7_200), 3_600.0).means) == FINE_FOR_S / FINE_S


def test_the_headline_of_a_mean_is_that_of_most_of_it() -> None:
    """Joined in pairs, the first one would stay: what is joined is the longer one of the two each time."""
    history = MoodHistory()
    for second in range(2 * 3_600):
        history.add(at(second), felt(Emotion.HAPPY if second % 60 < 20 else Emotion.SAD))
    assert {mean.emotion for mean in history.record(at(7_200)).means if mean.count == COARSE_S} == {Emotion.SAD}


steps = st.lists(
    st.tuples(
        st.floats(0.0, 4_000.0),  # seconds until the next mood
        st.floats(-1e6, 1e6) | st.just(0.0),  # by so much the clock on the wall is set
        st.sampled_from(list(Emotion)),
        st.floats(-1.0, 1.0),
    ),
    min_size=1,
    max_size=200,
)


@settings(max_examples=30, deadline=None)
@given(steps, st.booleans())
def test_whatever_the_clocks_do_it_is_in_order_bounded_and_true_in_the_mean(
    steps: list[tuple[float, float, Emotion, float]], restarted: bool
) -> None:
    earlier = MoodRecord(
        [MeanMood(NOON + 30 * n, 0.0, 0.0, 0.5, (1,) * len(EMOTIONS)) for n in range(5)],
        [Mark(NOON + 10.0, "track", "First light")],
    )
    history, steady, wall = MoodHistory(earlier if restarted else None), 0.0, NOON + 1_000.0
    values: list[float] = []
    for wait_s, jump_s, emotion, value in steps:
        steady, wall = steady + wait_s, max(0.0, wall + wait_s + jump_s)
        history.add(ClockReading(steady, wall), felt(emotion, value))
        history.mark(ClockReading(steady, wall), "reason", "x" * 300)
        values.append(value)
        record = history.record(ClockReading(steady, wall), math.inf)
        for times in ([mean.t for mean in record.means], [mark.t for mark in record.marks]):
            assert times == sorted(times)
            assert times[-1] <= wall + 1e-3
    assert len(record.means) <= MAX_MEANS
    assert len(record.marks) <= MAX_MARKS
    assert max(len(mark.words) for mark in record.marks) <= MAX_WORDS
    if steady < KEPT_S - COARSE_S:
        whole = sum(mean.count * mean.valence for mean in record.means)
        assert whole == pytest.approx(math.fsum(values), abs=1e-6), "earlier moods had a valence of 0"


def test_a_clock_that_learns_the_time_late_moves_all_of_its_own_run() -> None:
    """A small computer without a battery starts in the past, until the network tells it the time."""
    earlier = MoodRecord([MeanMood(NOON, 0.0, 0.0, 0.5, (10, *[0] * 7))])
    history = MoodHistory(earlier)
    history.add(ClockReading(5.0, 100.0), felt())
    before = history.record(ClockReading(5.0, 100.0), math.inf).means
    assert [mean.t for mean in before] == [100.0, 100.0], "it ended before this run began, whenever that was"
    after = history.record(ClockReading(65.0, NOON + 600.0)).means
    assert [mean.t for mean in after] == [NOON, NOON + 540.0]


def test_a_reason_that_is_mended_takes_its_own_place() -> None:
    history = MoodHistory()
    history.mark(at(1.0), "reason", "the room turned happy")
    history.mark(at(2.0), "track", "First light")
    history.mark(at(3.0), "reason", "the room turned happy: tempo up 8 %", mends=True)
    marks = history.record(at(4.0)).marks
    assert [(mark.t - NOON, mark.kind, mark.words) for mark in marks] == [
        (1.0, "reason", "the room turned happy: tempo up 8 %"),
        (2.0, "track", "First light"),
    ]


def test_what_is_erased_is_gone() -> None:
    history = filled(MoodHistory(MoodRecord([MeanMood(NOON, 0, 0, 0, (1,) * 8)], [Mark(NOON, "track", "a")])), 100)
    history.mark(at(100.0), "track", "b")
    history.erase()
    assert history.record(at(101.0), math.inf) == MoodRecord([], [])
