"""The description of a track that the rest of the device needs."""

from __future__ import annotations

from dataclasses import dataclass

from soundit_edge.music.analysis.key import NAMES


@dataclass(frozen=True, slots=True)
class TrackInfo:
    """A track without its samples.

    Attributes:
        title: the title to show.
        bpm: beats per minute at its own tempo; None: it has no beat.
        bar_s: length of a bar at its own tempo, in seconds.
        bars: bars in a round; 0 where that is not known, or where the music has no end.
        tonic: tonic of its key, in semitones above C; None where that is not known.
        mode: mode of its key, for example "minor".
        artist, album: from its tags, or "".
        has_picture: whether there is a picture in its file.
    """

    title: str
    bpm: float | None
    bar_s: float
    bars: int = 0
    tonic: int | None = None
    mode: str = ""
    artist: str = ""
    album: str = ""
    has_picture: bool = False

    def key(self, semitones: float = 0.0) -> str:
        """Return the key, transposed by `semitones`, for example "Eb minor"; "" where it is not known."""
        return "" if self.tonic is None else f"{NAMES[(self.tonic + round(semitones)) % 12]} {self.mode}"
