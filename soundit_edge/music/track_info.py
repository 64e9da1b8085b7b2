"""What the rest of the device needs to know of the track that is played."""

from __future__ import annotations

from dataclasses import dataclass

from soundit_edge.music.analysis.key import NAMES


@dataclass(frozen=True, slots=True)
class TrackInfo:
    """A track without its samples.

    Attributes:
        title: what to call it.
        bpm: beats per minute at its own tempo; None: it has no beat.
        bar_s: length of a bar at its own tempo, in seconds.
        bars: to a round of it; 0 where that is not known, or it has no end.
        tonic: of its key, semitones above C; None where that is not known.
        mode: of its key, such as "minor".
    """

    title: str
    bpm: float | None
    bar_s: float
    bars: int = 0
    tonic: int | None = None
    mode: str = ""

    def key(self, semitones: float = 0.0) -> str:
        """What key it is in, transposed so far, such as "Eb minor"; "" where that is not known."""
        return "" if self.tonic is None else f"{NAMES[(self.tonic + round(semitones)) % 12]} {self.mode}"
