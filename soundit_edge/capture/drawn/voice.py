"""The demo's "voice": vowels by additive synthesis, whose pitch, pace and force follow the pose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.capture.capture import SOUND_RATE, Sound
from soundit_edge.capture.drawn.journey import DrawnPose, pose_at

BLOCK: Final = SOUND_RATE // 10
HARMONICS: Final = 24
VOWELS: Final = np.array([(730, 1090, 2440), (530, 1840, 2480), (270, 2290, 3010), (570, 840, 2410), (300, 870, 2240)])
"""First three formants in Hz of five vowels of men, from Peterson & Barney (1952)."""
SENTENCE_S: Final = 2.6
PAUSE_S: Final = 0.9


class Voice:
    """Speaks in vowels, sentence after sentence. Each block continues the phases of the block before."""

    def __init__(self, pose_at: Callable[[float], DrawnPose] = pose_at) -> None:
        """Begin a sentence.

        Args:
            pose_at: gives the pose at a moment in seconds; by default that of the demo's course.
        """
        self._pose_at = pose_at
        self._sample = 0
        self._phase = 0.0
        self._syllable = 0.0

    def next_block(self) -> Sound:
        """Return the next tenth of a second."""
        t0 = self._sample / SOUND_RATE
        pose = self._pose_at(t0)
        t = t0 + np.arange(BLOCK) / SOUND_RATE
        within = t % (SENTENCE_S + PAUSE_S)
        syllable = self._syllable + pose.pace * np.arange(1, BLOCK + 1) / SOUND_RATE
        swell = np.sin(np.pi * (syllable % 1.0))
        # The pitch falls through a sentence, glides with each syllable and has a little vibrato.
        pitch = pose.pitch * (1 + 0.1 * swell**2)
        pitch *= 1.12 - 0.08 * within + 0.05 * np.sin(2 * np.pi * 0.9 * t) + 0.01 * np.sin(2 * np.pi * 5.5 * t)
        phase = self._phase + 2 * np.pi * np.cumsum(pitch) / SOUND_RATE
        envelope = swell ** (1.8 - 0.6 * pose.force)
        envelope *= np.clip(np.minimum(within, SENTENCE_S - within) / 0.05, 0, 1)

        number = np.arange(1, HARMONICS + 1)
        weights = _formant_gain(number * pose.pitch, VOWELS[int(syllable[0] * 7) % len(VOWELS)])
        # A pressed voice is richer in high harmonics.
        weights /= number ** (1.6 - pose.force)
        samples = (weights[:, None] * np.sin(number[:, None] * phase)).sum(0) / np.abs(weights).sum()
        samples *= envelope * (0.12 + 0.4 * pose.force)

        self._sample += BLOCK
        self._phase = float(phase[-1] % (2 * np.pi))
        self._syllable = float(syllable[-1])
        return Sound(t0, samples.astype(np.float32))


def _formant_gain(frequencies: npt.NDArray[np.float64], formants: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return the gains [n] at frequencies [n] in Hz: resonances 90 to 180 Hz wide at the formants, over a floor."""
    width = np.array([90.0, 120.0, 180.0])
    distance = (frequencies[:, None] - formants) / width
    return (1 / (1 + distance**2)).sum(1) + 0.02  # type: ignore[no-any-return]
