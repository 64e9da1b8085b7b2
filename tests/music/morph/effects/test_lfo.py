from __future__ import annotations

import numpy as np
import pytest

from soundit_edge.audio.format import BLOCK, RATE
from soundit_edge.music.morph.effects.lfo import Oscillator


@pytest.mark.parametrize("hertz", [0.5, 5.0])
def test_it_swings_from_nought_to_one_and_back_in_a_period(hertz: float) -> None:
    oscillator = Oscillator(hertz)
    period = RATE / hertz
    np.testing.assert_allclose(oscillator.at([0, period / 4, period / 2, period]), [0.0, 0.5, 1.0, 0.0], atol=1e-12)


def test_block_follows_block_and_the_swing_has_no_seam() -> None:
    oscillator = Oscillator(5.0)
    swing = np.concatenate([oscillator.at(oscillator.advance() + np.arange(BLOCK)) for _ in range(60)])
    expected = 0.5 - 0.5 * np.cos(2 * np.pi * 5.0 / RATE * np.arange(len(swing)))
    np.testing.assert_allclose(swing, expected, atol=1e-9)
