"""The heart of the device: the room's mood directs the music, ten times a second, and why is put into words."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, Protocol

from soundit_edge.control.actor import Actor
from soundit_edge.control.events import EventBus, MoodChanged, ReasonGiven, TrackChanged
from soundit_edge.control.status import MoodStatus, ReasonStatus
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.emotion import Mood
from soundit_edge.music.director.brief import CompositionBrief
from soundit_edge.music.director.controls import MusicControls
from soundit_edge.music.director.director import Direction, Director
from soundit_edge.music.director.mapping import PRESETS
from soundit_edge.music.director.policy import Policy, destination_emotion
from soundit_edge.music.director.reason_log import Reason, ReasonLog
from soundit_edge.music.director.target import NEUTRAL, STEP_S, MusicTarget
from soundit_edge.music.library.recommend.session import LibrarySession
from soundit_edge.music.morph.quality import UNHEARD, QualityLevel
from soundit_edge.music.player.narrator import ComposerNarrator, heard_bar
from soundit_edge.music.player.playlist import left_s
from soundit_edge.music.player.statistics import PlayerStatistics
from soundit_edge.music.track_info import TrackInfo
from soundit_edge.settings import MusicSettings

log = logging.getLogger(__name__)

NO_TRACK: Final = TrackInfo("", 120.0, 2.0)
"""Until the player has something to play."""
COMPOSERS_OWN: Final[Mapping[str, float]] = MappingProxyType({"tempo": NEUTRAL.tempo, "semitones": NEUTRAL.semitones})
"""What a composer has in its own hands: it follows the brief, and nothing comes on top but a lock."""


class Steered(Protocol):
    """What is directed: the player, as far as it is needed here."""

    @property
    def piece(self) -> TrackInfo | None:
        """Return what is heard; None: nothing yet."""

    @property
    def current_path(self) -> Path | None:
        """Return the file of what is heard; None where it is no file."""

    def statistics(self) -> PlayerStatistics:
        """Return the newest moment of the audio process."""

    def set(self, target: MusicTarget, brief: CompositionBrief = ...) -> None:
        """Set out for a target, and compose what a brief asks for."""

    def set_volume(self, volume: float) -> None:
        """Set out for a volume, 0 to 1."""


class Playback:
    """Mood to director to player. What the music's settings are, it follows."""

    def __init__(
        self,
        player: Steered,
        mood: Callable[[], Mood],
        store: SettingsStore,
        events: EventBus,
        *,
        composes: bool = False,
        library: LibrarySession | None = None,
    ) -> None:
        """Begin where the player is.

        Args:
            player: plays.
            mood: gives the room's mood of the moment.
            store: has the settings of the music.
            events: passes on moods, tracks and reasons.
            composes: whether music is played that is composed for the room.
            library: chooses the songs; None: there is none.
        """
        self._player = player
        self._look = mood
        self._events = events
        self._composes = composes
        self._library = library
        self._store = store
        self.mood = mood()
        """The room's mood, at the latest step."""
        self._choice = choice = self._choice_of(store.current.music)
        fixed = COMPOSERS_OWN if composes else {}
        self._director = Director(self.piece.bar_s, choice.policy, choice.preset, choice.locks, fixed)
        self._narrator = ComposerNarrator()
        self._history = ReasonLog()
        self._directed: Reason | None = None  # the latest that the director gave
        self._emotion = self.mood.emotion  # and the title: as they were published
        self._title = self.piece.title
        store.subscribe(lambda settings: settings.music, self._follow)

    @property
    def piece(self) -> TrackInfo:
        """Return what is heard."""
        return self._player.piece or NO_TRACK

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Return the latest reasons why the music changed, the newest first."""
        return self._history.reasons

    def statistics(self) -> PlayerStatistics:
        """Return the newest moment of the audio process."""
        return self._player.statistics()

    async def run(self, alive: Callable[[], None]) -> None:
        """Step until cancelled, and say so each time; what was heard since the last step is looked at in the end."""
        try:
            while True:
                self.step()
                alive()
                await asyncio.sleep(STEP_S)
        finally:
            self._step_library()

    def step(self) -> None:
        """Look at the room and set the music."""
        self.mood = mood = self._look()
        now, piece = self._player.statistics(), self.piece
        self._director.bar_s = piece.bar_s  # of what is heard
        self._director.unheard = UNHEARD[QualityLevel(now.quality)]
        direction = self._director.step(mood)
        self._player.set(direction.target, direction.brief)
        self._note_direction(direction)
        if bar := heard_bar(now):
            leads_to = destination_emotion(self._choice.policy, mood.emotion)
            if words := self._narrator.step(mood.t, bar, mood.emotion, leads_to):
                self._note(mood.t, words)
        self._step_library()
        self._publish(piece)

    def _step_library(self) -> None:
        """Let the library see what is heard, and choose for the room."""
        if self._library is None:
            return
        piece = self._player.piece
        left = None if piece is None else left_s(piece, self._player.statistics())
        for words in self._library.step(self.mood, self._player.current_path, left):
            self._note(self.mood.t, words)

    def _note_direction(self, direction: Direction) -> None:
        """Note the director's reason; while the room is still turning, it mends the same sentence again and again."""
        before, t, words = self._directed, direction.reason_t, direction.reason
        if not words or (before and (before.t, before.words) == (t, words)):
            return
        self._directed = self._note(t, words, before if before and before.t == t else None)

    def _note(self, t: float, words: str, instead_of: Reason | None = None) -> Reason:
        if not self._store.current.privacy.public_place:  # the log would be a history of the moods
            log.info("%s", words)
        self._events.publish(ReasonGiven(ReasonStatus(t=t, words=words)))
        return self._history.add(t, words, instead_of)

    def _publish(self, piece: TrackInfo) -> None:
        """Publish the mood and the title where they have changed since the last step."""
        if self.mood.emotion is not self._emotion:
            self._emotion = self.mood.emotion
            self._events.publish(MoodChanged(MoodStatus.of(self.mood)))
        if piece.title != self._title:
            self._title = piece.title
            self._events.publish(TrackChanged(piece.title))

    def _follow(self, music: MusicSettings, by: Actor) -> None:
        """Do what the settings say from now on."""
        self._player.set_volume(0.0 if music.muted else music.volume)
        before, self._choice = self._choice, self._choice_of(music)
        if self._choice == before:
            return
        self._director.choose(self._choice, by.subject)
        if self._library:
            self._library.follow(self._choice.policy, self._choice.preset)

    def _choice_of(self, music: MusicSettings) -> MusicControls:
        locks = music.lock.chosen()
        if self._composes and "semitones" in locks:
            locks["semitones"] = float(round(locks["semitones"]))  # a composer writes no quarter tones
        return MusicControls(Policy(music.policy), PRESETS[music.preset], locks)
