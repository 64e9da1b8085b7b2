"""The parameters of the music while it plays: one row for each, which all other modules read.

Settings (locks), the engine (ranges, how fast a parameter may move), the director (scale), the reasons (words), the
status and the page (titles, units, sliders) are made from these rows. A new effect consists of a file in
`music/morph/effects`, one line in their chain and one row in this table (docs/howto/effect.md).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Scale(StrEnum):
    """How steps of a parameter are heard: as differences, or as ratios (frequencies and times)."""

    LINEAR = "linear"
    LOG = "log"


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
        unit: "ratio" (to the track's own), "semitones", "Hz", "s", "dB" or "share" (0 to 1).
        low, high: the range of the engine; the director stays well within it.
        neutral: the value at which the track sounds as it is.
        steps: the number of steps of a slider from low to high.
        noun: its name in a sentence, for example "key"; where empty, the title in small letters.
        scale: how its steps are heard.
        slider: the scale of a slider, where it differs.
        max_step: the largest change in one block of the engine, a difference or, on a log scale, a ratio; infinite
            where the sound source itself makes the change smooth.
        notable: the smallest change that a reason mentions, a difference or, on a log scale, a ratio; None: no change
            is mentioned.
        present: the value from which an effect counts as on, where only its start and its end are mentioned.
        more, less: words for a change upwards (or the start) and downwards (or the end).
    """

    name: str
    title: str
    help: str
    unit: str
    low: float
    high: float
    neutral: float
    steps: int = 100
    noun: str = ""
    scale: Scale = Scale.LINEAR
    slider: Scale | None = None
    max_step: float = math.inf
    notable: float | None = None
    present: float | None = None
    more: str = ""
    less: str = ""

    def distance(self, a: float, b: float) -> float:
        """Return the audible distance from `a` to `b`: their difference, or the binary logarithm of their ratio."""
        return math.log2(b / a) if self.scale is Scale.LOG else b - a

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
        if self.notable is None:
            return ""
        distance = self.distance(now, goal)
        needed = math.log2(self.notable) if self.scale is Scale.LOG else self.notable
        return "" if abs(distance) < needed else self.more if distance > 0 else self.less


_QUARTER_OCTAVE: Final = 2.0**0.25
_HALF_OCTAVE: Final = 2.0**0.5
_ROWS: Final = (
    Parameter(
        "tempo",
        "Tempo",
        "Ratio to the track's own: 1 is as written.",
        "ratio",
        0.5,
        2.0,
        1.0,
        steps=200,
        slider=Scale.LOG,
    ),
    Parameter("semitones", "Key", "Semitones up or down: 0 is as written.", "semitones", -12.0, 12.0, 0.0, steps=24),
    Parameter(
        "cutoff_hz",
        "Brightness",
        "Cut-off of the low-pass in hertz.",
        "Hz",
        200.0,
        20_000.0,
        18_000.0,
        scale=Scale.LOG,
        max_step=_QUARTER_OCTAVE,
        notable=_HALF_OCTAVE,
        more="brighter",
        less="darker",
    ),
    Parameter(
        "reverb_s",
        "Size of the room",
        "Seconds in which the reverberation decays by 60 dB (RT60).",
        "s",
        0.2,
        6.0,
        1.0,
        scale=Scale.LOG,
        max_step=1.05,
        notable=1.4,
        more="a larger room",
        less="a smaller room",
    ),
    Parameter(
        "wet",
        "Reverberation",
        "Level of the reverberation beside the dry sound; 0 is none.",
        "share",
        0.0,
        1.0,
        0.08,
        max_step=0.02,
    ),
    Parameter(
        "loudness_db",
        "Loudness",
        "Decibels against the track as written.",
        "dB",
        -40.0,
        6.0,
        0.0,
        steps=92,
        max_step=1.0,
        notable=1.0,
        more="louder",
        less="softer",
    ),
    Parameter(
        "highpass_hz",
        "Bass",
        "Cut-off of the high-pass in hertz; 20 leaves all of the bass.",
        "Hz",
        20.0,
        2_000.0,
        20.0,
        scale=Scale.LOG,
        max_step=_QUARTER_OCTAVE,
        present=60.0,
        more="thinner",
        less="fuller",
    ),
    Parameter(
        "delay_s", "Echo time", "Seconds from one echo to the next.", "s", 0.05, 1.0, 0.25, steps=95, scale=Scale.LOG
    ),
    Parameter(
        "delay_wet",
        "Echo",
        "Level of the first echo beside the dry sound; 0 is none.",
        "share",
        0.0,
        1.0,
        0.0,
        max_step=0.02,
        present=0.1,
        more="an echo",
        less="no more echo",
    ),
    Parameter(
        "wah",
        "Wah",
        "Depth of the wah, a slow sweep of the timbre; 0 is none.",
        "share",
        0.0,
        1.0,
        0.0,
        max_step=0.02,
        present=0.2,
        more="a slow wah",
        less="no more wah",
    ),
    Parameter(
        "tremolo",
        "Tremolo",
        "Depth of the tremolo, a quick swell and fade of the loudness; 0 is none.",
        "share",
        0.0,
        1.0,
        0.0,
        max_step=0.02,
        present=0.15,
        more="trembling",
        less="steady again",
    ),
)

PARAMETERS: Final[Mapping[str, Parameter]] = MappingProxyType({row.name: row for row in _ROWS})
"""The rows by name, in the order of the attributes of `MusicTarget`."""
