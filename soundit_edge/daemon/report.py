"""The report for a bug report, made for whoever asks for it on the page: in a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from soundit_edge.control.status import Status
from soundit_edge.daemon.ways.child import call_in_child

PATIENCE_S: Final = 100.0
"""Seconds that a report may take on a small computer that is busy; usually it takes three."""
ReportMaker = Callable[[Path | None, Mapping[str, Any]], str]
"""A function of a module that returns the text of the report, by the path of the settings and the device's status."""


class PageReport:
    """Makes reports, one at a time."""

    def __init__(self, make: ReportMaker, settings_path: Path | None, status: Callable[[], Status]) -> None:
        """Remember what a report is made of.

        Args:
            make: makes it. It looks at devices and disks, which may take seconds or crash: not in this process.
            settings_path: of the settings; None: there is no place for any.
            status: of this device.
        """
        self._make = make
        self._settings_path = settings_path
        self._status = status
        self._making = asyncio.Lock()

    async def text(self) -> str:
        """Return the text of a report, within some seconds.

        Raises:
            SounditError: it could not be made.
        """
        async with self._making:
            status = self._status().model_dump(mode="json")
            return await call_in_child(self._make, self._settings_path, status, patience_s=PATIENCE_S)
