"""A play queue that plays a list of tracks in its order, again and again."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from soundit_edge.music.morph.decks import FADE_S
from soundit_edge.music.player.statistics import PlayerStatistics
from soundit_edge.music.track_info import TrackInfo

AHEAD_S: Final = 60.0
"""Seconds before the end of a track at which the next one begins to load: a track of an hour takes that long."""


class Playlist:
    """Tracks in their order, again and again. The first one plays from the start.

    Pure: it decides what to play, and the caller passes the decisions on to the player. A list of one track, or of
    none, never asks for another track: the engine loops a track by itself.
    """

    def __init__(self, tracks: Iterable[Path]) -> None:
        """Take the tracks in their order. A file that is named twice is played once a round."""
        self._tracks = list(dict.fromkeys(tracks))
        self._at = 0

    @property
    def current(self) -> Path | None:
        """Return the track that plays, or was last asked for; None where the list is empty, so the theme plays."""
        return self._tracks[self._at] if self._tracks else None

    @property
    def has_next(self) -> bool:
        """Return whether there is another track to play."""
        return len(self._tracks) > 1

    def skip(self) -> Path | None:
        """Move to the next track now, and return it for `Player.play`; None where there is no other track."""
        following = self._following()
        if following is not None:
            self._at = (self._at + 1) % len(self._tracks)
        return following

    def reject(self, track: Path) -> None:
        """Leave a track out from now on, because it cannot be loaded."""
        if track not in self._tracks:
            return
        # Where the rejected track was the current one, the track before it plays on and is the current one again.
        self._at -= self._tracks.index(track) <= self._at
        self._tracks.remove(track)
        self._at %= max(1, len(self._tracks))

    def upcoming(self, piece: TrackInfo, now: PlayerStatistics) -> Path | None:
        """Return the track to give to `Player.prepare` now that `piece` nears its end; None where it is too early."""
        return self._following() if left_s(piece, now) <= AHEAD_S else None

    def next_if_due(self, piece: TrackInfo, now: PlayerStatistics) -> Path | None:
        """Move to the next track if the present one nears its end, and return it for `Player.play`; else None.

        It is due in the bar before the last bar line from which a crossfade is over before the end. Call only while
        `Player.transitioning` is False.
        """
        return self.skip() if at_end(piece, now) else None

    def _following(self) -> Path | None:
        return self._tracks[(self._at + 1) % len(self._tracks)] if self.has_next else None


def at_end(piece: TrackInfo, now: PlayerStatistics) -> bool:
    """Return whether the crossfade to another track has to begin now to be over before the end of this one."""
    bar_s = piece.bar_s / now.in_force.tempo
    last_line = max(1, piece.bars - math.ceil(FADE_S / bar_s))
    return bool(piece.bars) and now.bars >= last_line - 1


def left_s(piece: TrackInfo, now: PlayerStatistics) -> float:
    """Return the seconds to the end of the present round at the present tempo; inf where its length is not known."""
    if not piece.bars:
        return math.inf
    return (piece.bars - now.bars) * piece.bar_s / now.in_force.tempo
