"""What plays from now on: where the music comes from, and which track follows which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from soundit_edge.music.ensemble import Ensemble
from soundit_edge.music.player.play_queue import PlayQueue
from soundit_edge.music.player.playlist import Playlist
from soundit_edge.music.source import MusicSource, PieceSource, first_piece


@dataclass(frozen=True, slots=True)
class Programme:
    """Music from one source.

    Attributes:
        source: where the music comes from.
        seed: of the theme, or of what is composed.
        queue: of sound files; empty where the source has none.
        ensemble: who plays what is composed; None: whom the seed chooses.
    """

    source: MusicSource
    seed: int
    queue: PlayQueue
    ensemble: Ensemble | None = None

    @property
    def piece(self) -> PieceSource:
        """Return what is to be heard, until the queue goes on."""
        return first_piece(self.source, self.seed, self.queue.current, self.ensemble)


def programme_of(
    source: MusicSource, tracks: Iterable[Path] = (), seed: int = 1, ensemble: Ensemble | None = None
) -> Programme:
    """Return a programme that does not depend on the mood.

    Args:
        source: any but the library.
        tracks: sound files, in the order in which they are played again and again.
        seed: of the theme, or of what is composed.
        ensemble: who plays what is composed; None: whom the seed chooses.
    """
    return Programme(source, seed, Playlist(tracks), ensemble)
