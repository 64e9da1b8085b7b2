"""Follow, lift and calm, locks and presets: what the director does with a mood."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.emotion import AFFECT, Affect, Emotion, Mood, expected_affect, one_hot
from soundit_edge.music.director.director import Direction, Director
from soundit_edge.music.director.mapping import DRAMATIC, MUSICAL, PRESETS, Preset, destination, formula, interpolate
from soundit_edge.music.director.policy import LEAD_PER_BAR, STIRRED, Policy
from soundit_edge.music.director.target import NEUTRAL, RANGES, MusicTarget, TargetError
from soundit_edge.parameters import PARAMETERS
from soundit_edge.tables.parameter import Scale

BAR_S = 2.5
LEADING = (Policy.LIFT, Policy.CALM)
EXTRAS = ("delay_wet", "wah", "tremolo")

targets = st.builds(MusicTarget, **{name: st.floats(low, high) for name, (low, high) in RANGES.items()})
places = st.builds(Affect, st.floats(-1.0, 1.0), st.floats(-1.0, 1.0))
presets = st.sampled_from(list(PRESETS.values()))


def mood(t: float, emotion: Emotion, strength: float = 1.0) -> Mood:
    probabilities = one_hot(emotion, strength)
    return Mood(t, emotion, probabilities, expected_affect(probabilities), max(probabilities))


def hold(director: Director, emotion: Emotion, start: float, seconds: float) -> list[Direction]:
    return [director.step(mood(start + k / 10, emotion)) for k in range(1, round(10 * seconds) + 1)]


def distance(a: MusicTarget, b: MusicTarget) -> float:
    """How far two targets are apart in tempo, which every emotion has its own of."""
    return abs(a.tempo - b.tempo)


@given(st.sampled_from(Emotion), places, st.floats(0.0, 1.0), presets)
def test_every_mood_has_a_destination_within_its_preset(
    emotion: Emotion, affect: Affect, confidence: float, preset: Preset
) -> None:
    wish = destination(emotion, affect, confidence, preset)
    assert preset.tempo[0] <= wish.tempo <= preset.tempo[1]
    assert 0.6 <= wish.reverb_s <= 2.8
    assert -6.0 <= wish.loudness_db <= 6.0


@given(targets, targets, st.floats(0.0, 1.0))
def test_between_two_targets_every_parameter_lies_between_theirs(a: MusicTarget, b: MusicTarget, share: float) -> None:
    middle = interpolate(a, b, share)
    for name in RANGES:
        low, high = sorted((getattr(a, name), getattr(b, name)))
        assert low - 1e-6 <= getattr(middle, name) <= high + 1e-6
    for name in (name for name, row in PARAMETERS.items() if row.scale is Scale.LOG):
        assert getattr(interpolate(a, b, 0.5), name) == pytest.approx((getattr(a, name) * getattr(b, name)) ** 0.5)


@given(places)
def test_the_formula_uses_no_extras(affect: Affect) -> None:
    assert all(getattr(formula(affect), name) == getattr(NEUTRAL, name) for name in EXTRAS)


@pytest.mark.parametrize("emotion", Emotion)
def test_the_dramatic_preset_is_the_seeds_table_within_what_music_bears(emotion: Emotion) -> None:
    row, mild = DRAMATIC.table[emotion], MUSICAL.table[emotion]
    seed = {Emotion.HAPPY: (2.5, 4), Emotion.SAD: (0.3, -5), Emotion.ANGRY: (4.0, 7), Emotion.SURPRISED: (2.5, 5)}
    if emotion not in seed:
        assert row == mild
        return
    tempo, semitones = seed[emotion]
    assert row.semitones == semitones
    assert (row.tempo - 1) * (tempo - 1) > 0, "the same way"
    assert abs(row.tempo - 1) > abs(mild.tempo - 1), "further"
    assert destination(emotion, AFFECT[emotion], 1.0, DRAMATIC).tempo == pytest.approx(row.tempo)


def test_the_dramatic_preset_gets_there_faster() -> None:
    dramatic = hold(Director(BAR_S, preset=DRAMATIC), Emotion.HAPPY, 0.0, 12.0)[-1].target
    assert dramatic.tempo == pytest.approx(1.4, abs=0.02)
    assert dramatic.semitones == 4


@pytest.mark.parametrize("policy", LEADING)
@pytest.mark.parametrize("emotion", [Emotion.SAD, Emotion.DISGUSTED, Emotion.NEUTRAL])
def test_a_leading_policy_begins_where_the_room_is_and_ends_at_its_goal(policy: Policy, emotion: Emotion) -> None:
    goal = MUSICAL.table[Emotion.HAPPY if policy is Policy.LIFT else Emotion.CALM]
    directions = hold(Director(BAR_S, policy), emotion, 0.0, 200.0)
    mirrored = destination(emotion, AFFECT[emotion], 1.0)
    assert distance(directions[0].destination, mirrored) < 0.01
    end = directions[-1].target
    assert end.tempo == pytest.approx(goal.tempo, abs=0.01)
    assert end.loudness_db == pytest.approx(goal.loudness_db, abs=0.2)
    assert end.semitones == goal.semitones


@pytest.mark.parametrize("policy", LEADING)
def test_it_leads_five_to_ten_per_cent_of_the_way_in_a_bar(policy: Policy) -> None:
    assert 0.05 <= LEAD_PER_BAR <= 0.10
    goal = MUSICAL.table[Emotion.HAPPY if policy is Policy.LIFT else Emotion.CALM]
    directions = hold(Director(BAR_S, policy), Emotion.SAD, 0.0, 60.0)
    bars, left = [0.0], [distance(directions[0].destination, goal)]
    for a, b in itertools.pairwise(directions):
        bars.append(bars[-1] + (b.t - a.t) * a.target.tempo / BAR_S)
        left.append(distance(b.destination, goal))
    for k in range(50, len(bars), 50):
        share = 1.0 - (left[k] / left[k - 50]) ** (1.0 / (bars[k] - bars[k - 50]))
        assert 0.05 <= share <= 0.10


def test_following_stays_with_the_room() -> None:
    end = hold(Director(BAR_S, Policy.FOLLOW), Emotion.ANGRY, 0.0, 100.0)[-1].target
    assert end.tempo == pytest.approx(1.15, abs=0.01)


stirred = st.lists(
    st.tuples(st.sampled_from(sorted(STIRRED)), places, st.floats(0.0, 1.0), st.floats(0.0, 5.0)),
    min_size=1,
    max_size=40,
)


@settings(max_examples=200)
@given(st.sampled_from(LEADING), presets, stirred)
def test_anger_and_fear_are_never_made_stronger(
    policy: Policy, preset: Preset, moments: Iterable[tuple[Emotion, Affect, float, float]]
) -> None:
    director = Director(BAR_S, policy, preset)
    t = 0.0
    for emotion, affect, confidence, dt in moments:
        t += dt
        target = director.step(Mood(t, emotion, (), affect, confidence)).target
        assert target.tempo <= 1.0 + 1e-9
        assert target.loudness_db <= 1e-9
        assert target.semitones <= 0.0
        assert target.cutoff_hz <= NEUTRAL.cutoff_hz
        assert all(getattr(target, name) <= 1e-9 for name in EXTRAS)


def test_an_angry_room_is_calmed_before_it_is_lifted() -> None:
    director = Director(BAR_S, Policy.LIFT)
    calmed = hold(director, Emotion.ANGRY, 0.0, 100.0)[-1]
    assert calmed.target.tempo == pytest.approx(MUSICAL.table[Emotion.CALM].tempo, abs=0.01)
    assert "from angry to calm" in calmed.reason
    lifted = hold(director, Emotion.NEUTRAL, 100.0, 200.0)[-1]
    assert lifted.target.tempo == pytest.approx(MUSICAL.table[Emotion.HAPPY].tempo, abs=0.01)
    assert "from neutral to happy" in lifted.reason


def test_the_reason_tells_the_turn_first_and_then_the_leading() -> None:
    reasons = list(dict.fromkeys(d.reason for d in hold(Director(BAR_S, Policy.LIFT), Emotion.SAD, 0.0, 60.0)))
    assert reasons[0].startswith("the room turned sad: tempo down")
    later = [reason for reason in reasons if not reason.startswith("the room turned sad: ")]
    assert all(reason.startswith("leading the room from sad to happy: ") for reason in later)
    assert any("tempo up" in reason for reason in later)


@pytest.mark.parametrize(
    ("emotion", "words"),
    [
        (Emotion.FEARFUL, ["thinner", "an echo", "trembling"]),
        (Emotion.DISGUSTED, ["a slow wah"]),
        (Emotion.ANGRY, ["an echo"]),
        (Emotion.SURPRISED, ["an echo"]),
        (Emotion.SAD, []),
    ],
)
def test_the_reason_names_the_extras_of_the_table(emotion: Emotion, words: list[str]) -> None:
    director = Director(BAR_S)
    reason = director.step(mood(0.1, emotion)).reason
    assert all(word in reason for word in words)
    assert words or not any(word in reason for word in ("thinner", "echo", "wah", "trembling"))
    hold(director, emotion, 0.1, 20.0)
    after = director.step(mood(20.2, Emotion.NEUTRAL)).reason
    if Emotion.SURPRISED is not emotion and words:
        assert any(word in after for word in ("fuller", "no more echo", "no more wah", "steady again"))


locks = st.dictionaries(st.sampled_from(list(RANGES)), st.floats(0.0, 1.0)).map(
    lambda chosen: {name: RANGES[name][0] + x * (RANGES[name][1] - RANGES[name][0]) for name, x in chosen.items()}
)


@settings(max_examples=200)
@given(
    st.sampled_from(Policy),
    presets,
    locks,
    st.lists(st.tuples(st.sampled_from(Emotion), st.floats(0.0, 3.0)), min_size=1, max_size=40),
)
def test_a_lock_holds_whatever_the_room_does(
    policy: Policy, preset: Preset, locks: dict[str, float], moments: list[tuple[Emotion, float]]
) -> None:
    director = Director(BAR_S, policy, preset, locks)
    t = 0.0
    for emotion, dt in moments:
        t += dt
        direction = director.step(mood(t, emotion))
        for name, value in locks.items():
            assert getattr(direction.target, name) == value
            assert getattr(direction.destination, name) == value


def test_what_is_locked_is_no_reason() -> None:
    director = Director(BAR_S, locks={"tempo": 1.0, "semitones": 0.0})
    reason = hold(director, Emotion.HAPPY, 0.0, 5.0)[-1].reason
    assert "tempo" not in reason
    assert "key" not in reason


def test_a_lock_out_of_range_is_named() -> None:
    with pytest.raises(TargetError, match="tempo is 9"):
        Director(locks={"tempo": 9.0})


@settings(max_examples=100)
@given(
    st.sampled_from(Policy),
    presets,
    st.lists(st.tuples(st.sampled_from(Emotion), st.floats(0.0, 1.0), st.floats(0.0, 2.0)), min_size=2, max_size=50),
)
def test_no_policy_and_no_preset_moves_the_tempo_faster_than_it_may(
    policy: Policy, preset: Preset, moments: list[tuple[Emotion, float, float]]
) -> None:
    director = Director(BAR_S, policy, preset)
    t = 0.0
    directions = []
    for emotion, strength, dt in moments:
        t += dt
        directions.append(director.step(replace(mood(t, emotion, strength), t=t)))
    for a, b in itertools.pairwise(directions):
        assert abs(b.target.tempo - a.target.tempo) <= preset.tempo_slew * (b.t - a.t) + 1e-9
