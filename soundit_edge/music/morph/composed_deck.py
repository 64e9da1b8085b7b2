"""A deck for music that is being composed: it needs no stretching, for it is written at the tempo and in the key."""

from __future__ import annotations

from soundit_edge.audio.format import Stereo
from soundit_edge.music.compose.composition import Composition
from soundit_edge.music.director.brief import CompositionBrief
from soundit_edge.music.director.target import NEUTRAL
from soundit_edge.music.morph.deck_protocol import OpenDeck, PlayingDeck
from soundit_edge.music.morph.quality import QualityLevel
from soundit_edge.music.score import Bar


class ComposedDeck:
    """Plays a composition. Tempo and key are those that the brief asks for; a ratio and a transposition come on top,
    from the next bars on."""

    def __init__(self, composition: Composition) -> None:
        """Go on where the composition is."""
        self._composition = composition
        self.resumable = False
        """Every composition is a new one."""
        self.tempo = NEUTRAL.tempo
        """The ratio that is asked for."""
        self.semitones = NEUTRAL.semitones
        """The transposition that is asked for."""
        self.rung = QualityLevel.FULL
        """What it may cost; there is nothing to leave out."""

    def begin_like(self, other: PlayingDeck) -> None:
        """Have the cost of another deck; its tempo and its key are of another piece."""
        self.rung = other.rung

    @property
    def bar(self) -> Bar | None:
        """Return the bar that is heard; None before the first."""
        return self._composition.bar

    def follow(self, brief: CompositionBrief) -> None:
        """Compose what a brief asks for from the next bars on."""
        self._composition.brief = brief

    def begin(self, tempo: float, semitones: float) -> None:
        """Have this tempo and key from the next bars on."""
        self.tempo = self._composition.tempo = tempo
        self.semitones = self._composition.semitones = semitones

    @property
    def bars(self) -> float:
        """How many bars have been played; its fraction is the place in the bar."""
        return self._composition.bars_before(0)

    def bars_before(self, samples: int) -> float:
        """The same, when the last so many `samples` had not been rendered yet."""
        return self._composition.bars_before(samples)

    def render(self, count: int, tempo: float, semitones: float) -> Stereo:
        """The next float32 [count, 2]."""
        self.begin(tempo, semitones)
        return self._composition.render(count)


def open_composition(composition: Composition) -> OpenDeck:
    """Return what opens a deck for a composition, which always begins where it is."""
    return lambda bars: ComposedDeck(composition)
