"""How full the music is: it opens up part by part, and is as ever where it is full."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.emotion import Emotion
from soundit_edge.music.compose.composer import Composer
from soundit_edge.music.compose.form.fullness import ENTRIES, plays
from soundit_edge.music.compose.request import BarRequest
from soundit_edge.music.director.brief import sure_brief
from soundit_edge.music.score import Bar, Part

fullnesses = st.floats(0.0, 1.0)


def played(emotion: Emotion, seed: int, way: list[float]) -> list[Bar]:
    composer = Composer(seed)
    return [composer.next_bar(BarRequest(sure_brief(emotion), 2.0, fullness=fullness)) for fullness in way]


def parts(bars: list[Bar]) -> set[Part]:
    return {note.voice for bar in bars for note in bar.notes}


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1), st.sampled_from(Emotion), st.lists(fullnesses, min_size=4, max_size=10))
def test_nobody_plays_before_the_fullness_of_his_entry(seed: int, emotion: Emotion, way: list[float]) -> None:
    for bar, fullness in zip(played(emotion, seed, way), way, strict=True):
        assert bar.notes, "somebody plays"
        assert all(plays(part, fullness) for part in parts([bar]))


@settings(max_examples=15)
@given(st.sampled_from(Part), fullnesses, fullnesses)
def test_who_plays_plays_where_it_is_fuller_too(part: Part, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert plays(part, high) or not plays(part, low)
    assert plays(part, 1.0)


@pytest.mark.parametrize("emotion", Emotion)
def test_what_is_less_full_has_fewer_and_softer_notes(emotion: Emotion) -> None:
    counts, forces = [], []
    for fullness in (0.1, 0.6, 1.0):
        bars = [bar for seed in range(4) for bar in played(emotion, seed, [fullness] * 16)]
        notes = [note for bar in bars for note in bar.notes]
        counts.append(len(notes) / len(bars))
        forces.append(sum(note.velocity for note in notes) / len(notes))
    assert counts[0] < 0.6 * counts[2]
    assert counts[0] < counts[1] < counts[2]
    assert forces[0] < forces[2]


def test_drums_are_the_last_to_enter_and_the_pad_is_always_there() -> None:
    assert ENTRIES[Part.PAD] == 0.0
    assert max(ENTRIES.values()) == ENTRIES[Part.DRUMS] <= 1.0


@pytest.mark.parametrize("emotion", Emotion)
def test_a_turn_goes_over_a_bridge_and_keeps_the_motif(emotion: Emotion) -> None:
    composer = Composer(1)
    bars = [composer.next_bar(BarRequest(sure_brief(emotion), 2.0, turn=k == 7)) for k in range(13)]
    assert [bar.section for bar in bars[7:10]] == ["bridge", "bridge", "theme"]
    bridge = [note for bar in bars[7:9] for note in bar.notes]
    assert not any(note.voice is Part.LEAD for note in bridge)
    assert all(note.length > 1.0 for note in bridge if note.voice is Part.PAD), "silence between two moods"
    before, after = ({bar.motif.split()[0] for bar in some if bar.motif} for some in (bars[:7], bars[7:]))
    assert before & after


@pytest.mark.parametrize("emotion", Emotion)
def test_a_turn_is_of_the_new_mood_at_once(emotion: Emotion) -> None:
    composer = Composer(2)
    first = Emotion.CALM if emotion is not Emotion.CALM else Emotion.ANGRY
    bars = [composer.next_bar(BarRequest(sure_brief(first if k < 5 else emotion), 2.0, turn=k == 5)) for k in range(8)]
    assert [bar.character for bar in bars] == [first] * 5 + [emotion] * 3


def test_the_next_phrase_of_the_form_can_be_asked_for_at_any_bar() -> None:
    composer = Composer(1)
    bars = [composer.next_bar(BarRequest(sure_brief(Emotion.HAPPY), 2.0, onward=k == 2)) for k in range(4)]
    assert [bar.section for bar in bars] == ["intro", "intro", "theme", "theme"]
    assert len({bar.mode for bar in bars}) == 1
