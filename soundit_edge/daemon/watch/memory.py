"""Gives memory that is not used back to the system, now and then."""

from __future__ import annotations

import asyncio
from typing import Final

from soundit_edge.process.heap import give_back

EVERY_S: Final = 60.0


async def keep_memory_small() -> None:
    """Give back what is free, every minute, until cancelled."""
    while True:
        await asyncio.sleep(EVERY_S)
        await asyncio.to_thread(give_back)
