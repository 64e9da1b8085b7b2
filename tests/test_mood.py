"""The fusion: what must hold for every mood, whatever the senses say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.emotion import EMOTIONS, Emotion, Reading, certain, distribution
from soundit_edge.mood import PRIOR, Fusion, MoodSettings, pool

distributions = st.lists(st.floats(0, 1), min_size=8, max_size=8).filter(lambda w: sum(w) > 1e-3).map(distribution)
trusts = st.floats(0, 1)
SENSES = ("face", "hue", "voice")


@st.composite
def readings(draw: st.DrawFn, *, least: int = 0, most: int = 12) -> list[Reading]:
    """What several senses say, in order of time."""
    moments = sorted(draw(st.lists(st.floats(0, 20), min_size=least, max_size=most)))
    return [Reading(draw(st.sampled_from(SENSES)), t, draw(distributions), draw(trusts)) for t in moments]


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
        fusion.add(Reading(sense, begin + i / 10, certain(emotion, 0.9), trust))


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


@given(st.lists(st.tuples(distributions, trusts), min_size=3, max_size=3), st.floats(0, 30))
def test_the_order_of_simultaneous_readings_does_not_matter(
    said: list[tuple[tuple[float, ...], float]], later: float
) -> None:
    at_once = [Reading(sense, 1.0, p, trust) for sense, (p, trust) in zip(SENSES, said, strict=True)]
    moods = [after(order).at(1.0 + later) for order in permutations(at_once)]
    assert all(mood.probabilities == moods[0].probabilities for mood in moods)
    assert len({mood.emotion for mood in moods}) == 1


@given(distributions, trusts, st.lists(st.floats(0, 60), min_size=2, max_size=6))
def test_certainty_never_grows_without_evidence(p: tuple[float, ...], trust: float, moments: list[float]) -> None:
    """As time passes without a word, belief only moves from what was sensed back towards the prior."""
    fusion = after([Reading("face", 0.0, p, trust)])
    distances = [divergence(fusion.at(t).probabilities, PRIOR) for t in sorted(moments)]
    assert all(later <= earlier + 1e-9 for earlier, later in pairwise(distances))


@given(readings(least=1))
def test_in_silence_every_room_becomes_neutral(said: list[Reading]) -> None:
    mood = after(said).at(20.0 + 60.0)
    assert mood.probabilities == pytest.approx(PRIOR, abs=1e-6)
    assert mood.emotion is Emotion.NEUTRAL
    assert mood.senses == {}


@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from([e for e in EMOTIONS if e is not Emotion.NEUTRAL]))
def test_neutral_grows_and_what_was_seen_fades(strength: float, trust: float, emotion: Emotion) -> None:
    fusion = after([Reading("face", 0.0, certain(emotion, strength), trust)])
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
    p = certain(Emotion.HAPPY, 0.5)
    happy = EMOTIONS.index(Emotion.HAPPY)
    assert pool({"face": (p, 0.7), "voice": (p, 0.7)})[happy] > pool({"face": (p, 0.7)})[happy]


def test_no_sense_rules_an_emotion_out() -> None:
    sure = certain(Emotion.SAD, 1.0)
    both = pool({"face": (sure, 1.0), "voice": (certain(Emotion.HAPPY, 1.0), 1.0)})
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
    fusion.add(Reading("face", 0.0, certain(Emotion.HAPPY, 0.9), 1.0))
    assert fusion.at(0.0).emotion is Emotion.HAPPY
    for t, neutral, expected in ((1.0, 0.55, Emotion.HAPPY), (2.0, 0.8, Emotion.NEUTRAL)):
        said = {Emotion.NEUTRAL: neutral, Emotion.HAPPY: 1 - neutral}
        fusion.add(Reading("face", t, distribution(said), 1.0))
        assert fusion.at(t).emotion is expected


def test_a_narrow_lead_does_not_take_over() -> None:
    settings = MoodSettings(advantage=0.05, dwell=0.0, smoothing=1e-3)
    fusion = Fusion(settings)

    def between(share: float) -> tuple[float, ...]:
        pairs = zip(certain(Emotion.HAPPY, 0.9), certain(Emotion.SAD, 0.9), strict=True)
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
    fusion.add(Reading("face", 3.0, certain(Emotion.ANGRY, 1.0), 0.9))
    mood = fusion.at(3.0)
    assert mood.emotion is Emotion.HAPPY
    assert mood.confidence > 0.7 * before


def test_a_new_face_in_an_empty_room_is_read_at_once() -> None:
    fusion = Fusion()
    say(fusion, Emotion.SAD, 0.0, 3.0)
    fusion.add(Reading("face", 60.0, certain(Emotion.HAPPY, 0.9), 0.9))
    assert fusion.at(60.0).emotion is Emotion.HAPPY


@given(readings())
def test_the_same_readings_give_the_same_moods(said: list[Reading]) -> None:
    assert after(said).at(20.0) == after(said).at(20.0)
