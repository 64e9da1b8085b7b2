"""The device behind its one door: checks what is asked for, does it, and says what happened."""

from __future__ import annotations

import asyncio
import datetime
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

from soundit_edge.control.actor import Actor, Kind
from soundit_edge.control.claim import ClaimControl
from soundit_edge.control.control import Rating
from soundit_edge.control.events import EventBus, PrivacyChanged, SettingsChanged, SourceChanged, Subscription
from soundit_edge.control.patch import DevicePatch, patch_of
from soundit_edge.control.privacy import refuse_in_public
from soundit_edge.control.pulse import Pulse
from soundit_edge.control.refusals import InvalidChange, NotAllowed, NotNow
from soundit_edge.control.safe_mode import SafeModeControl
from soundit_edge.control.status import IntegrationStatus, OverrideStatus, PrivacyStatus, SourceStatus, Status
from soundit_edge.control.update_status import UpdateStatus
from soundit_edge.daemon.music.choice import MusicChoice
from soundit_edge.daemon.music.opened import playable_song
from soundit_edge.daemon.music.sources import MusicSources
from soundit_edge.daemon.playback import Playback
from soundit_edge.daemon.schedule.holds import holds_at
from soundit_edge.daemon.schedule.wall import local_time
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.daemon.status import device_status, music_status
from soundit_edge.inference.statistics import ModelStatistics, model_statistics
from soundit_edge.music.source import MusicSource
from soundit_edge.perception.perceiver import SenseStatistics
from soundit_edge.settings import MusicSettings
from soundit_edge.text import presentable

log = logging.getLogger(__name__)

LOOK_S: Final = 0.2
"""How often the ways in and out are looked at."""
MAX_SILENT_S: Final = 1.0
"""The music stands still where the audio process has said nothing for longer than that."""
_CHOSEN: Final[Mapping[MusicSource, str]] = {
    MusicSource.THEME: "the theme",
    MusicSource.COMPOSE: "music that is composed for the room",
    MusicSource.LIBRARY: "songs of the library",
}


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
        integrations: gives what the device is connected with, and what it could be.
        models: gives what the calls of each model cost.
        local_time: gives the time of day in a time zone, "" for this computer's own.
        privacy: gives what is open and what is kept.
        unloaded: gives the senses that are not loaded, each with why it could not be, or "".
        update: gives the model set in use, and whether a better one is there.
        note: what the user should know of this start, such as that it is in safe mode, or "".
        disk: gives what the user should know of the disks, or "".
    """

    now: Callable[[], float]
    senses: Callable[[], Mapping[str, SenseStatistics]]
    sources: Callable[[], Sequence[SourceStatus]]
    integrations: Callable[[], Sequence[IntegrationStatus]] = tuple
    models: Callable[[], Sequence[ModelStatistics]] = model_statistics
    local_time: Callable[[str], datetime.datetime] = local_time
    privacy: Callable[[], PrivacyStatus] = PrivacyStatus
    unloaded: Callable[[], Mapping[str, str]] = dict
    update: Callable[[], UpdateStatus] = UpdateStatus
    note: str = ""
    disk: Callable[[], str] = str


async def _need_nothing(switches: Mapping[str, bool]) -> None:
    """Switch senses without loading any."""


class Controller:
    """The `Control` of the running device."""

    def __init__(
        self,
        store: SettingsStore,
        playback: Playback,
        tracks: Tracks,
        sources: MusicSources,
        views: Views,
        events: EventBus,
        prepare: Callable[[Mapping[str, bool]], Awaitable[None]] = _need_nothing,
        claim: ClaimControl | None = None,
        safe_mode: SafeModeControl | None = None,
    ) -> None:
        """Open the door.

        Args:
            store: has the settings, which a change goes to.
            playback: plays.
            tracks: goes on to another track.
            sources: goes over from one source of music to another.
            views: on everything else that is shown.
            events: passes on what happens; settings, sources and privacy are published here.
            prepare: loads the senses that are to be switched on; raises `NotNow` where one cannot be.
            claim: of the page; None: there is none to claim.
            safe_mode: starts the device again; None: nothing does.
        """
        self._store = store
        self._playback = playback
        self._tracks = tracks
        self._sources = sources
        self._views = views
        self._events = events
        self._prepare = prepare
        self._claim = claim
        self._safe_mode = safe_mode
        store.subscribe(lambda settings: settings.music, self._publish_settings)

    def status(self) -> Status:
        """Return the device as it is now; see `Control.status`."""
        settings, playback, library = self._store.current, self._playback, self._sources.library
        music, schedule = settings.music, settings.schedule
        views, kept = self._views, library.note if library else ""
        notes = [views.note, views.disk(), self._store.note, self._sources.note, kept]
        asked = playback.asked
        return device_status(
            t=self._views.now(),
            mood=playback.mood,
            senses=self._views.senses(),
            sources=self._views.sources(),
            integrations=self._views.integrations(),
            music=music_status(
                playback.statistics(),
                playback.piece,
                self.pulse(),
                playback.reasons,
                music,
                several=self._tracks.several,
                source=self._sources.source,
                of_file=playback.heard_file is not None,
                art=self._art(),
                paused=playback.paused,
                rating=library.rating if library else None,
                note=self._tracks.track_note,
            ),
            volume=music.volume,
            override=OverrideStatus(emotion=asked.emotion, until_s=asked.until_s) if asked else None,
            note="; ".join(note for note in notes if note),
            models=self._views.models(),
            room=settings.device.room,
            schedule=holds_at(schedule, self._views.local_time(schedule.time_zone)).words,
            scene=settings.kiosk.scene,
            welcomed=settings.page.welcomed,
            privacy=self._views.privacy(),
            unloaded=self._views.unloaded(),
            update=self._views.update(),
            claim=self._claim.claim_state if self._claim else "claimed",
            safe_mode=self._safe_mode.safe_mode if self._safe_mode else None,
        )

    def pulse(self) -> Pulse:
        """Return where the music is at this moment; see `Control.pulse`."""
        now, pulse = time.monotonic(), self._playback.pulse()
        if now - pulse.at > MAX_SILENT_S:
            pulse = replace(pulse, moving=False)
        return pulse.as_of(now)

    def events(self) -> AbstractAsyncContextManager[Subscription]:
        """Subscribe to what happens; see `Control.events`."""
        return self._events.subscribe()

    async def change(self, patch: DevicePatch, by: Actor) -> None:
        """Change what the device does, and remember it; see `Control.change`."""
        _check_rights(by)
        patch = patch_of(patch.model_dump(exclude_unset=True))  # also one that was made past its own checks
        asked, changes = patch.model_fields_set, patch.changes()
        if {"play", "track"} <= asked:
            raise InvalidChange("Choose either a song or where the music comes from, not both.")
        if "track" in asked:
            changes = changes | await self._choose_track(patch.track, changes.get("music", {}), by)
        if "play" in asked:
            source = MusicSource(patch.play)
            if await self._sources.choose(MusicChoice(source)):
                self._playback.note(f"{by.subject} chose {_CHOSEN[source]}")
        await self._prepare(changes.get("senses", {}))
        self._store.change(changes, by)
        if "paused" in asked:
            self._playback.pause(patch.paused)
        if "mood" in asked:
            if patch.mood is None:
                self._playback.end_asked(by)
            else:
                self._playback.ask_for(patch.mood.emotion, patch.mood.minutes, by)

    async def play_song(self, number: int, by: Actor) -> None:
        """Play a song of the library, and songs for the room after it; see `Control.play_song`."""
        _check_rights(by)
        await self._sources.choose_song(number)
        self._store.change({"music": {"play": MusicSource.LIBRARY.value, "track": ""}}, by)
        self._playback.pause(False)

    async def rate(self, rating: Rating, by: Actor) -> None:
        """Remember what the song that plays is worth, and go on from one that is not; see `Control.rate`."""
        _check_rights(by)
        if self._sources.library is None:
            raise NotNow("What plays is no song of your library.")
        refuse_in_public(self._store.current.privacy)
        self._sources.library.rate(rating)
        if rating == "disliked" and self._tracks.several:
            self._tracks.skip()

    async def next_track(self, by: Actor) -> None:
        """Go on to the next track; see `Control.next_track`."""
        _check_rights(by)
        if not self._tracks.several:
            raise NotNow("There is no other track to go on to.")
        self._tracks.skip()

    async def set_safe_mode(self, on: bool, by: Actor) -> None:
        """Start the device again, in safe mode or out of it; see `Control.set_safe_mode`."""
        if not by.may_configure:
            raise NotAllowed("This is for the admin.")
        if self._safe_mode is None:
            raise NotNow("Nothing would start this device again: safe mode is for one that its system starts.")
        self._safe_mode.set_safe_mode(on)

    async def open_claim(self, by: Actor) -> None:
        """Let the device be claimed without a code for a while; see `Control.open_claim`."""
        self._claim_for(by).open_claim()

    async def reset_claim(self, by: Actor) -> None:
        """Forget all users; see `Control.reset_claim`."""
        await self._claim_for(by).reset_claim()
        log.warning("the claim was reset at the device: all users, sessions and tokens are removed")

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

    def _claim_for(self, by: Actor) -> ClaimControl:
        if by.kind is not Kind.PANEL:
            raise NotAllowed("This is for whoever stands before the device.")
        if self._claim is None:
            raise NotNow("This device has no page that could be claimed.")
        return self._claim

    async def _choose_track(self, number: int, music: Mapping[str, object], by: Actor) -> dict[str, object]:
        """Go over to one song of the library, and return what the settings have to remember of it."""
        song = await asyncio.to_thread(playable_song, number)
        if await self._sources.choose(MusicChoice(MusicSource.TRACKS, (Path(song.path),))):
            self._playback.note(f"{by.subject} chose {presentable(song.title)}")
        return {"music": {**music, "play": MusicSource.THEME.value, "track": song.path}}

    def _art(self) -> str | None:
        """Return where the page finds the picture of what is heard."""
        file = self._playback.heard_file
        number = None if file is None else self._sources.number_of(file)
        return f"/api/art/{number}" if number is not None and self._playback.piece.has_picture else None

    def _publish_settings(self, music: MusicSettings, by: Actor) -> None:
        self._events.publish(SettingsChanged(music, by))


def _check_rights(by: Actor) -> None:
    if not by.may_change:
        raise NotAllowed("Who may only look cannot change anything.")
