"""Notices a camera or a microphone that was missing at the start and is plugged in later.

One that was lost is looked for by its own thread. One that was never there has none: the drawn demo stands in for it.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final, Protocol

from soundit_edge.capture.connected import connected_cameras, connected_microphones

LOOK_S: Final = 3.0
"""Seconds from one look to the next."""


class Lacking(Protocol):
    """The ways in, as far as they are needed here."""

    @property
    def lacking(self) -> bool:
        """Return whether something that is to be found by itself was not there."""

    async def look_again(self) -> None:
        """Look for everything again."""


async def notice_plugged_in(inputs: Lacking, root: Path = Path("/")) -> None:
    """Look what is connected, again and again, and have the inputs look where there is more, until cancelled.

    Args:
        inputs: the ways in.
        root: in which sys lies; another one than / in tests.
    """
    before = await asyncio.to_thread(_connected, root)
    while True:
        await asyncio.sleep(LOOK_S)
        now = await asyncio.to_thread(_connected, root)
        if now - before and inputs.lacking:
            await inputs.look_again()
        before = now


def _connected(root: Path) -> frozenset[str]:
    cameras = (f"camera {camera.number}" for camera in connected_cameras(root))
    return frozenset((*cameras, *connected_microphones(root)))
