"""A deck for music that is composed while it plays, at the tempo and in the key that it needs, without stretching."""

from __future__ import annotations

from soundit_edge.audio.format import Stereo
from soundit_edge.music.compose.composition import Composition
from soundit_edge.music.director.brief import CompositionBrief
from soundit_edge.music.director.target import NEUTRAL
from soundit_edge.music.morph.deck_protocol import OpenDeck, PlayingDeck
from soundit_edge.music.morph.quality import QualityLevel
from soundit_edge.music.score import Bar


class ComposedDeck:
    """Plays a composition in the tempo and the key of its brief; a tempo ratio and a transposition are applied to them
    from the next bars on."""

    def __init__(self, composition: Composition) -> None:
        """Continue the composition from where it is."""
        self._composition = composition
        self.resumable = False
        """False, since every composition is a new one."""
        self.tempo = NEUTRAL.tempo
        """The ratio that is asked for."""
        self.semitones = NEUTRAL.semitones
        """The transposition that is asked for."""
        self.quality = QualityLevel.FULL
        """The quality level; a composition is rendered alike at all of them."""

    def begin_like(self, other: PlayingDeck) -> None:
        """Take over the quality level of another deck; the tempo and the key of that deck belong to another piece."""
        self.quality = other.quality

    @property
    def bar(self) -> Bar | None:
        """Return the bar that is heard; None before the first."""
        return self._composition.bar

    def follow(self, brief: CompositionBrief) -> None:
        """Compose what a brief asks for from the next bars on."""
        self._composition.brief = brief

    def begin(self, tempo: float, semitones: float) -> None:
        """Apply a tempo ratio and a transposition from the next bars on."""
        self.tempo = self._composition.tempo = tempo
        self.semitones = self._composition.semitones = semitones

    @property
    def bars(self) -> float:
        """Return how many bars have been rendered; the fraction is the place in the bar."""
        return self._composition.bars_before(0)

    @property
    def beats(self) -> int:
        """Return how many beats the bar has that is heard."""
        return self._composition.bar.beats_per_bar

    def bars_before(self, samples: int) -> float:
        """Return `bars` as it was before the last `samples` were rendered."""
        return self._composition.bars_before(samples)

    def render(self, count: int, tempo: float, semitones: float) -> Stereo:
        """Return the next float32 [count, 2], with that tempo ratio and transposition from the next bars on."""
        self.begin(tempo, semitones)
        return self._composition.render(count)


def open_composition(composition: Composition) -> OpenDeck:
    """Return a function that opens a deck for a composition, whatever the bar: a composition goes only forward."""
    return lambda bars: ComposedDeck(composition)
