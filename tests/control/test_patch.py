"""The one model of a change: what it takes, what it refuses, and what it leaves as it is."""

from __future__ import annotations

import math

import pytest
from pydantic import ValidationError

from soundit_edge.control.patch import DevicePatch, LockPatch, ManualMood, patch_of
from soundit_edge.control.refusals import InvalidChange
from soundit_edge.emotion import Emotion
from soundit_edge.music.director.target import RANGES


def test_what_is_left_out_is_no_change() -> None:
    assert patch_of({}).changes() == {}
    assert DevicePatch().changes() == {}
    assert patch_of({"policy": "lift"}).changes() == {"music": {"policy": "lift"}}
    assert DevicePatch(volume=0.7).changes() == {"music": {"volume": 0.7}}, "the default, but asked for"


def test_a_lock_is_a_value_or_is_let_go() -> None:
    patch = patch_of({"volume": 1, "locks": {"tempo": 1.5, "wah": None}})
    assert patch.changes() == {"music": {"volume": 1.0, "lock": {"tempo": 1.5, "wah": None}}}
    assert patch == DevicePatch(volume=1.0, locks=LockPatch.model_validate({"tempo": 1.5, "wah": None}))


def test_what_lasts_only_while_the_device_runs_is_no_setting() -> None:
    patch = patch_of('{"paused": true, "mood": {"emotion": "calm"}, "track": 3, "muted": true}')
    assert patch.changes() == {"music": {"muted": True}}
    assert (patch.paused, patch.mood, patch.track) == (True, ManualMood(emotion=Emotion.CALM, minutes=60), 3)
    assert "mood" in patch_of({"mood": None}).model_fields_set, "ending it is a change"


def test_where_music_comes_from_takes_the_place_of_a_single_file() -> None:
    assert patch_of({"play": "theme"}).changes() == {"music": {"play": "theme", "track": ""}}


@pytest.mark.parametrize("text", ['{"volume": 1, "locks": {"wah": null}}', b'{"volume":1.0,"locks":{"wah":null}}'])
def test_a_change_may_come_as_json(text: str | bytes) -> None:
    assert patch_of(text).changes() == {"music": {"volume": 1.0, "lock": {"wah": None}}}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "volume",
        "3",
        "[]",
        '{"volume": 7.5}',
        '{"volume": NaN}',
        '{"volume": "1"}',
        "[" * 100_000,
        b"\xff",
        "\udcff",
    ],
)
def test_json_that_is_no_change_is_refused_in_one_short_line(text: str | bytes) -> None:
    with pytest.raises(InvalidChange) as refusal:
        patch_of(text)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 250


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"volume": 7.5}, "volume: input should be less than or equal to 1, but it is 7.5"),
        ({"volume": -0.01}, "volume"),
        ({"volume": math.nan}, "volume"),
        ({"volume": True}, "volume"),
        ({"volume": "0.5"}, "volume"),
        ({"volume": None}, "volume"),
        ({"policy": "cheer"}, "policy: input should be 'follow', 'lift' or 'calm'"),
        ({"policy": "Lift"}, "policy"),
        ({"preset": ["musical"]}, "preset"),
        ({"locks": {"temp": 1.0}}, "did you mean 'tempo'?"),
        ({"locks": {"tempo": "1"}}, "locks.tempo"),
        ({"locks": {"tempo": True}}, "locks.tempo"),
        ({"locks": {"tempo": 10**400}}, "locks.tempo"),
        ({"locks": None}, "locks"),
        ({"locks": [1]}, "locks"),
        ({"lock": {"tempo": 1.0}}, "did you mean 'locks'?"),
        ({"seed": 3}, "unknown setting 'seed'"),
        ({"play": "jazz"}, "play: input should be 'theme', 'compose' or 'library'"),
        ({"track": "/etc/passwd"}, "track: input should be a valid integer"),
        ({"track": 0}, "track"),
        ({"track": True}, "track"),
        ({"paused": 1}, "paused"),
        ({"muted": None}, "muted"),
        ({"mood": "calm"}, "mood"),
        ({"mood": {}}, "mood.emotion"),
        ({"mood": {"emotion": "bored"}}, "mood.emotion"),
        ({"mood": {"emotion": "calm", "minutes": 0}}, "mood.minutes"),
        ({"mood": {"emotion": "calm", "minutes": 1441}}, "mood.minutes"),
        ({"mood": {"emotion": "calm", "minutes": math.inf}}, "mood.minutes"),
        ({"mood": {"emotion": "calm", "hours": 1}}, "unknown setting 'mood.hours'"),
        ({"caf\udce9\n": 1}, "a name: input should be a valid string"),
        ({"x" * 10_000: 1}, "unknown setting"),
        ({"volume": "x" * 10_000}, "volume"),
    ],
)
def test_what_is_no_change_is_refused_in_one_short_line(asked: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidChange) as refusal:
        patch_of(asked)
    text = str(refusal.value)
    assert words in text
    assert "\n" not in text
    assert len(text) < 250
    text.encode()


@pytest.mark.parametrize("name", RANGES)
def test_a_lock_has_the_range_of_its_parameter(name: str) -> None:
    low, high = RANGES[name]
    for value in (low, high):
        assert patch_of({"locks": {name: value}}).changes() == {"music": {"lock": {name: value}}}
    for value in (low - 0.01, high + 0.01):
        with pytest.raises(InvalidChange, match=f"locks.{name}: "):
            patch_of({"locks": {name: value}})


def test_a_patch_cannot_be_made_of_what_is_no_change_nor_changed_later() -> None:
    with pytest.raises(ValidationError):
        DevicePatch(volume=7.5)
    with pytest.raises(ValidationError):
        DevicePatch(volume=0.5).volume = 7.5
