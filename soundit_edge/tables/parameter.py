"""What a parameter of the music is: its range, its unit, how its steps are heard, and the words for people."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum


class Scale(StrEnum):
    """How steps of a parameter are heard: as differences, or as ratios (frequencies and times)."""

    LINEAR = "linear"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class Gauge:
    """How the page shows a parameter while a mood moves it: a word for its value, and a dial where it has one.

    Attributes:
        words: from low to high, one more than `bounds`.
        bounds: the highest value of each word but the last, in the parameter's unit.
        label: what stands above it, such as "Space"; the parameter's title where none is given.
        figure: the words around its figure, such as "from {}"; not for a dial, which has the figure in its middle.
        beside: what stands behind that, such as "{wet} wet"; a name in braces is that parameter's figure.
        dial: the values at the two ends of its dial; None: it has no dial.
        scale: how the dial is divided.
        from_middle: whether the dial is filled from its middle and not from its low end.
    """

    words: tuple[str, ...]
    bounds: tuple[float, ...]
    label: str = ""
    figure: str = "{}"
    beside: str = ""
    dial: tuple[float, float] | None = None
    scale: Scale = Scale.LINEAR
    from_middle: bool = False


def slew(now: float, want: float, max_step: float) -> float:
    """Return `now`, moved towards `want` by `max_step` (0 or more) at most."""
    return min(now + max_step, max(now - max_step, want))


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of the music.

    Attributes:
        name: its name in `MusicTarget`, settings and JSON.
        title: its name for people, for example "Brightness".
        help: the meaning of its values, for settings and page.
        unit: "ratio" (to the track's own), "semitones", "Hz", "s", "dB" or "share" (0 to 1); another one is shown as
            it is written here.
        low, high: the range of the engine; the director stays well within it.
        neutral: the value at which the track sounds as it is.
        steps: the number of steps of a slider from low to high.
        digits: decimals of its figure, where it is in seconds.
        noun: its name in a sentence, for example "key"; where empty, the title in small letters.
        scale: how its steps are heard.
        slider: the scale of a slider, where it differs.
        max_step: the largest change in one block of the engine, a difference or, on a log scale, a ratio; infinite
            where the sound source itself makes the change smooth.
        notable: the smallest change that a reason mentions, a difference or, on a log scale, a ratio; None: no change
            is mentioned.
        present: the value from which an effect counts as on, where only its start and its end are mentioned.
        more, less: words for a change upwards (or the start) and downwards (or the end).
        gauge: how the page shows it while a mood moves it; None: only as a slider, or beside another parameter.
    """

    name: str
    title: str
    help: str
    unit: str
    low: float
    high: float
    neutral: float
    steps: int = 100
    digits: int = 1
    noun: str = ""
    scale: Scale = Scale.LINEAR
    slider: Scale | None = None
    max_step: float = math.inf
    notable: float | None = None
    present: float | None = None
    more: str = ""
    less: str = ""
    gauge: Gauge | None = None

    def distance(self, a: float, b: float) -> float:
        """Return the audible distance from `a` to `b`: their difference, or the binary logarithm of their ratio."""
        return math.log2(b / a) if self.scale is Scale.LOG else b - a

    @property
    def notable_distance(self) -> float:
        """Return `notable` as a distance; infinite where no change is mentioned."""
        if self.notable is None:
            return math.inf
        return math.log2(self.notable) if self.scale is Scale.LOG else self.notable

    def interpolate(self, a: float, b: float, share: float) -> float:
        """Return the value that lies `share` (0 to 1) of the way from `a` to `b`, within the range."""
        value = a * (b / a) ** share if self.scale is Scale.LOG else a + share * (b - a)
        return self.clamp(value)  # rounding may exceed the range

    def approach(self, now: float, want: float) -> float:
        """Return `now`, moved towards `want` by `max_step` at most."""
        if self.scale is Scale.LOG:
            return min(now * self.max_step, max(now / self.max_step, want))
        return slew(now, want, self.max_step)

    def clamp(self, value: float) -> float:
        """Return the nearest value in the range."""
        return min(self.high, max(self.low, value))

    def words(self, now: float, goal: float) -> str:
        """Return the word for a change from `now` to `goal`, for example "brighter"; "" where it is not notable."""
        if self.present is not None:
            was, will_be = now >= self.present, goal >= self.present
            return "" if was == will_be else self.more if will_be else self.less
        distance = self.distance(now, goal)
        return "" if abs(distance) < self.notable_distance else self.more if distance > 0 else self.less
