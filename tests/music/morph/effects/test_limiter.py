from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from soundit_edge.audio.format import BLOCK, RATE, Stereo
from soundit_edge.music.morph.effects.limiter import CEILING_DB, Limiter
from tests.music.signals import blocks, decibels, sine, stereo, true_peak_db

SILENCE = np.zeros((BLOCK, 2), dtype=np.float32)


def limited(samples: npt.NDArray[np.floating[Any]]) -> Stereo:
    """What comes out, to its end."""
    limiter = Limiter()
    return np.concatenate([limiter.process(b) for b in [*blocks(samples.astype(np.float32)), SILENCE]])


kinds = st.sampled_from(["noise", "signs", "sparse", "tone", "square", "late tone", "wild"])


@settings(max_examples=300)
@given(kinds, st.floats(-3.0, 30.0), st.floats(0.0005, 0.4999), st.integers(0, 2**32 - 1))
def test_whatever_comes_in_the_true_peak_stays_under_the_ceiling(kind: str, db: float, turn: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    n = np.arange(6 * BLOCK)[:, np.newaxis]
    tone = np.sin(2 * np.pi * turn * n + random.uniform(0, 6, 2))
    signals = {
        "noise": random.uniform(-1, 1, (len(n), 2)),
        "signs": random.choice([-1.0, 1.0], (len(n), 2)),
        "sparse": random.standard_normal((len(n), 2)) * (random.random((len(n), 1)) < 0.01),
        "tone": tone,
        "square": np.sign(tone),
        "late tone": tone * (n > random.integers(len(n))),
        "wild": np.exp(random.uniform(-8, 8, (len(n), 2))) * random.choice([-1.0, 1.0], (len(n), 2)),
    }
    assert true_peak_db(limited(signals[kind] * 10 ** (db / 20))) <= CEILING_DB


@settings(max_examples=60)
@given(hnp.arrays(np.float32, (3 * BLOCK, 2), elements=st.floats(width=32), fill=st.just(0.0)))
def test_any_float_at_all_comes_out_finite_and_under_the_ceiling(samples: Stereo) -> None:
    out = limited(samples)
    assert np.isfinite(out).all()
    assert true_peak_db(out) <= CEILING_DB


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_bad_sample_is_forgotten(bad: float) -> None:
    samples = sine(440.0, 0.6, level=0.2)
    samples[700] = bad
    out = limited(samples)
    assert np.isfinite(out).all()
    later = slice(RATE // 2, len(out) - Limiter.delay - BLOCK)
    np.testing.assert_array_equal(out[Limiter.delay :][later], samples[later])


def test_quiet_music_passes_bit_for_bit() -> None:
    samples = stereo(np.random.default_rng(0).standard_normal(20 * BLOCK) * 0.08)
    out = limited(samples)
    np.testing.assert_array_equal(out[Limiter.delay : Limiter.delay + len(samples)], samples)


def test_loud_music_below_the_ceiling_passes_bit_for_bit() -> None:
    samples = sine(997.0, 0.3, level=0.85)[: 20 * BLOCK]
    out = limited(samples)
    np.testing.assert_array_equal(out[Limiter.delay : Limiter.delay + len(samples)], samples)


def test_a_peak_between_samples_is_found() -> None:
    """A tone at a quarter of the rate whose samples all lie 3 dB below its peaks."""
    samples = stereo(1.2 * np.sin(np.pi / 2 * np.arange(20 * BLOCK) + np.pi / 4))
    assert decibels(float(np.abs(samples).max())) < 0.0
    assert -1.6 < true_peak_db(limited(samples)[4 * BLOCK : 16 * BLOCK]) <= CEILING_DB


def test_the_gain_comes_back_after_a_peak() -> None:
    samples = sine(440.0, 1.0, level=0.3)
    samples[RATE // 4 : RATE // 4 + 100] *= 10.0
    out = limited(samples)
    delayed = out[Limiter.delay :][: len(samples)]
    after = RATE // 4 + RATE // 5
    np.testing.assert_array_equal(delayed[after : after + RATE // 2], samples[after : after + RATE // 2])
