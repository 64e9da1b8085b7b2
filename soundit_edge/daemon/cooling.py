"""Keeps the box cool: while it is hot, the senses take less of its time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from soundit_edge.inference.thermal import Thermal

log = logging.getLogger(__name__)

EVERY_S: Final = 5.0
"""Seconds from one look at the thermometers to the next."""
STEP: Final = 0.1
"""Smaller changes of the share are not worth a word."""


async def keep_cool(thermal: Thermal, slow_down: Callable[[float], None], every_s: float = EVERY_S) -> None:
    """Look at the thermometers again and again, and slow the senses down where it is needed.

    Args:
        thermal: the thermometers.
        slow_down: takes the share of their usual time that the senses may take, above 0, up to 1.
        every_s: seconds from one look to the next.
    """
    said = 1.0
    while True:
        share = await asyncio.to_thread(thermal.share)  # a driver may take its time
        slow_down(share)
        if abs(share - said) >= STEP or (share == 1.0 != said):
            log.info("the senses may take %d %% of their time (%s °C)", round(100 * share), thermal.temperature())
            said = share
        await asyncio.sleep(every_s)
