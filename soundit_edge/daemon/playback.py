"""The heart of the device: the room's mood directs the music, ten times a second, and why is put into words."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from soundit_edge.control.actor import Actor
from soundit_edge.control.events import EventBus, MoodChanged, ReasonGiven, TrackChanged
from soundit_edge.control.pulse import Pulse
from soundit_edge.control.status import MoodStatus, ReasonStatus
from soundit_edge.daemon.music.steered import Steered
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.emotion import Emotion, Mood
from soundit_edge.journal.discretion import PERSONAL
from soundit_edge.music.director.asked import AskedMood
from soundit_edge.music.director.controls import MusicControls
from soundit_edge.music.director.director import Direction, Director
from soundit_edge.music.director.mapping import PRESETS
from soundit_edge.music.director.policy import Policy, destination_emotion
from soundit_edge.music.director.reason_log import Reason, ReasonLog
from soundit_edge.music.director.target import NEUTRAL, STEP_S
from soundit_edge.music.library.recommend.session import LibrarySession
from soundit_edge.music.morph.quality import UNHEARD, QualityLevel
from soundit_edge.music.player.narrator import ComposerNarrator, heard_bar
from soundit_edge.music.player.playlist import left_s
from soundit_edge.music.player.statistics import PlayerStatistics
from soundit_edge.music.source import ComposedSource, FileSource
from soundit_edge.music.track_info import TrackInfo
from soundit_edge.settings import MusicSettings

log = logging.getLogger(__name__)

NO_TRACK: Final = TrackInfo("", 120.0, 2.0)
"""Until the player has something to play."""
COMPOSERS_OWN: Final[Mapping[str, float]] = MappingProxyType({"tempo": NEUTRAL.tempo, "semitones": NEUTRAL.semitones})
"""What a composer has in its own hands: it follows the brief, and nothing comes on top but a lock."""


def pulse_of(now: PlayerStatistics, bar_s: float) -> Pulse:
    """Return where the music is by what the audio process has published.

    Args:
        now: that.
        bar_s: length of a bar where the music stands still, in seconds.
    """
    return Pulse(
        at=now.heard_at,
        bars=now.heard_bars,
        bar_s=1.0 / now.bars_per_s if now.bars_per_s else bar_s,
        beats=now.beats,
        moving=now.bars_per_s > 0.0 and not now.lost,
        level_db=now.rms_db,
    )


class Playback:
    """Mood to director to player. What the music's settings are, it follows."""

    def __init__(
        self,
        player: Steered,
        mood: Callable[[], Mood],
        store: SettingsStore,
        events: EventBus,
        library: Callable[[], LibrarySession | None] = lambda: None,
    ) -> None:
        """Begin where the player is.

        Args:
            player: plays.
            mood: gives the room's mood of the moment.
            store: has the settings of the music.
            events: passes on moods, tracks and reasons.
            library: gives what chooses the songs; None: they come from elsewhere.
        """
        self._player = player
        self._look = mood
        self._events = events
        self._library = library
        self._led: LibrarySession | None = None  # what chooses by the present choice
        self.paused = False
        """Whether the music stands still; `pause` changes it."""
        self.asked: AskedMood | None = None
        """The mood that is played in place of the room's; `ask_for` and `end_asked` change it."""
        self._composes = isinstance(player.heard, ComposedSource)
        self._store = store
        self.mood = mood()
        """The room's mood, at the latest step."""
        self._music = store.current.music
        self._choice = choice = self._choice_now()
        fixed = COMPOSERS_OWN if self._composes else {}
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

    @property
    def heard_file(self) -> Path | None:
        """Return the file of what is heard; None where it is no file."""
        heard = self._player.heard
        return heard.path if isinstance(heard, FileSource) else None

    def statistics(self) -> PlayerStatistics:
        """Return the newest moment of the audio process."""
        return self._player.statistics()

    def pulse(self) -> Pulse:
        """Return where the music is at the newest moment that the audio process has published."""
        now = self._player.statistics()
        return pulse_of(now, 0.0 if now.bars_per_s else self.piece.bar_s / now.in_force.tempo)

    async def run(self) -> None:
        """Step until cancelled; what was heard since the last step is looked at in the end."""
        try:
            while True:
                self.step()
                await asyncio.sleep(STEP_S)
        finally:
            self._step_library()

    def step(self) -> None:
        """Look at the room and set the music, or leave it where it is while it is paused."""
        self.mood = mood = self._look()
        if self.asked and mood.t >= self.asked.until_s:
            self.asked = None
            self._choose("")
        piece = self.piece
        self._follow_heard()
        if self.paused:
            self._director.wait(mood.t)
        else:
            self._direct(mood, piece)
            self._step_library()
        self._publish(piece)

    def _direct(self, mood: Mood, piece: TrackInfo) -> None:
        now = self._player.statistics()
        self._director.bar_s = piece.bar_s  # of what is heard
        self._director.unheard = UNHEARD[QualityLevel(now.quality)]
        direction = self._director.step(mood)
        self._player.set(direction.target, direction.brief)
        self._note_direction(direction)
        if bar := heard_bar(now):
            leads_to = None if self.asked else destination_emotion(self._choice.policy, mood.emotion)
            if words := self._narrator.step(mood.t, bar, mood.emotion, leads_to):
                self.note(words)

    def pause(self, paused: bool) -> None:
        """Have the music stand still from now on, or go on from where it stands."""
        self.paused = paused
        self._player.set_paused(paused)

    def ask_for(self, emotion: Emotion, minutes: int, by: Actor) -> None:
        """Play a mood in place of the room's, for some minutes."""
        self.asked = AskedMood(emotion, minutes, self.mood.t + 60.0 * minutes, by.subject)
        self._choose(by.subject)

    def end_asked(self, by: Actor) -> None:
        """Let the room lead again."""
        self.asked = None
        self._choose(by.subject)

    def note(self, words: str) -> None:
        """Note why the music changes now."""
        self._note(self.mood.t, words)

    def _follow_heard(self) -> None:
        """Leave to a composer what is a composer's, from when composed music is heard."""
        composes = isinstance(self._player.heard, ComposedSource)
        if composes == self._composes:
            return
        self._composes = composes
        self._narrator = ComposerNarrator()
        self._choose("you")
        self._director.fix(COMPOSERS_OWN if composes else {})

    def _step_library(self) -> None:
        """Let the library see what is heard, and choose for the room."""
        library = self._library()
        if library is None:
            return
        if library is not self._led:
            self._lead(library)
        piece = self._player.piece
        left = None if piece is None else left_s(piece, self._player.statistics())
        mood = self.asked.mood_at(self.mood) if self.asked else self.mood
        for words in library.step(mood, self.heard_file, left):
            self.note(words)

    def _note_direction(self, direction: Direction) -> None:
        """Note the director's reason; while the room is still turning, it mends the same sentence again and again."""
        before, t, words = self._directed, direction.reason_t, direction.reason
        if not words or (before and (before.t, before.words) == (t, words)):
            return
        self._directed = self._note(t, words, before if before and before.t == t else None)

    def _note(self, t: float, words: str, instead_of: Reason | None = None) -> Reason:
        if not self._store.current.privacy.public_place:  # the log would be a history of the moods
            log.info("%s", words, extra=PERSONAL)
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
        self._music = music
        self._player.set_volume(music.audible_volume)
        self._choose(by.subject)

    def _choose(self, who: str) -> None:
        """Direct the music by what is chosen now, where that is not what was chosen before."""
        before, self._choice = self._choice, self._choice_now()
        if self._choice == before:
            return
        self._director.choose(self._choice, who)
        if library := self._library():
            self._lead(library)

    def _lead(self, library: LibrarySession) -> None:
        """Have the library choose songs as the director directs them."""
        self._led = library
        library.follow(Policy.FOLLOW if self.asked else self._choice.policy, self._choice.preset)

    def _choice_now(self) -> MusicControls:
        music = self._music
        locks = music.lock.chosen()
        if self._composes and "semitones" in locks:
            locks["semitones"] = float(round(locks["semitones"]))  # a composer writes no quarter tones
        return MusicControls(Policy(music.policy), PRESETS[music.preset], locks, self.asked)
