"""The baseline of the body network."""

from __future__ import annotations

import numpy as np

from tools.evaluate.body_qualities import Logistic


def test_the_baseline_learns_what_can_be_told_apart() -> None:
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, 300)
    x = np.stack([y + rng.normal(0, 0.2, 300), rng.normal(0, 1, 300), np.full(300, 7.0)], 1)
    said = Logistic(x[:200], y[:200], 3)(x[200:])
    assert np.allclose(said.sum(1), 1, atol=1e-5)
    assert (said.argmax(1) == y[200:]).mean() > 0.9
