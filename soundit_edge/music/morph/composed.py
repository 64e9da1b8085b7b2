"""A deck for music that is being composed: it needs no stretching, for it is written at the tempo and in the key."""

from __future__ import annotations

from soundit_edge.music.compose.composition import Composition
from soundit_edge.music.format import Stereo
from soundit_edge.music.morph.ladder import Rung
from soundit_edge.music.morph.pace import Pace
from soundit_edge.music.target import NEUTRAL


class ComposedDeck:
    """Plays a composition. Tempo and key are those that the brief asks for; a ratio and a transposition come on top,
    from the next bars on."""

    def __init__(self, composition: Composition) -> None:
        """Go on where the composition is."""
        self.track = composition
        self.tempo = NEUTRAL.tempo
        """The ratio that is asked for."""
        self.semitones = NEUTRAL.semitones
        """The transposition that is asked for."""
        self.rung = Rung.FULL
        """What it may cost; there is nothing to leave out."""

    def begin_like(self, other: Pace) -> None:
        """Have the cost of another deck; its tempo and its key are of another piece."""
        self.rung = other.rung

    def begin(self, tempo: float, semitones: float) -> None:
        """Have this tempo and key from the next bars on."""
        self.tempo = self.track.tempo = tempo
        self.semitones = self.track.semitones = semitones

    @property
    def bars(self) -> float:
        """How many bars have been played; its fraction is the place in the bar."""
        return self.track.bars_before(0)

    def bars_before(self, samples: int) -> float:
        """The same, when the last so many `samples` had not been rendered yet."""
        return self.track.bars_before(samples)

    def render(self, count: int, tempo: float, semitones: float) -> Stereo:
        """The next float32 [count, 2]."""
        self.begin(tempo, semitones)
        return self.track.render(count)
