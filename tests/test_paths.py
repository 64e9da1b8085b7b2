"""Where things lie."""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable
from pathlib import Path

import platformdirs
import pytest

from soundit_edge import paths

PLACES = {
    "SOUNDIT_SETTINGS": paths.settings_file,
    "SOUNDIT_LOG": paths.log_file,
    "SOUNDIT_LIBRARY": paths.library_file,
    "SOUNDIT_CACHE": paths.cache_folder,
    "SOUNDIT_LOCAL_MODELS": paths.local_models_folder,
    "SOUNDIT_EDGETPU_MODELS": paths.edgetpu_folder,
}


@pytest.mark.parametrize(("variable", "place"), PLACES.items())
def test_a_variable_says_where_a_thing_lies(
    variable: str, place: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "/somewhere")
    assert place() == Path("/somewhere")


@pytest.mark.parametrize(("variable", "place"), PLACES.items())
def test_a_user_without_a_home_is_told_which_variable_to_set(
    variable: str, place: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_home(*_: object) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv(variable, raising=False)
    for name in ("user_config_path", "user_log_path", "user_data_path", "user_cache_path"):
        monkeypatch.setattr(platformdirs, name, no_home)
    with pytest.raises(paths.NoHome, match=variable):
        place()


@pytest.mark.parametrize("home", ["/dev/null", "/proc/1/mem/home"])
def test_a_home_that_is_no_folder_is_none(home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (*PLACES, "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", home)
    for variable, place in PLACES.items():
        with pytest.raises(paths.NoHome, match=variable):
            place()
        assert paths.if_any(place) is None


@pytest.mark.parametrize("home", ["", "relative"])
def test_a_home_that_is_no_absolute_path_does_not_count(home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else folders would appear wherever the program is started."""
    monkeypatch.setenv("HOME", home)
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("SOUNDIT_SETTINGS")
    path = paths.if_any(paths.settings_file)
    assert path is None or path.is_relative_to(pwd.getpwuid(os.getuid()).pw_dir)


def test_a_home_that_is_not_there_yet_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "later"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("SOUNDIT_SETTINGS")
    assert paths.settings_file() == tmp_path / "later" / ".config" / "soundit" / "settings.toml"


def test_the_shipped_models_are_found() -> None:
    assert (paths.models_folder() / "set.json").is_file()


def test_the_music_folder_is_the_one_that_is_named_where_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_MUSIC_DIR", str(tmp_path))
    assert paths.music_folder() == tmp_path
    monkeypatch.setenv("XDG_MUSIC_DIR", str(tmp_path / "gone"))
    assert paths.music_folder() is None
