"""What somebody wants to hear: where the music is to come from."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from soundit_edge.music.source import MusicSource
from soundit_edge.settings import MusicSettings


@dataclass(frozen=True, slots=True)
class MusicChoice:
    """What somebody wants to hear.

    Attributes:
        source: where the music is to come from.
        tracks: sound files, where it is `MusicSource.TRACKS`.
    """

    source: MusicSource
    tracks: tuple[Path, ...] = ()


def choice_of(music: MusicSettings) -> MusicChoice:
    """Return what the settings choose: a sound file takes the place of the theme."""
    source = MusicSource(music.play)
    if source is MusicSource.THEME and music.track:
        return MusicChoice(MusicSource.TRACKS, (Path(os.path.expanduser(music.track)),))
    return MusicChoice(source)
