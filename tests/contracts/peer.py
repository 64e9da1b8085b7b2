"""What the other side of every integration is to the contract suite: each is a subclass, and a row in `peers.PEERS`."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any, ClassVar, Final

SECRET: Final = "Kgbx7fWq"
"""Stands in every secret that a peer does not give itself."""
FLOOD_BYTES: Final = 4000
"""Of each message of a flood; as much as a command of MQTT may have."""


class Peer:
    """What an integration is connected with.

    Attributes:
        asks: whether it can ask the device for a change.
        leaves: whether it can be away; the device itself serves those that cannot.
        speaks: whether anything that it sends can reach the integration.
        listens: whether the integration takes a port of its own, which somebody else may have.
    """

    asks: ClassVar[bool]
    leaves: ClassVar[bool]
    speaks: ClassVar[bool]
    listens: ClassVar[bool] = False

    @property
    def section(self) -> Mapping[str, Any]:
        """The settings by which the integration finds it, once it has been there."""
        return {}

    async def appear(self) -> None:
        """Be there, at the same place as before."""
        raise NotImplementedError

    async def vanish(self) -> None:
        """Be away, with every connection and all that is still on its way."""
        raise NotImplementedError

    async def ask(self, patch: Mapping[str, object]) -> None:
        """Have the integration ask the device for a change; of those that `asks`."""
        raise NotImplementedError

    async def rubbish(self, data: bytes) -> None:
        """Send the integration these bytes in the place of a message, wherever its protocol can carry any.

        They may mean nothing and be of any size; it may hang up then, which is no failure here. A peer that cannot
        carry them (an HTTP answer, say, to a question that was not asked) sends them with the next message. Of those
        that `speaks`.
        """
        raise NotImplementedError

    async def flood(self, messages: int) -> None:
        """Send so many valid messages, as fast as the way takes them, and return once they are on their way.

        They are changes of the volume where it `asks`, and whatever it sends in daily life where it does not; of
        `FLOOD_BYTES` each, where its protocol can fill them up, so that what is kept of them is seen. Of those that
        `speaks`.
        """
        raise NotImplementedError

    def occupied(self) -> AbstractAsyncContextManager[None]:
        """Have somebody else take the integration's port, for as long as the context is entered.

        It is called before the integration runs, after the peer was there and is away. Of those that `listens`.
        """
        return nullcontext()
