"""A player that plays nothing, and says what a test wants."""

from __future__ import annotations

from soundit_edge.music.director.brief import NEUTRAL as NEUTRAL_BRIEF
from soundit_edge.music.director.brief import CompositionBrief
from soundit_edge.music.director.target import NEUTRAL, MusicTarget
from soundit_edge.music.player.programme import Programme, programme_of
from soundit_edge.music.player.statistics import PlayerStatistics
from soundit_edge.music.source import MusicSource, PieceSource
from soundit_edge.music.track_info import TrackInfo


class FakePlayer:
    """Takes note of what it is set to.

    Attributes:
        piece, heard, now: what it says of itself; change them at any time.
        target, brief, volume, paused: what it was set to last.
    """

    def __init__(self, piece: TrackInfo | None = None) -> None:
        self.piece = piece
        self.heard: PieceSource | None = None
        self.now = PlayerStatistics()
        self.target = NEUTRAL
        self.brief = NEUTRAL_BRIEF
        self.volume: float | None = None
        self.paused = False

    def statistics(self) -> PlayerStatistics:
        return self.now

    def set(self, target: MusicTarget, brief: CompositionBrief = NEUTRAL_BRIEF) -> None:
        self.target, self.brief = target, brief

    def set_volume(self, volume: float) -> None:
        self.volume = volume

    def set_paused(self, paused: bool) -> None:
        self.paused = paused


class FakeTracks:
    """Counts how often it went on to the next track, and keeps the programmes that it went over to."""

    def __init__(self, several: bool = False) -> None:
        self.several = several
        self.track_note = ""
        self.skipped = 0
        self.programme = programme_of(MusicSource.THEME)
        self.programmes: list[Programme] = []

    def skip(self) -> None:
        self.skipped += 1

    def change(self, programme: Programme) -> None:
        self.programme = programme
        self.programmes.append(programme)
