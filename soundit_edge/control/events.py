"""What happens in the device, for those who want to know at once and not to look again and again."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final, get_args

from soundit_edge.control.actor import Actor
from soundit_edge.control.status import MoodStatus, PrivacyStatus, ReasonStatus, SourceStatus
from soundit_edge.mailbox import Mailbox
from soundit_edge.settings import MusicSettings


@dataclass(frozen=True, slots=True)
class MoodChanged:
    """The room feels another emotion now."""

    mood: MoodStatus


@dataclass(frozen=True, slots=True)
class TrackChanged:
    """Another track is heard now."""

    title: str


@dataclass(frozen=True, slots=True)
class ReasonGiven:
    """There is a reason, in words, why the music changes."""

    reason: ReasonStatus


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    """Somebody changed the music's settings; these are all of them now."""

    music: MusicSettings
    by: Actor


@dataclass(frozen=True, slots=True)
class SourceChanged:
    """A way in or out came, went or has something to say; these are all of them now."""

    sources: tuple[SourceStatus, ...]


@dataclass(frozen=True, slots=True)
class PrivacyChanged:
    """Camera or microphone were opened or closed, or what is kept of people has changed."""

    privacy: PrivacyStatus


Event = MoodChanged | TrackChanged | ReasonGiven | SettingsChanged | SourceChanged | PrivacyChanged
KINDS: Final[tuple[type[Event], ...]] = get_args(Event)


class Subscription:
    """The events for one reader: the newest of each kind waits until it is read. An async iterator without end."""

    def __init__(self) -> None:
        self._arrived = asyncio.Event()
        self._mailboxes = {kind: Mailbox[Event](self._arrived.set) for kind in KINDS}

    def offer(self, event: Event) -> None:
        """Put an event in, in place of an older one of its kind. Never waits."""
        self._mailboxes[type(event)].offer(event)

    @property
    def dropped(self) -> int:
        """Return how many events were replaced by newer ones before they were read."""
        return sum(mailbox.statistics().dropped for mailbox in self._mailboxes.values())

    def __aiter__(self) -> Subscription:
        return self

    async def __anext__(self) -> Event:
        while True:
            for kind, mailbox in self._mailboxes.items():
                if (event := mailbox.take()) is not None:
                    # To the end of the line: a kind that comes often shall not keep the others waiting.
                    self._mailboxes[kind] = self._mailboxes.pop(kind)
                    return event
            self._arrived.clear()
            await self._arrived.wait()


class EventBus:
    """Passes events on to all who subscribed. To be used in one event loop."""

    def __init__(self) -> None:
        self.readers: list[Subscription] = []
        """Those who subscribed."""
        self._dropped = 0

    def publish(self, event: Event) -> None:
        """Offer an event to everybody. Never waits."""
        for subscription in self.readers:
            subscription.offer(event)

    @contextlib.asynccontextmanager
    async def subscribe(self) -> AsyncIterator[Subscription]:
        """Give the events from now on, until the context is left."""
        subscription = Subscription()
        self.readers.append(subscription)
        try:
            yield subscription
        finally:
            self.readers.remove(subscription)
            self._dropped += subscription.dropped

    @property
    def dropped(self) -> int:
        """Return how many events all readers together have missed."""
        return self._dropped + sum(subscription.dropped for subscription in self.readers)
