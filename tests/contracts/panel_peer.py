"""The other side of the panel: a board of gpiozero's mock pins. Nothing on it can ask for any change there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from gpiozero import Device  # type: ignore[import-untyped]
from gpiozero.pins.mock import MockFactory, MockPWMPin  # type: ignore[import-untyped]

from tests.contracts.peer import Peer

WIRING: Mapping[str, int] = {
    "privacy_button": 5,
    "next_button": 6,
    "mood_button": 16,
    "claim_button": 26,
    "knob_a": 17,
    "knob_b": 27,
    "red": 12,
    "green": 13,
    "blue": 19,
}


class _GonePin(MockPWMPin):  # type: ignore[misc]
    """A pin of a board that is gone."""

    def _get_state(self) -> bool:
        raise OSError("the board is gone")

    def _set_state(self, value: float) -> None:
        raise OSError("the board is gone")


class PanelPeer(Peer):
    """A board with everything wired to it."""

    asks: ClassVar[bool] = False
    leaves: ClassVar[bool] = True
    speaks: ClassVar[bool] = False  # a wire says no more than that it is pressed or turned

    def __init__(self) -> None:
        self._board: Any = None

    @property
    def section(self) -> Mapping[str, Any]:
        return WIRING

    async def appear(self) -> None:
        Device.pin_factory = self._board = MockFactory(pin_class=MockPWMPin)

    async def vanish(self) -> None:
        for pin in self._board.pins.values():
            pin.__class__ = _GonePin
        self._board.pin_class = _GonePin
