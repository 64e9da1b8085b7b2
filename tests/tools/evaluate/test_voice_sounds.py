"""Laughs, sighs, shouts, whispers and song are sounds of a window, the same for the same seed, and never raise."""

from __future__ import annotations

import numpy as np
import pytest

from soundit_edge.capture.capture import SOUND_RATE, Sound
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.senses.voice.log_mel import WINDOW
from soundit_edge.senses.voice.sense import VoiceSense
from tools.evaluate.voice_sounds import SOUNDS


@pytest.mark.parametrize("name", SOUNDS)
def test_no_sound_of_a_voice_raises(name: str) -> None:
    time = np.arange(SOUND_RATE) / SOUND_RATE
    speech = (0.1 * np.sin(2 * np.pi * np.cumsum(150 + 40 * np.sin(9 * time)) / SOUND_RATE)).astype(np.float32)
    made, again = (SOUNDS[name](speech, np.random.default_rng(seed)) for seed in (1, 1))
    assert made.shape == (WINDOW,)
    assert np.isfinite(made).all()
    assert np.abs(made).max() <= 1
    assert np.array_equal(made, again)
    sense = VoiceSense(ModelSet(default_folder()))
    for gain in (0.0, 0.1, 1.0, 30.0):
        reading = sense.read(Sound(0.0, made * np.float32(gain)))
        assert reading is None or 0 <= reading.trust <= 1
