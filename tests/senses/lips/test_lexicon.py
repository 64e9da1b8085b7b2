"""What words say of a mood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.emotion import Affect, Emotion, most_likely
from soundit_edge.senses.lips.grid import WORDS
from soundit_edge.senses.lips.lexicon import _places, affect_of, vocabulary
from soundit_edge.senses.lips.sense import said

NEUTRAL = (Affect(0.0, 0.0), 0.0)


def test_a_few_hundred_words_within_the_plane() -> None:
    assert len(vocabulary()) >= 300
    assert all(-1 <= p.valence <= 1 and -1 <= p.arousal <= 1 for p in _places().values())
    assert all(word == word.lower() and word.isascii() for word in vocabulary())


def test_grids_words_are_neutral() -> None:
    assert not set(WORDS) & vocabulary()
    assert affect_of(["bin", "blue", "at", "f", "two", "now"]) == NEUTRAL


@pytest.mark.parametrize(
    ("sentence", "emotion"),
    [
        ("we had a wonderful day", Emotion.HAPPY),
        ("I feel calm and relaxed", Emotion.CALM),
        ("Hello, I am sad and lonely.", Emotion.SAD),
        ("I was terrified", Emotion.FEARFUL),
        ("that is disgusting", Emotion.DISGUSTED),
        ("put it on the table", Emotion.NEUTRAL),
    ],
)
def test_sentences_are_of_the_mood_of_their_words(sentence: str, emotion: Emotion) -> None:
    assert most_likely(said(affect_of(sentence.split())[0])) == emotion


def test_anger_and_fear_lie_side_by_side_in_the_plane_and_share_the_belief() -> None:
    probabilities = dict(zip(Emotion, said(affect_of(["furious"])[0]), strict=True))
    assert min(probabilities[Emotion.ANGRY], probabilities[Emotion.FEARFUL]) > 0.25


def test_a_negation_turns_what_follows_it_and_not_what_is_far() -> None:
    assert affect_of(["I", "am", "not", "happy"])[0].valence < 0
    assert affect_of(["no", "I", "really", "do", "think", "so", "I", "am", "happy"])[0].valence > 0


def test_the_share_is_that_of_words_that_tell_something() -> None:
    assert affect_of(["I", "am", "so", "happy"])[1] == 0.25
    assert affect_of([]) == NEUTRAL


@given(st.lists(st.text(max_size=12), max_size=12))
def test_any_words_stay_in_the_plane(words: list[str]) -> None:
    affect, share = affect_of(words)
    assert -1 <= affect.valence <= 1
    assert -1 <= affect.arousal <= 1
    assert 0 <= share <= 1
    assert sum(said(affect)) == pytest.approx(1)
