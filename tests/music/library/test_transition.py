"""Keys and tempi of two songs, brought together."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.music.key import NAMES
from soundit_edge.music.library.transition import MOST_SEMITONES, RELATED, apart, fifths, transition
from soundit_edge.music.mapping import PRESETS
from soundit_edge.music.target import NEUTRAL, MusicTarget
from tests.fakes.songs import song

KEYS = list(itertools.product(NAMES, ("major", "minor")))
tempi = st.floats(40.0, 220.0)


@pytest.mark.parametrize("shifted", [-2, 0, 1])
def test_any_two_keys_come_together(shifted: int) -> None:
    for (key, mode), (other, its_mode) in itertools.product(KEYS, KEYS):
        here, there = song(1, key=key, mode=mode), song(2, key=other, mode=its_mode)
        bent = transition(here, there, MusicTarget(semitones=shifted)).semitones
        assert bent == round(bent)
        assert abs(bent) <= MOST_SEMITONES
        a, b = fifths(key, mode), fifths(other, its_mode)
        assert a is not None
        assert b is not None
        assert apart(a + 7 * shifted, b + 7 * round(bent)) <= RELATED
        if apart(a + 7 * shifted, b) <= RELATED:
            assert bent == 0  # what goes together is left as it is


def test_keys_that_are_related_are_near() -> None:
    c_major = fifths("C", "major")
    assert c_major == fifths("A", "minor") == 0
    assert fifths("F#", "major") == fifths("Gb", "major") == 6
    assert {fifths(*key) for key in (("G", "major"), ("E", "minor"))} == {1}
    assert fifths("", "") is None
    assert fifths("H", "major") is None
    assert fifths("Cx", "major") is None


@given(tempi, tempi, st.floats(0.82, 1.2), st.sampled_from(sorted(PRESETS)))
def test_beats_meet_as_far_as_the_preset_goes(bpm: float, other: float, tempo: float, name: str) -> None:
    preset = PRESETS[name]
    got = transition(song(1, bpm=bpm), song(2, bpm=other), MusicTarget(tempo=tempo), preset).tempo
    assert preset.tempo[0] <= got <= preset.tempo[1]
    heard = other * got / (bpm * tempo)
    assert got in preset.tempo or any(abs(heard / octave - 1.0) < 1e-9 for octave in (0.125, 0.25, 0.5, 1, 2, 4, 8))


def test_a_tempo_and_a_key() -> None:
    target = transition(song(1, bpm=100.0, key="C"), song(2, bpm=110.0, key="Db"), MusicTarget(tempo=1.05, wet=0.3))
    assert target.tempo == pytest.approx(105.0 / 110.0)
    assert target.semitones == -1.0
    assert target.wet == 0.3  # the rest stays as it is
    half = transition(song(1, bpm=140.0), song(2, bpm=72.0), NEUTRAL)
    assert half.tempo == pytest.approx(70.0 / 72.0)


def test_what_is_not_known_is_left_alone() -> None:
    unknown = song(1, bpm=0.0, key="", mode="")
    for target in (transition(unknown, song(2), NEUTRAL), transition(song(2), unknown, NEUTRAL)):
        assert (target.tempo, target.semitones) == (1.0, 0.0)
