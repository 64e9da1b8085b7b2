"""What the buttons and the knob do with the device, for whoever stands before it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.control import Control
from soundit_edge.control.patch import patch_of
from soundit_edge.control.refusals import InvalidChange, NotAllowed, NotNow
from soundit_edge.integrations.panel.buttons import Length, Press
from soundit_edge.integrations.panel.knob import Knob
from soundit_edge.integrations.panel.signs import Answer

log = logging.getLogger(__name__)

BY: Final = Actor(Kind.PANEL, Role.OPERATOR)
HOLD_MINUTES: Final = 60
LONG_S: Final[Mapping[str, float | None]] = MappingProxyType(
    {"privacy_button": None, "next_button": 1.0, "mood_button": None, "claim_button": 10.0}
)
"""After how many seconds a button is held; None: it makes no difference."""
WARNING_S: Final = 3.0
"""From then on the light warns of what holding the claim button leads to."""


class Actions:
    """Does what is pressed and turned. What the device refuses is answered by the light."""

    def __init__(self, device: Control, answer: Callable[[Answer], None]) -> None:
        """Do nothing yet.

        Args:
            device: what is changed.
            answer: shows how it went.
        """
        self._device = device
        self._answer = answer
        self._knob = Knob()

    async def press(self, press: Press) -> None:
        """Do what a button stands for."""
        try:
            await self._do(press)
        except (InvalidChange, NotNow, NotAllowed) as refusal:
            log.info("the panel: %s", refusal)
            self._answer(Answer.REFUSED)
        else:
            self._answer(Answer.DONE)

    async def turn(self, steps: int, t: float) -> None:
        """Change the volume by a turn of the knob at the moment `t`; who turns it wants to hear something."""
        status = self._device.status()
        volume = self._knob.turn(steps, status.volume, t)
        if volume is None:
            return
        unmuted = {"muted": False} if status.music.muted else {}
        try:
            await self._device.change(patch_of({"volume": volume, **unmuted}), BY)
        except (InvalidChange, NotNow, NotAllowed) as refusal:
            log.info("the panel: %s", refusal)
            self._answer(Answer.REFUSED)

    async def _do(self, press: Press) -> None:
        device, status = self._device, self._device.status()
        match press.button, press.length:
            case "privacy_button", _:
                await device.change(patch_of({"private": not status.privacy.private}), BY)
            case "next_button", Length.SHORT:
                await device.next_track(BY)
            case "next_button", Length.LONG:
                await device.rate("liked", BY)
            case "mood_button", _:
                held = {"emotion": status.mood.emotion.value, "minutes": HOLD_MINUTES}
                await device.change(patch_of({"mood": None if status.override else held}), BY)
            case "claim_button", Length.SHORT:
                await device.open_claim(BY)
            case "claim_button", Length.LONG:
                await device.reset_claim(BY)
