"""Settings that are taken from one device to another, or back: a text in, checked as a whole."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr

from soundit_edge.formats import toml_edit
from soundit_edge.settings.camera_logins import changed_logins, rebound
from soundit_edge.settings.commented import SENTINEL
from soundit_edge.settings.describe import fields, value_at
from soundit_edge.settings.file import MARK, in_newest_format, parse, text_of
from soundit_edge.settings.model import Settings
from soundit_edge.settings.refusals import SettingsError


def imported(content: bytes, present: Settings) -> tuple[str, Settings]:
    """Return the text of a file that is to take the place of the present one, and the settings that it means.

    A secret that the file has as `SENTINEL` keeps its present value; a camera's login does so only for the camera
    that it was given for. A file in an older format is brought to the newest one.

    Args:
        content: of the file.
        present: the settings in force.

    Raises:
        SettingsError: it is not valid; the message names the first thing to correct.
    """
    model = type(present)
    text = in_newest_format(text_of(content).removeprefix(MARK))
    if not text.strip():
        raise SettingsError("it is empty")
    there = parse(text.encode(), model).model_dump(by_alias=True)
    kept = {
        path: _in_clear(present.model_dump(by_alias=True), path)
        for path, field in fields(model).items()
        if field.secret and _in_clear(there, path) == SENTINEL
    }
    text = toml_edit.edited(text, kept)
    after = parse(text.encode(), model)
    given = {path[1] for path in fields(model) if path[0] == "cameras" and path[2] == "password" and path not in kept}
    whose = rebound(present, after, given)
    logins = {path: _in_clear(whose.model_dump(by_alias=True), path) for path in changed_logins(after, whose)}
    return toml_edit.edited(text, logins), whose


def _in_clear(content: dict[str, Any], path: toml_edit.KeyPath) -> str:
    value: str | SecretStr = value_at(content, path)
    return value.get_secret_value() if isinstance(value, SecretStr) else value
