"""Where music comes from: what the user has chosen, and what one piece of it is made from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from soundit_edge.music.ensemble import Ensemble


class MusicSource(StrEnum):
    """What the device plays, by the name that options and settings have for it."""

    THEME = "theme"
    COMPOSE = "compose"
    LIBRARY = "library"
    TRACKS = "tracks"


@dataclass(frozen=True, slots=True)
class ThemeSource:
    """The theme of a seed."""

    seed: int

    def __str__(self) -> str:
        return "the theme"


@dataclass(frozen=True, slots=True)
class ComposedSource:
    """Endless music of a seed, written while it plays, for an ensemble or for whom the seed chooses."""

    seed: int
    ensemble: Ensemble | None = None

    def __str__(self) -> str:
        return "the composed music"


@dataclass(frozen=True, slots=True)
class FileSource:
    """A sound file."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)


LoadedSource = ThemeSource | FileSource
"""What a piece can be made from that is whole before it plays."""
PieceSource = LoadedSource | ComposedSource
"""What a piece can be made from."""


def first_piece(source: MusicSource, seed: int, track: Path | None, ensemble: Ensemble | None = None) -> PieceSource:
    """Return what begins.

    Args:
        source: what is played.
        seed: of the theme, or of what is composed.
        track: the first sound file, where there is one.
        ensemble: who plays what is composed; None: whom the seed chooses.
    """
    if source is MusicSource.COMPOSE:
        return ComposedSource(seed, ensemble)
    return ThemeSource(seed) if track is None else FileSource(track)
