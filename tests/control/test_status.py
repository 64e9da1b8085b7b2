from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from soundit_edge.control.picture import FLOOR_DB
from soundit_edge.control.status import MoodStatus, ReasonStatus, Status
from soundit_edge.emotion import EMOTIONS, Affect, Emotion, Mood, distribution, expected_affect, most_likely
from soundit_edge.music.director.target import RANGES
from soundit_edge.text import presentable
from tests.fakes.control import full_status

weights = st.lists(st.floats(1e-6, 1e6), min_size=len(EMOTIONS), max_size=len(EMOTIONS))


@given(weights)
def test_every_mood_can_be_shown(weights: list[float]) -> None:
    probabilities = distribution(weights)
    mood = Mood(1.0, most_likely(probabilities), probabilities, expected_affect(probabilities), max(probabilities))
    shown = MoodStatus.of(mood)
    assert shown.emotion is mood.emotion
    assert math.isclose(sum(shown.probabilities.values()), 1, abs_tol=0.001)


def test_a_mood_that_is_only_held_says_which_one_leads() -> None:
    """A huge "happy" stood over 18 % beside neutral with 49 %, and nothing said why."""
    probabilities = distribution([0.49, 0.1, 0.18, 0.05, 0.05, 0.05, 0.04, 0.04])
    mood = Mood(1.0, Emotion.HAPPY, probabilities, expected_affect(probabilities), probabilities[2])
    shown = MoodStatus.of(mood)
    assert (shown.held, shown.leading) == (True, Emotion.NEUTRAL)
    sure = Mood(1.0, Emotion.NEUTRAL, probabilities, expected_affect(probabilities), probabilities[0])
    assert (MoodStatus.of(sure).held, MoodStatus.of(sure).leading) == (False, Emotion.NEUTRAL)


def test_a_sum_just_above_one_is_no_failure() -> None:
    mood = Mood(0.0, Emotion.CALM, (0.0, 1 + 4e-16, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0), Affect(-1 - 2e-16, 0.0), 1 + 4e-16)
    assert MoodStatus.of(mood).confidence == 1


def test_a_mood_needs_all_eight_emotions() -> None:
    with pytest.raises(ValidationError, match="surprised"):
        MoodStatus(
            emotion=Emotion.SAD, valence=0, arousal=0, confidence=1, probabilities=dict.fromkeys(EMOTIONS[:-1], 0)
        )


def test_silence_has_a_level_that_json_can_say() -> None:
    music = full_status().music.model_dump() | {"level_db": -math.inf}
    status = Status.model_validate(full_status().model_dump() | {"music": music})
    assert json.loads(status.model_dump_json())["music"]["level_db"] == FLOOR_DB


@pytest.mark.parametrize("field", [*RANGES, "bpm", "ring", "least_ring"])
def test_nan_is_refused_where_it_is_made(field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        Status.model_validate(
            full_status().model_dump() | {"music": full_status().music.model_dump() | {field: math.nan}}
        )


@pytest.mark.parametrize("name", ["caf\udce9.mpg", "two\nlines", "\x1b[31mred\x1b[0m"])
def test_whatever_things_are_called_the_status_can_be_sent(name: str) -> None:
    """Names come from files, devices and tags; one that cannot be sent took the whole page down."""
    whole = full_status()
    status = Status.model_validate(
        whole.model_dump()
        | {"note": name, "sources": [{"role": "clip", "name": name, "state": "on", "note": name}]}
        | {"senses": [{"name": "lips", "state": "reading", "detail": {"word": name}}]}
        | {
            "music": whole.music.model_dump()
            | {"title": name, "artist": name, "album": name, "key": name, "note": name, "reason": name}
        }
    )
    shown = presentable(name)
    sent = json.loads(status.model_dump_json())
    assert sent["sources"][0]["name"] == sent["sources"][0]["note"] == sent["note"] == shown
    assert sent["senses"][0]["detail"] == {"word": shown}
    assert {sent["music"][part] for part in ("title", "artist", "album", "key", "note", "reason")} == {shown}
    assert json.loads(ReasonStatus(t=0, words=name).model_dump_json())["words"] == shown


def test_a_status_cannot_be_changed_while_it_is_shown() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        full_status().volume = 0.1
