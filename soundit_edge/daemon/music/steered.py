"""What the heart of the device directs."""

from __future__ import annotations

from typing import Protocol

from soundit_edge.music.director.brief import CompositionBrief
from soundit_edge.music.director.target import MusicTarget
from soundit_edge.music.player.statistics import PlayerStatistics
from soundit_edge.music.source import PieceSource
from soundit_edge.music.track_info import TrackInfo


class Steered(Protocol):
    """What is directed: the player, as far as it is needed here."""

    @property
    def piece(self) -> TrackInfo | None:
        """Return what is heard; None: nothing yet."""

    @property
    def heard(self) -> PieceSource | None:
        """Return what the piece that is heard is made from; None: nothing yet."""

    def statistics(self) -> PlayerStatistics:
        """Return the newest moment of the audio process."""

    def set(self, target: MusicTarget, brief: CompositionBrief = ...) -> None:
        """Set out for a target, and compose what a brief asks for."""

    def set_volume(self, volume: float) -> None:
        """Set out for a volume, 0 to 1."""

    def set_paused(self, paused: bool) -> None:
        """Have the music stand still, or go on."""
