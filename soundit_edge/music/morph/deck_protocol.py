"""What everything that makes music can do: `Decks` cross-fade any two that speak this, and know no more of them."""

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
        tempo: ratio to its piece's own tempo.
        semitones: transposition of its piece.
        rung: what rendering may cost.
        resumable: whether it can begin in the middle of its piece, where another process left it.
    """

    tempo: float
    semitones: float
    rung: QualityLevel
    resumable: bool

    @property
    def bars(self) -> float:
        """Return how many bars have been rendered; the fraction is the place in the bar."""
        ...

    @property
    def bar(self) -> Bar | None:
        """Return the bar that is heard of what is composed; None for a finished piece."""
        ...

    def bars_before(self, samples: int) -> float:
        """Return `bars` as it was before the last `samples` were rendered."""
        ...

    def follow(self, brief: CompositionBrief) -> None:
        """Take in what should be composed from the next bars on; a finished piece stays as it is."""
        ...

    def begin(self, tempo: float, semitones: float) -> None:
        """Have this tempo and key from the first sample on; before any is rendered."""
        ...

    def begin_like(self, other: PlayingDeck) -> None:
        """Have as much of another deck's tempo, key and cost as makes sense, before the first sample is rendered."""
        ...

    def render(self, count: int, tempo: float, semitones: float) -> Stereo:
        """Return the next float32 [count, 2] on the way to that tempo, and from the next bar on in that key."""
        ...


OpenDeck = Callable[[float | None], PlayingDeck]
"""Opens a deck at a bar: 0.0 is its first bar line, None its very beginning with the pick-up."""
