"""Asks the device's own page whether it answers, as a visitor would."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final

from soundit_edge.daemon.health.progress import PartProgress

EVERY_S: Final = 10.0
"""Seconds from one answer to the next question."""
ANSWER_S: Final = 10.0
"""Seconds that an answer may take."""
MAX_SILENT_S: Final = 60.0
"""Seconds without any answer after which the page is stuck."""
_REQUEST: Final = b"GET /api/claim HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


class PageProbe:
    """Counts the answers of the page.

    That it hangs up counts, too: it does so where it has too many visitors, or where it speaks TLS, which is not worth
    a handshake here. So nobody can have the device restarted by keeping its page busy.
    """

    def __init__(self, port: int) -> None:
        """Make ready to ask.

        Args:
            port: of the page, on this computer.
        """
        self._port = port
        self._answers = 0

    def progress(self) -> PartProgress:
        """Return the answers so far."""
        return PartProgress(self._answers, MAX_SILENT_S)

    async def run(self) -> None:
        """Ask again and again, until cancelled."""
        while True:
            await self._ask()
            await asyncio.sleep(EVERY_S)

    async def _ask(self) -> None:
        with contextlib.suppress(OSError):  # none in time, refused, or no descriptor left to ask with
            async with asyncio.timeout(ANSWER_S):
                reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
                try:
                    with contextlib.suppress(ConnectionError):
                        writer.write(_REQUEST)
                        await reader.read(1)
                    self._answers += 1
                finally:
                    writer.close()
