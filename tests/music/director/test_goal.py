"""Where the music should go, of one mood alone: no pace, no memory, no words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.emotion import AFFECT, Emotion, Mood, one_hot
from soundit_edge.music.director.controls import MusicControls
from soundit_edge.music.director.goal import SURPRISE_BARS, goal_for
from soundit_edge.music.director.mapping import MUSICAL, PRESETS, Preset, destination
from soundit_edge.music.director.policy import Policy
from soundit_edge.music.director.target import NEUTRAL, RANGES, MusicTarget

presets = st.sampled_from(list(PRESETS.values()))


def sure(emotion: Emotion) -> Mood:
    return Mood(0.0, emotion, one_hot(emotion), AFFECT[emotion], 1.0)


def values(target: MusicTarget) -> list[float]:
    return [getattr(target, name) for name in RANGES]


@pytest.mark.parametrize("emotion", [e for e in Emotion if e is not Emotion.SURPRISED])
@given(presets, st.floats(0.0, 100.0), st.floats(0.0, 100.0))
def test_a_room_that_is_followed_is_mirrored_however_long_it_feels_so(
    emotion: Emotion, preset: Preset, mood_bars: float, leading_bars: float
) -> None:
    goal = goal_for(sure(emotion), MusicControls(Policy.FOLLOW, preset), mood_bars, leading_bars)
    assert goal.target == destination(emotion, AFFECT[emotion], 1.0, preset)
    assert (goal.brief.emotion, goal.brief.affect, goal.leads_to) == (emotion, AFFECT[emotion], None)


@pytest.mark.parametrize(
    ("policy", "emotion", "leads_to"),
    [
        (Policy.LIFT, Emotion.SAD, Emotion.HAPPY),
        (Policy.LIFT, Emotion.ANGRY, Emotion.CALM),
        (Policy.CALM, Emotion.HAPPY, Emotion.CALM),
    ],
)
def test_a_room_that_is_led_is_met_first_and_arrives_in_the_end(
    policy: Policy, emotion: Emotion, leads_to: Emotion
) -> None:
    controls = MusicControls(policy)
    begin, end = (goal_for(sure(emotion), controls, bars, bars) for bars in (0.0, 1_000.0))
    assert begin.leads_to is end.leads_to is leads_to
    assert values(end.target) == pytest.approx(values(destination(leads_to, AFFECT[leads_to], 1.0)))
    assert end.brief.emotion is leads_to
    assert begin.target != end.target


@pytest.mark.parametrize("emotion", [Emotion.ANGRY, Emotion.FEARFUL])
def test_anger_and_fear_are_not_answered_in_kind_by_music_that_leads(emotion: Emotion) -> None:
    mirrored = goal_for(sure(emotion), MusicControls(Policy.FOLLOW), 0.0, 0.0).target
    met = goal_for(sure(emotion), MusicControls(Policy.CALM), 0.0, 0.0).target
    assert met.tempo < mirrored.tempo
    assert met.tempo <= NEUTRAL.tempo


def test_a_surprise_is_whole_for_two_bars_and_gone_after_four() -> None:
    surprised = destination(Emotion.SURPRISED, AFFECT[Emotion.SURPRISED], 1.0)
    during, half, after = (
        goal_for(sure(Emotion.SURPRISED), MusicControls(), bars, 0.0).target
        for bars in (SURPRISE_BARS, 1.5 * SURPRISE_BARS, 2 * SURPRISE_BARS)
    )
    assert during == surprised
    assert NEUTRAL.tempo < half.tempo < surprised.tempo
    assert after == NEUTRAL


def test_locks_are_not_the_goals_business() -> None:
    plain, locked = (
        goal_for(sure(Emotion.HAPPY), MusicControls(locks=locks), 1.0, 1.0) for locks in ({}, {"tempo": 2.0})
    )
    assert plain == locked


def test_the_preset_says_what_a_mood_sounds_like() -> None:
    goals = {goal_for(sure(Emotion.SAD), MusicControls(preset=p), 0.0, 0.0).target.tempo for p in PRESETS.values()}
    assert goals == {preset.table[Emotion.SAD].tempo for preset in PRESETS.values()}
    assert MUSICAL.table[Emotion.SAD].tempo in goals
