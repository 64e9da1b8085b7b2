"""When somebody speaks in a film, to a fiftieth of a second: what the music has to make way for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.capture.capture import SOUND_RATE, Sound
from soundit_edge.senses.voice.vad import STEP, VoiceActivityDetector, levels

Span = tuple[float, float]
"""From and to, in seconds of the film's clock."""

WINDOW_S: Final = 2.0
HOP_S: Final = 0.5
LOUD_DB: Final = 25.0
"""What is less than this under the loudest of a window with speech belongs to it."""
PAUSE_S: Final = 0.3
"""Pauses up to this are part of what is said."""


class DialogueFinder:
    """Finds speech in sound that is given in order of time. A span may be found in pieces that overlap."""

    def __init__(self) -> None:
        self._gate = VoiceActivityDetector()
        self._samples = np.zeros(0, dtype=np.float32)
        self._end = 0.0
        self._fresh = 0

    def __call__(self, sound: Sound) -> list[Span]:
        """What was spoken lately, where that can be told by now."""
        if abs(sound.t - self._end) > HOP_S:
            self._samples, self._fresh = np.zeros(0, dtype=np.float32), 0
        self._samples = np.concatenate([self._samples, sound.samples])[-round(WINDOW_S * SOUND_RATE) :]
        self._end = sound.end
        self._fresh += len(sound.samples)
        return self._judged() if self._fresh >= HOP_S * SOUND_RATE else []

    def finish(self) -> list[Span]:
        """What was spoken at the very end."""
        return self._judged() if self._fresh else []

    def _judged(self) -> list[Span]:
        self._fresh = 0
        samples = np.nan_to_num(self._samples)
        if self._gate.judge(samples) is None:
            return []
        level = levels(samples)
        begin = self._end - len(samples) / SOUND_RATE
        return list(_spans(level > np.percentile(level, 95) - LOUD_DB, begin))


def _spans(active: npt.NDArray[np.bool_], begin: float) -> Iterator[Span]:
    """Where steps of 20 ms are active."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], active.astype(np.int8), [0]])))
    step = STEP / SOUND_RATE
    yield from joined(
        (round(begin + a * step, 3), round(begin + b * step, 3)) for a, b in edges.reshape(-1, 2).tolist()
    )


def joined(spans: Iterable[Span], pause: float = PAUSE_S) -> list[Span]:
    """Spans in order of time, those that overlap or are no more than `pause` apart made one."""
    out: list[Span] = []
    for begin, end in sorted(spans):
        if out and begin <= out[-1][1] + pause:
            out[-1] = out[-1][0], max(end, out[-1][1])
        else:
            out.append((begin, end))
    return out
