"""Music that is being composed while it plays, for whoever asks for a mood."""

from __future__ import annotations

from soundit_edge.audio.format import RATE, Stereo
from soundit_edge.music.compose.composer import Composer
from soundit_edge.music.compose.request import BarRequest
from soundit_edge.music.compose.sequencer import Sequencer
from soundit_edge.music.director.brief import NEUTRAL, CompositionBrief
from soundit_edge.music.ensemble import Ensemble
from soundit_edge.music.score import Bar
from soundit_edge.music.synth.synth import Synth


class Composition:
    """An endless piece. What is set counts for the bars that are not planned yet, and is heard two bars later.

    Attributes:
        brief: what the music should be like.
        tempo: ratio to the tempo that the brief asks for.
        semitones: transposition on top of the key, to the nearest whole one.
    """

    def __init__(self, seed: int, synth: Synth, ensemble: Ensemble | None = None) -> None:
        """Plan the first bars; `synth` has to be new. Without an `ensemble` the seed chooses one."""
        self.brief: CompositionBrief = NEUTRAL
        self.tempo = 1.0
        self.semitones = 0.0
        self._performance = Sequencer(Composer(seed, ensemble), synth, self._ask)

    def render(self, count: int) -> Stereo:
        """Return the next `count` samples, float32 [count, 2]."""
        return self._performance.render(count)

    @property
    def bar(self) -> Bar:
        """Return the bar that is heard."""
        return self._performance.bar

    def bars_before(self, samples: int) -> float:
        """Return how many bars had been rendered before the last `samples`; the fraction is the place in the bar."""
        return max(0.0, self._performance.bars - samples / (RATE * self.bar.bar_s))

    def _ask(self, t: float) -> BarRequest:
        return BarRequest(self.brief, tempo=self.tempo, semitones=round(self.semitones))
