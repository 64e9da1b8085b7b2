"""OSC: mood, beat and level for lights and installations, and changes of the music from them."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from soundit_edge.control.control import Control
from soundit_edge.integrations.integration import IntegrationSettings, needs
from soundit_edge.integrations.osc.settings import OscSettings
from soundit_edge.integrations.osc.tally import Tally


class Osc:
    """Sends to all targets, and listens where the settings say so. UDP has no connections: it is on while it may send.

    Attributes:
        tally: what was dropped since the start.
    """

    name: ClassVar[str] = "osc"
    title: ClassVar[str] = "OSC (lights and installations)"
    Settings: ClassVar[type[IntegrationSettings]] = OscSettings

    def __init__(self, settings: OscSettings) -> None:
        """Hold the settings."""
        self._settings = settings
        self.tally = Tally()

    async def run(self, device: Control, connected: Callable[[], None]) -> None:
        """Send and listen until cancelled; see `Integration.run`."""
        with needs("python-osc"):
            from soundit_edge.integrations.osc.session import OscSession
        await OscSession(self.name, self._settings, device, self.tally).run(connected)
