"""The music's settings: what they may be."""

from __future__ import annotations

from pathlib import Path

import pytest

from soundit_edge.music.director.mapping import PRESETS
from soundit_edge.music.director.policy import Policy
from soundit_edge.music.director.target import RANGES
from soundit_edge.music.source import MusicSource
from soundit_edge.settings import LockSettings, MusicSettings, SettingsError, load, update
from soundit_edge.tables.choices import POLICY_WORDS, PRESET_WORDS, SOURCE_WORDS


@pytest.mark.parametrize("name", RANGES)
def test_a_lock_of_each_parameter_has_the_engines_own_range(name: str, tmp_path: Path) -> None:
    low, high = RANGES[name]
    path = tmp_path / "settings.toml"
    for value, fine in ((low, True), (high, True), (low - 0.01, False), (high + 0.01, False)):
        path.write_text(f"[music.lock]\n{name} = {value}\n")
        if fine:
            assert load(path).music.lock.chosen() == {name: value}
        else:
            with pytest.raises(SettingsError, match=f"music.lock.{name}: "):
                load(path)
    assert set(LockSettings.model_fields) == set(RANGES)


def test_what_can_be_chosen_by_name_is_what_there_is() -> None:
    assert list(POLICY_WORDS) == [policy.value for policy in Policy]
    assert list(PRESET_WORDS) == list(PRESETS)
    assert [*SOURCE_WORDS, "tracks"] == [source.value for source in MusicSource]
    for field, words in (("policy", POLICY_WORDS), ("preset", PRESET_WORDS), ("play", SOURCE_WORDS)):
        for name, sentence in words.items():
            assert getattr(MusicSettings.model_validate({field: name}), field) == name
            assert f'"{name}" - {sentence}' in (MusicSettings.model_fields[field].description or "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('policy = "cheer"', "music.policy: input should be 'follow', 'lift' or 'calm'"),
        ('preset = "wild"', "music.preset: input should be 'musical' or 'dramatic'"),
        ("lock.temp = 1", "unknown setting 'music.lock.temp'; did you mean 'tempo'"),
    ],
)
def test_what_there_is_not_is_told(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f"[music]\n{text}\n")
    with pytest.raises(SettingsError, match=why):
        load(path)


def test_locks_survive_saving_and_what_is_not_locked_stays_so(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    lock = ("music", "lock")
    update(path, {("music", "policy"): "lift", (*lock, "tempo"): 1.0, (*lock, "wah"): 0.0, (*lock, "wet"): None})
    assert load(path).music == MusicSettings(policy="lift", lock=LockSettings(tempo=1.0, wah=0.0))
    assert load(path).music.lock.chosen() == {"tempo": 1.0, "wah": 0.0}


def test_muted_music_is_silent_from_the_start_and_its_volume_is_kept() -> None:
    muted = MusicSettings(volume=0.4, muted=True)
    assert (muted.audible_volume, muted.volume) == (0.0, 0.4)
    assert MusicSettings(volume=0.4).audible_volume == 0.4
