"""Which of several tracks comes next, and when."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from soundit_edge.music.morph.decks import FADE_S
from soundit_edge.music.player.statistics import PlayerStatistics
from soundit_edge.music.track_info import TrackInfo

AHEAD_S: Final = 60.0
"""The next track is made ready so long before the end of the present one: one of an hour takes that long."""


class Playlist:
    """Tracks in their order, round and round. The first one plays from the start on.

    Pure: it says what to do, and the caller tells the player. A list of one track, or of none, never asks for another:
    a track goes round by itself.
    """

    def __init__(self, tracks: Iterable[Path]) -> None:
        """Play these. A file that is named twice is played once a round."""
        self._tracks = list(dict.fromkeys(tracks))
        self._at = 0

    @property
    def current(self) -> Path | None:
        """The track that plays, or was last asked for; None: there is none, so the theme plays."""
        return self._tracks[self._at] if self._tracks else None

    @property
    def has_next(self) -> bool:
        """Whether there is another track to go on to."""
        return len(self._tracks) > 1

    def skip(self) -> Path | None:
        """Go on to the next track now, and give it, for `Player.play`; None where there is no other one."""
        following = self._following()
        if following is not None:
            self._at = (self._at + 1) % len(self._tracks)
        return following

    def reject(self, track: Path) -> None:
        """Leave a track out from now on: it cannot be loaded."""
        if track not in self._tracks:
            return
        # One that was gone on to leaves its place to the one before it, which plays on.
        self._at -= self._tracks.index(track) <= self._at
        self._tracks.remove(track)
        self._at %= max(1, len(self._tracks))

    def upcoming(self, piece: TrackInfo, now: PlayerStatistics) -> Path | None:
        """What `Player.prepare` should be given, now that `piece` nears its end; None: nothing yet."""
        return self._following() if left_s(piece, now) <= AHEAD_S else None

    def next_if_due(self, piece: TrackInfo, now: PlayerStatistics) -> Path | None:
        """Go on to the next track if the present one has come to its end: what `Player.play` should be given, or None.

        It is due in the bar before the last bar line from which a fade to the next track is over before the end. Ask
        only while `Player.going` is False.
        """
        return self.skip() if at_end(piece, now) else None

    def _following(self) -> Path | None:
        return self._tracks[(self._at + 1) % len(self._tracks)] if self.has_next else None


def at_end(piece: TrackInfo, now: PlayerStatistics) -> bool:
    """Whether it is time to go on to another track so that the fade is over before the end of this one."""
    bar_s = piece.bar_s / now.in_force.tempo
    last_line = max(1, piece.bars - math.ceil(FADE_S / bar_s))
    return bool(piece.bars) and now.bars >= last_line - 1


def left_s(piece: TrackInfo, now: PlayerStatistics) -> float:
    """Seconds to the end of the present round at the present tempo; infinite where its length is not known."""
    if not piece.bars:
        return math.inf
    return (piece.bars - now.bars) * piece.bar_s / now.in_force.tempo
