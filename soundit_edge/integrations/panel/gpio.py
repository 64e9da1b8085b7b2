"""The pins by way of gpiozero, which reaches those of a Raspberry Pi through lgpio."""

from __future__ import annotations

import contextlib
import importlib
import os
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from soundit_edge import paths
from soundit_edge.integrations.panel.pins import Pins, PinsError
from soundit_edge.integrations.panel.strip import RATE_HZ, SPI_PINS, Strip
from soundit_edge.tables.colours import RGB

PWM_HZ: Final = 200
"""How often a lamp is pulsed: fast enough for eyes, slow enough for a processor that does it itself."""
DEV: Final = Path("/dev")
"""Where the board's pins are found."""
_opening: Final = threading.Lock()


class GpioPins:
    """The `Pins` that were opened in one factory of gpiozero, which others may use, too."""

    def __init__(self, factory: Any) -> None:
        """Open none yet.

        Args:
            factory: of gpiozero. It is not closed with the pins: that would release those of others.
        """
        self._gpiozero = importlib.import_module("gpiozero")
        self._factory = factory
        self._opened: list[Any] = []
        self._buttons: dict[int, Any] = {}

    def watch_button(self, pin: int, *, active_high: bool, pulled: bool, changed: Callable[[bool], None]) -> None:
        """Report presses and releases; see `Pins.watch_button`."""
        with _explained(pin):
            button = self._gpiozero.DigitalInputDevice(
                pin,
                pull_up=not active_high if pulled else None,
                active_state=None if pulled else active_high,
                pin_factory=self._factory,
            )
            self._opened.append(button)
            self._buttons[pin] = button
            button.when_activated = lambda: changed(True)
            button.when_deactivated = lambda: changed(False)

    def is_pressed(self, pin: int) -> bool:
        """Return whether a button is pressed; see `Pins.is_pressed`."""
        with _explained(pin):
            return bool(self._buttons[pin].is_active)

    def watch_knob(self, a: int, b: int, turned: Callable[[int], None]) -> None:
        """Report steps; see `Pins.watch_knob`."""
        with _explained(a, b):
            knob = self._gpiozero.RotaryEncoder(a, b, max_steps=0, pin_factory=self._factory)
            self._opened.append(knob)
            knob.when_rotated_clockwise = lambda: turned(1)
            knob.when_rotated_counter_clockwise = lambda: turned(-1)

    def open_lamp(self, pin: int, *, active_high: bool) -> Callable[[float], None]:
        """Open a pin that is pulsed; see `Pins.open_lamp`."""
        with _explained(pin):
            lamp = self._gpiozero.PWMOutputDevice(
                pin, active_high=active_high, frequency=PWM_HZ, pin_factory=self._factory
            )
            self._opened.append(lamp)
        return self._setter(lamp, pin)

    def open_strip(self, count: int) -> Callable[[RGB], None]:
        """Open a strip; see `Pins.open_strip`."""
        with _explained(*SPI_PINS), warnings.catch_warnings():
            warnings.simplefilter("error")  # gpiozero's own SPI, in place of a board's that is off, takes all its time
            try:
                spi = self._factory.spi(port=0, device=0)
            except Warning:
                raise PinsError("the strip needs the board's SPI: switch it on with raspi-config") from None
            strip = Strip(spi, count)
            self._opened.append(strip)
            with contextlib.suppress(self._gpiozero.SPIFixedRate):
                spi.rate = RATE_HZ

        def set_levels(levels: RGB) -> None:
            with _explained(*SPI_PINS):
                strip.set(levels)

        return set_levels

    def open_switch(self, pin: int, *, active_high: bool, on: bool) -> Callable[[bool], None]:
        """Open a pin that is on or off; see `Pins.open_switch`."""
        with _explained(pin):
            switch = self._gpiozero.OutputDevice(
                pin, active_high=active_high, initial_value=on, pin_factory=self._factory
            )
            self._opened.append(switch)
        return self._setter(switch, pin)

    def close(self) -> None:
        """Release the pins; see `Pins.close`."""
        self._buttons.clear()
        while self._opened:
            with contextlib.suppress(Exception):  # pins that are gone cannot be released
                self._opened.pop().close()

    @staticmethod
    def _setter(device: Any, pin: int) -> Callable[[float], None]:
        def set_value(value: float) -> None:
            with _explained(pin):
                device.value = value

        return set_value


def open_gpio() -> Pins:
    """Return pins of this board, none of them opened yet. Takes a second the first time: not for an event loop.

    Raises:
        PinsError: there are none, they are closed to this user, or lgpio is not installed.
    """
    try:
        device = importlib.import_module("gpiozero").Device
    except ImportError:
        raise PinsError("the pins need gpiozero: install it with pip install gpiozero") from None
    # One factory in the whole process, gpiozero's own: they share their pins, and one that is closed releases all.
    with _opening, _explained():
        if device.pin_factory is None:
            if os.environ.get("GPIOZERO_PIN_FACTORY"):
                device.ensure_pin_factory()
            else:
                device.pin_factory = _lgpio_factory()
    return GpioPins(device.pin_factory)


def _lgpio_factory() -> Any:
    chips = sorted(DEV.glob("gpiochip*"))
    if not chips:
        raise PinsError(f"this computer has no pins: there is no {DEV / 'gpiochip0'}")
    for chip in chips:
        if not os.access(chip, os.R_OK | os.W_OK):
            raise PinsError(f"{chip} is closed to this user: add the user to the group {_group(chip)}, and start again")
    # lgpio makes a pipe in the folder where the program was started, which a service may not write to.
    folder = paths.if_any(paths.state_folder) or Path(tempfile.gettempdir())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.setdefault("LG_WD", str(folder))
    try:
        module = importlib.import_module("gpiozero.pins.lgpio")
    except ImportError:
        raise PinsError("the pins need lgpio: install it with pip install lgpio, or Debian's python3-lgpio") from None
    return module.LGPIOFactory()


def _group(chip: Path) -> str:
    try:
        return chip.group()
    except KeyError:  # a number without a name
        return str(chip.stat().st_gid)


@contextlib.contextmanager
def _explained(*pins: int) -> Iterator[None]:
    """Raise what goes wrong with pins as `PinsError`. lgpio's own errors have no base that could be named here."""
    numbers = ", ".join(map(str, pins))
    try:
        yield
    except PinsError:
        raise
    except Exception as error:
        if not pins:
            raise PinsError(f"the pins cannot be used: {error}") from error
        if type(error).__name__ == "GPIOPinInUse":
            raise PinsError(f"pin {numbers} cannot be used: something else uses it already") from error
        raise PinsError(f"pin {numbers} cannot be used: {error}") from error
