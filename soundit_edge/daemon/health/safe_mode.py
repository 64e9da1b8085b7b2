"""What is left of the device in safe mode: music that needs nothing, and the page. It changes no settings file."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from soundit_edge.control.refusals import NotNow
from soundit_edge.daemon.health.starts import HEALTHY_S, CountedStart
from soundit_edge.modalities import MODALITIES
from soundit_edge.settings import Settings

log = logging.getLogger(__name__)

ANSWER_S: Final = 1.0
"""Seconds between a wish for another start and the end of this one: whoever asked is answered first."""


class SafeMode:
    """The way into safe mode, and out of it, as somebody asks for it; see `SafeModeControl`."""

    def __init__(self, start: CountedStart, end: Callable[[], None]) -> None:
        """Know this start.

        Args:
            start: which remembers how the next one is to be; a service manager makes that one.
            end: ends this start, in the event loop that asks.
        """
        self._start = start
        self._end = end

    @property
    def safe_mode(self) -> bool:
        """Return whether this start is in safe mode."""
        return bool(self._start.safe_why)

    def set_safe_mode(self, on: bool) -> None:
        """Let the device start again soon; see `SafeModeControl.set_safe_mode`."""
        if on is self.safe_mode:
            raise NotNow("The device is in safe mode already." if on else "The device is not in safe mode.")
        if not self._start.ask_for(safe_mode=on):
            raise NotNow("That cannot be remembered: the disk is full or read-only.")
        log.warning("the device starts again, %s safe mode, because somebody asked for it", "in" if on else "out of")
        asyncio.get_running_loop().call_later(ANSWER_S, self._end)


def safe_settings(settings: Settings) -> Settings:
    """Return the settings of safe mode: nothing sensed, no accelerator, no integrations, the theme.

    Whatever else was chosen stays: who may open the page, privacy, the speaker and its volume, the schedule.

    Args:
        settings: as they were read.
    """
    whole = settings.model_dump(by_alias=True)
    whole["device"] |= {"camera": "off", "microphone": "off"}
    whole["senses"] |= dict.fromkeys(MODALITIES, False)
    whole["inference"] |= {"accelerator": "off"}
    whole["music"] |= {"play": "theme", "track": ""}
    for section in whole["integrations"].values():
        section["enabled"] = False
    return type(settings).model_validate(whole)


async def outlive(start: CountedStart) -> None:
    """Wait until this start has lived for long enough, and note it.

    In safe mode, return once the ordinary start is to be tried, for which the service manager starts the device again.
    Otherwise wait until cancelled.
    """
    await asyncio.sleep(HEALTHY_S)
    if not start.safe_why:
        start.note_healthy()
        await asyncio.Event().wait()
    if not start.ends_by_itself:
        await asyncio.Event().wait()
    await asyncio.sleep(start.safe_s - HEALTHY_S)
    log.warning("safe mode ends, and an ordinary start is tried")
    start.allow_retry()
