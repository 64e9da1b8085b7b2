"""What is asked of the bars of a film: restraint first, bridges at turns, and room for whoever speaks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.emotion import Emotion, one_hot
from soundit_edge.film.scoring.composed import natural_bar_s
from soundit_edge.film.scoring.requests import ESTABLISHING_S, FIRST_FULLNESS, SPOKEN_S, ScoreRequests
from soundit_edge.film.spotting.cue_sheet import CueSheet, fitted
from soundit_edge.film.spotting.sections import SceneSection
from soundit_edge.music.compose.composer import CLOSING_BARS
from soundit_edge.music.compose.request import BarRequest


def sheet(*sections: tuple[float, bool, float]) -> CueSheet:
    """A film of happy sections: the length, whether it is a turn, and the fullness of each."""
    out, begin = [], 0.0
    for length, turn, fullness in sections:
        mood = one_hot(Emotion.HAPPY, 0.9)
        out.append(SceneSection(begin, begin + length, mood, not turn, turn, fullness))
        begin += length
    return fitted(out, natural_bar_s)


def asked(plan: CueSheet, speech: tuple[tuple[float, float], ...] = ()) -> list[tuple[float, BarRequest]]:
    requests = ScoreRequests(plan, speech)
    starts = [cue.section.start + k * cue.bar_s for cue in plan.cues for k in range(cue.bars)]
    return [(t, requests(t)) for t in starts]


def test_the_music_opens_up_while_the_film_establishes_its_first_scene() -> None:
    bars = asked(sheet((60.0, False, 1.0), (60.0, False, 1.0)))
    fullness = [ask.fullness for _, ask in bars]
    assert fullness[0] == FIRST_FULLNESS
    assert fullness == sorted(fullness)
    opened = next(t for t, ask in bars if ask.fullness == 1.0)
    assert opened == pytest.approx(ESTABLISHING_S, abs=2.0)
    assert [t for t, ask in bars if ask.onward] == [opened], "with the next phrase of the form"


def test_a_short_first_section_opens_by_its_middle() -> None:
    bars = asked(sheet((8.0, False, 1.0), (12.0, True, 0.6)))
    assert [t for t, ask in bars if ask.onward] == [pytest.approx(4.0, abs=1.0)]
    assert [ask.fullness for t, ask in bars if 4.5 < t < 7.0] == [1.0]
    assert {ask.fullness for t, ask in bars if t > 7.0} == {0.6}


def test_scenes_begin_at_once_and_turns_over_a_bridge() -> None:
    plan = sheet((20.0, False, 1.0), (15.0, True, 0.7), (20.0, False, 1.0))
    bars = asked(plan)
    starts = [cue.section.start for cue in plan.cues]
    assert [t for t, ask in bars if ask.turn] == [starts[1]]
    assert [t for t, ask in bars if ask.section] == [starts[2]], "the film itself begins with an introduction"


def test_bars_are_spoken_over_from_the_ducking_before_speech_to_after_it() -> None:
    bars = asked(sheet((60.0, False, 1.0)), ((20.1, 23.0), (24.5, 26.0), (40.0, 41.0)))
    ends = [t for t, _ in bars[1:]] + [60.0]
    spoken = [(t, end) for (t, ask), end in zip(bars, ends, strict=True) if ask.speech]
    assert all((end > 19.7 and t < 26.6) or (end > 39.6 and t < 41.6) for t, end in spoken)
    assert all(any(t <= moment < end for t, end in spoken) for moment in (20.2, 22.0, 23.8, 25.0, 40.0, 40.9)), (
        "and in a short pause"
    )
    assert not any(ask.speech for _, ask in asked(sheet((60.0, False, 1.0))))


@given(
    st.lists(st.floats(6.0, 40.0), min_size=1, max_size=5),
    st.lists(st.tuples(st.floats(-1.0, 120.0), st.floats(0.05, 20.0)), max_size=8),
)
def test_whatever_is_said_each_bar_that_is_spoken_over_meets_speech_and_the_piece_ends(
    lengths: list[float], said: list[tuple[float, float]]
) -> None:
    speech = tuple((begin, begin + length) for begin, length in said)
    plan = sheet(*((length, k > 0, 1.0) for k, length in enumerate(lengths)))
    bars = asked(plan, speech)
    assert [ask.close for _, ask in bars] == [False] * (len(bars) - CLOSING_BARS) + [True] * CLOSING_BARS
    for t, ask in bars:
        assert ask.bar_s is not None
        overlap = max((min(end, t + ask.bar_s) - max(begin, t) for begin, end in speech), default=0.0)
        assert ask.speech or overlap <= SPOKEN_S + 1e-6
        assert FIRST_FULLNESS <= ask.fullness <= 1.0
    assert len(bars) < 3 or bars[0][1].fullness < 1.0


@pytest.mark.parametrize("seconds", [0.2, 1.3, 3.0, 5.0])
def test_a_film_of_a_few_bars_keeps_its_ending(seconds: float) -> None:
    bars = asked(sheet((seconds, False, 1.0)))
    assert all(ask.fullness == 1.0 for _, ask in bars if ask.close)
