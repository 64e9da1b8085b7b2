"""The protocol of a deck: `Decks` crossfades any two objects that have it, and knows nothing else of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from soundit_edge.audio.format import Stereo
from soundit_edge.music.director.brief import CompositionBrief
from soundit_edge.music.morph.quality import QualityLevel
from soundit_edge.music.score import Bar


class PlayingDeck(Protocol):
    """A source of endless music with bar lines.

    Attributes:
        tempo: ratio to the own tempo of its piece.
        semitones: transposition of its piece.
        quality: the quality level at which it renders.
        resumable: whether it can begin in the middle of its piece, where another process has left it.
    """

    tempo: float
    semitones: float
    quality: QualityLevel
    resumable: bool

    @property
    def bars(self) -> float:
        """Return how many bars have been rendered; the fraction is the place in the bar."""
        ...

    @property
    def beats(self) -> int:
        """Return how many beats a bar has; 0 where the piece has no beat."""
        ...

    @property
    def bar(self) -> Bar | None:
        """Return the bar that is heard of composed music; None for a track."""
        ...

    def bars_before(self, samples: int) -> float:
        """Return `bars` as it was before the last `samples` were rendered."""
        ...

    def follow(self, brief: CompositionBrief) -> None:
        """Compose what a brief asks for from the next bars on; a track ignores it."""
        ...

    def begin(self, tempo: float, semitones: float) -> None:
        """Start with this tempo ratio and transposition. Call it before the first sample is rendered."""
        ...

    def begin_like(self, other: PlayingDeck) -> None:
        """Take over as much of another deck's tempo ratio, transposition and quality level as makes sense.

        Call it before the first sample is rendered.
        """
        ...

    def render(self, count: int, tempo: float, semitones: float) -> Stereo:
        """Return the next float32 [count, 2] on the way to that tempo, and from the next bar on in that key."""
        ...


OpenDeck = Callable[[float | None], PlayingDeck]
"""Opens a deck at a bar: 0.0 is its first bar line, None its beginning with the pick-up."""
