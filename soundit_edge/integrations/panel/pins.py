"""The pins of the board, as far as they are needed: inputs that report, and outputs that are set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final, Protocol

from pydantic import Field

from soundit_edge.integrations.integration import IntegrationError
from soundit_edge.tables.colours import RGB

MIN_PIN: Final = 2
MAX_PIN: Final = 27
"""BCM numbers on the header of a Raspberry Pi; 0 and 1 belong to boards that are put on it."""
Pin = Annotated[int, Field(ge=MIN_PIN, le=MAX_PIN)]


class PinsError(IntegrationError):
    """There are no pins, or one of them cannot be used."""


class Pins(Protocol):
    """The pins that one part of the device has opened, by their BCM numbers.

    What is passed in to be called is called in threads of the library's. Every method raises `PinsError`.
    """

    def watch_button(self, pin: int, *, active_high: bool, pulled: bool, changed: Callable[[bool], None]) -> None:
        """Report from now on whenever a button is pressed (True) or released (False), with every bounce.

        Args:
            pin: that the button is wired to.
            active_high: whether it is pressed where the pin is high.
            pulled: whether the pin's own resistor holds it where it is not pressed.
            changed: to be called.
        """
        ...

    def is_pressed(self, pin: int) -> bool:
        """Return whether a button that is watched is pressed now."""
        ...

    def watch_knob(self, a: int, b: int, turned: Callable[[int], None]) -> None:
        """Report from now on whenever a rotary encoder is turned by a step: 1 to the right, -1 to the left.

        Args:
            a, b: that its two contacts are wired to; their own resistors pull them up.
            turned: to be called.
        """
        ...

    def open_lamp(self, pin: int, *, active_high: bool) -> Callable[[float], None]:
        """Open a pin whose level is pulsed; return what sets its brightness, 0 (off, as it is at first) to 1."""
        ...

    def open_strip(self, count: int) -> Callable[[RGB], None]:
        """Open a strip of APA102 lights on the board's SPI; return what sets their red, green and blue, 0 to 1."""
        ...

    def open_switch(self, pin: int, *, active_high: bool, on: bool) -> Callable[[bool], None]:
        """Open a pin that is on or off; return what sets it."""
        ...

    def close(self) -> None:
        """Release all pins that were opened here; nothing is reported any more. Never fails."""
        ...
