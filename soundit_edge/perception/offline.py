"""Offline perception: reads a clip as fast as possible, under the clip's own clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from soundit_edge.capture.capture import Capture, Frame, Sound
from soundit_edge.capture.window import RollingWindow
from soundit_edge.emotion import Mood, Reading
from soundit_edge.perception.fusion import Fusion
from soundit_edge.senses.registry import SenseSet
from soundit_edge.senses.sense import Sense


@dataclass(slots=True)
class OfflinePerception:
    """Reads one clip with all senses.

    Attributes:
        readings: the number of readings of each sense so far.
        end: seconds of the clip that have been read.
    """

    senses: SenseSet
    readings: Counter[str] = field(default_factory=Counter)
    end: float = 0.0

    def moods(self, capture: Capture, every: float = 1.0) -> Iterator[Mood]:
        """Yield the mood at the end of each `every` seconds of an opened capture; the last interval may be shorter.

        Raises:
            CaptureError: the capture broke off.
        """
        fusion = Fusion()
        perceivers = perceivers_of(self.senses)
        number = 1
        for item in capture.items():
            while item.t >= number * every:
                yield fusion.at(number * every)
                number += 1
            self.end = max(self.end, item.end if isinstance(item, Sound) else item.t)
            for perceive in perceivers:
                if (reading := perceive(item)) is not None:
                    self.readings[reading.sense] += 1
                    fusion.add(reading)
        yield fusion.at(number * every)


def perceivers_of(senses: SenseSet) -> list[Callable[[Frame | Sound], Reading | None]]:
    """Return a function for each sense that takes every item, in order of time, and reads those that are due."""
    seeing = [_Watching(sense) for sense in senses.visual]
    hearing = [_Listening(h.sense, RollingWindow(h.window, h.sense.period)) for h in senses.auditory]
    return [*seeing, *hearing]


@dataclass(slots=True)
class _Watching:
    """Reads the frames that are due by a sense's period."""

    sense: Sense[Frame]
    due: float = 0.0

    def __call__(self, item: Frame | Sound) -> Reading | None:
        # A frame that comes a little early (25 fps against a tenth of a second) is on time.
        if not isinstance(item, Frame) or item.t < self.due - 0.02:
            return None
        self.due = max(self.due, item.t - self.sense.period) + self.sense.period
        return self.sense.read(item)


@dataclass(slots=True)
class _Listening:
    """Reads the windows of sound that are due by a sense's period."""

    sense: Sense[Sound]
    window: RollingWindow

    def __call__(self, item: Frame | Sound) -> Reading | None:
        if not isinstance(item, Sound):
            return None
        window = self.window.push(item)
        return None if window is None else self.sense.read(window)
