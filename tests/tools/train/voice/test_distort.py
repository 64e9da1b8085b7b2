"""Training windows: distorted but still inputs, the same for the same seed; the television's music is sound."""

from __future__ import annotations

import numpy as np
import pytest

from soundit_edge.capture.capture import SOUND_RATE
from soundit_edge.senses.voice.log_mel import BANDS, FRAMES
from tools.train.voice.distort import Distorter, coloured_noise
from tools.train.voice.television import SECONDS, Television, piece


@pytest.mark.parametrize("seconds", [0.4, 1.7, 6.0])
def test_distorted_voices_stay_inputs(seconds: float) -> None:
    speech = np.random.default_rng(0).normal(0, 0.1, int(16_000 * seconds)).astype(np.float32)
    distorter = Distorter(np.random.default_rng(1))
    for _ in range(25):
        picture = distorter.picture(speech)
        assert picture.shape == (FRAMES, BANDS)
        assert np.isfinite(picture).all()


def test_the_same_seed_distorts_the_same() -> None:
    speech = np.random.default_rng(0).normal(0, 0.1, 30_000).astype(np.float32)
    first, second = (Distorter(np.random.default_rng(3)).picture(speech) for _ in range(2))
    assert np.array_equal(first, second)


def test_noise_has_its_colour() -> None:
    rng = np.random.default_rng(0)
    spectra = [np.abs(np.fft.rfft(coloured_noise(rng, 65_536, slope))) ** 2 for slope in (0.0, 0.5, 1.0)]
    # An octave up, power falls by nothing, by a half and to a quarter.
    falls = [10 * np.log10(s[2000:4000].mean() / s[4000:8000].mean()) for s in spectra]
    assert falls == pytest.approx([0, 3, 6], abs=0.5)


def test_the_televisions_music_is_sound() -> None:
    music = piece(0)
    assert music.shape == (SECONDS * SOUND_RATE,)
    assert np.isfinite(music).all()
    # Nowhere is it silent for half a second but at its end.
    levels = np.square(music[: 15 * SOUND_RATE].reshape(-1, SOUND_RATE // 2)).mean(1)
    assert levels.min() > 0


def test_the_television_plays_windows_of_one_level() -> None:
    television = Television(np.random.default_rng(0))
    for samples in (SOUND_RATE // 2, 40_000):
        window = television.window(samples)
        assert window.shape == (samples,)
        assert np.square(window).mean() == pytest.approx(1, abs=1e-3)
