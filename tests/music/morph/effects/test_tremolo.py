from __future__ import annotations

import numpy as np
import pytest

from soundit_edge.audio.format import RATE
from soundit_edge.music.morph.effects.tremolo import RATE_HZ, Tremolo
from tests.music.signals import blocks, click_level, sine, stereo


@pytest.mark.parametrize("depth", [0.2, 1.0])
def test_the_amplitude_swells_and_fades_five_times_a_second(depth: float) -> None:
    tremolo = Tremolo(depth)
    out = np.concatenate([tremolo.process(block, depth) for block in blocks(stereo(np.ones(2 * RATE)))])[:, 0]
    period = round(RATE / RATE_HZ)
    assert out[0] == pytest.approx(1.0)
    assert out[period // 2] == pytest.approx(1.0 - depth, abs=1e-5)
    np.testing.assert_allclose(out[:period], out[period : 2 * period], atol=1e-6)


def test_off_it_changes_nothing() -> None:
    tremolo = Tremolo(0.0)
    for block in blocks(sine(440.0, 0.1)):
        np.testing.assert_array_equal(tremolo.process(block, 0.0), block)


def test_a_depth_that_jumps_in_every_block_does_not_click() -> None:
    random = np.random.default_rng(0)
    tremolo = Tremolo(0.0)
    out = [tremolo.process(block, float(random.uniform())) for block in blocks(sine(440.0, 2.0))]
    assert click_level(np.concatenate(out)[:, 0]) < -85.0
