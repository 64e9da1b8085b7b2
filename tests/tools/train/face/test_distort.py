"""Distorted faces stay inputs of the network, and are the face still."""

from __future__ import annotations

import numpy as np

from soundit_edge.senses.face.expression import SIDE, prepare
from tools.train.face.distort import distorted


def test_distorted_faces_stay_inputs() -> None:
    rng = np.random.default_rng(1)
    picture = rng.integers(0, 255, (SIDE, SIDE), dtype=np.uint8)
    for _ in range(500):
        x = distorted(picture, rng)
        assert x.shape == (SIDE, SIDE)
        assert np.isfinite(x).all()
        assert np.abs(x).max() <= 3


def test_distorted_faces_are_nearer_to_themselves_than_to_others() -> None:
    """Mirrored ones too: on the mean over many, a picture is still recognisable behind what was done to it."""
    rng = np.random.default_rng(2)
    ramp = np.linspace(0, 255, SIDE)
    one, other = np.broadcast_to(ramp[:, None], (SIDE, SIDE)), np.broadcast_to(ramp[::-1, None], (SIDE, SIDE))
    one, other = one.astype(np.uint8), other.astype(np.uint8)
    mean = np.mean([distorted(one, rng) for _ in range(200)], 0)
    assert np.corrcoef(mean.ravel(), prepare(one).ravel())[0, 1] > 0.8
    assert np.corrcoef(mean.ravel(), prepare(other).ravel())[0, 1] < -0.8


def test_the_picture_itself_is_left_alone() -> None:
    rng = np.random.default_rng(3)
    picture = rng.integers(0, 255, (SIDE, SIDE), dtype=np.uint8)
    before = picture.copy()
    for _ in range(100):
        distorted(picture, rng)
    assert np.array_equal(picture, before)
