"""The writing under speech: nobody has a speaker's pitch, and few notes are struck; the piece goes on underneath."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.emotion import Emotion
from soundit_edge.music.compose.composer import Composer
from soundit_edge.music.compose.parts.underscore import SPEECH_HZ
from soundit_edge.music.compose.request import BarRequest
from soundit_edge.music.director.brief import sure_brief
from soundit_edge.music.score import Bar, Part

SPOKEN = range(6, 16)


def played(emotion: Emotion, seed: int, spoken: range | list[int], count: int = 24, close: int = 99) -> list[Bar]:
    composer = Composer(seed)
    return [
        composer.next_bar(BarRequest(sure_brief(emotion), 2.0, speech=k in spoken, close=k >= close))
        for k in range(count)
    ]


def hertz(pitch: int) -> float:
    return float(440.0 * 2.0 ** ((pitch - 69) / 12))


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.sampled_from(Emotion), st.sets(st.integers(0, 17)), st.booleans())
def test_no_pitch_lies_where_speech_does(seed: int, emotion: Emotion, spoken: set[int], ends: bool) -> None:
    for bar in played(emotion, seed, sorted(spoken), 18, close=16 if ends else 99):
        if bar.number in spoken:
            assert bar.notes
            assert {note.voice for note in bar.notes} <= {Part.PAD, Part.BASS, Part.PLUCK}
            assert not any(SPEECH_HZ[0] <= hertz(note.pitch) <= SPEECH_HZ[1] for note in bar.notes)


@pytest.mark.parametrize("emotion", Emotion)
def test_fewer_notes_are_struck_under_speech(emotion: Emotion) -> None:
    for seed in range(2):
        spoken, silent = played(emotion, seed, SPOKEN), played(emotion, seed, [])
        under, without = (sum(len(bars[k].notes) for k in SPOKEN) for bars in (spoken, silent))
        assert under < 0.75 * without


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), st.sampled_from(Emotion))
def test_the_piece_goes_on_under_speech_as_it_would_without(seed: int, emotion: Emotion) -> None:
    for bar, other in zip(played(emotion, seed, SPOKEN), played(emotion, seed, []), strict=True):
        form = (bar.section, bar.place, bar.mode, bar.tonic, bar.bpm, bar.instruments)
        assert form == (other.section, other.place, other.mode, other.tonic, other.bpm, other.instruments)
        if bar.number not in SPOKEN:
            assert bar.motif == other.motif
            written = [sorted((n.voice, n.pitch) for n in b.notes) for b in (bar, other)]
            assert written[0] == written[1]
