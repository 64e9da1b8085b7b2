"""The interface of everything that decides which track comes next."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from soundit_edge.music.player.statistics import PlayerStatistics
from soundit_edge.music.track_info import TrackInfo


class PlayQueue(Protocol):
    """Decides what to play; the caller passes the decisions on to the `Player`."""

    @property
    def current(self) -> Path | None:
        """Return the track that plays, or was last asked for; None where there is none."""

    @property
    def has_next(self) -> bool:
        """Return whether there is another track to play."""

    def skip(self) -> Path | None:
        """Move to the next track now, and return it for `Player.play`; None where there is no other track."""

    def reject(self, track: Path) -> None:
        """Leave a track out from now on, because it cannot be loaded."""

    def upcoming(self, piece: TrackInfo, now: PlayerStatistics) -> Path | None:
        """Return the track to give to `Player.prepare` while `piece` plays; None where it is too early.

        Args:
            piece: the track that plays.
            now: the newest statistics of the player.
        """

    def next_if_due(self, piece: TrackInfo, now: PlayerStatistics) -> Path | None:
        """Move to the next track if it is time, and return it for `Player.play`; None where it is too early.

        Call only while `Player.transitioning` is False.

        Args:
            piece: the track that plays.
            now: the newest statistics of the player.
        """
