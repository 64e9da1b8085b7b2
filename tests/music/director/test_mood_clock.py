"""How long a mood lasts, in bars."""

from __future__ import annotations

import pytest

from soundit_edge.emotion import AFFECT, Emotion, Mood, one_hot
from soundit_edge.music.director.mood_clock import MoodClock


def mood(t: float, emotion: Emotion = Emotion.NEUTRAL) -> Mood:
    return Mood(t, emotion, one_hot(emotion), AFFECT[emotion], 1.0)


def test_bars_go_by_at_the_tempo_that_is_played() -> None:
    clock = MoodClock()
    assert clock.advance(mood(100.0), 1.0, 2.5) == 0.0, "no music was played before the first mood"
    assert clock.advance(mood(105.0), 1.5, 2.5) == 5.0
    assert clock.t == 105.0
    assert clock.bars == pytest.approx(3.0)


def test_a_mood_from_the_past_moves_nothing() -> None:
    clock = MoodClock()
    clock.advance(mood(10.0), 1.0, 2.0)
    assert clock.advance(mood(4.0), 1.0, 2.0) == 0.0
    assert (clock.t, clock.bars) == (10.0, 0.0)


def test_bars_are_counted_from_the_turn_of_the_mood() -> None:
    clock = MoodClock()
    clock.advance(mood(0.0), 1.0, 2.0)
    clock.advance(mood(4.0), 1.0, 2.0)
    clock.advance(mood(6.0, Emotion.SAD), 1.0, 2.0)
    assert (clock.mood_bars, clock.leading_bars) == (0.0, 0.0)
    clock.advance(mood(10.0, Emotion.SAD), 1.0, 2.0)
    assert (clock.mood_bars, clock.leading_bars) == (2.0, 2.0)


def test_leading_can_begin_later_than_the_mood() -> None:
    clock = MoodClock()
    clock.advance(mood(0.0, Emotion.SAD), 1.0, 2.0)
    clock.advance(mood(8.0, Emotion.SAD), 1.0, 2.0)
    clock.begin_leading()
    clock.advance(mood(10.0, Emotion.SAD), 1.0, 2.0)
    assert (clock.mood_bars, clock.leading_bars) == (5.0, 1.0)
