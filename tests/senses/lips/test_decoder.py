"""Words out of frame-wise probabilities."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from soundit_edge.senses.lips.decoder import MIN_FRAMES, Decoder, edits
from soundit_edge.senses.lips.grid import SLOTS, WORDS

Floats = npt.NDArray[np.float64]
GRAMMAR = Decoder([[WORDS.index(word) for word in slot] for slot in SLOTS])
FREE = Decoder([range(1, len(WORDS))], loop=True, insertion=-2.0)


def spoken(*words: tuple[str, int], certainty: float = 0.8) -> Floats:
    """Probabilities of frames in which words last so many frames each."""
    frames = [WORDS.index(word) for word, count in words for _ in range(count)]
    said = np.full((len(frames), len(WORDS)), (1 - certainty) / (len(WORDS) - 1))
    said[np.arange(len(frames)), frames] = certainty
    return said


SENTENCE = (("sil", 12), ("bin", 5), ("blue", 4), ("at", 2), ("f", 3), ("three", 5), ("soon", 8), ("sil", 20))


@pytest.mark.parametrize("decoder", [GRAMMAR, FREE])
def test_clear_words_are_found_where_they_are(decoder: Decoder) -> None:
    words = decoder.decode(spoken(*SENTENCE))
    assert [(WORDS[w.word], w.first, w.last) for w in words] == [
        ("bin", 12, 16),
        ("blue", 17, 20),
        ("at", 21, 22),
        ("f", 23, 25),
        ("three", 26, 30),
        ("soon", 31, 38),
    ]
    assert [w.certainty for w in words] == pytest.approx([0.8] * 6)


def test_the_grammar_outvotes_a_word_that_cannot_stand_there() -> None:
    said = spoken(*SENTENCE)
    colour = slice(17, 21)
    said[colour, WORDS.index("blue")], said[colour, WORDS.index("nine")] = 0.3, 0.5
    assert WORDS[GRAMMAR.decode(said)[1].word] == "blue"
    assert WORDS[FREE.decode(said)[1].word] == "nine"


def test_silence_within_a_sentence_is_no_word() -> None:
    halting = [part for word in SENTENCE for part in (word, ("sil", 3))]
    assert [WORDS[w.word] for w in GRAMMAR.decode(spoken(*halting))] == ["bin", "blue", "at", "f", "three", "soon"]


def test_the_same_word_twice_is_two_words_only_with_silence_between() -> None:
    assert len(FREE.decode(spoken(("red", 6), ("sil", 3), ("red", 6)))) == 2
    assert len(FREE.decode(spoken(("red", 12)))) == 1


def test_silence_alone_is_no_sentence_where_none_is_asked_for() -> None:
    assert FREE.decode(spoken(("sil", 75))) == []


def test_one_doubtful_frame_is_not_a_word() -> None:
    assert FREE.decode(spoken(("sil", 20), ("two", MIN_FRAMES - 1), ("sil", 20))) == []


@settings(max_examples=30)
@given(hnp.arrays(np.float64, st.tuples(st.integers(14, 40), st.just(len(WORDS))), elements=st.floats(0, 1)))
def test_whatever_is_seen_the_grammar_gives_one_word_a_slot_in_order(said: Floats) -> None:
    words = GRAMMAR.decode(said)
    assert [WORDS[w.word] in slot for w, slot in zip(words, SLOTS, strict=True)] == [True] * len(SLOTS)
    assert all(a.last < b.first for a, b in pairwise(words))
    assert all(w.last - w.first + 1 >= MIN_FRAMES and 0 < w.certainty <= 1 for w in words)


@settings(max_examples=30)
@given(hnp.arrays(np.float64, st.tuples(st.integers(1, 40), st.just(len(WORDS))), elements=st.floats(0, 1)))
def test_words_in_any_order_never_overlap(said: Floats) -> None:
    words = FREE.decode(said)
    assert all(w.word != 0 for w in words)
    assert all(a.last < b.first for a, b in pairwise(words))


@pytest.mark.parametrize(
    ("said", "truth", "count"),
    [("abc", "abc", 0), ("abc", "ac", 1), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3)],
)
def test_edits(said: str, truth: str, count: int) -> None:
    assert edits(said, truth) == count


@given(st.text("ab", max_size=8), st.text("ab", max_size=8), st.text("ab", max_size=8))
def test_edits_are_a_distance(a: str, b: str, c: str) -> None:
    assert edits(a, b) == edits(b, a)
    assert edits(a, c) <= edits(a, b) + edits(b, c)
    assert (edits(a, b) == 0) == (a == b)
