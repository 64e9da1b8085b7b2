"""What the user corrects of a song by hand: its mood and its tempo, kept apart from what scans and imports find."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from soundit_edge import paths
from soundit_edge.emotion import AFFECT, Affect, Emotion
from soundit_edge.errors import SounditError
from soundit_edge.music.library.database import Library

log = logging.getLogger(__name__)

MIN_BPM: Final = 30.0
MAX_BPM: Final = 300.0


@dataclass(frozen=True, slots=True)
class MoodByHand:
    """The mood of a song as its user hears it.

    Attributes:
        affect: its place in the plane.
        emotion: the emotion that was named, where one was.
    """

    affect: Affect
    emotion: Emotion | None = None

    @classmethod
    def named(cls, emotion: Emotion) -> MoodByHand:
        """Return the mood of an emotion."""
        return cls(AFFECT[emotion], emotion)


def correct_mood(library: Library, song: int, mood: MoodByHand | None) -> None:
    """Let a mood count for a song in place of what was found; None: what was found counts again."""
    emotion = str(mood.emotion) if mood and mood.emotion else None
    affect = (mood.affect.valence, mood.affect.arousal) if mood else (None, None)
    library.connection.execute(
        "INSERT INTO corrections (song, emotion, valence, arousal) VALUES (?, ?, ?, ?) ON CONFLICT(song) DO UPDATE "
        "SET emotion = excluded.emotion, valence = excluded.valence, arousal = excluded.arousal",
        (song, emotion, *affect),
    )


def correct_tempo(library: Library, song: int, bpm: float | None) -> None:
    """Let a tempo count for a song in place of what was found; None: what was found counts again.

    Raises:
        ValueError: it is not from `MIN_BPM` to `MAX_BPM`.
    """
    if bpm is not None and not MIN_BPM <= bpm <= MAX_BPM:
        raise ValueError(f"a tempo is {MIN_BPM:.0f} to {MAX_BPM:.0f} beats per minute, not {bpm:.0f}")
    library.connection.execute(
        "INSERT INTO corrections (song, bpm) VALUES (?, ?) ON CONFLICT(song) DO UPDATE SET bpm = excluded.bpm",
        (song, bpm),
    )


def tempo_by_hand(path: Path) -> float | None:
    """Return the tempo that the user corrected for a sound file, in beats per minute; None where they did not.

    A library that cannot be read is no reason not to play a file: then there is no correction.
    """
    try:
        file = paths.library_file()
        if not file.is_file():
            return None
        with Library.open(file, write=False) as library:
            row = library.connection.execute(
                "SELECT c.bpm FROM songs JOIN corrections AS c ON c.song = songs.id WHERE path = ? ORDER BY missing",
                (os.path.abspath(path),),
            ).fetchone()
    except (SounditError, UnicodeEncodeError) as error:
        log.warning("the tempo is taken as it was found: %s", error)
        return None
    return None if row is None else row[0]
