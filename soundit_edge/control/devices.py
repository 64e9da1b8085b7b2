"""Which cameras, microphones and speakers there are, which are used, and whether anything of them is open."""

from __future__ import annotations

from typing import Literal, Protocol

from soundit_edge.control.actor import Actor
from soundit_edge.control.picture import Text
from soundit_edge.control.sight import Glimpse, HearingStatus, SightStatus

DeviceKind = Literal["camera", "microphone", "speaker"]


class FoundDevice(Glimpse):
    """One device that could be chosen.

    Attributes:
        name: what chooses it.
        title: what people call it.
    """

    name: Text
    title: Text


class DeviceChoice(Glimpse):
    """The devices of one kind.

    Attributes:
        chosen: as the settings name it: "auto", "off", or a device's name or number.
        found: those that are connected.
    """

    chosen: Text
    found: tuple[FoundDevice, ...]


class DevicesStatus(Glimpse):
    """What is connected, and what is chosen of it."""

    camera: DeviceChoice
    microphone: DeviceChoice
    speaker: DeviceChoice


class DeviceControl(Protocol):
    """The device's ways in and out, for a client that chooses and tests them."""

    async def devices(self) -> DevicesStatus:
        """Look for what is connected; takes a second."""
        ...

    async def choose_device(self, kind: DeviceKind, name: str, by: Actor) -> None:
        """Use another device from now on, and remember it; where it cannot be opened, the one before comes back.

        Raises:
            InvalidChange: that is no name of a device of this kind.
            NotNow: there is no such device, or it cannot be opened now.
            NotAllowed: who asks is no administrator.
        """
        ...

    async def test_speaker(self, by: Actor) -> None:
        """Play a soft tone, first on the left and then on the right.

        Raises:
            NotNow: there is no speaker that could be heard.
            NotAllowed: a viewer asks.
        """
        ...

    def sight(self) -> SightStatus:
        """Return where the senses find people now.

        Raises:
            NotNow: the device is private, or stands in a public place.
        """
        ...

    def hearing(self) -> HearingStatus:
        """Return how loud it is at the microphone now.

        Raises:
            NotNow: the device is private.
        """
        ...

    async def set_public_place(self, public_place: bool, by: Actor) -> None:
        """Keep nothing about individuals from now on, or do so again.

        Raises:
            NotAllowed: who asks is no administrator.
        """
        ...
