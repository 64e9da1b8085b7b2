"""How loud the last moment was."""

from __future__ import annotations

import numpy as np
import pytest

from soundit_edge.capture.capture import SOUND_RATE, Sound
from soundit_edge.perception.sound_level import SoundLevel


def test_the_level_of_a_tone_and_that_it_is_soon_of_the_past() -> None:
    level, t = SoundLevel(), np.arange(SOUND_RATE // 10) / SOUND_RATE
    assert level.at(0.0) is None
    level.add(Sound(5.0, (0.1 * np.sin(2 * np.pi * 440 * t)).astype(np.float32)))
    assert level.at(5.2) == pytest.approx((-23.0, -20.0), abs=0.1)
    assert level.at(7.0) is None


def test_silence_nothing_and_what_is_no_number() -> None:
    level = SoundLevel()
    level.add(Sound(0.0, np.zeros(0, np.float32)))
    assert level.at(0.0) is None
    level.add(Sound(0.0, np.array([np.nan, np.inf, -np.inf, 0.0], np.float32)))
    heard = level.at(0.0)
    assert heard is not None
    assert heard[1] == pytest.approx(0.0)
    level.add(Sound(0.0, np.zeros(16, np.float32)))
    assert level.at(0.0) == (-120.0, -120.0)
