"""The pins by way of gpiozero's own objects, on its mock pins; and what is said of boards that have none."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gpiozero import Device  # type: ignore[import-untyped]
from gpiozero.pins.mock import MockFactory, MockPin, MockPWMPin, MockSPIDevice  # type: ignore[import-untyped]

from soundit_edge.integrations.panel import gpio
from soundit_edge.integrations.panel.gpio import open_gpio
from soundit_edge.integrations.panel.pins import Pins, PinsError
from soundit_edge.integrations.panel.strip import SPI_PINS, frame


@pytest.fixture
def board() -> Iterator[MockFactory]:
    Device.pin_factory = MockFactory(pin_class=MockPWMPin)
    yield Device.pin_factory
    Device.pin_factory.reset()
    Device.pin_factory = None


@pytest.fixture
def pins(board: MockFactory) -> Iterator[Pins]:
    opened = open_gpio()
    yield opened
    opened.close()
    opened.close()  # as often as one likes
    assert all(pin.function == "input" for pin in board.pins.values())


@pytest.mark.parametrize(("active_high", "pulled"), [(False, True), (True, True), (False, False), (True, False)])
def test_a_button_reports_in_every_wiring(board: MockFactory, pins: Pins, active_high: bool, pulled: bool) -> None:
    seen: list[bool] = []
    pin = board.pin(5)
    if not pulled:
        (pin.drive_low if active_high else pin.drive_high)()
    pins.watch_button(5, active_high=active_high, pulled=pulled, changed=seen.append)
    assert pin.pull == ("floating" if not pulled else "down" if active_high else "up")
    assert not pins.is_pressed(5)
    down, up = (pin.drive_high, pin.drive_low) if active_high else (pin.drive_low, pin.drive_high)
    down()
    assert pins.is_pressed(5)
    up()
    down()
    assert seen == [True, False, True]


def test_a_knob_reports_its_steps_and_no_wiggle(board: MockFactory, pins: Pins) -> None:
    seen: list[int] = []
    pins.watch_knob(17, 27, seen.append)
    a, b = board.pin(17), board.pin(27)

    def turn(first: Any, second: Any) -> None:
        for edge in (first.drive_low, second.drive_low, first.drive_high, second.drive_high):
            edge()

    turn(a, b)
    wiggled = list(seen)
    for _ in range(5):
        a.drive_low()
        a.drive_high()
    assert seen == wiggled
    turn(b, a)
    turn(b, a)
    assert sorted(map(abs, seen)) == [1, 1, 1]
    assert seen[0] == -seen[1] == -seen[2]


@pytest.mark.parametrize("active_high", [True, False])
def test_a_lamp_is_pulsed(board: MockFactory, pins: Pins, active_high: bool) -> None:
    set_level = pins.open_lamp(12, active_high=active_high)
    pin = board.pin(12)
    assert (pin.function, pin.frequency) == ("output", gpio.PWM_HZ)
    assert pin.state == (0.0 if active_high else 1.0)
    set_level(0.25)
    assert pin.state == (0.25 if active_high else 0.75)


def test_a_strip_is_sent_its_colour_and_goes_dark_in_the_end(board: MockFactory, pins: Pins) -> None:
    sent: list[int] = []

    class Wire(MockSPIDevice):  # type: ignore[misc]
        def on_bit(self) -> None:
            sent.append(self.rx_buf[-1])

    board.pin_class = MockPin
    select, _, data, clock = SPI_PINS
    with Wire(clock, mosi_pin=data, select_pin=select, pin_factory=board):
        set_levels = pins.open_strip(2)
        set_levels((1.0, 0.5, 0.0))
        colour = bytes(int("".join(map(str, map(int, sent[i : i + 8]))), 2) for i in range(0, len(sent), 8))
        sent.clear()
        pins.close()
    assert colour == bytes(4) + 2 * bytes((0xFF, 0, 128, 255)) + bytes(5)
    assert sum(sent) == 2 * 8, "the head of each light, and no colour"


def test_a_strip_where_spi_is_off_says_how_to_switch_it_on(
    board: MockFactory, pins: Pins, monkeypatch: pytest.MonkeyPatch
) -> None:
    def only_software(shared: bool, hardware: bool) -> Any:
        if hardware:
            raise OSError("can not open SPI device")
        return MockSPIDevice

    monkeypatch.setattr(board, "_get_spi_class", only_software)
    with pytest.raises(PinsError, match="switch it on with raspi-config"):
        pins.open_strip(2)


@pytest.mark.parametrize("count", [1, 16, 33, 300])
def test_the_last_light_of_a_strip_gets_its_clock(count: int) -> None:
    sent = frame((0.0, 0.0, 1.0), count)
    tail = sent[4 + 4 * count :]
    assert sent[4 * count : 4 * count + 4] == [0xFF, 255, 0, 0]
    assert not any(tail)
    assert 8 * (len(tail) - 4) >= count / 2


@pytest.mark.parametrize("active_high", [True, False])
def test_a_switch_is_on_or_off_from_the_first_moment(board: MockFactory, pins: Pins, active_high: bool) -> None:
    set_on = pins.open_switch(25, active_high=active_high, on=True)
    assert board.pin(25).state == active_high
    set_on(False)
    assert board.pin(25).state == (not active_high)


def test_pins_that_are_released_report_nothing_and_can_be_opened_again(board: MockFactory, pins: Pins) -> None:
    seen: list[bool] = []
    for _ in range(2):
        pins.watch_button(5, active_high=False, pulled=True, changed=seen.append)
        pins.open_lamp(12, active_high=True)
        pins.watch_knob(17, 27, lambda steps: None)
        board.pin(5).drive_low()
        pins.close()
        board.pin(5).drive_high()
    assert seen == [True, True]


def test_what_others_opened_stays_open(board: MockFactory, pins: Pins) -> None:
    others = open_gpio()
    others.open_switch(25, active_high=True, on=True)
    pins.open_lamp(12, active_high=True)
    pins.close()
    assert board.pin(25).state
    with pytest.raises(PinsError, match="pin 25 cannot be used: something else uses it already"):
        pins.open_lamp(25, active_high=True)
    others.close()


def test_no_thread_is_left(board: MockFactory, pins: Pins) -> None:
    before = threading.enumerate()
    pins.watch_button(5, active_high=False, pulled=True, changed=lambda pressed: None)
    pins.open_lamp(12, active_high=True)(0.5)
    pins.watch_knob(17, 27, lambda steps: None)
    board.pin(5).drive_low()
    assert threading.enumerate() == before


def test_pins_that_fail_are_said_by_their_number(
    board: MockFactory, pins: Pins, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_level = pins.open_lamp(12, active_high=True)

    def broken(pin: object, value: float) -> None:
        raise OSError("no such device")

    monkeypatch.setattr(MockPin, "_set_state", broken)
    monkeypatch.setattr(MockPWMPin, "_set_state", broken)
    with pytest.raises(PinsError, match="pin 12 cannot be used: no such device"):
        set_level(0.5)
    with pytest.raises(PinsError, match=r"pin 2 cannot be used: .*pull"):  # which has a resistor on the board
        pins.watch_button(2, active_high=True, pulled=True, changed=lambda pressed: None)
    monkeypatch.undo()


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer on which no pins were opened yet."""
    monkeypatch.setattr(Device, "pin_factory", None)
    monkeypatch.delenv("GPIOZERO_PIN_FACTORY", raising=False)


@pytest.fixture
def chip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bare: None) -> Path:
    """The file of a board's pins, in a /dev of its own."""
    monkeypatch.setattr(gpio, "DEV", tmp_path)
    monkeypatch.setenv("SOUNDIT_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("LG_WD", "")
    monkeypatch.delenv("LG_WD")
    chip = tmp_path / "gpiochip0"
    chip.touch()
    return chip


def test_a_computer_without_pins_says_so(chip: Path) -> None:
    chip.unlink()
    with pytest.raises(PinsError, match=r"this computer has no pins: there is no .*gpiochip0"):
        open_gpio()


def test_pins_that_are_closed_to_the_user_name_the_group(chip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(PinsError, match=f"closed to this user: add the user to the group {chip.group()}"):
        open_gpio()


def test_a_missing_library_is_named(chip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lgpio", None)
    monkeypatch.delitem(sys.modules, "gpiozero.pins.lgpio", raising=False)
    with pytest.raises(PinsError, match="install it with pip install lgpio"):
        open_gpio()
    monkeypatch.setitem(sys.modules, "gpiozero", None)
    with pytest.raises(PinsError, match="install it with pip install gpiozero"):
        open_gpio()


def test_lgpio_makes_its_pipe_where_it_may(chip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Fails:
        class LGPIOFactory:
            def __init__(self) -> None:
                raise RuntimeError(f"in {os.environ['LG_WD']}")

    monkeypatch.setitem(sys.modules, "gpiozero.pins.lgpio", Fails)
    with pytest.raises(PinsError, match=f"the pins cannot be used: in {chip.parent / 'state'}"):
        open_gpio()
    assert (chip.parent / "state").is_dir()


def test_a_folder_that_cannot_be_made_is_no_defect(chip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDIT_STATE", str(chip / "state"))  # below a file
    with pytest.raises(PinsError, match="the pins cannot be used"):
        open_gpio()


def test_another_factory_can_be_named(bare: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "mock")
    open_gpio().close()
    assert isinstance(Device.pin_factory, MockFactory)
    Device.pin_factory = None
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "nonsense")
    with pytest.raises(PinsError, match="nonsense"):
        open_gpio()
