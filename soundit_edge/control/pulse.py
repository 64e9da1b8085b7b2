"""The beat of what is heard, to the millisecond: for lights, pictures and programs that move with the music."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Pulse:
    """Where the music is at a moment, as it is heard: the speaker's latency is taken in.

    Attributes:
        at: the moment, in seconds of this machine's monotonic clock, `time.monotonic`.
        bars: bars of the piece that have been heard; the fraction is the place in the bar, a pick-up is below 0.
        bar_s: length of the present bar, in seconds, as heard.
        beats: beats in a bar; 0 where the piece has no beat.
        moving: whether the music goes on; it does not where it is paused or the speaker is gone.
        level_db: how loud it just was, dB below full scale; silence is -120.
    """

    at: float
    bars: float
    bar_s: float
    beats: int
    moving: bool
    level_db: float

    @property
    def bar(self) -> int:
        """Return the number of the bar, from 0."""
        return math.floor(self.bars)

    @property
    def beat(self) -> int:
        """Return the number of the beat in its bar, from 0; 0 where there is no beat."""
        return math.floor((self.bars - self.bar) * self.beats)

    @property
    def phase(self) -> float:
        """Return the place in the beat, 0 to below 1; in the bar, where there is no beat."""
        return (self.bars - self.bar) * max(1, self.beats) % 1.0

    @property
    def bpm(self) -> float | None:
        """Return beats per minute as heard; None where there is no beat."""
        return 60.0 * self.beats / self.bar_s if self.beats else None

    @property
    def next_beat_at(self) -> float | None:
        """Return when the next beat is heard, as `at`; None where there is no beat or the music stands still."""
        if not self.beats or not self.moving:
            return None
        return self.at + (1.0 - self.phase) * self.bar_s / self.beats

    def as_of(self, moment: float) -> Pulse:
        """Return the pulse of a moment near to `at`, in the same seconds: the music is taken to go on as it does."""
        if not self.moving:
            return replace(self, at=moment)
        return replace(self, at=moment, bars=self.bars + (moment - self.at) / self.bar_s)
