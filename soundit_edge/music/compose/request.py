"""What the composer is asked for, bar by bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from soundit_edge.music.director.brief import CompositionBrief

RING_S: Final = 3.0
"""Seconds that the last chord rings after its bar, fading."""


@dataclass(frozen=True, slots=True)
class BarRequest:
    """What is asked of one bar.

    Attributes:
        brief: what it shall be like.
        bar_s: its length in seconds, where somebody has to have it (a film, whose cuts are bar lines); None: as the
            tempo has it.
        section: begin a new section, in the brief's own mode and tempo at once (a cut).
        turn: begin a new section in the brief's own mode, as `section` does, but over a bridge: the mood turns within
            a scene.
        onward: begin the next phrase of the form, however many bars this one has left.
        fullness: who plays and how much, 0 (one part, held) to 1 (everybody); see `form.fullness`.
        speech: somebody speaks meanwhile; see `parts.underscore`.
        tempo: ratio to the tempo of the brief.
        semitones: transposition, on top of the key of the piece.
        close: come to an end: this bar leads home, and the next one is the last.
    """

    brief: CompositionBrief
    bar_s: float | None = None
    section: bool = False
    tempo: float = 1.0
    semitones: int = 0
    close: bool = False
    turn: bool = False
    onward: bool = False
    fullness: float = 1.0
    speech: bool = False
