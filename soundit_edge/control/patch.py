"""The one model of a change: the page, the panel, the schedule and every integration ask for one like this."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ConfigDict, Field, ValidationError

from soundit_edge.control.refusals import InvalidChange
from soundit_edge.settings import LiveMusicSettings, LockSettings, explain


class LockPatch(LockSettings):
    """Locks to change: a value holds the parameter there, null lets it go, and what is left out stays as it is."""

    model_config = ConfigDict(strict=True)


class MusicPatch(LiveMusicSettings):
    """A change of the music. What is left out stays as it is; ranges are those of the settings.

    Make one with `patch_of`: a default of the settings is no value that was asked for, see `changes`.
    """

    model_config = ConfigDict(strict=True)

    locks: LockPatch = Field(default=LockPatch(), title="Locks", description="Parameters to hold, or to let go.")

    def changes(self) -> dict[str, Any]:
        """Return only what is asked for, as the `[music]` section of the settings names it."""
        asked = self.model_dump(exclude_unset=True)
        if "locks" in asked:
            asked["lock"] = asked.pop("locks")
        return asked


def patch_of(asked: Mapping[str, object] | str | bytes) -> MusicPatch:
    """Return the change that a client asks for, such as {"volume": 0.5, "locks": {"tempo": 1.2, "wah": None}}.

    Args:
        asked: by name, or the same as JSON text.

    Raises:
        InvalidChange: it is no JSON object, a name is unknown, or a value is of the wrong type or out of its range.
    """
    try:
        if isinstance(asked, (str, bytes)):
            return MusicPatch.model_validate_json(asked)
        return MusicPatch.model_validate(dict(asked))
    except ValidationError as error:
        raise InvalidChange(explain(error, MusicPatch)) from error
