"""The fusion: what must hold for every mood, whatever the senses say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.emotion import EMOTIONS, Emotion, Reading, distribution, one_hot
from soundit_edge.perception.fusion import NOBODY_SPEAKS, PRIOR, SPEAKER_SEEN, Fusion, pool
from soundit_edge.perception.mood_settings import MoodSettings

distributions = st.lists(st.floats(0, 1), min_size=8, max_size=8).filter(lambda w: sum(w) > 1e-3).map(distribution)
trusts = st.floats(0, 1)
SENSES = ("face", "hue", "lips", "voice")


@st.composite
def readings(draw: st.DrawFn, *, least: int = 0, most: int = 8) -> list[Reading]:
    """What several senses say, in order of time."""
    moments = sorted(draw(st.lists(st.floats(0, 20), min_size=least, max_size=most)))
    return [draw(a_reading(draw(st.sampled_from(SENSES)), t)) for t in moments]


@st.composite
def a_reading(draw: st.DrawFn, sense: str, t: float) -> Reading:
    """Anything that a sense may say of a moment; lips tell besides who speaks."""
    speaking = draw(st.sampled_from([None, False, True])) if sense == "lips" else None
    return Reading(sense, t, draw(distributions), draw(trusts), speaking=speaking)


@st.composite
def at_once(draw: st.DrawFn, t: float = 1.0) -> list[Reading]:
    """What some of the senses say of one moment, in any order."""
    senses = draw(st.lists(st.sampled_from(SENSES), min_size=1, max_size=len(SENSES), unique=True))
    return [draw(a_reading(sense, t)) for sense in senses]


def after(said: Sequence[Reading], settings: MoodSettings | None = None) -> Fusion:
    fusion = Fusion(settings)
    for reading in said:
        fusion.add(reading)
    return fusion


def divergence(p: Sequence[float], q: Sequence[float]) -> float:
    """Kullback-Leibler, in nats."""
    return math.fsum(a * math.log(a / b) for a, b in zip(p, q, strict=True) if a > 0)


def say(fusion: Fusion, emotion: Emotion, begin: float, end: float, *, sense: str = "face", trust: float = 0.9) -> None:
    """The same every tenth of a second."""
    for i in range(round((end - begin) * 10)):
        fusion.add(Reading(sense, begin + i / 10, one_hot(emotion, 0.9), trust))


def test_an_empty_room_is_neutral() -> None:
    mood = Fusion().at(3.0)
    assert mood.t == 3.0
    assert mood.emotion is Emotion.NEUTRAL
    assert mood.probabilities == pytest.approx(PRIOR)
    assert mood.senses == {}


@given(readings(), st.floats(0, 100))
def test_a_mood_is_a_distribution_and_its_affect_in_the_plane(said: list[Reading], t: float) -> None:
    mood = after(said).at(t)
    assert sum(mood.probabilities) == pytest.approx(1)
    assert min(mood.probabilities) > 0, "no sense may rule an emotion out"
    assert abs(mood.affect.valence) <= 1
    assert abs(mood.affect.arousal) <= 1
    assert mood.confidence == mood.probabilities[EMOTIONS.index(mood.emotion)]


@given(readings(), at_once(20.0), st.floats(0, 30))
def test_the_order_of_simultaneous_readings_does_not_matter(
    before: list[Reading], said: list[Reading], later: float
) -> None:
    moods = [after([*before, *order]).at(20.0 + later) for order in permutations(said)]
    assert all(mood.probabilities == moods[0].probabilities for mood in moods)
    assert len({mood.emotion for mood in moods}) == 1
    assert all(mood.senses == moods[0].senses for mood in moods)


@given(at_once(), st.lists(st.floats(0, 60), min_size=2, max_size=6))
def test_certainty_never_grows_without_evidence(said: list[Reading], waits: list[float]) -> None:
    """As time passes without a word, belief only moves from what was sensed back towards the prior."""
    fusion = after(said)
    distances = [divergence(fusion.at(1.0 + wait).probabilities, PRIOR) for wait in sorted(waits)]
    assert all(later <= earlier + 1e-9 for earlier, later in pairwise(distances))


@given(at_once(), st.integers(2, 6))
def test_saying_it_again_is_no_new_evidence(said: list[Reading], times: int) -> None:
    """A sense that repeats itself is believed as much as when it said so once, not more."""
    again = [replace(reading, t=reading.t + i / 10) for i in range(times) for reading in said]
    once, often = after(said).at(1.0), after(again).at(1.0 + (times - 1) / 10)
    assert often.probabilities == pytest.approx(once.probabilities, abs=1e-6)


@given(readings(least=1))
def test_in_silence_every_room_becomes_neutral(said: list[Reading]) -> None:
    mood = after(said).at(20.0 + 60.0)
    assert mood.probabilities == pytest.approx(PRIOR, abs=1e-6)
    assert mood.emotion is Emotion.NEUTRAL
    assert mood.senses == {}


@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from([e for e in EMOTIONS if e is not Emotion.NEUTRAL]))
def test_neutral_grows_and_what_was_seen_fades(strength: float, trust: float, emotion: Emotion) -> None:
    fusion = after([Reading("face", 0.0, one_hot(emotion, strength), trust)])
    moods = [fusion.at(t / 2).probabilities for t in range(40)]
    neutral, seen = EMOTIONS.index(Emotion.NEUTRAL), EMOTIONS.index(emotion)
    for before, later in pairwise(moods):
        assert later[neutral] >= before[neutral] - 1e-9
        assert later[seen] <= before[seen] + 1e-9


@given(st.dictionaries(st.sampled_from(SENSES), st.tuples(distributions, trusts)), distributions)
def test_a_sense_without_trust_changes_nothing(
    sensed: dict[str, tuple[tuple[float, ...], float]], p: tuple[float, ...]
) -> None:
    assert pool({**sensed, "zero": (p, 0.0)}) == pytest.approx(pool(sensed))


@given(distributions, trusts, trusts)
def test_more_trust_moves_further_from_the_prior(p: tuple[float, ...], a: float, b: float) -> None:
    less, more = sorted((a, b))
    far = divergence(pool({"face": (p, more)}), PRIOR)
    assert divergence(pool({"face": (p, less)}), PRIOR) <= far + 1e-9


def test_full_trust_is_believed() -> None:
    p = distribution([1, 2, 3, 4, 5, 6, 7, 8])
    assert pool({"face": (p, 1.0)}) == pytest.approx(p)


def test_senses_that_agree_are_surer_than_one() -> None:
    p = one_hot(Emotion.HAPPY, 0.5)
    happy = EMOTIONS.index(Emotion.HAPPY)
    assert pool({"face": (p, 0.7), "voice": (p, 0.7)})[happy] > pool({"face": (p, 0.7)})[happy]


def test_no_sense_rules_an_emotion_out() -> None:
    sure = one_hot(Emotion.SAD, 1.0)
    both = pool({"face": (sure, 1.0), "voice": (one_hot(Emotion.HAPPY, 1.0), 1.0)})
    assert both[EMOTIONS.index(Emotion.SAD)] == pytest.approx(both[EMOTIONS.index(Emotion.HAPPY)])


@given(readings(least=2), st.floats(0.001, 5), distributions)
def test_an_old_reading_does_not_turn_back_time(said: list[Reading], age: float, p: tuple[float, ...]) -> None:
    fusion, untouched = after(said), after(said)
    last = said[-1]
    fusion.add(Reading(last.sense, last.t - age, p, 1.0))
    assert fusion.at(last.t) == untouched.at(last.t)


def test_the_latest_reading_of_each_sense_that_counts_is_told() -> None:
    fusion = Fusion()
    say(fusion, Emotion.HAPPY, 0.0, 2.0)
    say(fusion, Emotion.SAD, 1.0, 1.5, sense="voice")
    assert set(fusion.at(2.0).senses) == {"face", "voice"}
    assert fusion.at(2.0).senses["face"].t == pytest.approx(1.9)
    assert set(fusion.at(4.0).senses) == {"face"}
    assert fusion.at(10.0).senses == {}


def test_another_emotion_takes_over_only_after_the_dwell() -> None:
    fusion = Fusion(MoodSettings(smoothing=1e-3, dwell=1.0))
    say(fusion, Emotion.HAPPY, 0.0, 3.0)
    assert fusion.at(3.0).emotion is Emotion.HAPPY
    say(fusion, Emotion.SAD, 3.0, 3.9)
    mood = fusion.at(3.9)
    assert mood.probabilities[EMOTIONS.index(Emotion.SAD)] > 0.8
    assert mood.emotion is Emotion.HAPPY, "it has been held for less than a second"
    assert fusion.at(4.0).emotion is Emotion.SAD


def test_a_room_that_changes_its_face_is_followed() -> None:
    fusion, soon = Fusion(), 1.5 * MoodSettings().smoothing
    say(fusion, Emotion.HAPPY, 0.0, 5.0)
    assert fusion.at(5.0).emotion is Emotion.HAPPY
    say(fusion, Emotion.SAD, 5.0, 5.0 + soon)
    assert fusion.at(5.0 + soon).emotion is Emotion.SAD


def test_neutral_must_lead_clearly_before_a_mood_is_given_up() -> None:
    settings = MoodSettings(advantage=0.1, return_advantage=0.4, dwell=0.0, smoothing=1e-3)
    fusion = Fusion(settings)
    fusion.add(Reading("face", 0.0, one_hot(Emotion.HAPPY, 0.9), 1.0))
    assert fusion.at(0.0).emotion is Emotion.HAPPY
    for t, neutral, expected in ((1.0, 0.55, Emotion.HAPPY), (2.0, 0.8, Emotion.NEUTRAL)):
        said = {Emotion.NEUTRAL: neutral, Emotion.HAPPY: 1 - neutral}
        fusion.add(Reading("face", t, distribution(said), 1.0))
        assert fusion.at(t).emotion is expected


def test_a_narrow_lead_does_not_take_over() -> None:
    settings = MoodSettings(advantage=0.05, dwell=0.0, smoothing=1e-3)
    fusion = Fusion(settings)

    def between(share: float) -> tuple[float, ...]:
        pairs = zip(one_hot(Emotion.HAPPY, 0.9), one_hot(Emotion.SAD, 0.9), strict=True)
        return tuple((1 - share) * happy + share * sad for happy, sad in pairs)

    held = []
    for i, share in enumerate([0.0, 0.51, 0.49, 0.51, 0.49, 0.51, 0.6, 0.49, 0.51]):
        fusion.add(Reading("face", float(i), between(share), 1.0))
        held.append(fusion.at(float(i)).emotion)
    assert held == [Emotion.HAPPY] * 6 + [Emotion.SAD] * 3


def test_one_strange_frame_changes_little() -> None:
    fusion = Fusion()
    say(fusion, Emotion.HAPPY, 0.0, 3.0)
    before = fusion.at(3.0).confidence
    fusion.add(Reading("face", 3.0, one_hot(Emotion.ANGRY, 1.0), 0.9))
    mood = fusion.at(3.0)
    assert mood.emotion is Emotion.HAPPY
    assert mood.confidence > 0.7 * before


def test_a_new_face_in_an_empty_room_is_read_at_once() -> None:
    fusion = Fusion()
    say(fusion, Emotion.SAD, 0.0, 3.0)
    fusion.add(Reading("face", 60.0, one_hot(Emotion.HAPPY, 0.9), 0.9))
    assert fusion.at(60.0).emotion is Emotion.HAPPY


@given(readings())
def test_the_same_readings_give_the_same_moods(said: list[Reading]) -> None:
    assert after(said).at(20.0) == after(said).at(20.0)


def lips(speaking: int, faces: int, t: float = 1.0, trust: float = 0.0) -> Reading:
    return Reading("lips", t, PRIOR, trust, {"text": "bin blue"}, speaking > 0 if faces else None)


def voice_believed(*seen: Reading, t: float = 1.0) -> float:
    """The probability of angry that an angry voice of the first second is given."""
    fusion = after([Reading("voice", 1.0, one_hot(Emotion.ANGRY, 0.9), 0.5), *seen])
    return fusion.at(t).probabilities[EMOTIONS.index(Emotion.ANGRY)]


def test_a_voice_counts_more_where_somebody_in_view_speaks_and_less_where_nobody_does() -> None:
    alone, speaker, radio = voice_believed(), voice_believed(lips(1, 2)), voice_believed(lips(0, 2))
    assert speaker > alone + 0.05
    assert radio < alone - 0.05


@pytest.mark.parametrize(("speaking", "factor"), [(1, SPEAKER_SEEN), (0, NOBODY_SPEAKS)])
def test_by_how_much_lips_change_the_voices_trust(speaking: int, factor: float) -> None:
    angry = one_hot(Emotion.ANGRY, 0.9)
    fusion = after([Reading("voice", 1.0, angry, 0.5), lips(speaking, 1)])
    expected = pool({"voice": (angry, 0.5 * factor)})
    assert fusion.at(1.0).probabilities == pytest.approx(expected)


def test_without_a_face_in_view_nothing_is_said_of_the_voice() -> None:
    assert voice_believed(lips(0, 0)) == pytest.approx(voice_believed())


def test_what_lips_did_long_before_the_voice_does_not_count() -> None:
    assert voice_believed(lips(0, 1, t=-60.0)) == pytest.approx(voice_believed(), abs=1e-6)
    assert voice_believed(lips(0, 1, t=0.5)) == pytest.approx(voice_believed(lips(0, 1)))


def test_a_sentence_that_has_just_ended_was_spoken() -> None:
    """A voice's window lasts longer than the moment at which the lips closed."""
    said = [Reading("voice", 4.0, one_hot(Emotion.ANGRY, 0.9), 0.5)]
    ended, radio = after([lips(1, 1, t=2.0), lips(0, 1, t=4.0), *said]), after([lips(0, 1, t=4.0), *said])
    long_ago = after([lips(1, 1, t=1.0), lips(0, 1, t=4.0), *said])
    angry = EMOTIONS.index(Emotion.ANGRY)
    believed = [fusion.at(4.0).probabilities[angry] for fusion in (ended, radio, long_ago)]
    assert believed[0] > believed[1] + 0.1
    assert believed[2] == pytest.approx(believed[1])


def test_a_doubted_voice_does_not_grow_surer_as_the_doubt_grows_old() -> None:
    believed = [voice_believed(lips(0, 1, t=0.2), t=1 + t / 10) for t in range(40)]
    assert all(later <= earlier + 1e-9 for earlier, later in pairwise(believed))


@given(at_once())
def test_lips_touch_no_other_trust_than_the_voices(said: list[Reading]) -> None:
    others = [reading for reading in said if reading.sense not in ("lips", "voice")]
    plain, seen = after(others), after([*others, lips(0, 1)])
    assert seen.at(1.0).probabilities == pytest.approx(plain.at(1.0).probabilities)


def test_a_reading_without_trust_is_still_told() -> None:
    """What lips say is shown though it moves no mood."""
    assert after([lips(1, 1)]).at(1.0).senses["lips"].detail["text"] == "bin blue"


def turned_at(fusion: Fusion, emotion: Emotion, begin: float, end: float) -> float:
    """When the mood turns to an emotion that a face shows ten times a second, looked at as often."""
    for i in range(round((end - begin) * 10)):
        say(fusion, emotion, begin + i / 10, begin + (i + 1) / 10)
        if fusion.at(begin + i / 10).emotion is emotion:
            return begin + i / 10
    raise AssertionError(f"the mood did not turn {emotion} until {end}")


MOODS = [emotion for emotion in EMOTIONS if emotion is not Emotion.NEUTRAL]


@pytest.mark.parametrize(("old", "new"), [(a, b) for a in EMOTIONS for b in MOODS if a is not b])
def test_two_strong_readings_that_agree_move_the_mood_and_two_more_turn_it(old: Emotion, new: Emotion) -> None:
    fusion = Fusion()
    say(fusion, old, 0.0, 2.0)
    assert fusion.at(2.0).emotion is old
    say(fusion, old, 2.0, 5.0)
    say(fusion, new, 5.0, 5.2)
    mood = fusion.at(5.1)
    assert mood.emotion is old
    assert mood.probabilities[EMOTIONS.index(new)] > 0.75
    assert turned_at(fusion, new, 5.2, 6.0) <= 5.35


@given(st.sampled_from(EMOTIONS), distributions, trusts)
def test_one_stray_reading_never_turns_the_mood(shown: Emotion, stray: tuple[float, ...], trust: float) -> None:
    fusion = Fusion()
    say(fusion, shown, 0.0, 3.0)
    before = fusion.at(3.0)
    fusion.add(Reading("face", 3.0, stray, trust))
    moods = [fusion.at(3.0)]
    for i in range(1, 20):
        say(fusion, shown, 3.0 + i / 10, 3.1 + i / 10)
        moods.append(fusion.at(3.0 + i / 10))
    assert {mood.emotion for mood in moods} == {shown}
    assert all(mood.confidence > 0.7 * before.confidence for mood in moods)


def test_a_face_that_changed_is_no_return_to_neutral_before_the_dwell_is_over() -> None:
    """What begins again is doubted at first, and doubt is neutral; but the room did not settle down."""
    fusion, doubtful = Fusion(), distribution({Emotion.FEARFUL: 0.5, Emotion.SURPRISED: 0.5})
    say(fusion, Emotion.SAD, 0.0, 2.0)
    assert fusion.at(2.0).emotion is Emotion.SAD
    say(fusion, Emotion.SAD, 2.0, 5.0)
    for i in range(10):
        fusion.add(Reading("face", 5.0 + i / 10, doubtful, 0.5))
        assert fusion.at(5.0 + i / 10).emotion is not Emotion.NEUTRAL
