"""Keeps the box cool: while it is hot, the senses take less of its time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from soundit_edge.daemon.watch.steady import Steady
from soundit_edge.inference.thermal import Thermal

log = logging.getLogger(__name__)

EVERY_S: Final = 5.0
"""Seconds from one look at the thermometers to the next."""
HOT: Final = 0.9
"""The box is hot where the senses may take less than this share of their time..."""
COOL_S: Final = 60.0
"""...and cooler once they may take all of it for so many seconds."""


async def keep_cool(
    thermal: Thermal, slow_down: Callable[[float], None], every_s: float = EVERY_S, cool_s: float = COOL_S
) -> None:
    """Look at the thermometers again and again, and slow the senses down where it is needed.

    Args:
        thermal: the thermometers.
        slow_down: takes the share of their usual time that the senses may take, above 0, up to 1.
        every_s: seconds from one look to the next.
        cool_s: seconds for which the box has to be cool before that is worth a word.
    """
    hot, loop = Steady(0.0, cool_s), asyncio.get_running_loop()
    while True:
        share, temperature = await asyncio.to_thread(_look, thermal)  # a driver may take its time
        slow_down(share)
        if hot.changes(share < (1.0 if hot.state else HOT), loop.time()):
            measured = "it slows itself down" if temperature is None else f"{temperature:.0f} °C"
            if hot.state:
                log.info("the box is hot (%s): the senses may take %.0f %% of their time", measured, 100 * share)
            else:
                log.info("the box is cool again: the senses may take all their time")
        await asyncio.sleep(every_s)


def _look(thermal: Thermal) -> tuple[float, float | None]:
    return thermal.share(), thermal.temperature()
