"""The device behind its one door: checks what is asked for, does it, and says what happened."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Final, Protocol

from soundit_edge.control.actor import Actor
from soundit_edge.control.control import Rating
from soundit_edge.control.events import EventBus, SettingsChanged, SourceChanged, Subscription
from soundit_edge.control.patch import DevicePatch
from soundit_edge.control.refusals import NotAllowed, NotNow
from soundit_edge.control.status import SourceStatus, Status
from soundit_edge.daemon.playback import Playback
from soundit_edge.daemon.schedule.holds import holds_at
from soundit_edge.daemon.schedule.wall import local_time
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
        local_time: gives the time of day in a time zone, "" for this computer's own.
    """

    now: Callable[[], float]
    senses: Callable[[], Mapping[str, SenseStatistics]]
    sources: Callable[[], Sequence[SourceStatus]]
    models: Callable[[], Sequence[ModelStatistics]] = model_statistics
    local_time: Callable[[str], datetime.datetime] = local_time


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
    ) -> None:
        """Open the door.

        Args:
            store: has the settings, which a change goes to.
            playback: plays.
            tracks: goes on to another track.
            library: what the songs come from; None: they come from elsewhere.
            views: on everything else that is shown.
            events: passes on what happens; settings and sources are published here.
        """
        self._store = store
        self._playback = playback
        self._tracks = tracks
        self._library = library
        self._views = views
        self._events = events
        store.subscribe(lambda settings: settings.music, self._publish_settings)

    def status(self) -> Status:
        """Return the device as it is now; see `Control.status`."""
        settings, library = self._store.current, self._library
        music, schedule = settings.music, settings.schedule
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
            room=settings.device.room,
            schedule=holds_at(schedule, self._views.local_time(schedule.time_zone)).words,
            welcomed=settings.page.welcomed,
        )

    def events(self) -> AbstractAsyncContextManager[Subscription]:
        """Subscribe to what happens; see `Control.events`."""
        return self._events.subscribe()

    async def change(self, patch: DevicePatch, by: Actor) -> None:
        """Change what the device does, and remember it; see `Control.change`."""
        _check_rights(by)
        self._store.change(patch.changes(), by)

    async def rate(self, rating: Rating, by: Actor) -> None:
        """Remember what the song that plays is worth, and go on from one that is not; see `Control.rate`."""
        _check_rights(by)
        if self._library is None:
            raise NotNow("What plays is no song of your library.")
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
        published = tuple(self._views.sources())
        while True:
            await asyncio.sleep(LOOK_S)
            sources = tuple(self._views.sources())
            if sources != published:
                published = sources
                self._events.publish(SourceChanged(sources))

    def _publish_settings(self, music: MusicSettings, by: Actor) -> None:
        self._events.publish(SettingsChanged(music, by))


def _check_rights(by: Actor) -> None:
    if not by.may_change:
        raise NotAllowed("Who may only look cannot change anything.")
