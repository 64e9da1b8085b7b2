from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from soundit_edge.audio.format import BLOCK, RATE
from soundit_edge.music.morph.effects.side_highpass import MONO_HZ, SideHighPass

Line = npt.NDArray[np.float32]


def filtered(samples: Line) -> Line:
    sides = SideHighPass()
    return np.concatenate([sides.process(block) for block in samples.reshape(-1, BLOCK)])


@settings(max_examples=10)
@given(st.integers(0, 2**31))
def test_it_is_scipys_butterworth_filter_of_fourth_order(seed: int) -> None:
    noise = np.random.default_rng(seed).standard_normal(20 * BLOCK).astype(np.float32)
    due = signal.sosfilt(signal.butter(4, MONO_HZ, "highpass", fs=RATE, output="sos"), noise)
    np.testing.assert_allclose(filtered(noise), due, atol=1e-4)


@pytest.mark.parametrize("hertz", [5.0, 150.0, 20_000.0])
def test_after_a_sound_it_comes_to_rest(hertz: float) -> None:
    tone = np.sin(2 * np.pi * hertz * np.arange(20 * BLOCK) / RATE)
    out = filtered(np.append(tone, np.zeros(200 * BLOCK)).astype(np.float32))
    assert np.abs(out[-BLOCK:]).max() == 0.0
