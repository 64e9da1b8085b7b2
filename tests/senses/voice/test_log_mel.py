"""The log-mel picture of a window of sound."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.capture.capture import SOUND_RATE
from soundit_edge.senses.voice.log_mel import BANDS, FRAMES, WINDOW, at_speed, fill, log_mel
from tests.cost import in_spectra

Samples = npt.NDArray[np.float32]


def tone(hertz: float) -> Samples:
    return np.asarray(0.1 * np.sin(2 * np.pi * hertz * np.arange(WINDOW) / SOUND_RATE), np.float32)


def noise(seed: int = 0) -> Samples:
    return np.random.default_rng(seed).normal(0, 0.1, WINDOW).astype(np.float32)


def test_its_shape_and_range_are_the_networks() -> None:
    picture = log_mel(noise())
    assert picture.shape == (FRAMES, BANDS) == (197, 64)
    assert picture.dtype == np.float32
    assert picture.min() >= -45 / 20
    assert picture.max() <= 1


@given(st.floats(-60, 20))
@settings(max_examples=25)
def test_level_tells_nothing(gain_db: float) -> None:
    sound = noise() * np.linspace(0, 1, WINDOW, dtype=np.float32)
    louder = sound * np.float32(10 ** (gain_db / 20))
    assert np.abs(log_mel(louder) - log_mel(sound)).max() < 1e-3


@pytest.mark.parametrize("speed", [0.8, 0.9, 1.11, 1.25])
def test_faster_speech_is_higher(speed: float) -> None:
    bands = [
        int(log_mel(fill(at_speed(tone(hertz), s))).mean(0).argmax()) for hertz, s in ((440, speed), (440 * speed, 1.0))
    ]
    assert bands[0] == bands[1]


def test_white_noise_is_flat() -> None:
    bands = log_mel(noise()).mean(0)
    assert np.abs(bands - bands.mean()).max() < 3 / 20


@pytest.mark.parametrize(("hertz", "band"), [(100, 0), (440, 10), (1000, 22), (4000, 48), (7000, 62)])
def test_a_tone_lights_up_its_band(hertz: float, band: int) -> None:
    # By hand: the mel scale from 60 Hz (92.5 mel) to 7,600 Hz (2,787 mel) in 65 steps of 41.5.
    assert abs(int(log_mel(tone(hertz)).mean(0).argmax()) - band) <= 1


def test_a_later_sound_is_further_down() -> None:
    late = np.zeros(WINDOW, np.float32)
    late[WINDOW // 2 :] = noise()[WINDOW // 2 :]
    rows = log_mel(late).mean(1)
    assert rows[: FRAMES // 2 - 2].max() < rows[FRAMES // 2 + 2 :].min()


def test_digital_silence_is_zeros() -> None:
    assert not log_mel(np.zeros(WINDOW, np.float32)).any()


def test_what_lies_far_below_is_cut() -> None:
    burst = np.zeros(WINDOW, np.float32)
    burst[:1000] = 0.5
    assert log_mel(burst)[-1] == pytest.approx(-45 / 20)


@given(st.integers(1, 3 * WINDOW))
@settings(max_examples=30)
def test_filling_gives_a_window_of_nothing_but_the_speech(length: int) -> None:
    speech = np.arange(1, length + 1, dtype=np.float32)
    filled = fill(speech)
    assert len(filled) == WINDOW
    assert filled[-1] == speech[-1]
    steps = np.diff(filled)
    assert ((steps == 1) | (filled[:-1] == length)).all()


def test_nothing_cannot_be_repeated() -> None:
    with pytest.raises(ValueError, match="no speech"):
        fill(np.zeros(0, np.float32))


def test_it_costs_a_few_spectra() -> None:
    sound = noise()
    assert in_spectra(lambda: log_mel(sound), sound, 400, 160, times=20) < 25  # 3 on a quiet machine
