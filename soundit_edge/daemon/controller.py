"""The device behind its one door: checks what is asked for, does it, and says what happened."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Final, Protocol

from soundit_edge.control.actor import Actor
from soundit_edge.control.control import Rating
from soundit_edge.control.events import EventBus, PrivacyChanged, SettingsChanged, SourceChanged, Subscription
from soundit_edge.control.patch import DevicePatch
from soundit_edge.control.privacy import refuse_in_public
from soundit_edge.control.refusals import NotAllowed, NotNow
from soundit_edge.control.status import PrivacyStatus, SourceStatus, Status
from soundit_edge.daemon.playback import Playback
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.daemon.status import device_status, music_status
from soundit_edge.inference.statistics import ModelStatistics, model_statistics
from soundit_edge.music.library.recommend.session import LibrarySession
from soundit_edge.perception.live import SenseStatistics
from soundit_edge.settings import MusicSettings

LOOK_S: Final = 0.2
"""How often the ways in and out are looked at."""


class Tracks(Protocol):
    """What plays one track after the other: the output, as far as it is needed here."""

    track_note: str

    @property
    def several(self) -> bool:
        """Return whether there is another track to play."""

    def skip(self) -> None:
        """Go on to the next track."""


@dataclass(frozen=True, slots=True)
class Views:
    """Where the controller looks when it is asked how the device is.

    Attributes:
        now: gives seconds since the start.
        senses: gives what each sense did, by its name.
        sources: gives the ways in and out.
        models: gives what the calls of each model cost.
        privacy: gives what is open and what is kept.
        unloaded: gives the senses that are not loaded, each with why it could not be, or "".
    """

    now: Callable[[], float]
    senses: Callable[[], Mapping[str, SenseStatistics]]
    sources: Callable[[], Sequence[SourceStatus]]
    models: Callable[[], Sequence[ModelStatistics]] = model_statistics
    privacy: Callable[[], PrivacyStatus] = PrivacyStatus
    unloaded: Callable[[], Mapping[str, str]] = dict


async def _need_nothing(switches: Mapping[str, bool]) -> None:
    """Switch senses without loading any."""


class Controller:
    """The `Control` of the running device."""

    def __init__(
        self,
        store: SettingsStore,
        playback: Playback,
        tracks: Tracks,
        library: LibrarySession | None,
        views: Views,
        events: EventBus,
        prepare: Callable[[Mapping[str, bool]], Awaitable[None]] = _need_nothing,
    ) -> None:
        """Open the door.

        Args:
            store: has the settings, which a change goes to.
            playback: plays.
            tracks: goes on to another track.
            library: what the songs come from; None: they come from elsewhere.
            views: on everything else that is shown.
            events: passes on what happens; settings, sources and privacy are published here.
            prepare: loads the senses that are to be switched on; raises `NotNow` where one cannot be.
        """
        self._store = store
        self._playback = playback
        self._tracks = tracks
        self._library = library
        self._views = views
        self._events = events
        self._prepare = prepare
        store.subscribe(lambda settings: settings.music, self._publish_settings)

    def status(self) -> Status:
        """Return the device as it is now; see `Control.status`."""
        music, library = self._store.current.music, self._library
        notes = [self._store.note, library.note if library else ""]
        return device_status(
            t=self._views.now(),
            mood=self._playback.mood,
            senses=self._views.senses(),
            sources=self._views.sources(),
            music=music_status(
                self._playback.statistics(),
                self._playback.piece,
                self._playback.reasons,
                music,
                several=self._tracks.several,
                rating=library.rating if library else None,
                note=self._tracks.track_note,
            ),
            volume=music.volume,
            note="; ".join(note for note in notes if note),
            models=self._views.models(),
            privacy=self._views.privacy(),
            unloaded=self._views.unloaded(),
        )

    def events(self) -> AbstractAsyncContextManager[Subscription]:
        """Subscribe to what happens; see `Control.events`."""
        return self._events.subscribe()

    async def change(self, patch: DevicePatch, by: Actor) -> None:
        """Change what the device does, and remember it; see `Control.change`."""
        _check_rights(by)
        changes = patch.changes()
        await self._prepare(changes.get("senses", {}))
        self._store.change(changes, by)

    async def rate(self, rating: Rating, by: Actor) -> None:
        """Remember what the song that plays is worth, and go on from one that is not; see `Control.rate`."""
        _check_rights(by)
        if self._library is None:
            raise NotNow("What plays is no song of your library.")
        refuse_in_public(self._store.current.privacy)
        self._library.rate(rating)
        if rating == "disliked" and self._tracks.several:
            self._tracks.skip()

    async def next_track(self, by: Actor) -> None:
        """Go on to the next track; see `Control.next_track`."""
        _check_rights(by)
        if not self._tracks.several:
            raise NotNow("There is no other track to go on to.")
        self._tracks.skip()

    async def run(self) -> None:
        """Publish what happens to the ways in and out, until cancelled."""
        published, privacy = tuple(self._views.sources()), self._views.privacy()
        while True:
            await asyncio.sleep(LOOK_S)
            if (open_now := self._views.privacy()) != privacy:
                privacy = open_now
                self._events.publish(PrivacyChanged(privacy))
            sources = tuple(self._views.sources())
            if sources != published:
                published = sources
                self._events.publish(SourceChanged(sources))

    def _publish_settings(self, music: MusicSettings, by: Actor) -> None:
        self._events.publish(SettingsChanged(music, by))


def _check_rights(by: Actor) -> None:
    if not by.may_change:
        raise NotAllowed("Who may only look cannot change anything.")
