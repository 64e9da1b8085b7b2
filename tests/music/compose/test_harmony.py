from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.music.compose.harmony import parallel, pitch_of, voicing
from soundit_edge.music.compose.modes import MODES, Mode
from soundit_edge.music.compose.parts.arranger import PAD_RANGE

modes = st.sampled_from(list(MODES.values()))


def test_steps_go_on_above_and_below_the_octave() -> None:
    dorian = MODES["dorian"].scale
    assert [pitch_of(step, 50, dorian) for step in (-1, 0, 2, 7, 9)] == [48, 50, 53, 62, 65]
    assert pitch_of(8, 60, MODES["octatonic"].scale) == 72


def test_parallels_are_two_fifths_or_octaves_on_end() -> None:
    assert parallel((48, 55), (50, 57))
    assert parallel((48, 72), (45, 57))
    assert not parallel((48, 55), (48, 55))  # nobody moves
    assert not parallel((48, 55), (50, 62))  # a fifth, then an octave
    assert not parallel((48, 52), (50, 54))  # thirds


@pytest.mark.parametrize("mode", MODES.values(), ids=lambda mode: mode.name)
def test_no_chord_is_diminished_and_none_leads_nowhere(mode: Mode) -> None:
    assert {d for onward in mode.graph.values() for d in onward} <= set(mode.graph)
    assert set(mode.leading) <= set(mode.graph)
    for degree in mode.graph:
        root, _, fifth = (mode.scale[d] for d in mode.chord(degree).triad)
        assert (fifth - root) % 12 == 7
    assert any(mode.scale[d] in (0,) for d in mode.sung)


@given(modes, st.integers(0, 2**32 - 1), st.integers(3, 8), st.booleans())
def test_a_walk_comes_home_or_asks_for_more(mode: Mode, seed: int, count: int, home: bool) -> None:
    way = mode.walk(np.random.default_rng(seed), 0, count, home)
    assert len(way) == count
    assert way[0] == 0
    assert way[-1] == 0 if home else way[-1] in mode.leading
    for here, there in itertools.pairwise(way[:-1]):
        assert there in mode.graph[here]


@given(modes, st.integers(0, 6), st.booleans())
def test_a_chords_tones_are_never_a_semitone_apart(mode: Mode, degree: int, soft: bool) -> None:
    if degree not in mode.graph:
        return
    tones = sorted({mode.scale[d] for d in mode.chord(degree, soft).tones})
    assert all(b - a >= 2 for a, b in itertools.pairwise([*tones, tones[0] + 12]))


@given(modes, st.booleans(), st.integers(0, 11), st.integers(-7, 7), st.integers(0, 2**32 - 1))
def test_the_highest_voice_never_moves_in_fifths_or_octaves_with_the_bass(
    mode: Mode, soft: bool, tonic: int, shift: int, seed: int
) -> None:
    random = np.random.default_rng(seed)
    low, high = (end + shift for end in PAD_RANGE)
    before: tuple[int, ...] = ()
    root = 40
    for degree in mode.walk(random, 0, 12, home=True):
        lower = 33 + (pitch_of(degree, tonic, mode.scale) - 33) % 12
        now = voicing(mode.chord(degree, soft), 48 + tonic, before, low, high, (root, lower))
        assert all(low <= p <= high for p in now)
        if before:
            assert not parallel((root, before[-1]), (lower, now[-1]))
        before, root = now, lower
