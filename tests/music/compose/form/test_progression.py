from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.emotion import Emotion
from soundit_edge.music.compose.form.progression import progression
from soundit_edge.music.compose.idiom import Cadence
from soundit_edge.music.compose.idioms import IDIOMS
from soundit_edge.music.compose.metre import FOUR_FOUR, SIX_EIGHT, THREE_FOUR, Metre
from soundit_edge.music.compose.modes import MODES, Mode

modes = st.sampled_from(list(MODES.values()))
metres = st.sampled_from([FOUR_FOUR, THREE_FOUR, SIX_EIGHT])


@given(modes, metres, st.sampled_from(Emotion), st.sampled_from(Cadence), st.integers(2, 4), st.integers(0, 2**32 - 1))
def test_a_phrase_begins_with_its_chord_and_ends_with_its_cadence(
    mode: Mode, metre: Metre, emotion: Emotion, cadence: Cadence, bars: int, seed: int
) -> None:
    found = progression(np.random.default_rng(seed), mode, IDIOMS[emotion], metre, bars, 0, cadence)
    assert len(found) == bars
    for bar in found:
        beats = [change.beat for change in bar]
        assert beats == sorted(set(beats))
        assert all(0 <= beat < metre.beats for beat in beats)
    changes = list(itertools.chain.from_iterable(found))
    assert all(change.degree in mode.graph for change in changes)
    if len(changes) > 2:
        assert changes[0].degree == 0
    last = changes[-1].degree
    if cadence in (Cadence.AUTHENTIC, Cadence.PLAGAL, Cadence.MODAL, Cadence.PEDAL):
        assert last == 0
    elif cadence is Cadence.DECEPTIVE:
        assert last == mode.elsewhere
    else:
        assert last in mode.leading


@pytest.mark.parametrize("emotion", [Emotion.HAPPY, Emotion.NEUTRAL])
def test_chords_change_more_and_less_often_than_once_a_bar(emotion: Emotion) -> None:
    random, idiom = np.random.default_rng(1), IDIOMS[emotion]
    phrases = [progression(random, MODES["major"], idiom, FOUR_FOUR, 4, 0, Cadence.AUTHENTIC) for _ in range(50)]
    counts = {sum(len(bar) for bar in phrase) for phrase in phrases}
    assert len(counts) >= 3
    assert max(counts) > 4


def test_the_bass_has_a_shape() -> None:
    """Inversions let it go by step more often than roots alone would, before the cadence."""
    random = np.random.default_rng(2)
    taken, roots, inverted, count = 0, 0, 0, 0
    scale = MODES["major"].scale
    for _ in range(200):
        found = progression(random, MODES["major"], IDIOMS[Emotion.NEUTRAL], FOUR_FOUR, 4, 0, Cadence.PEDAL)
        changes = list(itertools.chain.from_iterable(found))
        taken += _steps([scale[(c.degree + 2 * c.inversion) % 7] for c in changes])
        roots += _steps([scale[c.degree] for c in changes])
        count += len(changes)
        inverted += sum(c.inversion == 1 for c in changes)
    assert taken > 1.1 * roots
    assert 0.1 * count < inverted < 0.7 * count


def _steps(tones: list[int]) -> int:
    return sum(min((b - a) % 12, (a - b) % 12) in (1, 2) for a, b in itertools.pairwise(tones))


def test_a_minor_cadence_has_the_leading_note() -> None:
    aeolian = MODES["aeolian"]
    assert 11 in [aeolian.chord(4, leads=True).scale[d] for d in aeolian.chord(4, leads=True).triad]
    assert 11 not in aeolian.chord(4).scale


@pytest.mark.parametrize("name", ["major", "lydian", "aeolian"])
def test_home_is_told_from_its_fifth_by_the_fourth(name: str) -> None:
    """Without it, outside ears heard the major pieces in the key a fifth above."""
    mode = MODES[name]
    seventh = mode.chord(4, leads=True)
    assert seventh.scale[seventh.tones[-1]] == 5
    found = progression(np.random.default_rng(1), mode, IDIOMS[Emotion.NEUTRAL], FOUR_FOUR, 4, 0, Cadence.AUTHENTIC)
    assert [change.degree for bar in found for change in bar][-3:] == [mode.prepares, 4, 0]


def test_home_has_no_ninth_where_cadences_tell_of_it() -> None:
    assert MODES["major"].chord(0, soft=True).colour == 0
    assert MODES["major pentatonic"].chord(0, soft=True).colour == 8
    assert MODES["major"].chord(3, soft=True).colour == 8
