"""`soundit settings`: where the file lies, what is in force, and a commented file to edit."""

from __future__ import annotations

from pathlib import Path

import tomli_w

from soundit_edge import console, paths
from soundit_edge.integrations.registry import settings_model
from soundit_edge.settings import SettingsError, load
from soundit_edge.settings.commented import as_file_values, without_none, write_commented
from soundit_edge.text import presentable


def print_path(chosen: Path | None) -> None:
    """Print where the settings lie.

    Args:
        chosen: another settings.toml than the user's.

    Raises:
        NoHome: this user has no place for them.
    """
    console.result(presentable(chosen or paths.settings_file()))


def show_settings(chosen: Path | None) -> None:
    """Print the settings as TOML: what the file says, and the defaults for the rest. Secrets are not shown.

    Args:
        chosen: another settings.toml than the user's.

    Raises:
        SettingsError: the file is not valid.
    """
    path = chosen or paths.if_any(paths.settings_file)
    content = as_file_values(load(path, settings_model()))
    origin = f"{presentable(path)}" if path and path.exists() else "the defaults: there is no settings file"
    console.result(f"# {origin}")
    console.result(tomli_w.dumps(without_none(content)).rstrip())


def write_file(chosen: Path | None) -> None:
    """Write a settings file in which every setting stands with its texts, commented out.

    Args:
        chosen: another settings.toml than the user's.

    Raises:
        NoHome: this user has no place for it.
        SettingsError: there is a file already, or it cannot be written.
    """
    path = chosen or paths.settings_file()
    if not write_commented(path, settings_model()()):
        raise SettingsError(f"{presentable(path)} is there already and stays as it is")
    console.result(presentable(path))
