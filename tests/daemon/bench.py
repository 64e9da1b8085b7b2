"""The device's deciding parts on a bench: real store, playback and controller, without senses, sound and page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from soundit_edge.control.claim import ClaimControl
from soundit_edge.control.events import EventBus
from soundit_edge.control.safe_mode import SafeModeControl
from soundit_edge.control.status import IntegrationStatus, PrivacyStatus, SourceStatus
from soundit_edge.daemon.controller import Controller, Views
from soundit_edge.daemon.music.choice import MusicChoice
from soundit_edge.daemon.music.opened import OpenedMusic
from soundit_edge.daemon.music.sources import MusicSources
from soundit_edge.daemon.playback import Playback
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.emotion import Emotion, Mood, expected_affect, one_hot
from soundit_edge.music.library.recommend.session import LibrarySession
from soundit_edge.music.player.programme import programme_of
from soundit_edge.music.source import ComposedSource, MusicSource
from soundit_edge.music.track_info import TrackInfo
from soundit_edge.settings import Settings
from tests.fakes.clock import ManualClock
from tests.fakes.player import FakePlayer, FakeTracks

PIECE = TrackInfo("First light", 96.0, 2.5, 64)


class Bench:
    """A device whose room feels what a test says.

    Attributes:
        emotion, strength: what the room feels.
        sources: the ways in and out.
        integrations: what it is connected with.
        privacy: what is open of them.
    """

    def __init__(
        self,
        path: Path,
        settings: Settings | None = None,
        *,
        composes: bool = False,
        several: bool = False,
        library: LibrarySession | None = None,
        claim: ClaimControl | None = None,
        safe_mode: SafeModeControl | None = None,
        now: Callable[[], float] | None = None,
    ) -> None:
        self.clock = ManualClock(10.0)
        self._now = now or self.clock.now
        self.emotion, self.strength = Emotion.NEUTRAL, 1.0
        self.sources = [SourceStatus(role="speaker", name="spk", state="on")]
        self.integrations = (IntegrationStatus(name="hub", title="Home hub", state="on", since_s=3.0),)
        self.privacy = PrivacyStatus()
        self.player = FakePlayer(PIECE)
        self.tracks = FakeTracks(several)
        self.bus = EventBus()
        self.store = SettingsStore(settings or Settings(), path)
        if composes:
            self.player.heard = ComposedSource(1)
        source = MusicSource.LIBRARY if library else MusicSource.COMPOSE if composes else MusicSource.THEME
        opened = OpenedMusic(MusicChoice(source), programme_of(source), library, {})
        self.tracks.programme = opened.programme
        self.music = MusicSources(opened, self.tracks, self.store, self.mood)
        self.playback = Playback(self.player, self.mood, self.store, self.bus, lambda: self.music.library)
        views = Views(self._now, dict, lambda: self.sources, lambda: self.integrations, privacy=lambda: self.privacy)
        self.controller = Controller(
            self.store, self.playback, self.tracks, self.music, views, self.bus, claim=claim, safe_mode=safe_mode
        )

    def mood(self) -> Mood:
        probabilities = one_hot(self.emotion, self.strength)
        return Mood(self._now(), self.emotion, probabilities, expected_affect(probabilities), max(probabilities))

    def run(self, seconds: float) -> None:
        """Let the device work for so long."""
        for _ in range(round(seconds * 10)):
            self.clock.advance(0.1)
            self.playback.step()
