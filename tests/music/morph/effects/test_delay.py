from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from soundit_edge.audio.format import RATE
from soundit_edge.music.morph.effects.delay import FEEDBACK, Delay
from soundit_edge.music.morph.effects.side_highpass import MONO_HZ
from tests.music.signals import blocks, click_level, side_to_mid_db, sine, stereo


@pytest.mark.parametrize("delay_s", [0.05, 0.25, 1.0])
def test_the_echoes_come_in_time_from_left_and_right_in_turn(delay_s: float) -> None:
    delay = Delay(delay_s, 0.5)
    samples = stereo(np.zeros(4 * RATE))
    samples[100] = 0.8
    out = np.concatenate([delay.process(block, delay_s, 0.5) for block in blocks(samples)])
    due = np.zeros_like(out)
    due[100] = 0.8
    at, level, side = 100 + round(delay_s * RATE), 0.4, 0
    while at < len(out):
        due[at, side] = level
        at, level, side = at + round(delay_s * RATE), level * FEEDBACK, 1 - side
    np.testing.assert_allclose(out.sum(axis=1), due.sum(axis=1), atol=1e-7)
    high = signal.butter(4, 4 * MONO_HZ, "highpass", fs=RATE, output="sos")
    heard, wanted = (signal.sosfiltfilt(high, samples, axis=0) for samples in (out, due))
    np.testing.assert_allclose(heard, wanted, atol=0.01)


def test_off_it_changes_nothing_and_forgets() -> None:
    delay = Delay(0.05, 1.0)
    tone = blocks(sine(440.0, 0.2))
    for block in tone:
        delay.process(block, 0.05, 1.0)
    delay.process(tone[0], 0.05, 0.0)
    np.testing.assert_array_equal(delay.process(tone[0], 0.05, 0.0), tone[0])
    silence = np.zeros_like(tone[0])
    np.testing.assert_array_equal(delay.process(silence, 0.05, 1.0), silence)


def test_parameters_that_jump_in_every_block_do_not_click() -> None:
    random = np.random.default_rng(0)
    delay = Delay(0.3, 0.5)
    tone = sine(440.0, 3.0)
    tone[: RATE // 4] *= np.hanning(RATE // 2)[: RATE // 4, np.newaxis].astype(np.float32)  # its beginning is no click
    out = [
        delay.process(block, float(random.uniform(0.05, 1.0)), float(random.uniform(0.1, 0.6)))
        for block in blocks(tone)
    ]
    assert click_level(np.concatenate(out)[RATE:, 0]) < -85.0


@pytest.mark.parametrize("delay_s", [0.09, 0.375])
def test_the_lows_of_the_echoes_come_from_the_middle(delay_s: float) -> None:
    """Of noise: of a tone, the echoes may cancel each other in the middle."""
    noise = np.random.default_rng(0).standard_normal(3 * RATE)

    def heard(*band: float) -> float:
        delay = Delay(delay_s, 0.6)
        dry = stereo(signal.sosfilt(signal.butter(4, band, "bandpass", fs=RATE, output="sos"), noise))
        alone = [delay.process(block, delay_s, 0.6) - block for block in blocks(dry)]
        return side_to_mid_db(np.concatenate(alone)[RATE:])

    assert heard(30.0, 85.0) < -20.0
    assert heard(300.0, 3_000.0) > -3.0
