"""`soundit settings`: where the file lies, what is in force, and a commented file."""

from __future__ import annotations

import tomllib
from pathlib import Path

from soundit_edge.integrations.registry import settings_model
from soundit_edge.settings import Settings, load
from tests.device import refused, soundit_here


def test_it_says_where_the_file_lies(tmp_path: Path) -> None:
    done = soundit_here(tmp_path, "settings", "--path")
    assert (done.returncode, done.stdout) == (0, f"{tmp_path / 'settings.toml'}\n")
    other = soundit_here(tmp_path, "settings", "--path", "--settings", "mine.toml")
    assert other.stdout == "mine.toml\n"
    assert list(tmp_path.iterdir()) == []


def test_it_shows_what_is_in_force(tmp_path: Path) -> None:
    done = soundit_here(tmp_path, "settings")
    assert done.stdout.startswith("# the defaults: there is no settings file\n")
    (tmp_path / "settings.toml").write_text("[music]\nvolume = 0.25\n")
    done = soundit_here(tmp_path, "settings", "--show")
    assert done.stdout.startswith(f"# {tmp_path / 'settings.toml'}\n")
    shown = tomllib.loads(done.stdout)
    assert (shown["music"]["volume"], shown["music"]["policy"]) == (0.25, "follow")
    Settings.model_validate(shown)


def test_it_writes_a_file_to_edit_and_never_over_another_one(tmp_path: Path) -> None:
    done = soundit_here(tmp_path, "settings", "--write")
    path = tmp_path / "settings.toml"
    assert (done.returncode, done.stdout) == (0, f"{path}\n")
    model = settings_model()
    assert load(path, model) == model()
    assert "# volume = 0.7" in path.read_text()
    path.write_text("# mine\n")
    refused(soundit_here(tmp_path, "settings", "--write"), "is there already and stays as it is")
    assert path.read_text() == "# mine\n"


def test_what_is_wrong_is_one_line(tmp_path: Path) -> None:
    refused(soundit_here(tmp_path, "settings", "--path", "--write"), "choose one of")
    (tmp_path / "settings.toml").write_text("[music]\nvolum = 1\n")
    refused(soundit_here(tmp_path, "settings"), "music.volum", "did you mean 'volume'")
