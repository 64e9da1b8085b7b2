"""The one door to the device: what its clients (page, panel, schedule, integrations) see of it and do to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Literal, Protocol

from soundit_edge.control.actor import Actor
from soundit_edge.control.events import Event
from soundit_edge.control.patch import DevicePatch
from soundit_edge.control.pulse import Pulse
from soundit_edge.control.status import Status

Rating = Literal["liked", "disliked"]


class Control(Protocol):
    """The device, for a client in its own event loop.

    Rights are checked behind this door, for all clients alike: a viewer may call `status`, `pulse` and `events` only.
    """

    def status(self) -> Status:
        """Return the device as it is now. Cheap, never waits and never fails: it is asked several times a second."""
        ...

    def pulse(self) -> Pulse:
        """Return where the music is at this moment, as it is heard. Cheaper than `status`: asked 60 times a second."""
        ...

    def events(self) -> AbstractAsyncContextManager[AsyncIterator[Event]]:
        """Subscribe to what happens, for as long as the context is entered.

        Of each kind of event the newest counts: a slow reader loses older ones, never gains a queue. Giving up waiting
        for the next one loses none.
        """
        ...

    async def change(self, patch: DevicePatch, by: Actor) -> None:
        """Change what the device does from now on, and remember it; all of the patch or nothing.

        Raises:
            InvalidChange: a value is not possible.
            NotNow: there is no music of the kind that is asked for.
            NotAllowed: a viewer asks.
        """
        ...

    async def play_song(self, number: int, by: Actor) -> None:
        """Play a song of the library now, and songs for the room after it.

        Args:
            number: of the song in the library.
            by: who asks.

        Raises:
            NotNow: the library has no such song, or its file is away.
            NotAllowed: a viewer asks.
        """
        ...

    async def rate(self, rating: Rating, by: Actor) -> None:
        """Remember that the song that plays is liked or not.

        Raises:
            NotNow: what plays is no song of the library.
            NotAllowed: a viewer asks.
        """
        ...

    async def next_track(self, by: Actor) -> None:
        """Go over to the next track.

        Raises:
            NotNow: there is no other one.
            NotAllowed: a viewer asks.
        """
        ...

    async def set_safe_mode(self, on: bool, by: Actor) -> None:
        """Start the device again, with music and page only or as usual.

        Args:
            on: whether in safe mode.
            by: who asks.

        Raises:
            NotNow: it is so already, or nothing would start the device again.
            NotAllowed: somebody else than an administrator asks.
        """
        ...

    async def open_claim(self, by: Actor) -> None:
        """Let the device be claimed without a code for `control.claim.OPEN_S`.

        Raises:
            NotNow: somebody has claimed it.
            NotAllowed: who asks does not stand before the device, as only the panel does.
        """
        ...

    async def reset_claim(self, by: Actor) -> None:
        """Forget all users, their sessions and their tokens, so that the device can be claimed once more.

        Raises:
            NotNow: that cannot be written.
            NotAllowed: who asks does not stand before the device, as only the panel does.
        """
        ...
