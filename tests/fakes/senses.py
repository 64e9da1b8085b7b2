"""Senses without models: they say what a test wants them to."""

from __future__ import annotations

from collections.abc import Callable

from soundit_edge.capture.capture import Frame, Sound
from soundit_edge.emotion import Emotion, Reading, one_hot
from soundit_edge.senses.registry import AuditorySense, SenseSet


class SaysOfFrames:
    """Reads every frame as one emotion; None: there is nothing to read.

    Attributes:
        seen: moments of the frames that it was shown.
        hook: called for every frame, before it is read.
    """

    def __init__(self, emotion: Emotion | None, *, name: str = "face", period: float = 0.1) -> None:
        self.name = name
        self.period = period
        self.emotion = emotion
        self.seen: list[float] = []
        self.hook: Callable[[], object] = lambda: None

    def read(self, perceived: Frame) -> Reading | None:
        self.hook()
        self.seen.append(perceived.t)
        return None if self.emotion is None else Reading(self.name, perceived.t, one_hot(self.emotion, 0.9), 0.9)


class SaysOfSound:
    """The same for windows of sound.

    Attributes:
        heard: begin and end of every window.
    """

    def __init__(self, emotion: Emotion, *, name: str = "voice", period: float = 0.5) -> None:
        self.name = name
        self.period = period
        self.emotion = emotion
        self.heard: list[tuple[float, float]] = []

    def read(self, perceived: Sound) -> Reading | None:
        self.heard.append((perceived.t, perceived.end))
        return Reading(self.name, perceived.end, one_hot(self.emotion, 0.9), 0.5)


def ensemble(*seeing: SaysOfFrames, hearing: tuple[SaysOfSound, ...] = (), window: float = 1.0) -> SenseSet:
    return SenseSet(tuple(seeing), tuple(AuditorySense(sense, window) for sense in hearing))
