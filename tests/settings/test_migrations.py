"""Formats of settings.toml: an old file is understood and brought to the newest one, a newer one is refused."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from soundit_edge.settings import MusicSettings, SettingsError, load, update
from soundit_edge.settings.migrations import Table, migrated

OLD = """\
# my kitchen
loud = 0.25  # not louder

[sound]
policy = "calm" # in the evening
"""


def volume_into_music(content: Table) -> Table:
    """Format 1 had the volume outside of any table."""
    rest = {name: value for name, value in content.items() if name != "loud"}
    return rest | {"sound": {**rest.get("sound", {}), "volume": content["loud"]}} if "loud" in content else rest


def sound_is_music(content: Table) -> Table:
    """Format 2 called the music "sound"."""
    rest = {name: value for name, value in content.items() if name != "sound"}
    return rest | {"music": content["sound"]} if "sound" in content else rest


CHAIN = (volume_into_music, sound_is_music)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "settings.toml").write_text(OLD)
    return tmp_path / "settings.toml"


def test_an_old_file_is_understood_and_stays_as_it_is(path: Path) -> None:
    assert load(path, migrations=CHAIN).music == MusicSettings(volume=0.25, policy="calm")
    assert path.read_text() == OLD
    assert [file.name for file in path.parent.iterdir()] == ["settings.toml"]


def test_with_the_first_change_it_is_brought_to_the_newest_format_and_kept_as_it_was(path: Path) -> None:
    path.chmod(0o600)
    update(path, {("music", "preset"): "dramatic"}, CHAIN)
    assert tomllib.loads(path.read_text()) == {
        "version": 3,
        "music": {"volume": 0.25, "policy": "calm", "preset": "dramatic"},
    }
    assert "# my kitchen\n" in path.read_text()
    backup = path.with_name("settings.toml.v1.bak")
    assert backup.read_text() == OLD
    assert backup.stat().st_mode & 0o777 == 0o600
    assert load(path, migrations=CHAIN).music.volume == 0.25


def test_the_chain_begins_where_the_file_is(path: Path) -> None:
    path.write_text('version = 2\n[sound]\nvolume = 0.5 # "loud" stays a word\n')
    update(path, {("music", "policy"): "lift"}, CHAIN)
    assert load(path, migrations=CHAIN).music == MusicSettings(volume=0.5, policy="lift")
    assert sorted(file.name for file in path.parent.iterdir()) == ["settings.toml", "settings.toml.v2.bak"]


def test_a_file_in_the_newest_format_needs_no_backup(path: Path) -> None:
    path.write_text("version = 3\n[music]\nvolume = 0.5\n")
    update(path, {("music", "volume"): 0.75}, CHAIN)
    assert path.read_text() == "version = 3\n[music]\nvolume = 0.75\n"
    assert [file.name for file in path.parent.iterdir()] == ["settings.toml"]


def test_a_new_file_says_its_format(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    update(path, {("music", "volume"): 0.75}, CHAIN)
    assert tomllib.loads(path.read_text()) == {"version": 3, "music": {"volume": 0.75}}
    assert [file.name for file in tmp_path.iterdir()] == ["settings.toml"]


def test_a_newer_file_is_refused_in_one_line_and_nothing_is_changed(path: Path) -> None:
    path.write_text("version = 4\nnovelty = true\n")
    for use in (lambda: load(path, migrations=CHAIN), lambda: update(path, {("music", "volume"): 0.5}, CHAIN)):
        with pytest.raises(
            SettingsError, match=r"settings\.toml: written for format 4, .* format 3 .*update"
        ) as failure:
            use()
        assert "\n" not in str(failure.value)
    assert path.read_text() == "version = 4\nnovelty = true\n"
    assert [file.name for file in path.parent.iterdir()] == ["settings.toml"]


def test_without_a_backup_nothing_is_changed(path: Path) -> None:
    path.with_name("settings.toml.v1.bak").mkdir()
    with pytest.raises(SettingsError, match=r"settings\.toml\.v1\.bak: cannot be written"):
        update(path, {("music", "volume"): 0.5}, CHAIN)
    assert path.read_text() == OLD


@pytest.mark.parametrize("version", [True, 1.0, "1", [], 0, -1])
def test_a_version_is_a_whole_number_from_one_on(version: Any) -> None:
    with pytest.raises(SettingsError, match="written for format"):
        migrated({"version": version}, CHAIN)
