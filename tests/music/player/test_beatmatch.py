"""Keys and tempi of two pieces, brought together."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.music.director.mapping import MUSICAL
from soundit_edge.music.director.target import NEUTRAL, MusicTarget
from soundit_edge.music.player.beatmatch import MAX_SEMITONES, apart, fifths, match
from soundit_edge.music.track_info import TrackInfo

RELATED = 1  # keys a step apart on the circle of fifths go together: the same, the relative one, and their neighbours
KEYS = list(itertools.product(range(12), ("major", "minor")))
tempi = st.floats(40.0, 220.0)


def piece(bpm: float = 100.0, tonic: int | None = 0, mode: str = "major") -> TrackInfo:
    return TrackInfo("", bpm, 240.0 / bpm, 32, tonic, mode)


@pytest.mark.parametrize("shifted", [-2, 0, 1])
def test_any_two_keys_come_together(shifted: int) -> None:
    for (tonic, mode), (other, its_mode) in itertools.product(KEYS, KEYS):
        here, there = piece(tonic=tonic, mode=mode), piece(tonic=other, mode=its_mode)
        bent = match(here, there, MusicTarget(semitones=shifted)).semitones
        assert bent == round(bent)
        assert abs(bent) <= MAX_SEMITONES
        a, b = fifths(here), fifths(there)
        assert a is not None
        assert b is not None
        assert apart(a + 7 * shifted, b + 7 * round(bent)) <= RELATED
        if apart(a + 7 * shifted, b) <= RELATED:
            assert bent == 0  # what goes together is left as it is


def test_modes_of_the_same_notes_are_in_the_same_place() -> None:
    same = [(0, "major"), (9, "minor"), (9, "aeolian"), (2, "dorian"), (4, "phrygian"), (5, "lydian")]
    assert {fifths(piece(tonic=tonic, mode=mode)) for tonic, mode in same} == {0}
    assert fifths(piece(tonic=7)) == 1
    assert fifths(piece(tonic=None)) is None


@given(tempi, tempi, st.floats(0.82, 1.2))
def test_beats_meet_as_far_as_music_bears_it(bpm: float, other: float, tempo: float) -> None:
    got = match(piece(bpm), piece(other), MusicTarget(tempo=tempo)).tempo
    assert MUSICAL.tempo[0] <= got <= MUSICAL.tempo[1]
    heard = other * got / (bpm * tempo)
    assert got in MUSICAL.tempo or any(abs(heard / octave - 1.0) < 1e-9 for octave in (0.125, 0.25, 0.5, 1, 2, 4, 8))


def test_a_tempo_and_a_key() -> None:
    transition = match(piece(100.0, 0), piece(110.0, 1), MusicTarget(tempo=1.05))
    assert transition.tempo == pytest.approx(105.0 / 110.0)
    assert transition.semitones == -1.0
    assert match(piece(140.0), piece(72.0), NEUTRAL).tempo == pytest.approx(70.0 / 72.0)


def test_a_key_that_is_not_known_is_left_alone() -> None:
    assert match(piece(tonic=None), piece(tonic=3), NEUTRAL).semitones == 0.0
    assert match(piece(tonic=3), piece(tonic=None), NEUTRAL).semitones == 0.0
