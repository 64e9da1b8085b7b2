from __future__ import annotations

import dataclasses
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.emotion import AFFECT, Affect, Emotion, Mood, expected_affect, most_likely, one_hot
from soundit_edge.music.director.director import KEY_DWELL_BARS, LOUDNESS_SLEW, Direction, Director
from soundit_edge.music.director.mapping import MUSICAL, destination, formula
from soundit_edge.music.director.target import NEUTRAL

BAR_S = 2.5


def mood(t: float, emotion: Emotion, strength: float = 1.0) -> Mood:
    probabilities = one_hot(emotion, strength)
    return Mood(t, emotion, probabilities, expected_affect(probabilities), max(probabilities))


def hold(director: Director, emotion: Emotion, start: float, seconds: float, step: float = 0.1) -> list[Direction]:
    return [director.step(mood(start + step * k, emotion)) for k in range(1, round(seconds / step) + 1)]


@pytest.mark.parametrize("emotion", Emotion)
def test_a_certain_mood_asks_for_its_row_of_the_table(emotion: Emotion) -> None:
    wish = destination(emotion, AFFECT[emotion], 1.0)
    for field in dataclasses.fields(wish):
        assert getattr(wish, field.name) == pytest.approx(getattr(MUSICAL.table[emotion], field.name))


@pytest.mark.parametrize("emotion", [e for e in Emotion if e not in (Emotion.NEUTRAL, Emotion.SURPRISED)])
def test_a_certain_mood_that_stays_arrives_at_its_row(emotion: Emotion) -> None:
    arrived = hold(Director(BAR_S), emotion, 0.0, 40.0)[-1].target
    for field in dataclasses.fields(arrived):
        assert getattr(arrived, field.name) == pytest.approx(
            getattr(MUSICAL.table[emotion], field.name), rel=0.01, abs=0.01
        )


@pytest.mark.parametrize("emotion", [e for e in Emotion if e is not Emotion.NEUTRAL])
def test_an_unsure_mood_asks_for_less(emotion: Emotion) -> None:
    sure, unsure = (
        destination(emotion, Affect(share * AFFECT[emotion].valence, share * AFFECT[emotion].arousal), share)
        for share in (1.0, 0.3)
    )
    assert abs(unsure.tempo - 1.0) < 0.5 * abs(sure.tempo - 1.0)
    assert abs(unsure.loudness_db) < 0.6 * abs(sure.loudness_db)


@pytest.mark.parametrize("emotion", Emotion)
def test_where_nothing_is_known_the_track_plays_as_it_is(emotion: Emotion) -> None:
    wish = destination(emotion, Affect(0.0, 0.0), 0.0)
    for field in dataclasses.fields(wish):
        assert getattr(wish, field.name) == pytest.approx(getattr(NEUTRAL, field.name))


def test_a_doubtful_but_strong_mood_gets_the_formula() -> None:
    strong = Affect(-0.8, 0.8)
    assert destination(Emotion.ANGRY, strong, 0.0) == formula(strong)


def test_the_first_step_after_a_change_moves_every_slow_parameter() -> None:
    director = Director(BAR_S)
    still = hold(director, Emotion.NEUTRAL, 0.0, 30.0)[-1].target
    moved = director.step(mood(30.1, Emotion.HAPPY)).target
    assert moved.tempo > still.tempo
    assert moved.loudness_db > still.loudness_db
    assert moved.wet > still.wet
    assert moved.reverb_s > still.reverb_s


def test_the_key_follows_a_mood_that_turns_slowly_in_one_change() -> None:
    director = Director(BAR_S)
    keys = []
    for k in range(60):
        share = min(1.0, k / 15)  # the room takes 1.5 s to turn
        affect = Affect(share * 0.8, share * 0.5)
        keys.append(director.step(Mood(k / 10, Emotion.HAPPY, (), affect, share)).target.semitones)
    assert sorted(set(keys)) == [0.0, 2.0]
    assert keys.index(2.0) < 30


moments = st.lists(
    st.tuples(st.floats(0.0, 3.0), st.lists(st.floats(0.001, 1.0), min_size=8, max_size=8)), min_size=2, max_size=60
)


@settings(max_examples=200)
@given(moments)
def test_whatever_the_room_does_the_music_stays_in_bounds_and_moves_slowly(
    moments: list[tuple[float, list[float]]],
) -> None:
    director = Director(BAR_S)
    directions = []
    t = 0.0
    for dt, weights in moments:
        t += dt
        probabilities = tuple(w / sum(weights) for w in weights)
        emotion = most_likely(probabilities)
        moment = Mood(t, emotion, probabilities, expected_affect(probabilities), max(probabilities))
        directions.append(director.step(moment))
    bars, key_changed = 0.0, -KEY_DWELL_BARS
    for a, b in itertools.pairwise(directions):
        dt = b.t - a.t
        bars += dt * a.target.tempo / BAR_S
        assert abs(b.target.tempo - a.target.tempo) <= MUSICAL.tempo_slew * dt + 1e-9
        assert abs(b.target.loudness_db - a.target.loudness_db) <= LOUDNESS_SLEW * dt + 1e-9
        if b.target.semitones != a.target.semitones:
            assert bars - key_changed >= KEY_DWELL_BARS - 1e-9
            key_changed = bars
    for direction in directions:
        target = direction.target
        assert 0.82 <= target.tempo <= 1.20
        assert target.semitones in (-2, -1, 0, 1, 2)
        assert 2_000 <= target.cutoff_hz <= 18_000
        assert 0.6 <= target.reverb_s <= 2.8
        assert 0.0 <= target.wet <= 0.35
        assert -4.0 <= target.loudness_db <= 3.0


def test_a_key_is_held_for_two_bars() -> None:
    director = Director(BAR_S)
    up = next(d.t for d in hold(director, Emotion.HAPPY, 0.0, 2.0) if d.target.semitones == 2)
    down = next(d.t for d in hold(director, Emotion.SAD, 2.0, 10.0) if d.target.semitones == -2)
    assert KEY_DWELL_BARS * BAR_S / 1.1 < down - up < KEY_DWELL_BARS * BAR_S / 0.9


def test_a_key_does_not_flicker_about_the_middle_between_two() -> None:
    director = Director(BAR_S)
    keys = {
        director.step(Mood(t / 2, Emotion.NEUTRAL, (), Affect(0.25 + 0.05 * (-1) ** t, 0.0), 0.0)).target.semitones
        for t in range(100)
    }
    assert keys == {0.0}


def test_a_surprise_passes() -> None:
    directions = hold(Director(BAR_S), Emotion.SURPRISED, 0.0, 30.0)
    assert max(d.target.tempo for d in directions) > 1.05
    assert directions[-1].target.tempo == pytest.approx(1.0, abs=0.005)
    assert directions[-1].target.semitones == 0
    reasons = list(dict.fromkeys(d.reason for d in directions))
    assert reasons[0].startswith("the room was surprised: tempo up 10 %, key up 2 semitones")
    assert reasons[-1].startswith("the surprise passes: ")


def test_a_mood_from_the_past_moves_nothing() -> None:
    director = Director(BAR_S)
    before = hold(director, Emotion.CALM, 0.0, 3.0)[-1]
    assert director.step(mood(1.0, Emotion.CALM)).target == before.target


def test_the_reason_says_what_happens_in_the_room_and_in_the_music() -> None:
    director = Director(BAR_S)
    assert hold(director, Emotion.NEUTRAL, 0.0, 5.0)[-1].reason == ""
    happy = director.step(mood(5.1, Emotion.HAPPY))
    assert happy.reason.startswith("the room turned happy: tempo up 10 %, key up 2 semitones")
    assert happy.reason_t == 5.1
    later = hold(director, Emotion.HAPPY, 5.1, 10.0)[-1]
    assert (later.reason, later.reason_t) == (happy.reason, 5.1)
    sad = director.step(mood(15.2, Emotion.SAD))
    assert sad.reason.startswith("the room turned sad: tempo down")
    assert "key down 4 semitones" in sad.reason
    assert "darker" in sad.reason
    assert "softer" in sad.reason


def test_a_room_that_feels_the_same_but_less_clearly_is_another_reason() -> None:
    director = Director(BAR_S)
    hold(director, Emotion.HAPPY, 0.0, 30.0)
    directions = [director.step(mood(30.0 + k / 10, Emotion.HAPPY, 0.3)) for k in range(1, 100)]
    assert directions[-1].reason.startswith("the room is still happy: tempo down")


def test_a_mood_without_senses_leads_back_to_neutral() -> None:
    director = Director(BAR_S)
    hold(director, Emotion.ANGRY, 0.0, 20.0)
    end = hold(director, Emotion.NEUTRAL, 20.0, 40.0)[-1].target
    assert end.tempo == pytest.approx(NEUTRAL.tempo, abs=0.002)
    assert end.semitones == NEUTRAL.semitones
    assert end.cutoff_hz == pytest.approx(NEUTRAL.cutoff_hz, rel=0.01)
