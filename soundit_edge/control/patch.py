"""The one model of a change: the page, the panel, the schedule and every integration ask for one like this."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import ConfigDict, Field, ValidationError, create_model

from soundit_edge.control.refusals import InvalidChange
from soundit_edge.emotion import Emotion
from soundit_edge.settings import LiveMusicSettings, LockSettings, Section, SensesSettings, explain
from soundit_edge.settings.section import SCENE_PATTERN


class LockPatch(LockSettings):
    """Locks to change: a value holds the parameter there, null lets it go, and what is left out stays as it is."""

    model_config = ConfigDict(strict=True)


class ManualMood(Section):
    """A mood to play in place of the room's, for a while."""

    model_config = ConfigDict(strict=True)

    # Strict models take no word for an enumeration, and JSON has only words.
    emotion: Emotion = Field(strict=False, title="Mood", description="What the music is to be like.")
    minutes: int = Field(default=60, ge=1, le=1440, title="Minutes", description="After these the room leads again.")


SongNumber = Annotated[int, Field(ge=1, le=(1 << 63) - 1)]
"""The number of a song in the library, which SQLite gives."""
LIVE_ONLY: Final = ("paused", "mood", "track")
"""What a patch may ask for that no setting has under the same name."""
SECTIONS: Final[Mapping[str, str]] = MappingProxyType({"private": "privacy", "scene": "kiosk"})
"""The section of the settings that has the value of a field of the patch under the same name, where not the music's."""

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
    scene: str = Field(
        default="",
        title="Scene",
        description="Name of the scene of the full-screen picture; left empty, they take turns.",
        pattern=SCENE_PATTERN,
    )
    paused: bool = Field(default=False, title="Paused", description="Whether the music stands still.")
    mood: ManualMood | None = Field(
        default=None, title="Mood", description="A mood to play in place of the room's; null ends it."
    )
    track: SongNumber = Field(
        default=1, title="Track", description="Number of a song of the library, to play it again and again."
    )

    def changes(self) -> dict[str, Any]:
        """Return the settings that are asked for, by their sections, such as {"music": {"volume": 0.5}}.

        What lasts only as long as the device runs is not among them, see `LIVE_ONLY`.
        """
        music = self.model_dump(exclude_unset=True, exclude=set(LIVE_ONLY))
        sections: dict[str, Any] = {}
        if "senses" in music:
            sections["senses"] = music.pop("senses")
        for name in SECTIONS.keys() & music.keys():
            sections[SECTIONS[name]] = {name: music.pop(name)}
        if "locks" in music:
            music["lock"] = music.pop("locks")
        if "play" in music:
            music["track"] = ""  # a single file would take the place of the theme
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
