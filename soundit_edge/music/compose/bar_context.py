"""What every part of a bar needs to know of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soundit_edge.music.compose.expression import Expression
from soundit_edge.music.compose.form.phrase import Phrase
from soundit_edge.music.compose.harmony import Chord
from soundit_edge.music.compose.idiom import Idiom
from soundit_edge.music.compose.metre import Metre
from soundit_edge.music.compose.modes import Mode


@dataclass(frozen=True, slots=True)
class Span:
    """A chord as long as it lasts within a bar.

    Attributes:
        start: where in the bar it begins, in beats.
        end: where it ends.
        chord: its tones.
        bass: MIDI pitch of the bass under it.
        suspended: whether its third is held back by the fourth.
        fresh: whether it begins here, and does not go on from the bar before.
    """

    start: float
    end: float
    chord: Chord
    bass: int
    suspended: bool = False
    fresh: bool = True

    @property
    def length(self) -> float:
        """Return how many beats it lasts within the bar."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class BarContext:
    """Where a bar stands.

    Attributes:
        mode: of the phrase.
        tonic: semitones above C, 0 to 11.
        metre: of the bar.
        spans: the chords of the bar, in order of time, without a gap.
        expression: how it goes.
        idiom: how the music of its mood is written.
        phrase: that it belongs to.
        place: in its phrase, 0 is the first.
        random: draws what is left open.
        closing: whether the piece is coming to its end.
    """

    mode: Mode
    tonic: int
    metre: Metre
    spans: tuple[Span, ...]
    expression: Expression
    idiom: Idiom
    phrase: Phrase
    place: int
    random: np.random.Generator
    closing: bool = False

    @property
    def beats(self) -> int:
        """Return the beats of the bar."""
        return self.metre.beats

    @property
    def last(self) -> bool:
        """Return whether the bar is the last of its phrase."""
        return self.place >= self.phrase.bars - 1

    def span_at(self, beat: float) -> Span:
        """Return the chord that sounds at a beat."""
        return next((span for span in reversed(self.spans) if span.start <= beat + 1e-6), self.spans[0])

    def velocity(self, level: float = 1.0) -> float:
        """Return the velocity of a note before it is performed: the force of the mood times `level`."""
        return min(1.0, max(0.02, self.expression.dynamics * level))

    def held(self, beats: float) -> float:
        """Return how many beats a note sounds that begins `beats` before the next one."""
        return max(0.08, beats * self.expression.articulation)
