"""Which track comes next: what every way of choosing has in common."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from soundit_edge.music.player.statistics import PlayerStatistics
from soundit_edge.music.track_info import TrackInfo


class PlayQueue(Protocol):
    """Says what to play; the caller tells the player."""

    @property
    def current(self) -> Path | None:
        """The track that plays, or was last asked for; None: there is none."""

    @property
    def has_next(self) -> bool:
        """Whether there is another track to go on to."""

    def skip(self) -> Path | None:
        """Go on to the next track now, and give it, for `Player.play`; None where there is no other one."""

    def reject(self, track: Path) -> None:
        """Leave a track out from now on: it cannot be loaded."""

    def upcoming(self, piece: TrackInfo, now: PlayerStatistics) -> Path | None:
        """What `Player.prepare` should be given, now that `piece` plays; None: nothing yet."""

    def next_if_due(self, piece: TrackInfo, now: PlayerStatistics) -> Path | None:
        """Go on to the next track if it is time: what `Player.play` should be given, or None.

        Ask only while `Player.going` is False.
        """
