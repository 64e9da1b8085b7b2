"""The small control surface: all that the page (and later the panel) knows of the daemon."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

from soundit_edge.control.status import Status
from soundit_edge.settings import PolicyName, PresetName

Rating = Literal["liked", "disliked"]


class Control(Protocol):
    """What the daemon lets others see and do. Called in the daemon's own event loop."""

    def status(self) -> Status:
        """The device as it is now. Cheap, never waits and never fails: it is asked several times a second."""
        ...

    async def set_volume(self, volume: float) -> None:
        """Set the volume, 0 (silent) to 1 (full).

        Raises:
            SounditError: it cannot be set now; its text is shown to the user.
        """
        ...

    async def set_policy(self, policy: PolicyName) -> None:
        """Let the music follow the mood, or lead it, from now on.

        Raises:
            SounditError: it cannot be set now.
        """
        ...

    async def set_preset(self, preset: PresetName) -> None:
        """Let the music go so far from now on.

        Raises:
            SounditError: it cannot be set now.
        """
        ...

    async def set_locks(self, changes: Mapping[str, float | None]) -> None:
        """Hold parameters of the music where they are put, whatever the mood.

        Args:
            changes: names and values in the ranges of `LockSettings`; None lets one go, one that is left out stays.

        Raises:
            SounditError: they cannot be set now.
        """
        ...

    async def rate(self, rating: Rating) -> None:
        """Remember that the song that plays is liked or not.

        Raises:
            SounditError: it is none of the library, or this cannot be noted.
        """
        ...

    async def next_track(self) -> None:
        """Go over to the next track.

        Raises:
            SounditError: there is none.
        """
        ...
