from __future__ import annotations

import math
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.emotion import AFFECT, EMOTIONS, Affect, Emotion, expected_affect, one_hot
from soundit_edge.music.compose.expression import EXPRESSIONS, Expression, expression_of, shares_at
from soundit_edge.music.compose.mood_hysteresis import DWELL_BARS, FADE_BARS, MoodHysteresis, named
from soundit_edge.music.director.brief import CompositionBrief, sure_brief

units = st.floats(-1.0, 1.0)
NEUTRAL = EXPRESSIONS[Emotion.NEUTRAL]


def unsure(emotion: Emotion, strength: float) -> CompositionBrief:
    """What the mood of a room gives that is on `emotion` with so much of its weight."""
    probabilities = one_hot(emotion, strength)
    return CompositionBrief(emotion, expected_affect(probabilities), probabilities[EMOTIONS.index(emotion)])


@pytest.mark.parametrize("emotion", Emotion)
def test_a_sure_emotion_has_its_row(emotion: Emotion) -> None:
    found = expression_of(sure_brief(emotion))
    for field in fields(Expression):
        assert getattr(found, field.name) == pytest.approx(getattr(EXPRESSIONS[emotion], field.name))


@given(units, units, st.sampled_from(Emotion), st.floats(0.0, 1.0))
def test_every_brief_gives_a_manner_between_the_rows(v: float, a: float, emotion: Emotion, confidence: float) -> None:
    found = expression_of(CompositionBrief(emotion, Affect(v, a), confidence))
    for field in fields(Expression):
        rows = [getattr(row, field.name) for row in EXPRESSIONS.values()]
        assert min(rows) - 1e-9 <= getattr(found, field.name) <= max(rows) + 1e-9
    assert math.fsum(shares_at(Affect(v, a)).values()) == pytest.approx(1.0)


@pytest.mark.parametrize("emotion", [e for e in Emotion if e is not Emotion.NEUTRAL])
def test_an_unsure_brief_makes_a_small_change_and_a_surer_one_a_larger(emotion: Emotion) -> None:
    def change(strength: float) -> float:
        return abs(math.log(expression_of(unsure(emotion, strength)).bpm / NEUTRAL.bpm))

    whole = abs(math.log(EXPRESSIONS[emotion].bpm / NEUTRAL.bpm))
    assert change(0.2) < 0.3 * whole
    assert change(0.2) < change(0.6) < change(1.0) == pytest.approx(whole)


def test_a_name_counts_when_it_is_sure_and_a_place_when_it_is_strong() -> None:
    assert named(sure_brief(Emotion.SAD)) is Emotion.SAD
    assert named(CompositionBrief(Emotion.SAD, AFFECT[Emotion.HAPPY], 0.1)) is Emotion.HAPPY
    assert named(CompositionBrief(Emotion.SAD, Affect(0.1, 0.1), 0.2)) is None


def held(*briefs: CompositionBrief) -> list[Emotion | None]:
    """What the music is of after each bar, were every bar the last of its phrase."""
    hold, emotions = MoodHysteresis(), []
    for brief in briefs:
        hold.hear(brief)
        hold.turn(at_once=False)
        emotions.append(hold.emotion)
    return emotions


def test_another_emotion_has_to_last() -> None:
    sad, happy = sure_brief(Emotion.SAD), sure_brief(Emotion.HAPPY)
    assert held(sad, happy, sad, happy, sad) == [Emotion.SAD] * 5
    after = held(sad, *[happy] * DWELL_BARS)
    assert after == [Emotion.SAD] * DWELL_BARS + [Emotion.HAPPY]


def test_two_others_that_alternate_change_nothing() -> None:
    briefs = [sure_brief(e) for e in (Emotion.SAD, Emotion.HAPPY, Emotion.ANGRY) for _ in range(1)]
    assert held(*briefs, *briefs[1:], *briefs[1:]) == [Emotion.SAD] * 7


def test_an_unsure_room_fades_to_neutral() -> None:
    nothing = CompositionBrief(Emotion.HAPPY, Affect(0.05, 0.0), 0.2)
    found = held(sure_brief(Emotion.SAD), *[nothing] * FADE_BARS)
    assert found == [Emotion.SAD] * FADE_BARS + [Emotion.NEUTRAL]


def test_a_cut_changes_it_at_once() -> None:
    hold = MoodHysteresis()
    hold.hear(sure_brief(Emotion.SAD))
    hold.hear(sure_brief(Emotion.HAPPY))
    assert not hold.turn(at_once=False)
    assert hold.turn(at_once=True)
    assert hold.emotion is Emotion.HAPPY
