"""Where things lie."""

from __future__ import annotations

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


def test_the_shipped_models_are_found() -> None:
    assert (paths.models_folder() / "set.json").is_file()
