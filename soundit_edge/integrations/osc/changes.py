"""What a message asks the device for, and the one who asks: changes in the order in which they came, one at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, Literal

from soundit_edge.control.actor import Actor
from soundit_edge.control.control import Control
from soundit_edge.control.patch import DevicePatch, patch_of
from soundit_edge.errors import SounditError
from soundit_edge.integrations.osc import addresses
from soundit_edge.integrations.osc.packets import Argument, Message

MAX_WAITING: Final = 64
"""Changes that wait for those before them."""

Arguments = tuple[Argument, ...]
Change = DevicePatch | Literal["next"]


class UnknownAddress(SounditError):
    """There is no such address."""


class OscRefusal(SounditError):
    """A message is not followed. The text says what it has to be like."""


def _word(name: str) -> Callable[[Arguments], DevicePatch]:
    def patch(arguments: Arguments) -> DevicePatch:
        match arguments:
            case (str(word),):
                return patch_of({name: word})
        raise OscRefusal("one text is needed")

    return patch


def _switch(name: str) -> Callable[[Arguments], DevicePatch]:
    return lambda arguments: patch_of({name: _pressed(arguments)})


def _pressed(arguments: Arguments) -> bool:
    match arguments:
        case (bool() | int() | float() as value,) if value in (0, 1):
            return bool(value)
    raise OscRefusal("one argument is needed, 1 or 0")


def _volume(arguments: Arguments) -> DevicePatch:
    match arguments:
        case (int() | float() as value,) if not isinstance(value, bool):
            return patch_of({"volume": float(value)})
    raise OscRefusal("one number is needed, 0 to 1")


def _mood(arguments: Arguments) -> DevicePatch:
    match arguments:
        case () | ("" | None,):
            return patch_of({"mood": None})
        case (str(emotion),):
            return patch_of({"mood": {"emotion": emotion}})
        case (str(emotion), int() | float() as minutes) if not isinstance(minutes, bool):
            # Many programs send all numbers as floats.
            whole = int(minutes) if isinstance(minutes, float) and minutes.is_integer() else minutes
            return patch_of({"mood": {"emotion": emotion, "minutes": whole}})
    raise OscRefusal("a mood is needed, and minutes where it is not to last for an hour")


def _any(arguments: Arguments) -> DevicePatch:
    match arguments:
        case (str(text),):
            return patch_of(text)
    raise OscRefusal("one text is needed, which is a JSON object")


def _next(arguments: Arguments) -> Change | None:
    return "next" if not arguments or _pressed(arguments) else None


CHANGES: Final[Mapping[addresses.Address, Callable[[Arguments], Change | None]]] = MappingProxyType(
    {
        addresses.SET_MOOD: _mood,
        addresses.SET_POLICY: _word("policy"),
        addresses.SET_PRESET: _word("preset"),
        addresses.SET_VOLUME: _volume,
        addresses.SET_PRIVATE: _switch("private"),
        addresses.SET_PAUSED: _switch("paused"),
        addresses.SET: _any,
        addresses.NEXT: _next,
    }
)
"""What each address asks for; None: nothing."""
_BY_PATH: Final = {address.path: change for address, change in CHANGES.items()}


def change_of(message: Message, prefix: str, may_open: bool) -> Change | None:
    """Return what a message asks for; None: nothing.

    Args:
        message: that has come.
        prefix: of all addresses.
        may_open: whether it may open camera and microphone.

    Raises:
        UnknownAddress: there is no such address. Patterns are no addresses here.
        OscRefusal: it has other arguments, or may not do that.
        InvalidChange: a name or a value is not possible.
    """
    path = message.address.removeprefix(prefix)
    if path == message.address or path not in _BY_PATH:
        raise UnknownAddress(message.address)
    change = _BY_PATH[path](message.arguments)
    if isinstance(change, DevicePatch) and "private" in change.model_fields_set and not change.private and not may_open:
        raise OscRefusal("camera and microphone are not opened by OSC, unless the settings allow it")
    return change


class Changes:
    """Changes that wait. Of those that set the same, the newest counts: a fader sends more than can be followed."""

    def __init__(self, device: Control, by: Actor, refused: Callable[[str, SounditError], None]) -> None:
        """Wait for nothing yet.

        Args:
            device: that is changed.
            by: in whose name.
            refused: called with the address and the error where the device refuses.
        """
        self._device = device
        self._by = by
        self._refused = refused
        self._waiting: dict[tuple[str, ...], tuple[str, Change]] = {}
        self._arrived = asyncio.Event()

    @property
    def waiting(self) -> int:
        """Return how many changes wait; one that is being made does not."""
        return len(self._waiting)

    def add(self, address: str, change: Change) -> bool:
        """Have a change made soon; return whether there was room for it."""
        names = (change,) if isinstance(change, str) else tuple(_names(change.model_dump(exclude_unset=True)))
        if len(self._waiting) >= MAX_WAITING and names not in self._waiting:
            return False
        self._waiting.pop(names, None)
        self._waiting[names] = address, change
        self._arrived.set()
        return True

    async def run(self) -> None:
        """Make the changes, until cancelled."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._waiting:
                address, change = self._waiting.pop(next(iter(self._waiting)))
                try:
                    if isinstance(change, str):
                        await self._device.next_track(self._by)
                    else:
                        await self._device.change(change, self._by)
                except SounditError as error:
                    self._refused(address, error)


def _names(content: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """Give what a patch sets, such as "volume" and "locks.tempo"."""
    for name, value in content.items():
        if isinstance(value, dict):
            yield from _names(value, f"{above}{name}.")
        else:
            yield f"{above}{name}"
