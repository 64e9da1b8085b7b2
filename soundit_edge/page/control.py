"""The small control surface: all that the page (and later the panel) knows of the daemon."""

from __future__ import annotations

from typing import Protocol

from soundit_edge.page.status import Status


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
