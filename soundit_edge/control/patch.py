"""The one model of a change: the page, the panel, the schedule and every integration ask for one like this."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ConfigDict, Field, ValidationError, create_model

from soundit_edge.control.refusals import InvalidChange
from soundit_edge.settings import LiveMusicSettings, LockSettings, Section, SensesSettings, explain


class LockPatch(LockSettings):
    """Locks to change: a value holds the parameter there, null lets it go, and what is left out stays as it is."""

    model_config = ConfigDict(strict=True)


if TYPE_CHECKING:  # mypy does not follow create_model
    SensesPatch = SensesSettings
else:
    SensesPatch = create_model(
        "SensesPatch",
        __base__=Section,
        __config__=ConfigDict(strict=True),
        __doc__="Senses to switch on or off; what is left out stays as it is.",
        **{
            name: (bool, Field(field.default, title=field.title, description=field.description))
            for name, field in SensesSettings.model_fields.items()
        },
    )


class DevicePatch(LiveMusicSettings):
    """A change of what the device does. What is left out stays as it is; ranges are those of the settings.

    Make one with `patch_of`: a default of the settings is no value that was asked for, see `changes`.
    """

    model_config = ConfigDict(strict=True)

    locks: LockPatch = Field(default=LockPatch(), title="Locks", description="Parameters to hold, or to let go.")
    senses: SensesPatch = Field(default=SensesPatch(), title="Senses", description="Senses to switch on or off.")
    private: bool = Field(default=False, title="Private", description="Whether camera and microphone are closed.")

    def changes(self) -> dict[str, Any]:
        """Return only what is asked for, by the sections of the settings, such as {"music": {"volume": 0.5}}."""
        music = self.model_dump(exclude_unset=True)
        sections: dict[str, Any] = {}
        if "senses" in music:
            sections["senses"] = music.pop("senses")
        if "private" in music:
            sections["privacy"] = {"private": music.pop("private")}
        if "locks" in music:
            music["lock"] = music.pop("locks")
        return {"music": music, **sections} if music else sections


def patch_of(asked: Mapping[str, object] | str | bytes) -> DevicePatch:
    """Return the change that a client asks for, such as {"volume": 0.5, "locks": {"tempo": 1.2, "wah": None}}.

    Args:
        asked: by name, or the same as JSON text.

    Raises:
        InvalidChange: it is no JSON object, a name is unknown, or a value is of the wrong type or out of its range.
    """
    try:
        if isinstance(asked, (str, bytes)):
            return DevicePatch.model_validate_json(asked)
        return DevicePatch.model_validate(dict(asked))
    except ValidationError as error:
        raise InvalidChange(explain(error, DevicePatch)) from error
