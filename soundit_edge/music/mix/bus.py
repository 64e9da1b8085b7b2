"""The bus that all parts of composed music go through: live and in files, the same samples.

Levels and places, early reflections, sides without lows, shelves, a compressor. All of it goes in blocks of its own, so
that the samples do not depend on how many are asked for at a time. The mono sum of the parts stays as it is but for the
reflections of the middle: nothing here delays one channel against the other.
"""

from __future__ import annotations

import heapq
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import BLOCK, CHANNELS, Stereo, amplitude
from soundit_edge.emotion import Emotion
from soundit_edge.music.ensemble import Ensemble
from soundit_edge.music.mix.balance import BALANCES, COMPUTED_AIR, COMPUTED_TRIMS_DB, PLACES, level_db
from soundit_edge.music.mix.compressor import Compressor
from soundit_edge.music.mix.filters import RAMP, Filters
from soundit_edge.music.mix.leveller import Leveller
from soundit_edge.music.mix.reflections import Reflections
from soundit_edge.music.score import Part
from soundit_edge.music.synth.synth import PARTS, ControlEvent, MixEvent, NoteEvent, StemSynth, pan_gains

_GLIDE: Final = 0.02  # of the way to another mood's mix that a block goes: half a second for two thirds
_CLOSE: Final = 1e-4
_ROWS: Final = 3  # the middle, the sides, and what is sent to the room

Settings = npt.NDArray[np.float32]
"""float32 [_ROWS * 2 * parts + 3]: what goes where, how much there is of the lows and of the air, and the last gain."""


@cache
def settings_of(emotion: Emotion, ensemble: Ensemble, sampled: bool) -> Settings:
    """Return the mix of a mood, for a synthesiser whose instruments are recordings or not."""
    balance, level = BALANCES[emotion], level_db(emotion, ensemble)
    matrix = np.zeros((_ROWS, len(PARTS), CHANNELS), dtype=np.float32)
    for k, part in enumerate(PARTS):
        place = PLACES[part]
        gain = amplitude(level + place.level_db)
        own, other = (1.0 + place.width) / 2, (1.0 - place.width) / 2
        left, right = pan_gains(place.pan)[:, np.newaxis] * np.sqrt(2.0) * gain * ((own, other), (other, own))
        matrix[:, k] = ((left + right) / 2, (left - right) / 2, (place.room * balance.room * gain / 2,) * CHANNELS)
    air, trim_db = balance.air, balance.trim_db
    if not sampled:
        air, trim_db = air * COMPUTED_AIR, trim_db + COMPUTED_TRIMS_DB.get(emotion, 0.0)
    return np.append(matrix, [balance.low, air, amplitude(trim_db)]).astype(np.float32)


class MixBus:
    """Mixes what a synthesiser plays; behind the contract of `Synth`."""

    def __init__(self, synth: StemSynth) -> None:
        """Take a new synthesiser's parts."""
        self.name = synth.name
        self._synth = synth
        self._due: list[tuple[int, int, MixEvent]] = []
        self._count = 0
        self._now = self._wanted = settings_of(Emotion.NEUTRAL, Ensemble.CHAMBER, synth.sampled)
        self._begun = False
        self._reflections = Reflections()
        self._filters = Filters(0.0, 0.0)
        self._leveller, self._compressor = Leveller(), Compressor()
        self._done = 0
        self._ready = np.zeros((0, CHANNELS), dtype=np.float32)

    def note_on(self, strike: NoteEvent) -> None:
        """Have a note played; see `Synth`."""
        self._synth.note_on(strike)

    def control(self, control: ControlEvent) -> None:
        """Have a controller moved; see `Synth`."""
        self._synth.control(control)

    def mix(self, event: MixEvent) -> None:
        """Have the music mixed for another mood; see `Synth`."""
        self._count += 1
        heapq.heappush(self._due, (event.start, self._count, event))

    def render(self, count: int) -> Stereo:
        """Return the next `count` samples, float32 [count, 2]."""
        pieces, there = [self._ready], len(self._ready)
        while there < count:
            pieces.append(self._block())
            there += BLOCK
        joined = np.concatenate(pieces)
        self._ready = joined[count:]
        return joined[:count]

    @property
    def power(self) -> float:
        """Return the mean power, without the lows, that came to the leveller in the latest block."""
        return self._filters.power

    def close(self) -> None:
        """Free what the synthesiser holds."""
        self._synth.close()

    def _block(self) -> Stereo:
        while self._due and self._due[0][0] < self._done + BLOCK:
            event = heapq.heappop(self._due)[2]
            self._wanted = settings_of(event.emotion, event.ensemble, self._synth.sampled)
            if not self._begun:
                self._now = self._wanted
            self._begun = True
        before, self._now = self._now, self._moved()
        stems = self._synth.render_parts().reshape(-1, BLOCK)
        self._done += BLOCK
        lines = _matrix(self._now) @ stems
        if before is not self._now:
            old = _matrix(before) @ stems
            lines = old + RAMP * (lines - old)
        low, air, trim = (float(value) for value in self._now[-3:])
        lines = self._filters.process(lines, low, air)
        both = lines[:2] + self._reflections.process(lines[2])
        both = self._compressor.process(self._leveller.process(both, self._filters.power))
        both *= np.float32(trim) if before is self._now else before[-1] + RAMP * (np.float32(trim) - before[-1])
        return np.stack([both[0] + both[1], both[0] - both[1]], axis=1)

    def _moved(self) -> Settings:
        """Return the settings a block's step nearer to those that are wanted."""
        if self._now is self._wanted:
            return self._now
        moved: Settings = self._now + np.float32(_GLIDE) * (self._wanted - self._now)
        return self._wanted if np.abs(self._wanted - moved).max() < _CLOSE else moved


def _matrix(settings: Settings) -> npt.NDArray[np.float32]:
    return settings[:-3].reshape(_ROWS, CHANNELS * len(PARTS))


assert set(PARTS) == set(Part)
