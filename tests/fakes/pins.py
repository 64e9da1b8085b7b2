"""Pins on a table: a test presses and turns them, and sees what is lit."""

from __future__ import annotations

from collections.abc import Callable

from soundit_edge.integrations.panel.pins import PinsError
from soundit_edge.tables.colours import RGB


class FakePins:
    """The `Pins` of a board, which opens everything itself.

    Attributes:
        levels: what the lamps and switches were set to last, by pin.
        strip: what the strip was set to last.
        writes: how often a lamp or a switch was set.
        wired: of the buttons, how each was opened: active high, and pulled.
        gone: whether everything fails.
        opened: how often pins were opened, and `closed`: how often they were released.
    """

    def __init__(self) -> None:
        self.levels: dict[int, float] = {}
        self.writes = 0
        self.wired: dict[int, tuple[bool, bool]] = {}
        self.pressed: dict[int, bool] = {}
        self.gone = False
        self.opened = self.closed = 0
        self.strip: RGB | None = None
        self._changed: dict[int, Callable[[bool], None]] = {}
        self.turn: Callable[[int], None] = lambda steps: None

    def open(self) -> FakePins:
        """Stand for `open_gpio`."""
        self._check()
        self.opened += 1
        return self

    def watch_button(self, pin: int, *, active_high: bool, pulled: bool, changed: Callable[[bool], None]) -> None:
        self._check()
        self.wired[pin], self._changed[pin] = (active_high, pulled), changed
        self.pressed.setdefault(pin, False)

    def is_pressed(self, pin: int) -> bool:
        self._check()
        return self.pressed[pin]

    def watch_knob(self, a: int, b: int, turned: Callable[[int], None]) -> None:
        self._check()
        self.turn = turned

    def open_lamp(self, pin: int, *, active_high: bool) -> Callable[[float], None]:
        return self.open_switch(pin, active_high=active_high, on=False)

    def open_strip(self, count: int) -> Callable[[RGB], None]:
        self._check()

        def set_levels(levels: RGB) -> None:
            self._check()
            self.strip = levels
            self.writes += 1

        return set_levels

    def open_switch(self, pin: int, *, active_high: bool, on: bool) -> Callable[[float], None]:
        self._check()
        self.levels[pin] = on

        def set_level(level: float) -> None:
            self._check()
            self.levels[pin] = level
            self.writes += 1

        return set_level

    def close(self) -> None:
        self.closed += 1
        self.levels.clear()
        self._changed.clear()

    def set_button(self, pin: int, pressed: bool) -> None:
        """Press a button or release it."""
        self.pressed[pin] = pressed
        self._changed[pin](pressed)

    def _check(self) -> None:
        if self.gone:
            raise PinsError("the pins are gone")
