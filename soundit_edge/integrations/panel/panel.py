"""The panel of the device: its buttons, its knob and its light, on pins of the board."""

from __future__ import annotations

import asyncio
import functools
import logging
import time
from collections.abc import Callable
from typing import ClassVar, Final

from soundit_edge.control.control import Control
from soundit_edge.integrations.integration import IntegrationSettings
from soundit_edge.integrations.panel.actions import LONG_S, WARNING_S, Actions
from soundit_edge.integrations.panel.buttons import Buttons
from soundit_edge.integrations.panel.gpio import open_gpio
from soundit_edge.integrations.panel.inbox import Inbox
from soundit_edge.integrations.panel.light import Light
from soundit_edge.integrations.panel.panel_settings import BUTTONS, LAMPS, PanelSettings
from soundit_edge.integrations.panel.pins import Pins, PinsError
from soundit_edge.integrations.panel.shine import Shine
from soundit_edge.integrations.panel.signs import Answer
from soundit_edge.tables.colours import RGB

log = logging.getLogger(__name__)

CHECK_S: Final = 0.5
"""How often the buttons are looked at where they report nothing: a report may be lost, and so may the pins."""
PAUSE_S: Final = 0.02
"""From one look at the reports to the next at least: a loose wire keeps nobody else waiting."""


class Panel:
    """Serves what is wired to the pins."""

    name: ClassVar[str] = "panel"
    title: ClassVar[str] = "Panel (buttons and light)"
    Settings: ClassVar[type[IntegrationSettings]] = PanelSettings

    def __init__(
        self,
        settings: PanelSettings,
        open_pins: Callable[[], Pins] = open_gpio,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Hold the settings.

        Args:
            settings: say what is wired to which pin.
            open_pins: gives the pins of the board; may take a second, in a thread of its own.
            now: gives seconds, never going back; asked in any thread.
        """
        self._settings = settings
        self._open_pins = open_pins
        self._now = now
        self._buttons = {name: pin for name in BUTTONS if (pin := getattr(settings, name)) is not None}
        self._lamps = [getattr(settings, name) for name in LAMPS]
        self._shines = bool(settings.strip) or any(self._lamps)
        self._knob = None if settings.knob_a is None or settings.knob_b is None else (settings.knob_a, settings.knob_b)

    async def run(self, device: Control, connected: Callable[[], None]) -> None:
        """Serve the panel until cancelled; see `Integration.run`."""
        if not self._buttons and self._knob is None and not self._shines:
            raise PinsError("nothing is wired to a pin yet: say in the settings what is")
        pins = await asyncio.to_thread(self._open_pins)
        try:
            async with asyncio.TaskGroup() as tasks:
                shine = self._open_light(pins)
                inbox = Inbox(self._now)
                buttons = self._watch(pins, inbox)
                connected()
                if self._shines:
                    tasks.create_task(shine.run(device))
                await self._serve(Actions(device, shine.answer), pins, inbox, buttons, shine)
        finally:
            pins.close()

    def _open_light(self, pins: Pins) -> Shine:
        high = not self._settings.light_active_low
        lamps = [None if pin is None else pins.open_lamp(pin, active_high=high) for pin in self._lamps]
        strip = pins.open_strip(self._settings.strip) if self._settings.strip else None
        wired = [lamp is not None or strip is not None for lamp in lamps]

        def show(levels: RGB) -> None:
            for lamp, level in zip(lamps, levels, strict=True):
                if lamp is not None:
                    lamp(level)
            if strip is not None:
                strip(levels)

        return Shine(Light(self._settings.brightness, wired, self._now()), show, self._now)

    def _watch(self, pins: Pins, inbox: Inbox) -> Buttons:
        """Open the inputs; what they report goes to the inbox."""
        for name, pin in self._buttons.items():
            pins.watch_button(
                pin,
                active_high=self._settings.buttons_active_high,
                pulled=self._settings.pull_resistors,
                changed=functools.partial(inbox.put_edge, name),
            )
        if self._knob is not None:
            pins.watch_knob(*self._knob, inbox.put_steps)
        pressed = {name: pins.is_pressed(pin) for name, pin in self._buttons.items()}
        return Buttons({name: LONG_S[name] for name in self._buttons}, pressed, self._now())

    async def _serve(self, actions: Actions, pins: Pins, inbox: Inbox, buttons: Buttons, shine: Shine) -> None:
        loose = False
        while True:
            due_at = buttons.due_at()
            await inbox.wait(CHECK_S if due_at is None else min(CHECK_S, max(0.0, due_at - self._now())))
            edges, steps = inbox.take()
            presses = [press for edge in edges for press in buttons.take(edge)]
            t = self._now()
            for name, pin in self._buttons.items():
                buttons.confirm(name, pins.is_pressed(pin), t)  # a release that was lost must not become a long press
            for press in [*presses, *buttons.step(t)]:
                await actions.press(press)
            if steps:
                await actions.turn(steps, t)
            if "claim_button" in self._buttons and buttons.held_s("claim_button", t) >= WARNING_S:
                shine.answer(Answer.WARNING)
            if inbox.dropped and not loose:
                log.warning("a button reports more than anybody can press: is a wire loose?")
                loose = True
            await asyncio.sleep(PAUSE_S)
