"""The history of the room's mood: a day as numbers, the older the coarser. No picture, no sound and no word is in it.

The moments of this run are counted by a steady clock and become times of day only when somebody looks, by what the
clock on the wall says then: a clock that is set meanwhile (a small computer learns the time from the network after it
has started) moves them all, and their order stays.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from soundit_edge.emotion import EMOTIONS, Emotion, Mood

FINE_S: Final = 10.0
"""Seconds of a mean of the latest hour."""
FINE_FOR_S: Final = 3_600.0
COARSE_S: Final = 60.0
"""Seconds of a mean of the hours before."""
KEPT_S: Final = 86_400.0
"""Seconds that are remembered."""
MAX_MEANS: Final = int(KEPT_S / COARSE_S + 2 * FINE_FOR_S / FINE_S) + 8
"""Means of a whole day: those of the latest hour of this run and of an earlier one are fine, and some are cut short."""
MAX_MARKS: Final = 400
"""Reasons and tracks that are remembered."""
MAX_WORDS: Final = 200
"""Characters of one of them."""

MarkKind = Literal["reason", "track"]


@dataclass(frozen=True, slots=True)
class ClockReading:
    """One moment by two clocks.

    Attributes:
        steady_s: by one that never jumps, and goes on while the computer sleeps.
        wall_s: seconds since 1970, as the computer believes.
    """

    steady_s: float
    wall_s: float


@dataclass(frozen=True, slots=True)
class MeanMood:
    """The mean of some moods that followed each other.

    Attributes:
        t: when the first of them was.
        valence, arousal, confidence: their means.
        counts: how many of them had each emotion as their headline, in the order of `EMOTIONS`; one at least.
    """

    t: float
    valence: float
    arousal: float
    confidence: float
    counts: tuple[int, ...]

    @property
    def count(self) -> int:
        """Return how many moods it is the mean of."""
        return sum(self.counts)

    @property
    def emotion(self) -> Emotion:
        """Return the emotion that was the headline for the longest."""
        return EMOTIONS[self.counts.index(max(self.counts))]

    def joined(self, later: MeanMood) -> MeanMood:
        """Return the mean of this one and a later one."""
        share = later.count / (self.count + later.count)
        return MeanMood(
            self.t,
            self.valence + share * (later.valence - self.valence),
            self.arousal + share * (later.arousal - self.arousal),
            self.confidence + share * (later.confidence - self.confidence),
            tuple(a + b for a, b in zip(self.counts, later.counts, strict=True)),
        )


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened to the music at the moment `t`: why it changed, or which track began, in words."""

    t: float
    kind: MarkKind
    words: str


@dataclass(frozen=True, slots=True)
class MoodRecord:
    """A history as it is shown and kept: means and marks in the order of time, at seconds since 1970."""

    means: Sequence[MeanMood] = ()
    marks: Sequence[Mark] = ()


@dataclass(slots=True)
class _Means:
    """Means in the order of time, thinned as they grow old."""

    fine: deque[MeanMood] = field(default_factory=deque)
    coarse: deque[MeanMood] = field(default_factory=deque)

    def add(self, mood: MeanMood) -> None:
        if not _join(self.fine, mood, FINE_S):
            while self.fine and self.fine[0].t < mood.t - FINE_FOR_S:
                _join(self.coarse, self.fine.popleft(), COARSE_S)
            while self.coarse and self.coarse[0].t < mood.t - KEPT_S:
                self.coarse.popleft()

    def __iter__(self) -> Iterator[MeanMood]:
        yield from self.coarse
        yield from self.fine


class MoodHistory:
    """What the room felt in the last day. Pure: the same moods and moments give the same history."""

    def __init__(self, earlier: MoodRecord | None = None) -> None:
        """Go on from what an earlier run has kept."""
        self._earlier = _Means()
        self._earlier_marks: Sequence[Mark] = ()
        if earlier:
            self._earlier_marks = sorted(earlier.marks, key=lambda mark: mark.t)
            for mean in sorted(earlier.means, key=lambda mean: mean.t):
                self._earlier.add(mean)
        self._means = _Means()
        self._marks: deque[Mark] = deque(maxlen=MAX_MARKS)

    def add(self, now: ClockReading, mood: Mood) -> None:
        """Add the mood of this moment; moments come in the order of the steady clock, about one a second."""
        counts = tuple(int(emotion is mood.emotion) for emotion in EMOTIONS)
        self._means.add(MeanMood(now.steady_s, mood.affect.valence, mood.affect.arousal, mood.confidence, counts))

    def mark(self, now: ClockReading, kind: MarkKind, words: str, *, mends: bool = False) -> None:
        """Add what happened to the music.

        Args:
            now: when.
            kind: of what happened.
            words: what happened; the rest of a long text is left out.
            mends: whether it says better what the latest mark of this kind has said, in whose place it comes.
        """
        mark = Mark(now.steady_s, kind, words[:MAX_WORDS])
        if mends:
            for place in range(len(self._marks) - 1, -1, -1):
                if self._marks[place].kind == kind:
                    self._marks[place] = replace(mark, t=self._marks[place].t)
                    return
        self._marks.append(mark)

    def erase(self) -> None:
        """Forget everything."""
        self._earlier, self._earlier_marks, self._means = _Means(), (), _Means()
        self._marks.clear()

    def record(self, now: ClockReading, seconds: float = KEPT_S) -> MoodRecord:
        """Return the latest seconds, at the times of day by the clock of this moment."""
        since, ahead = now.wall_s - seconds, now.wall_s - now.steady_s
        own = [replace(mean, t=mean.t + ahead) for mean in self._means]
        own_marks = [replace(mark, t=mark.t + ahead) for mark in self._marks]
        begin = min([now.wall_s, *(mean.t for mean in own[:1]), *(mark.t for mark in own_marks[:1])])
        # An earlier run that seems to lie in the future had another clock: it ended before this one began.
        earlier = list(self._earlier)
        ends = [*(mean.t for mean in earlier), *(mark.t for mark in self._earlier_marks)]
        back = min(0.0, begin - max(ends, default=begin))
        means = [replace(mean, t=mean.t + back) for mean in earlier] + own
        marks = [replace(mark, t=mark.t + back) for mark in self._earlier_marks] + own_marks
        return MoodRecord(
            [mean for mean in means if mean.t >= since][-MAX_MEANS:],
            [mark for mark in marks if mark.t >= since][-MAX_MARKS:],
        )


def _join(means: deque[MeanMood], mean: MeanMood, seconds: float) -> bool:
    """Add a mean to the last one of the same `seconds`, or behind it; return whether there was one."""
    if means and means[-1].t // seconds == mean.t // seconds:
        means[-1] = means[-1].joined(mean)
        return True
    means.append(mean)
    return False
