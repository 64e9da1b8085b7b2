"""What the user chooses while the music plays: it is done at once, said in words, and nothing else jumps."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.emotion import Emotion, Mood, expected_affect, one_hot
from soundit_edge.music.director.controls import MusicControls, changed_locks
from soundit_edge.music.director.director import KEY_DWELL_BARS, LOUDNESS_SLEW, Direction, Director
from soundit_edge.music.director.explain import choice_words
from soundit_edge.music.director.mapping import DRAMATIC, MUSICAL, PRESETS
from soundit_edge.music.director.policy import Policy
from soundit_edge.music.director.target import RANGES, TargetError

BAR_S = 2.5


def mood(t: float, emotion: Emotion, strength: float = 1.0) -> Mood:
    probabilities = one_hot(emotion, strength)
    return Mood(t, emotion, probabilities, expected_affect(probabilities), max(probabilities))


def hold(director: Director, emotion: Emotion, start: float, seconds: float) -> list[Direction]:
    return [director.step(mood(start + k / 10, emotion)) for k in range(1, round(10 * seconds) + 1)]


def test_the_words_for_what_is_chosen() -> None:
    plain = MusicControls()
    assert choice_words(plain, plain) == ""
    assert choice_words(plain, MusicControls(Policy.LIFT)) == "you chose to lift the room"
    assert choice_words(MusicControls(Policy.LIFT), plain) == "you chose to follow the room"
    assert choice_words(plain, MusicControls(preset=DRAMATIC)) == "you chose the dramatic preset"
    assert choice_words(plain, MusicControls(locks={"highpass_hz": 20.0})) == "you locked the bass"
    assert choice_words(MusicControls(locks={"wah": 0.5}), plain) == "you unlocked the wah"
    both = choice_words(plain, MusicControls(Policy.CALM, MUSICAL, {"tempo": 1.0}))
    moved = choice_words(
        MusicControls(locks={"tempo": 1.0, "wah": 0.1}), MusicControls(locks={"tempo": 1.1, "wet": 0.2})
    )
    assert moved == "you locked the tempo, the reverberation and you unlocked the wah"
    assert both == "you chose to calm the room and you locked the tempo"


@pytest.mark.parametrize("name", RANGES)
def test_every_parameter_has_a_name_that_people_know(name: str) -> None:
    words = choice_words(MusicControls(), MusicControls(locks={name: RANGES[name][0]}))
    assert words.startswith("you locked the ")
    assert "_" not in words


def test_changed_locks_are_new_ones_moved_ones_and_gone_ones() -> None:
    before, after = (
        MusicControls(locks={"tempo": 1.0, "wah": 0.1, "wet": 0.2}),
        MusicControls(locks={"tempo": 1.1, "wet": 0.2}),
    )
    assert changed_locks(before, after) == ["tempo", "wah"]


def test_a_lock_is_in_force_with_the_next_step_and_told() -> None:
    director = Director(BAR_S)
    hold(director, Emotion.HAPPY, 0.0, 20.0)
    director.choose(MusicControls(locks={"tempo": 1.3, "delay_wet": 0.5}))
    direction = director.step(mood(20.1, Emotion.HAPPY))
    assert (direction.target.tempo, direction.target.delay_wet) == (1.3, 0.5)
    assert direction.destination.tempo == 1.3
    assert direction.reason.startswith("you locked the tempo, the echo: tempo up 18 %")
    assert direction.reason_t == 20.1


def test_a_lock_at_the_present_value_changes_nothing_and_says_only_that() -> None:
    director = Director(BAR_S)
    now = hold(director, Emotion.HAPPY, 0.0, 2.0)[-1].target  # on its way to happy
    director.choose(MusicControls(locks={"tempo": now.tempo}))
    after = director.step(mood(2.1, Emotion.HAPPY))
    assert after.reason == "you locked the tempo"
    assert after.target.tempo == now.tempo


def test_what_is_unlocked_goes_back_to_the_mood_at_its_pace() -> None:
    director = Director(BAR_S, locks={"tempo": 2.0, "semitones": 3.5, "loudness_db": -40.0})
    hold(director, Emotion.NEUTRAL, 0.0, 5.0)
    director.choose(MusicControls())
    directions = hold(director, Emotion.NEUTRAL, 5.0, 60.0)
    first, last = directions[0], directions[-1].target
    assert first.reason.startswith("you unlocked the tempo, the key, the loudness: ")
    assert first.target.tempo == pytest.approx(2.0, abs=MUSICAL.tempo_slew)
    assert first.target.loudness_db == pytest.approx(-40.0, abs=0.1 * LOUDNESS_SLEW + 1e-9)
    assert last.tempo == pytest.approx(1.0, abs=0.01)
    assert last.semitones == 0.0
    assert last.loudness_db == pytest.approx(0.0, abs=0.1)


def test_another_preset_moves_no_faster_than_it_may() -> None:
    director = Director(BAR_S)
    before = hold(director, Emotion.HAPPY, 0.0, 20.0)[-1]
    director.choose(MusicControls(preset=DRAMATIC))
    directions = [before, *hold(director, Emotion.HAPPY, 20.0, 20.0)]
    assert directions[1].reason.startswith("you chose the dramatic preset: tempo up 27 %, key up 2 semitones")
    for a, b in itertools.pairwise(directions):
        assert abs(b.target.tempo - a.target.tempo) <= DRAMATIC.tempo_slew * (b.t - a.t) + 1e-9
    assert directions[-1].target.tempo == pytest.approx(1.4, abs=0.02)


def test_a_leading_policy_begins_where_the_room_is_when_it_is_chosen() -> None:
    """However long the room has felt so."""
    director = Director(BAR_S)
    following = hold(director, Emotion.SAD, 0.0, 200.0)[-1]
    director.choose(MusicControls(Policy.LIFT))
    directions = hold(director, Emotion.SAD, 200.0, 200.0)
    assert directions[0].destination.tempo == pytest.approx(following.destination.tempo, abs=0.003)
    assert directions[0].reason == "you chose to lift the room"
    assert directions[-1].target.tempo == pytest.approx(MUSICAL.table[Emotion.HAPPY].tempo, abs=0.01)


@pytest.mark.parametrize(
    "after",
    [MusicControls(Policy.CALM), MusicControls(Policy.LIFT, DRAMATIC), MusicControls(Policy.LIFT, locks={"wah": 0.1})],
)
def test_how_far_the_room_has_been_led_is_kept(after: MusicControls) -> None:
    """The destination is as far on the new way as it was on the old one, and not back at its beginning."""
    director, twin = Director(BAR_S, Policy.LIFT), Director(BAR_S, after.policy, after.preset, after.locks)
    hold(director, Emotion.SAD, 0.0, 60.0)
    hold(twin, Emotion.SAD, 0.0, 60.0)
    director.choose(after)
    led, as_if_always = director.step(mood(60.1, Emotion.SAD)), twin.step(mood(60.1, Emotion.SAD))
    assert led.destination.tempo == pytest.approx(as_if_always.destination.tempo, abs=0.015)
    begin = Director(BAR_S, after.policy, after.preset, after.locks).step(mood(60.1, Emotion.SAD))
    assert abs(led.destination.tempo - begin.destination.tempo) > 0.04


def test_the_age_of_the_key_is_kept() -> None:
    director = Director(BAR_S)
    changed = next(d.t for d in hold(director, Emotion.HAPPY, 0.0, 4.0) if d.target.semitones == 2)
    director.choose(MusicControls(preset=DRAMATIC))
    again = next(d.t for d in hold(director, Emotion.HAPPY, 4.0, 20.0) if d.target.semitones == 4)
    assert again - changed > KEY_DWELL_BARS * BAR_S / 1.4


def test_a_slider_on_its_way_is_one_choice() -> None:
    director = Director(BAR_S)
    hold(director, Emotion.NEUTRAL, 0.0, 5.0)
    told = set()
    for k in range(1, 20):
        director.choose(MusicControls(locks={"tempo": 1.0 + k / 100}))
        direction = director.step(mood(5.0 + k / 10, Emotion.NEUTRAL))
        told.add(direction.reason_t)
    assert told == {5.1}
    assert direction.reason == "you locked the tempo: tempo up 19 %"
    hold(director, Emotion.NEUTRAL, 7.0, 10.0)
    director.choose(MusicControls(locks={"tempo": 1.0}))
    assert director.step(mood(17.1, Emotion.NEUTRAL)).reason_t == 17.1


def test_two_choices_at_once_are_both_told() -> None:
    director = Director(BAR_S)
    hold(director, Emotion.NEUTRAL, 0.0, 5.0)
    director.choose(MusicControls(preset=DRAMATIC))
    director.choose(MusicControls(preset=DRAMATIC, locks={"tempo": 1.2}))
    reason = director.step(mood(5.1, Emotion.NEUTRAL)).reason
    assert reason == "you chose the dramatic preset and you locked the tempo: tempo up 20 %"
    director.choose(MusicControls())
    director.choose(MusicControls(preset=DRAMATIC, locks={"tempo": 1.2}))
    assert director.step(mood(10.0, Emotion.NEUTRAL)).reason == reason


def test_what_the_room_does_after_a_choice_does_not_rewrite_it() -> None:
    director = Director(BAR_S)
    hold(director, Emotion.NEUTRAL, 0.0, 5.0)
    turned = director.step(mood(5.1, Emotion.HAPPY, 0.5))
    director.choose(MusicControls(Policy.LIFT))
    directions = [turned, *(director.step(mood(5.1 + k / 10, Emotion.HAPPY, 0.5 + k / 100)) for k in range(1, 50))]
    moments = [d.reason_t for d in directions]
    assert moments == sorted(moments)
    assert directions[1].reason.startswith("you chose to lift the room")
    assert directions[1].reason_t == directions[1].t


def test_a_lock_out_of_range_changes_nothing() -> None:
    director = Director(BAR_S, Policy.LIFT)
    with pytest.raises(TargetError, match="wah is 2"):
        director.choose(MusicControls(Policy.CALM, DRAMATIC, {"wah": 2.0}))
    twin = Director(BAR_S, Policy.LIFT)
    assert hold(director, Emotion.SAD, 0.0, 30.0)[-1] == hold(twin, Emotion.SAD, 0.0, 30.0)[-1]


def test_the_same_choice_again_is_no_choice() -> None:
    director, twin = Director(BAR_S), Director(BAR_S)
    for k in range(100):
        director.choose(MusicControls())
        assert director.step(mood(k / 10, Emotion.SAD)) == twin.step(mood(k / 10, Emotion.SAD))


choices = st.builds(
    MusicControls,
    st.sampled_from(Policy),
    st.sampled_from(list(PRESETS.values())),
    st.dictionaries(st.sampled_from(list(RANGES)), st.floats(0.0, 1.0), max_size=3).map(
        lambda chosen: {name: RANGES[name][0] + x * (RANGES[name][1] - RANGES[name][0]) for name, x in chosen.items()}
    ),
)
moments = st.lists(
    st.tuples(st.sampled_from(Emotion), st.floats(0.0, 1.0), st.floats(0.0, 3.0), st.none() | choices),
    min_size=2,
    max_size=40,
)


@settings(max_examples=200)
@given(moments)
def test_whatever_is_chosen_when_only_locks_jump_and_reasons_stay_in_order(
    moments: list[tuple[Emotion, float, float, MusicControls | None]],
) -> None:
    director, choice, before = Director(BAR_S), MusicControls(), None
    t = 0.0
    for emotion, strength, dt, chosen in moments:
        if chosen is not None:
            director.choose(chosen)
            choice = chosen
        t += dt
        direction = director.step(mood(t, emotion, strength))
        for name, value in choice.locks.items():
            assert getattr(direction.target, name) == value
        if before is not None:
            if "tempo" not in choice.locks:
                assert abs(direction.target.tempo - before.target.tempo) <= choice.preset.tempo_slew * dt + 1e-9
            if "loudness_db" not in choice.locks:
                assert abs(direction.target.loudness_db - before.target.loudness_db) <= LOUDNESS_SLEW * dt + 1e-9
            assert direction.reason_t >= before.reason_t
        before = direction


def test_what_the_music_has_in_its_own_hands_is_moved_by_locks_alone() -> None:
    """Composed music follows a mood in its own way: what it does not do must not be told."""
    director = Director(BAR_S, fixed={"tempo": 1.0, "semitones": 0.0})
    for direction in hold(director, Emotion.HAPPY, 0.0, 20.0):
        assert (direction.target.tempo, direction.target.semitones) == (1.0, 0.0)
        assert not {"tempo", "key"} & set(direction.reason.split())
    director.choose(MusicControls(locks={"tempo": 1.3}))
    locked = director.step(mood(20.1, Emotion.HAPPY))
    assert (locked.target.tempo, locked.reason) == (1.3, "you locked the tempo: tempo up 30 %")
    director.choose(MusicControls())
    free = director.step(mood(30.0, Emotion.HAPPY))
    assert (free.target.tempo, free.reason) == (1.0, "you unlocked the tempo: tempo down 23 %")


def test_what_the_engine_leaves_out_is_no_reason() -> None:
    director = Director(BAR_S)
    director.unheard = {"semitones", "reverb_s", "wah"}
    reason = hold(director, Emotion.DISGUSTED, 0.0, 5.0)[-1].reason
    assert reason == "the room turned disgusted: tempo down 5 %, darker, softer"
    director.choose(MusicControls(locks={"wah": 1.0}))
    assert director.step(mood(5.1, Emotion.DISGUSTED)).reason == "you locked the wah"


def test_who_chose_is_named() -> None:
    director = Director(BAR_S)
    hold(director, Emotion.NEUTRAL, 0.0, 5.0)
    director.choose(MusicControls(Policy.CALM, locks={"wah": 0.0}), "the schedule")
    reason = director.step(mood(5.1, Emotion.NEUTRAL)).reason
    assert reason == "the schedule chose to calm the room and the schedule locked the wah"
