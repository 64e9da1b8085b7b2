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


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of the music.

    Attributes:
        name: as in `MusicTarget`, settings and JSON.
        title: for people, such as "Brightness".
        help: what its values mean, for settings and page.
        unit: "ratio" (to the track's own), "semitones", "Hz", "s", "dB" or "share" (0 to 1); another one is shown as
            it is written here.
        low, high: what the engine can do; the director stays well inside.
        neutral: the value at which the track sounds as it is.
        steps: of a slider from low to high.
        digits: behind the point of its figure, where it is in seconds.
        noun: in a sentence, such as "key"; the title in small letters where none is given.
        scale: how its steps are heard.
        slider: the scale of a slider, where it is another one.
        max_step: by how much it may move in a block of the engine, a difference or, on a log scale, a ratio; infinite
            where whoever makes the sound glides by itself.
        notable: the change that is worth a word, a difference or, on a log scale, a ratio; None: none is.
        present: the value from which on an effect is there, where only its coming and going is worth a word.
        more, less: words for a change upwards (or its coming) and downwards (or its going).
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
        """Return how far it is from `a` to `b` as it is heard: a difference, or the binary logarithm of a ratio."""
        return math.log2(b / a) if self.scale is Scale.LOG else b - a

    def interpolate(self, a: float, b: float, share: float) -> float:
        """Return the value that lies `share` (0 to 1) of the way from `a` to `b`, within the range."""
        value = a * (b / a) ** share if self.scale is Scale.LOG else a + share * (b - a)
        return self.clamp(value)  # rounding may lead over the edge

    def approach(self, now: float, want: float) -> float:
        """Return `now`, moved towards `want` by `max_step` at most."""
        if self.scale is Scale.LOG:
            return min(now * self.max_step, max(now / self.max_step, want))
        return min(now + self.max_step, max(now - self.max_step, want))

    def clamp(self, value: float) -> float:
        """Return the nearest value in the range."""
        return min(self.high, max(self.low, value))

    def words(self, now: float, goal: float) -> str:
        """Return what is heard of going from `now` to `goal`, such as "brighter"; "" where it is not worth a word."""
        if self.present is not None:
            was, will_be = now >= self.present, goal >= self.present
            return "" if was == will_be else self.more if will_be else self.less
        if self.notable is None:
            return ""
        distance = self.distance(now, goal)
        needed = math.log2(self.notable) if self.scale is Scale.LOG else self.notable
        return "" if abs(distance) < needed else self.more if distance > 0 else self.less
